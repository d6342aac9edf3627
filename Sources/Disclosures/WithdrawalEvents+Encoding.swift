import Casework
import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

extension FieldWriter {
    mutating func put(_ made: WithdrawalMade) {
        put("withdrawal-act", .withdrawal, .id(made.act))
        put("withdrawn-entry", .withdrawal, .id(made.entry))
        list("withdrawn-labels", .withdrawal, made.labels.map(CBOR.code))
        code("withdrawn-from", .withdrawal, made.from)
        text("withdrawal-reason", .withdrawal, made.reason.rawValue)
        text("withdrawal-words", .withdrawal, made.words)
        put("follows-withdrawal", .withdrawal, made.follows.map(CBOR.id))
    }

    mutating func put(_ answer: WithdrawalAnswer) {
        put("withdrawal", .withdrawal, .id(answer.withdrawal))
        text("withdrawal-standing", .withdrawal, answer.standing.rawValue)
        put("stopped-at", .withdrawal, .seconds(answer.stoppedAt))
        put(answer.kept)
        list("withdrawal-onward", .withdrawal, answer.onward.map(\.item))
    }

    mutating func put(_ decided: WithdrawalDecided) {
        put("withdrawal", .withdrawal, .id(decided.withdrawal))
        put(decided.kept)
        text("withdrawal-words", .withdrawal, decided.words)
    }

    private mutating func put(_ kept: KeptOnLaw?) {
        put("kept-until", .withdrawal, kept.map { .seconds($0.until) })
        text("kept-because", .withdrawal, kept?.law)
    }
}

extension WithdrawalMade {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            act: try reader.withdrawalID("withdrawal-act"), entry: try reader.withdrawalID("withdrawn-entry"),
            labels: try reader.list("withdrawn-labels", .withdrawal) { (item) throws(CBORShapeError) in
                try item.code()
            },
            from: try reader.required("withdrawn-from", .withdrawal) { (item) throws(CBORShapeError) in
                try item.code()
            },
            reason: try reader.required("withdrawal-reason", .withdrawal) { (item) throws(CBORShapeError) in
                try item.word()
            },
            words: try reader.text("withdrawal-words", .withdrawal),
            follows: try reader.optional("follows-withdrawal", .withdrawal) { (item) throws(CBORShapeError) in
                try item.id()
            })
    }
}

extension WithdrawalAnswer {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            withdrawal: try reader.withdrawalID("withdrawal"),
            standing: try reader.required("withdrawal-standing", .withdrawal) { (item) throws(CBORShapeError) in
                try item.word()
            },
            stoppedAt: try reader.required("stopped-at", .withdrawal) { (item) throws(CBORShapeError) in
                try item.seconds()
            },
            kept: try reader.kept(),
            onward: try reader.list("withdrawal-onward", .withdrawal) { (item) throws(CBORShapeError) in
                try WithdrawalOnward(item)
            })
    }
}

extension WithdrawalDecided {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            withdrawal: try reader.withdrawalID("withdrawal"), kept: try reader.kept(),
            words: try reader.text("withdrawal-words", .withdrawal))
    }
}

extension WithdrawalOnward {
    var item: CBOR {
        .array([
            .code(agency), .optional(standing?.rawValue, CBOR.text), .seconds(since),
            .optional(kept?.until, CBOR.seconds), .optional(kept?.law, CBOR.text),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let parts = try item.items(count: 5)
        let until = try parts[3].orNil?.seconds()
        let law = try parts[4].orNil?.string()
        let kept: KeptOnLaw? =
            switch (until, law) {
            case (let until?, let law?): KeptOnLaw(until: until, law: law)
            case (nil, nil): nil
            default: throw CBORShapeError("a day and a law, or neither")
            }
        self.init(
            agency: try parts[0].code(), standing: try parts[1].orNil?.word(), since: try parts[2].seconds(),
            kept: kept)
    }
}

extension FieldReader {
    fileprivate mutating func withdrawalID(_ field: FieldCode) throws(EventDecodingError) -> EventID {
        try required(field, .withdrawal) { (item) throws(CBORShapeError) in try item.id() }
    }

    fileprivate mutating func kept() throws(EventDecodingError) -> KeptOnLaw? {
        let until = try seconds("kept-until", .withdrawal)
        let law = try text("kept-because", .withdrawal)
        switch (until, law) {
        case (let until?, let law?): return KeptOnLaw(until: until, law: law)
        case (nil, nil): return nil
        case (nil, _?): throw .missing("kept-until", .withdrawal)
        case (_?, nil): throw .missing("kept-because", .withdrawal)
        }
    }
}
