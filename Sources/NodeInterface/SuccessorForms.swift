/// What one side of a succession does.
public struct SuccessorForm: Codable, Hashable, Sendable {
    /// Who does it.
    public var officer: String
    /// The board's act, 32 hexadecimal digits, or as many of the first as tell it apart.
    public var act: String
    /// The text of the schedule, where the act has one.
    public var schedule: String?
    /// The protocol under which a case goes to the successor that nobody shares yet.
    public var protocolCode: String?
    /// The purpose of that, where the protocol has several.
    public var purpose: String?
    /// How many cases to move at the most; 50 if left out.
    public var batch: Int?
    /// How many cases stay behind, because the successor has no function for them: said when the predecessor finishes.
    public var staying: Int?

    /// States it.
    public init(officer: String, act: String) {
        self.officer = officer
        self.act = act
    }
}

/// What a move under a succession came to.
public struct SuccessorMoved: Codable, Hashable, Sendable {
    /// How many cases this command let go of.
    public var moved: Int
    /// How many are still to move.
    public var left: Int
    /// What does not move, and why: case and reason.
    public var staying: [String: String]
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(moved: Int, left: Int, staying: [String: String]) {
        self.moved = moved
        self.left = left
        self.staying = staying
    }
}

/// What a succession comes to for one case.
public struct SuccessorCase: Codable, Hashable, Sendable {
    /// The case, `agency/stream`.
    public var reference: String
    /// Where it stands.
    public var stage: String?
    /// How many actions of the predecessor's are not done: they become the successor's.
    public var actions: Int
    /// How many requests of the predecessor's about it wait for an answer: the successor asks again.
    public var requestsAsked: Int
    /// How many requests to the predecessor about it wait for its answer: they are answered before the end.
    public var requestsToAnswer: Int
    /// What was given until a day, and until when; it ends on that day.
    public var sharesWithAnEnd: [String]
    /// Whether the predecessor has consent on record: the successor asks for it again.
    public var hasConsent: Bool
    /// Why it does not move; nil where it does.
    public var staysBecause: String?

    /// States it.
    public init(reference: String, stage: String?) {
        self.reference = reference
        self.stage = stage
        actions = 0
        requestsAsked = 0
        requestsToAnswer = 0
        sharesWithAnEnd = []
        hasConsent = false
    }
}

/// What a party is about to give to its successor.
public struct SuccessorPlan: Codable, Hashable, Sendable {
    /// Who gives.
    public var predecessor: String
    /// Who takes.
    public var successor: String
    /// The cases that the predecessor leads and that are named.
    public var cases: [SuccessorCase]
    /// Cases that others lead and the predecessor is on: their leads decide whether the successor comes on them.
    public var onOthersCases: Int
    /// What somebody must do first, a sentence each.
    public var first: [String]
    /// The schedule's text, for both sides and the board's act.
    public var schedule: String
    /// Its SHA-256.
    public var scheduleHash: String

    /// States it.
    public init(predecessor: String, successor: String, schedule: String, scheduleHash: String) {
        self.predecessor = predecessor
        self.successor = successor
        cases = []
        onOthersCases = 0
        first = []
        self.schedule = schedule
        self.scheduleHash = scheduleHash
    }
}

/// What is planned.
public struct SuccessorPlanForm: Codable, Hashable, Sendable {
    /// Who looks.
    public var officer: String
    /// Who takes.
    public var successor: String
    /// The text of a schedule; everything if left out.
    public var schedule: String?
    /// The protocol under which a case goes that nobody shares yet.
    public var protocolCode: String?
    /// The purpose of that, where the protocol has several.
    public var purpose: String?

    /// States it.
    public init(officer: String, successor: String) {
        self.officer = officer
        self.successor = successor
    }
}

/// How far one succession has come.
public struct SuccessorStatus: Codable, Hashable, Sendable {
    /// The board's act, 32 hexadecimal digits.
    public var act: String
    /// Who gives.
    public var predecessor: String
    /// Who takes.
    public var successor: String
    /// The schedule's SHA-256; nil for everything.
    public var schedule: String?
    /// How many cases may move under it at the most.
    public var caseLimit: Int?
    /// `decided`, `given`, `taken`, `moving`, `gave` or `done`.
    public var stage: String
    /// From which register position on it holds.
    public var position: Int
    /// How many cases have moved, as far as this node was told.
    public var moved: Int
    /// How many of them this node's agency leads, or led.
    public var waiting: Int
    /// With how many cases the predecessor ended.
    public var gave: Int?
    /// With how many the successor did.
    public var took: Int?
    /// Who answers for the predecessor's log and holds its keys.
    public var keeper: String?
    /// Whether the log is closed.
    public var isClosed: Bool
    /// What has to be signed again, a sentence each: no signature of the predecessor's counts for the successor.
    public var toSign: [String]

    /// States it.
    public init(act: String, predecessor: String, successor: String, stage: String, position: Int) {
        self.act = act
        self.predecessor = predecessor
        self.successor = successor
        self.stage = stage
        self.position = position
        moved = 0
        waiting = 0
        isClosed = false
        toSign = []
    }
}

extension SuccessorMoved: RecordingAnswer {}
