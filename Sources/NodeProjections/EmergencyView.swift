/// One emergency disclosure, told by this agency or to it.
public struct EmergencyView: Hashable, Sendable, Encodable {
    /// The event that told, in hexadecimal.
    public let eventID: String
    /// Who told.
    public let teller: String
    /// The other agencies that were told.
    public let told: [String]
    /// When it was told, as whoever told says.
    public let toldAt: String?
    /// When it was recorded, RFC 3339, as its author claims.
    public let recordedAt: String
    /// The case it is about, where it names one.
    public let reference: String?
    /// The danger, in words.
    public let threat: String
    /// Who at the receiving agencies was told, or is to act.
    public let personTold: String
    /// Who is in danger.
    public let atRisk: String?
    /// Where they are or can be reached.
    public let whereabouts: String?
    /// What of the case went with it.
    public let labels: [String]
    /// By when somebody else must have reviewed it.
    public let reviewDue: String
    /// What the review found; nil while there is none.
    public let finding: String?
    /// Why; only with the agency that told.
    public let reviewWords: String?
    /// `waiting`, `overdue` or `reviewed`.
    public let standing: String
    /// Whether it is not admitted yet.
    public let isPending: Bool
}
