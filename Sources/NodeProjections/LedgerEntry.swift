/// What was done with personal data: the verbs of DPA 2018 s.62, kept apart.
public enum LedgerVerb: String, CaseIterable, Hashable, Sendable, Codable {
    /// Taken in.
    case collection
    /// Changed by something later.
    case alteration
    /// Read.
    case consultation
    /// Given to somebody.
    case disclosure
    /// Put together with something else.
    case combination
    /// Destroyed.
    case erasure
}

/// One line of the disclosure ledger.
public struct LedgerEntry: Hashable, Sendable, Encodable {
    /// What was done.
    public let verb: LedgerVerb
    /// The event that did it, in hexadecimal.
    public let eventID: String
    /// The agency that did it.
    public let agency: String
    /// The agencies that received something; empty for what stays at home.
    public let recipients: [String]
    /// The labels concerned; empty where the entry names none.
    public let labels: [String]
    /// The registered type; nil when the record is sealed from us.
    public let type: String?
    /// The case it belongs to.
    public let reference: String?
    /// When, as the author claims.
    public let claimedAt: String
    /// Its place in the register; nil while it is pending.
    public let position: UInt64?
    /// When recipients drop what was given; nil for no term.
    public let expires: String?
}
