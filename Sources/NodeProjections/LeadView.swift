/// How the lead of a case goes from one agency to another.
public struct LeadView: Codable, Hashable, Sendable {
    /// The case, `agency/stream`.
    public var reference: String
    /// Who leads, as it is shown.
    public var lead: String
    /// Since when; nil for whoever opened the case.
    public var since: String?
    /// Who led before, in order.
    public var before: [String]
    /// Who will lead once the co-signers stand behind it; nil where nothing waits for them.
    public var next: String?
    /// Whether nothing can be called final, because fewer than four co-signers are listed: what is accepted is shown.
    public var isAsAccepted: Bool
    /// To whom the lead is offered.
    public var offeredTo: String?
    /// When it was offered.
    public var offeredAt: String?
    /// By when an answer is asked for.
    public var due: String?
    /// Whether they have accepted.
    public var isAccepted: Bool
    /// Who else said that they would take it.
    public var wouldTake: [String]
    /// Whether the agency that looks leads, and has no consent on its own record yet: it is asked for again.
    public var needsConsent: Bool

    /// States it.
    public init(
        reference: String, lead: String, since: String?, before: [String], next: String?, isAsAccepted: Bool
    ) {
        self.reference = reference
        self.lead = lead
        self.since = since
        self.before = before
        self.next = next
        self.isAsAccepted = isAsAccepted
        isAccepted = false
        wouldTake = []
        needsConsent = false
    }
}
