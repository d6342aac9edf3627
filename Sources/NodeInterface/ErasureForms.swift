/// Placing a hold.
public struct HoldForm: Codable, Hashable, Sendable {
    /// The officer who places it.
    public var officer: String
    /// The case, as far as it is typed.
    public var caseReference: String?
    /// The person, by the whole name, for all their cases.
    public var subject: String?
    /// An erasure, 32 hexadecimal digits, for everything in it.
    public var erasure: String?
    /// `death`, `inquest`, `inquiry`, `litigation`, `subject-access` or `ombudsman`; every holder sees it.
    public var reason: String
    /// In words; they stay here.
    public var words: String?

    /// States a hold.
    public init(officer: String, reason: String) {
        self.officer = officer
        self.reason = reason
    }
}

/// Lifting a hold.
public struct HoldLiftForm: Codable, Hashable, Sendable {
    /// Who lifts it.
    public var officer: String
    /// The hold, 32 hexadecimal digits.
    public var hold: String

    /// States it.
    public init(officer: String, hold: String) {
        self.officer = officer
        self.hold = hold
    }
}

/// A hold was placed.
public struct HoldPlaced: Codable, Hashable, Sendable {
    /// The hold, 32 hexadecimal digits.
    public var hold: String
    /// The agencies that are told; those they gave it to are told by them.
    public var told: [String]
    /// Those that cannot be told, being enrolled no more.
    public var notTold: [String]
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(hold: String, told: [String], notTold: [String], standing: EntryStanding?) {
        self.hold = hold
        self.told = told
        self.notTold = notTold
        self.standing = standing
    }
}

/// A hold that stands.
public struct HoldRow: Codable, Hashable, Sendable {
    /// The hold, 32 hexadecimal digits.
    public var hold: String
    /// The agency that placed it, or passed it on.
    public var by: String
    /// The officer, of this agency's own.
    public var officer: String?
    /// In words, of this agency's own.
    public var words: String?
    /// Why, as a code.
    public var reason: String
    /// When, RFC 3339.
    public var placedAt: String
    /// Whom this agency has told of its own.
    public var told: [String] = []
    /// The cases that it is about, as far as they are shown here.
    public var references: [String] = []
    /// How many streams of entries it is about.
    public var streamCount = 0

    /// States it.
    public init(hold: String, by: String, officer: String?, words: String?, reason: String, placedAt: String) {
        self.hold = hold
        self.by = by
        self.officer = officer
        self.words = words
        self.reason = reason
        self.placedAt = placedAt
    }
}

/// Proposing an erasure.
public struct ErasureForm: Codable, Hashable, Sendable {
    /// Who proposes it.
    public var officer: String
    /// The case, as far as it is typed.
    public var caseReference: String?
    /// The person, by the whole name, for all their cases.
    public var subject: String?
    /// `retention`, `own-rule`, `request` or `error`.
    public var reason: String
    /// In words; they stay here.
    public var words: String?

    /// States a proposal.
    public init(officer: String, reason: String) {
        self.officer = officer
        self.reason = reason
    }
}

/// A named person's approval.
public struct ErasureApprovalForm: Codable, Hashable, Sendable {
    /// Who approves, by their own name.
    public var officer: String
    /// The erasure, 32 hexadecimal digits.
    public var erasure: String
    /// Days after destroying within which no backup is left; 35 if left out.
    public var backupDays: UInt64?

    /// States it.
    public init(officer: String, erasure: String) {
        self.officer = officer
        self.erasure = erasure
    }
}

/// Bringing back what is to be destroyed.
public struct ErasureStopForm: Codable, Hashable, Sendable {
    /// Who brings it back.
    public var officer: String
    /// The erasure, 32 hexadecimal digits.
    public var erasure: String
    /// Why.
    public var words: String

    /// States it.
    public init(officer: String, erasure: String, words: String) {
        self.officer = officer
        self.erasure = erasure
        self.words = words
    }
}

/// The answer to another agency's question.
public struct ErasureAnswerForm: Codable, Hashable, Sendable {
    /// The records officer.
    public var officer: String
    /// The question, 32 hexadecimal digits.
    public var question: String
    /// `erase`, `keep` or `nothing`.
    public var answer: String
    /// The day until which it is kept.
    public var until: String?
    /// The law for which it is kept, as a short name; who asked sees it.
    public var law: String?
    /// In words, for a proposal; they stay here.
    public var words: String?

    /// States it.
    public init(officer: String, question: String, answer: String) {
        self.officer = officer
        self.question = question
        self.answer = answer
    }
}

