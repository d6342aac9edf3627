import Casework
public import TallystickPrimitives

/// Why something is taken back from an agency that should not have had it (PRACTICE P14).
public enum RecallReason: String, CaseIterable, Hashable, Sendable, Codable {
    /// It went to an agency that it was not meant for.
    case wrongAgency = "wrong-agency"
    /// It is about somebody else than it was taken for.
    case wrongPerson = "wrong-person"
    /// More went than was needed.
    case tooMuch = "too-much"
    /// Nothing permitted it.
    case notPermitted = "not-permitted"
    /// It puts somebody in danger there.
    case unsafe
}

/// What its author records of something taken back from one agency.
public struct RecallMade: Hashable, Sendable {
    /// The act that it is part of: the first of the recalls that were made together.
    public let act: EventID
    /// What is taken back: the entry.
    public let entry: EventID
    /// What of it.
    public let labels: [Label]
    /// From whom.
    public let from: AgencyCode
    /// Why.
    public let reason: RecallReason
    /// What happened, in words; they stay with the author.
    public let words: String?
    /// When somebody became aware of it: the clock of UK GDPR Art 33 runs from then.
    public let awareAt: Timestamp
    /// For what an agency passes on: the recall of another's that it follows. The error, and its clock, are that agency's.
    public let follows: EventID?

    /// States it.
    public init(
        act: EventID, entry: EventID, labels: [Label], from: AgencyCode, reason: RecallReason, words: String?,
        awareAt: Timestamp, follows: EventID? = nil
    ) {
        self.follows = follows
        self.act = act
        self.entry = entry
        self.labels = labels
        self.from = from
        self.reason = reason
        self.words = words
        self.awareAt = awareAt
    }
}

/// What somebody did with something before it was taken back.
public enum RecallUse: String, CaseIterable, Hashable, Sendable, Codable {
    /// They did not read it.
    case notRead = "not-read"
    /// They read it, and did nothing with it.
    case readOnly = "read-only"
    /// They acted on it.
    case acted
    /// They told somebody.
    case passedOn = "passed-on"
    /// They noted, printed or saved it.
    case copied
    /// They could not be asked.
    case notAsked = "not-asked"
}

/// How far an agency has got with a recall.
public enum RecallStanding: String, CaseIterable, Hashable, Sendable, Codable {
    /// Its node hides what was taken back.
    case hidden
    /// Everybody who was shown it has said what they did with it.
    case answered
}

/// What the agency that something was taken back from tells its author: counts and words, and no names.
public struct RecallAnswer: Hashable, Sendable {
    /// The recall.
    public let recall: EventID
    /// How far it has got.
    public let standing: RecallStanding
    /// Since when its node hides it.
    public let hiddenAt: Timestamp
    /// How many times somebody was shown it: a person on one day counts once.
    public let shownCount: UInt64
    /// For how many of these it is said what was done.
    public let saidCount: UInt64
    /// What was done with it.
    public let uses: [RecallUse]
    /// The same in words, for the author to act on.
    public let words: [String]

    /// States it.
    public init(
        recall: EventID, standing: RecallStanding, hiddenAt: Timestamp, shownCount: UInt64, saidCount: UInt64,
        uses: [RecallUse], words: [String]
    ) {
        self.recall = recall
        self.standing = standing
        self.hiddenAt = hiddenAt
        self.shownCount = shownCount
        self.saidCount = saidCount
        self.uses = uses
        self.words = words
    }
}

/// What one person says they did with something that was taken back. It stays with their agency.
public struct RecallUsed: Hashable, Sendable {
    /// The recall.
    public let recall: EventID
    /// What they did.
    public let use: RecallUse
    /// Whom it was shown to; nil where somebody answers for everybody who is left.
    public let shownTo: String?
    /// In words, for the author.
    public let words: String?

    /// States it.
    public init(recall: EventID, use: RecallUse, shownTo: String?, words: String?) {
        self.recall = recall
        self.use = use
        self.shownTo = shownTo
        self.words = words
    }
}

/// What was decided about telling the regulator (UK GDPR Art 33).
public enum BreachDecision: String, CaseIterable, Hashable, Sendable, Codable {
    /// The regulator was told.
    case reported
    /// A risk to anybody is unlikely, and it was not.
    case notReportable = "not-reportable"
}

/// The decision about telling the regulator; it stays with the author.
public struct RecallDecided: Hashable, Sendable {
    /// The recalls that were made together.
    public let act: EventID
    /// What was decided.
    public let decision: BreachDecision
    /// Why (Art 33(5): it must be on record either way).
    public let words: String

    /// States it.
    public init(act: EventID, decision: BreachDecision, words: String) {
        self.act = act
        self.decision = decision
        self.words = words
    }
}
