public import Disclosures
public import EventLogs
public import TallystickPrimitives

/// One line of the disclosure ledger.
public struct LedgerEntry: Hashable, Sendable {
    /// What was done.
    public let verb: LedgerVerb
    /// The event that did it, in hexadecimal.
    public let eventID: String
    /// The log it stands in.
    public let origin: Origin
    /// Its place there.
    public let leaf: UInt64
    /// The clear type.
    public let kind: StatementKind
    /// The agency that did it.
    public let agency: String
    /// Who acted, as the agency names its people.
    public let person: String?
    /// How it was told, where that was not by the program.
    public let told: ToldHow?
    /// The agencies that received something; empty for what stays at home.
    public let recipients: [String]
    /// The labels concerned; empty where the entry names none.
    public let labels: [String]
    /// The registered type; nil when the record is sealed from us.
    public let type: String?
    /// The agencies that something was recalled or withdrawn from.
    public let takenFrom: [String]
    /// The case it belongs to.
    public let reference: String?
    /// When, as the author claims.
    public let claimedAt: String
    /// Its place in the register; nil while it is pending.
    public let position: UInt64?
    /// When recipients drop what was given; nil for no term.
    public let expires: String?
}
