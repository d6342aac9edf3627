/// Taking back what was given in error.
public struct RecallForm: Codable, Hashable, Sendable {
    /// Who takes it back.
    public var officer: String
    /// The entry, 32 hexadecimal digits.
    public var entry: String
    /// What of it, by label; everything that was given if empty.
    public var labels: [String]
    /// From whom; everybody who was given it if empty.
    public var agencies: [String]
    /// `wrong-agency`, `wrong-person`, `too-much`, `not-permitted` or `unsafe`; everybody who loses it sees this.
    public var reason: String
    /// What happened, in words; they stay here.
    public var words: String?
    /// When somebody became aware of it, RFC 3339; now if left out.
    public var awareAt: String?

    /// States what is taken back.
    public init(officer: String, entry: String, reason: String) {
        self.officer = officer
        self.entry = entry
        self.reason = reason
        labels = []
        agencies = []
    }
}

/// What somebody did with something that was taken back.
public struct RecallAnswerForm: Codable, Hashable, Sendable {
    /// Who says so.
    public var officer: String
    /// The recall, 32 hexadecimal digits.
    public var recall: String
    /// `not-read`, `read-only`, `acted`, `passed-on`, `copied` or `not-asked`.
    public var use: String
    /// The same in words; whoever took it back sees them.
    public var words: String?
    /// For whom it is said, where that is somebody else.
    public var onBehalfOf: String?
    /// Whether it is said for everybody who has not answered.
    public var isForTheRest: Bool

    /// States it.
    public init(officer: String, recall: String, use: String) {
        self.officer = officer
        self.recall = recall
        self.use = use
        isForTheRest = false
    }
}

/// The decision about telling the regulator.
public struct RecallDecisionForm: Codable, Hashable, Sendable {
    /// Who decides.
    public var officer: String
    /// A recall of those that were made together, 32 hexadecimal digits.
    public var recall: String
    /// `reported` or `not-reportable`.
    public var decision: String
    /// Why.
    public var words: String

    /// States it.
    public init(officer: String, recall: String, decision: String, words: String) {
        self.officer = officer
        self.recall = recall
        self.decision = decision
        self.words = words
    }
}

/// Something was taken back.
public struct RecallMadeAnswer: Codable, Hashable, Sendable {
    /// Each recall, 32 hexadecimal digits, by the agency it is from.
    public var recalls: [String: String]
    /// What is taken back, by agency.
    public var labels: [String: [String]]
    /// By when the regulator must have been told, if it must be, RFC 3339.
    public var reportDue: String
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(recalls: [String: String], labels: [String: [String]], reportDue: String) {
        self.recalls = recalls
        self.labels = labels
        self.reportDue = reportDue
    }
}
