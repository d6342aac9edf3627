public import Casework
import DeterministicCBOR
import SharingProtocols
public import TallystickPrimitives

extension DisclosureEvent {
    /// The values by label, ready to be sealed.
    ///
    /// - Parameters:
    ///   - actor: who acted, as the agency names its people in sealed content.
    ///   - happenedAt: RFC 3339 or coarser, as precisely as it is known.
    ///   - caseReference: the case it belongs to, where it belongs to one.
    ///   - derivedFrom: the events that it was made from.
    public func fields(
        actor: String?, happenedAt: String?, case caseReference: CaseReference?,
        derivedFrom: [EventID] = []
    ) -> EventFields {
        var writer = FieldWriter(
            EventCommon(
                type: type, happenedAt: happenedAt, actor: actor, caseReference: caseReference,
                derivedFrom: derivedFrom))
        switch self {
        case .requestMade(let request):
            writer.list("asked-labels", .record, request.askedLabels.map(CBOR.code))
            writer.text("request-reason", .record, request.reason)
            writer.text("changed-fact", .record, request.changedFact)
            writer.put("earlier-request", .record, request.earlierRequest.map(CBOR.id))
        case .requestAnswered(let answer):
            writer.text("outcome", .record, answer.outcome.rawValue)
            writer.put("outcome-reason", .record, answer.reason?.item)
        case .disclosureMade(let disclosure):
            writer.put("request-reference", .record, disclosure.request.map(CBOR.id))
            writer.list("disclosed-labels", .record, disclosure.labels.map(CBOR.code))
        }
        return writer.fields
    }

    /// Reads an event from the labels that were received.
    ///
    /// - Throws: `EventDecodingError` for a type of another module or of newer software, and when
    ///   what is present is not what its place calls for.
    public static func decode(
        _ opened: EventFields
    ) throws(EventDecodingError) -> DecodedEvent<DisclosureEvent> {
        var reader = FieldReader(opened)
        guard let common = try reader.common() else {
            return DecodedEvent(common: nil, event: nil)
        }
        let event: DisclosureEvent
        switch common.type.text {
        case "request-made": event = .requestMade(try RequestDetails(from: &reader))
        case "request-answered": event = .requestAnswered(try RequestAnswer(from: &reader))
        case "disclosure-made": event = .disclosureMade(try DisclosureRecord(from: &reader))
        default: throw .unknownType(common.type)
        }
        try reader.finish()
        return DecodedEvent(common: common, event: event)
    }
}

extension RequestDetails {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            askedLabels: try reader.labels("asked-labels"),
            reason: try reader.needed("request-reason"),
            changedFact: try reader.text("changed-fact", .record),
            earlierRequest: try reader.event("earlier-request"))
    }
}

extension RequestAnswer {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        guard let outcome = try reader.word("outcome", .record, AnswerOutcome.self) else {
            throw .missing("outcome", .record)
        }
        let reason = try reader.optional("outcome-reason", .record) {
            (item) throws(CBORShapeError) in try AnswerReason(item)
        }
        self.init(outcome: outcome, reason: reason)
    }
}

extension DisclosureRecord {
    fileprivate init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            request: try reader.event("request-reference"),
            labels: try reader.labels("disclosed-labels"))
    }
}

extension AnswerReason {
    fileprivate var item: CBOR { .array([.code(code), .text(words)]) }

    fileprivate init(_ item: CBOR) throws(CBORShapeError) {
        let parts = try item.items(count: 2)
        self.init(code: try parts[0].code(), words: try parts[1].string())
    }
}

extension FieldReader {
    fileprivate mutating func labels(_ field: FieldCode) throws(EventDecodingError) -> [Label] {
        try list(field, .record) { (item) throws(CBORShapeError) in try item.code() }
    }

    fileprivate mutating func event(_ field: FieldCode) throws(EventDecodingError) -> EventID? {
        try optional(field, .record) { (item) throws(CBORShapeError) in try item.id() }
    }
}
