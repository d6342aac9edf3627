public import EventLogs
public import Replication
public import SharingProtocols
public import TallystickPrimitives

/// One admitted or refused statement with everything that the views take from it.
public struct FoldedAdmission: Sendable {
    /// The register position of the verdict.
    public let position: UInt64
    /// The verdict.
    public let record: AdmissionRecord
    /// The statement.
    public let statement: Statement
    /// The agency whose log it stands in; nil for the board's log and for a log that nobody has.
    public let agency: AgencyCode?
    /// The clear pointer compartments that are still here.
    public let pointers: [CompartmentBody]
    /// The rules bundle that the statement was decided under.
    public let bundle: Hash256?
    /// What that bundle lets the broker show; nil for nothing.
    public let pointerRules: PointerRules?
    /// Whether a signature under a protocol is complete: every office that must sign has.
    public let isBinding: Bool

    /// States an admission.
    public init(
        position: UInt64, record: AdmissionRecord, statement: Statement, agency: AgencyCode?,
        pointers: [CompartmentBody], bundle: Hash256?, pointerRules: PointerRules?, isBinding: Bool = true
    ) {
        self.position = position
        self.record = record
        self.statement = statement
        self.agency = agency
        self.pointers = pointers
        self.bundle = bundle
        self.pointerRules = pointerRules
        self.isBinding = isBinding
    }
}
