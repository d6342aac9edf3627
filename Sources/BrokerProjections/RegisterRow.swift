public import EventLogs
public import Replication
public import TallystickPrimitives

/// One verdict of the register with the clear facts of its statement, for the audit view.
public struct RegisterRow: Hashable, Sendable {
    /// The register position.
    public let position: UInt64
    /// The verdict, its time in whole seconds.
    public let record: AdmissionRecord
    /// The clear, coarse type.
    public let kind: StatementKind
    /// The agency whose log it stands in; nil for the board's.
    public let agency: AgencyCode?
}
