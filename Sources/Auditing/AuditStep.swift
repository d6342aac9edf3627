public import EventLogs
public import Partnership
public import Replication
public import TallystickPrimitives

/// One registered statement as a replay passes it, with what the register made of it and what
/// follows.
public struct AuditStep: Sendable {
    /// Its register position.
    public let position: UInt64
    /// The register's record of it.
    public let record: AdmissionRecord
    /// The statement.
    public let statement: Statement
    /// Who wrote it; nil for the board.
    public let author: AgencyCode?
    /// What admission says when it is asked again.
    public let judged: Verdict
    /// What each agency was due, by the registered verdict.
    public let deliveries: [AgencyCode: Delivery]
    /// The circle that covers it; nil in control streams.
    public let circle: CircleControl?
    /// Who was who after it.
    public let roster: Roster
    /// The labels of the compartments that a share in it names.
    public let sharedLabels: [CompartmentAddress: Label]

    /// The stream.
    public var stream: StreamAddress {
        StreamAddress(origin: statement.origin, stream: statement.payload.stream)
    }
}

/// Something that is told of every statement of a replay, in register order.
public protocol AuditObserver: Sendable {
    /// Takes in one statement.
    mutating func take(_ step: AuditStep)
}

/// A point up to which to look.
public enum AuditMoment: Hashable, Sendable {
    /// After the register's first leaves, this many of them.
    case size(TreeSize)
    /// Everything before the first statement that was admitted later. The register's order counts, and not the clock that
    /// it was written by: that may have been put back.
    case time(Timestamp)

    /// Whether a statement does not end it; what follows one that does is not covered either.
    public func covers(position: UInt64, admittedAt: Timestamp) -> Bool {
        switch self {
        case .size(let size): position < size.value
        case .time(let instant): admittedAt <= instant
        }
    }
}
