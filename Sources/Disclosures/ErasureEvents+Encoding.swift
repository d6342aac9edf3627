import Casework
import DeterministicCBOR
import EventLogs
import SharingProtocols
import TallystickPrimitives

extension FieldWriter {
    mutating func put(_ proposal: ErasureProposal) {
        list(
            "erasure-streams", .erasure,
            proposal.places.map {
                .array(
                    [.origin($0.stream.origin), .id($0.stream.stream), .unsigned($0.through.value)]
                        + ($0.entries.map { [.array($0.map { .unsigned($0.value) })] } ?? []))
            })
        text("erasure-reason", .erasure, proposal.reason.rawValue)
        text("erasure-by", .erasure, proposal.by)
        text("erasure-words", .erasure, proposal.words)
        put("erasure-question", .erasure, proposal.question?.item)
    }

    mutating func put(_ approval: ErasureApproval) {
        put("erasure", .erasure, .id(approval.erasure))
        text("erasure-by", .erasure, approval.by)
        put("erasure-due", .erasure, approval.due.map(CBOR.seconds))
        count("backup-days", .erasure, approval.backupDays)
    }

    mutating func put(_ stop: ErasureStop) {
        put("erasure", .erasure, .id(stop.erasure))
        text("erasure-by", .erasure, stop.by)
        text("erasure-words", .erasure, stop.words)
    }

    mutating func put(_ note: HoldNote) {
        put("hold-act", .erasure, .id(note.act))
        text("hold-by", .erasure, note.by)
        text("hold-words", .erasure, note.words)
        put("hold-passed-on", .erasure, note.passedOn?.item)
    }
}

extension ErasureProposal {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            places: try reader.list("erasure-streams", .erasure) { (item) throws(CBORShapeError) in
                let parts = try item.items(atMost: 4)
                guard parts.count >= 3 else { throw CBORShapeError("a stream, and up to where") }
                var entries: [LeafIndex]?
                if parts.count == 4 {
                    entries = []
                    for index in try parts[3].items() { entries?.append(LeafIndex(try index.unsigned())) }
                }
                return ErasurePlace(
                    stream: StreamAddress(origin: try parts[0].origin(), stream: try parts[1].id()),
                    through: LeafIndex(try parts[2].unsigned()), entries: entries)
            },
            reason: try reader.required("erasure-reason", .erasure) { (item) throws(CBORShapeError) in
                try item.word()
            },
            by: try reader.erasureText("erasure-by"), words: try reader.text("erasure-words", .erasure),
            question: try reader.optional("erasure-question", .erasure) { (item) throws(CBORShapeError) in
                try EventAddress(item)
            })
    }
}

extension ErasureApproval {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            erasure: try reader.erasureID("erasure"), by: try reader.erasureText("erasure-by"),
            due: try reader.seconds("erasure-due", .erasure),
            backupDays: try reader.required("backup-days", .erasure) { (item) throws(CBORShapeError) in
                try item.unsigned()
            })
    }
}

extension ErasureStop {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            erasure: try reader.erasureID("erasure"), by: try reader.erasureText("erasure-by"),
            words: try reader.erasureText("erasure-words"))
    }
}

extension HoldNote {
    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            act: try reader.erasureID("hold-act"), by: try reader.text("hold-by", .erasure),
            words: try reader.text("hold-words", .erasure),
            passedOn: try reader.optional("hold-passed-on", .erasure) { (item) throws(CBORShapeError) in
                try EventAddress(item)
            })
    }
}

extension EventAddress {
    fileprivate var item: CBOR { .array([.origin(origin), .id(event)]) }

    fileprivate init(_ item: CBOR) throws(CBORShapeError) {
        let parts = try item.items(count: 2)
        self.init(origin: try parts[0].origin(), event: try parts[1].id())
    }
}

extension FieldReader {
    fileprivate mutating func erasureID(_ field: FieldCode) throws(EventDecodingError) -> EventID {
        try required(field, .erasure) { (item) throws(CBORShapeError) in try item.id() }
    }

    fileprivate mutating func erasureText(_ field: FieldCode) throws(EventDecodingError) -> String {
        guard let text = try text(field, .erasure) else { throw .missing(field, .erasure) }
        return text
    }
}
