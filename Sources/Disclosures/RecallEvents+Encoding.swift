import Casework
import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

extension FieldWriter {
    mutating func put(_ made: RecallMade) {
        put("recall-act", .recall, .id(made.act))
        put("recalled-entry", .recall, .id(made.entry))
        list("recalled-labels", .recall, made.labels.map(CBOR.code))
        code("recalled-from", .recall, made.from)
        text("recall-reason", .recall, made.reason.rawValue)
        text("recall-words", .recall, made.words)
        put("aware-at", .recall, .seconds(made.awareAt))
        put("follows-recall", .recall, made.follows.map(CBOR.id))
    }

    mutating func put(_ answer: RecallAnswer) {
        put("recall", .recall, .id(answer.recall))
        text("recall-standing", .recall, answer.standing.rawValue)
        put("hidden-at", .recall, .seconds(answer.hiddenAt))
        count("shown-count", .recall, answer.shownCount)
        count("said-count", .recall, answer.saidCount)
        list("recall-uses", .recall, answer.uses.map { .text($0.rawValue) })
        list("recall-words", .recall, answer.words.map(CBOR.text))
    }

    mutating func put(_ used: RecallUsed) {
        put("recall", .recall, .id(used.recall))
        text("recall-use", .recall, used.use.rawValue)
        text("shown-to", .recall, used.shownTo)
        text("recall-words", .recall, used.words)
    }

    mutating func put(_ correction: EntryCorrection) {
        put("corrected-entry", .correction, .id(correction.entry))
        text("correction-kind", .correction, correction.kind.rawValue)
        text("correction-words", .correction, correction.words)
        put("replaced-by", .correction, correction.replacedBy.map(CBOR.id))
        put("correction-act", .correction, correction.act.map(CBOR.id))
        put("follows-correction", .correction, correction.follows.map(CBOR.id))
    }

    mutating func put(_ decided: RecallDecided) {
        put("recall-act", .recall, .id(decided.act))
        text("breach-decision", .recall, decided.decision.rawValue)
        text("recall-words", .recall, decided.words)
    }
}

extension RecallMade {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            act: try reader.recallID("recall-act"), entry: try reader.recallID("recalled-entry"),
            labels: try reader.list("recalled-labels", .recall) { (item) throws(CBORShapeError) in try item.code() },
            from: try reader.required("recalled-from", .recall) { (item) throws(CBORShapeError) in try item.code() },
            reason: try reader.recallWord("recall-reason"), words: try reader.text("recall-words", .recall),
            awareAt: try reader.recallSeconds("aware-at"),
            follows: try reader.optional("follows-recall", .recall) { (item) throws(CBORShapeError) in try item.id() })
    }
}

extension RecallAnswer {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            recall: try reader.recallID("recall"), standing: try reader.recallWord("recall-standing"),
            hiddenAt: try reader.recallSeconds("hidden-at"),
            shownCount: try reader.recallCount("shown-count"), saidCount: try reader.recallCount("said-count"),
            uses: try reader.list("recall-uses", .recall) { (item) throws(CBORShapeError) in try item.word() },
            words: try reader.list("recall-words", .recall) { (item) throws(CBORShapeError) in try item.string() })
    }
}

extension RecallUsed {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            recall: try reader.recallID("recall"), use: try reader.recallWord("recall-use"),
            shownTo: try reader.text("shown-to", .recall), words: try reader.text("recall-words", .recall))
    }
}

extension EntryCorrection {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let words = try reader.text("correction-words", .correction) else {
            throw .missing("correction-words", .correction)
        }
        self.init(
            entry: try reader.required("corrected-entry", .correction) { (item) throws(CBORShapeError) in
                try item.id()
            },
            kind: try reader.required("correction-kind", .correction) { (item) throws(CBORShapeError) in
                try item.word()
            },
            words: words,
            replacedBy: try reader.optional("replaced-by", .correction) { (item) throws(CBORShapeError) in
                try item.id()
            },
            act: try reader.optional("correction-act", .correction) { (item) throws(CBORShapeError) in
                try item.id()
            },
            follows: try reader.optional("follows-correction", .correction) { (item) throws(CBORShapeError) in
                try item.id()
            })
    }
}

extension RecallDecided {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let words = try reader.text("recall-words", .recall) else { throw .missing("recall-words", .recall) }
        self.init(
            act: try reader.recallID("recall-act"), decision: try reader.recallWord("breach-decision"), words: words)
    }
}

extension FieldReader {
    fileprivate mutating func recallID(_ field: FieldCode) throws(EventDecodingError) -> EventID {
        try required(field, .recall) { (item) throws(CBORShapeError) in try item.id() }
    }

    fileprivate mutating func recallSeconds(_ field: FieldCode) throws(EventDecodingError) -> Timestamp {
        try required(field, .recall) { (item) throws(CBORShapeError) in try item.seconds() }
    }

    fileprivate mutating func recallCount(_ field: FieldCode) throws(EventDecodingError) -> UInt64 {
        try required(field, .recall) { (item) throws(CBORShapeError) in try item.unsigned() }
    }

    fileprivate mutating func recallWord<Word: RawRepresentable & CaseIterable>(
        _ field: FieldCode
    ) throws(EventDecodingError) -> Word where Word.RawValue == String {
        try required(field, .recall) { (item) throws(CBORShapeError) in try item.word() }
    }
}
