import EventLogs
import TallystickPrimitives

/// That an entry was taken back, as it is shown beside the entry or in its place.
public struct RecallNote: Hashable, Sendable, Encodable {
    /// Who took it back.
    public let by: String
    /// From whom.
    public let from: String
    /// When, as its author claims.
    public let recalledAt: String
    /// Why, a code.
    public let reason: String

    init?(_ read: ReadEntry) {
        guard case .recall(let recall) = read.entry.control else { return nil }
        by = read.entry.agency.text
        from = recall.recipient.text
        recalledAt = read.entry.issuedAt.description
        reason = recall.reason.text
    }
}

/// One recall, by this agency or of something that it was given.
public struct RecallView: Hashable, Sendable, Encodable {
    /// The recall, in hexadecimal.
    public let eventID: String
    /// The recalls that were made together, in hexadecimal; only with the agency that made them.
    public let act: String?
    /// Who took it back.
    public let author: String
    /// From whom.
    public let holder: String
    /// What was taken back: the entries, in hexadecimal, as far as they are here.
    public let entries: [String]
    /// The cases where they are shown.
    public let references: [String]
    /// What of them; empty where only the author knows.
    public let labels: [String]
    /// Why, a code.
    public let reason: String
    /// What happened; only with the author.
    public let words: String?
    /// When it was taken back, as its author claims.
    public let recalledAt: String
    /// When somebody became aware of it; only with the author.
    public let awareAt: String?
    /// By when the regulator must have been told, if it must be; only with the author.
    public let reportDue: String?
    /// What was decided about that; only with the author.
    public let decision: String?
    /// Since when the holder's node hides it, as it says; nil while it has not.
    public let hiddenAt: String?
    /// How many times it was shown there, a person on one day as one.
    public let shownCount: UInt64?
    /// For how many of these it is said what was done.
    public let saidCount: UInt64?
    /// What was done with it.
    public let uses: [String]
    /// The same in words.
    public let useWords: [String]
    /// `sent`, `hidden` or `answered`.
    public let standing: String
    /// Whether it is not admitted yet.
    public let isPending: Bool
    /// Entries of this agency that were made from it, in hexadecimal: they are not hidden.
    public let madeFrom: [String]
    /// The recall of another agency's that this agency passed on by it, in hexadecimal.
    public let follows: String?
    /// Whether the person who asks was shown it and has not said what they did. The node sets it.
    public var asksYou = false
}

/// Somebody, on one day, who was shown a case or an entry.
public struct ReadingView: Hashable, Sendable {
    /// The identifier of that person on that day.
    public let actor: String
    /// When.
    public let at: String
}