/// What became of a command about an erasure.
public struct ErasureMade: Codable, Hashable, Sendable {
    /// The erasure, 32 hexadecimal digits; empty where none came of it.
    public var erasure: String
    /// How many streams of entries it is about.
    public var streamCount: Int
    /// Why it is on hold.
    public var holds: [String] = []
    /// Who has approved it.
    public var approvers: [String] = []
    /// From when on it may be destroyed, once two have approved it.
    public var due: String?
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(erasure: String, streamCount: Int) {
        self.erasure = erasure
        self.streamCount = streamCount
    }
}

/// A question of another agency.
public struct ErasureQuestionRow: Codable, Hashable, Sendable {
    /// The question, 32 hexadecimal digits.
    public var question: String
    /// Who asks.
    public var by: String
    /// When, RFC 3339.
    public var askedAt: String
    /// When they destroy their own.
    public var due: String
    /// How many streams of entries it is about.
    public var streamCount: Int
    /// The cases that it is about, as far as they are shown here.
    public var references: [String] = []
    /// What was answered; nil while nothing was.
    public var answer: String?
    /// The erasure here that came of it.
    public var erasure: String?

    /// States it.
    public init(question: String, by: String, askedAt: String, due: String, streamCount: Int) {
        self.question = question
        self.by = by
        self.askedAt = askedAt
        self.due = due
        self.streamCount = streamCount
    }
}

/// An erasure and what every holder has answered.
public struct ErasureReport: Codable, Hashable, Sendable {
    /// The erasure, 32 hexadecimal digits.
    public var erasure: String
    /// Why.
    public var reason: String
    /// Who proposed it.
    public var proposedBy: String
    /// When, RFC 3339.
    public var proposedAt: String
    /// In words.
    public var words: String?
    /// Who has approved it.
    public var approvers: [String] = []
    /// From when on it may be destroyed.
    public var due: String?
    /// `proposed`, `on-hold`, `quarantine`, `destroying`, `erased` or `brought-back`.
    public var standing: String
    /// Why it is on hold.
    public var holds: [String] = []
    /// What every holder has and has answered, this agency first; empty in a list.
    public var holders: [ErasureHolder] = []
    /// What it does not reach, a sentence each.
    public var cannotReach: [String] = []

    /// States it.
    public init(erasure: String, reason: String, proposedBy: String, proposedAt: String, standing: String) {
        self.erasure = erasure
        self.reason = reason
        self.proposedBy = proposedBy
        self.proposedAt = proposedAt
        self.standing = standing
    }
}

/// One holder of one stream of entries, and what it says of its copies.
public struct ErasureHolder: Codable, Hashable, Sendable {
    /// The agency.
    public var agency: String
    /// The log.
    public var log: String
    /// The stream, 32 hexadecimal digits.
    public var stream: String
    /// What of it the agency has or had: the compartments, each with its label.
    public var parts: [ErasurePart] = []
    /// `erased`, `kept`, `held`, `will-erase`, `holds-nothing`, `outstanding` or `here`.
    public var standing: String
    /// Since when it is so, RFC 3339.
    public var since: String?
    /// The day until which it is kept.
    public var until: String?
    /// The law for which it is kept, or the reasons of the holds.
    public var because: String?
    /// By when no backup holds it.
    public var backupsBy: String?

    /// States it.
    public init(agency: String, log: String, stream: String, standing: String) {
        self.agency = agency
        self.log = log
        self.stream = stream
        self.standing = standing
    }
}

/// A compartment by its place and label.
public struct ErasurePart: Codable, Hashable, Sendable {
    /// The index of the entry.
    public var index: Int
    /// The compartment, 32 hexadecimal digits.
    public var part: String
    /// What it is.
    public var label: String

    /// Names it.
    public init(index: Int, part: String, label: String) {
        self.index = index
        self.part = part
        self.label = label
    }
}

/// A case whose time is over, or will be.
public struct RetentionRow: Codable, Hashable, Sendable {
    /// The case.
    public var reference: String
    /// When its last entry was recorded, RFC 3339; the period is counted from there.
    public var lastEntry: String
    /// The period in months.
    public var months: Int
    /// What starts the period, in words, and whether the program knows it.
    public var from: String
    /// When the period is over.
    public var over: String
    /// Whether it is.
    public var isOver: Bool
    /// `review` or `erase`: what the protocol says happens then.
    public var then: String
    /// Where the period comes from.
    public var because: String
    /// Why it is on hold.
    public var holds: [String] = []
    /// The erasure that is under way.
    public var erasure: String?

    /// States it.
    public init(
        reference: String, lastEntry: String, months: Int, from: String, over: String, isOver: Bool, then: String,
        because: String
    ) {
        self.reference = reference
        self.lastEntry = lastEntry
        self.months = months
        self.from = from
        self.over = over
        self.isOver = isOver
        self.then = then
        self.because = because
    }
}

extension HoldPlaced: RecordingAnswer {}
extension ErasureMade: RecordingAnswer {}
