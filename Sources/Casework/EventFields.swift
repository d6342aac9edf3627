public import DeterministicCBOR
public import TallystickPrimitives

/// The values of one event by the label that decides who receives them.
public typealias EventFields = [Label: [FieldCode: CBOR]]

/// What every event says in its record compartment.
public struct EventCommon: Hashable, Sendable {
    /// The registered type.
    public let type: EventTypeCode
    /// When it happened, as precisely as it is known: RFC 3339 or coarser.
    public let happenedAt: String?
    /// Who acted, as the agency names its people in sealed content.
    public let actor: String?
    /// The case it belongs to.
    public let caseReference: CaseReference?
    /// The events that it was made from.
    public let derivedFrom: [EventID]

    /// States the common part.
    public init(
        type: EventTypeCode, happenedAt: String?, actor: String?, caseReference: CaseReference?,
        derivedFrom: [EventID] = []
    ) {
        self.type = type
        self.happenedAt = happenedAt
        self.actor = actor
        self.caseReference = caseReference
        self.derivedFrom = derivedFrom
    }

    /// Reads the common part alone; nil when the record was not received.
    ///
    /// - Throws: `EventDecodingError` when what is present is not what its place calls for.
    public static func decode(_ opened: EventFields) throws(EventDecodingError) -> EventCommon? {
        var reader = FieldReader(opened)
        return try reader.common()
    }
}

/// One event as far as its labels were received.
public struct DecodedEvent<Event: Hashable & Sendable>: Hashable, Sendable {
    /// The common part; nil when the record was not received.
    public let common: EventCommon?
    /// The event; nil when the record was not received, for then its type is unknown.
    public let event: Event?

    /// States what was read.
    public init(common: EventCommon?, event: Event?) {
        self.common = common
        self.event = event
    }
}

/// Why opened fields are not an event that this program knows.
public enum EventDecodingError: Error, Hashable, Sendable {
    /// No event type of this name; newer software may know it.
    case unknownType(EventTypeCode)
    /// A field that events of this type always have is absent.
    case missing(FieldCode, Label)
    /// A field's value is not of the shape that its place calls for.
    case wrongShape(FieldCode, Label, expected: String)
    /// A field that events of this type do not have.
    case unknownField(FieldCode, Label)
}

extension EventDecodingError: CustomStringConvertible {
    /// What is wrong, where, and what to do; never a value.
    public var description: String {
        switch self {
        case .unknownType(let type):
            "The event type \(type) is not known here. Update this node, then rebuild its views."
        case .missing(let field, let label):
            "The field \(field) is missing under \(label). Ask the author to record it again."
        case .wrongShape(let field, let label, let expected):
            "The field \(field) under \(label) should be \(expected). Ask the author to correct it."
        case .unknownField(let field, let label):
            "The field \(field) under \(label) is not known here. Update this node."
        }
    }
}
