public import TallystickPrimitives

/// How one agency takes part, by the register's own times: counts only, no streams.
public struct ParticipationEntry: Hashable, Sendable {
    /// The agency.
    public let agency: AgencyCode
    /// Statements that were admitted.
    public let accepted: UInt64
    /// Statements that were refused.
    public let refused: UInt64
    /// Requests put to it.
    public let requestsReceived: UInt64
    /// Those answered when they were due or before; a nil answer counts like any other (PRACTICE
    /// P6).
    public let answeredInTime: UInt64
    /// Those answered later.
    public let answeredLate: UInt64
    /// When its newest statement was admitted or refused; nil for an agency that is silent so far.
    public let lastStatementAt: Timestamp?

    /// Requests without an answer so far, overdue or not.
    public var unanswered: UInt64 { requestsReceived - answeredInTime - answeredLate }
}
