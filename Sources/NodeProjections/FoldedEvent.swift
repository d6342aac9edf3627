public import Casework
public import EventLogs
public import TallystickPrimitives

/// One verified statement with what this node could open of it, ready for the views.
public struct FoldedEvent: Sendable {
    /// The log it stands in.
    public let origin: Origin
    /// The agency whose log that is.
    public let agency: AgencyCode
    /// Its place in that log.
    public let index: LeafIndex
    /// Its place in the register; nil for one of our own that is not admitted yet.
    public let registerPosition: UInt64?
    /// Its stream.
    public let stream: StreamID
    /// Its place in the stream.
    public let sequence: UInt64
    /// The event.
    public let eventID: EventID
    /// The clear type.
    public let kind: StatementKind
    /// The author's claimed time.
    public let issuedAt: Timestamp
    /// The values that could be opened, by label.
    public let opened: EventFields
    /// The labels of the compartments that could not be opened.
    public let withheldLabels: [Label]
    /// What the statement says in the clear.
    public let control: ControlBody

    /// States an event.
    public init(
        origin: Origin, agency: AgencyCode, index: LeafIndex, registerPosition: UInt64?,
        stream: StreamID, sequence: UInt64, eventID: EventID, kind: StatementKind,
        issuedAt: Timestamp, opened: EventFields, withheldLabels: [Label], control: ControlBody
    ) {
        self.origin = origin
        self.agency = agency
        self.index = index
        self.registerPosition = registerPosition
        self.stream = stream
        self.sequence = sequence
        self.eventID = eventID
        self.kind = kind
        self.issuedAt = issuedAt
        self.opened = opened
        self.withheldLabels = withheldLabels
        self.control = control
    }
}
