/// Something was recorded.
public struct Recorded: Codable, Hashable, Sendable {
    /// The event identifier of each entry, 32 hexadecimal digits.
    public var events: [String]
    /// Whether the entries were there already.
    public var wasThere: Bool
    /// What of it stays at home because the protocol does not let it go, a sentence each.
    public var keptHome: [String]
    /// What is offered because of it, a sentence each; nothing leaves by itself.
    public var offers: [String]?
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(events: [String], wasThere: Bool = false, keptHome: [String] = []) {
        self.events = events
        self.wasThere = wasThere
        self.keptHome = keptHome
        standing = wasThere ? nil : events.last.map { EntryStanding(entry: $0) }
    }
}

/// A case was opened.
public struct CaseOpened: Codable, Hashable, Sendable {
    /// The case.
    public var caseReference: String
    /// The event.
    public var event: String
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(caseReference: String, event: String) {
        self.caseReference = caseReference
        self.event = event
        standing = EntryStanding(entry: event)
    }
}

/// A risk was assessed.
public struct AssessmentAnswer: Codable, Hashable, Sendable {
    /// The sum of the marks.
    public var score: Int
    /// How many questions are unknown.
    public var unknown: Int
    /// How many questions the matrix asks.
    public var questions: Int = 0
    /// The gravest band that the unknown questions leave open.
    public var couldReach: String = ""
    /// The band the matrix gives.
    public var computedBand: String
    /// The band the assessor judges.
    public var judgedBand: String
    /// What is offered because of it; nothing leaves by itself.
    public var offers: [String]
    /// What of it stays at home because the protocol does not let it go, a sentence each.
    public var keptHome: [String] = []
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(score: Int, unknown: Int, computedBand: String, judgedBand: String, offers: [String]) {
        self.score = score
        self.unknown = unknown
        self.computedBand = computedBand
        self.judgedBand = judgedBand
        self.offers = offers
    }
}

/// A case was shared, or was shared already.
public struct ShareAnswer: Codable, Hashable, Sendable {
    /// For each agency now on the case, the labels it receives.
    public var receives: [String: [String]]
    /// The same as it was before.
    public var before: [String: [String]]
    /// How many entries were recorded for them now; none when they had everything.
    public var newEntries: Int
    /// The agencies left out because they have no live key, with nothing lost: they are caught up later.
    public var withoutKey: [String]
    /// What is not said again because it was taken back from somebody on the case, a sentence each.
    public var leftOut: [String]?
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(
        receives: [String: [String]], before: [String: [String]], newEntries: Int, withoutKey: [String]
    ) {
        self.receives = receives
        self.before = before
        self.newEntries = newEntries
        self.withoutKey = withoutKey
    }
}

/// What each agency would see.
public struct PreviewPage: Codable, Hashable, Sendable {
    /// The preview as text, ready to read.
    public var text: String
    /// The same entry by entry: what each agency sees of it field by field, what not and why, and what to look at again.
    public var entries: [PreviewEntry]

    /// States it.
    public init(text: String, entries: [PreviewEntry] = []) {
        self.text = text
        self.entries = entries
    }
}

/// One entry of a preview.
public struct PreviewEntry: Codable, Hashable, Sendable {
    /// One field as one agency would see it.
    public struct Line: Codable, Hashable, Sendable {
        /// The field.
        public var field: String
        /// What decides who sees it.
        public var label: String
        /// Whether the agency sees it.
        public var isShown: Bool
        /// The clause in words, or why not.
        public var why: String
        /// The restrictions that travel along.
        public var caveats: [String]

        /// States it.
        public init(field: String, label: String, isShown: Bool, why: String, caveats: [String]) {
            self.field = field
            self.label = label
            self.isShown = isShown
            self.why = why
            self.caveats = caveats
        }
    }

    /// What one agency sees and does not.
    public struct Agency: Codable, Hashable, Sendable {
        /// The agency.
        public var agency: String
        /// A line for each field.
        public var lines: [Line]

        /// States it.
        public init(agency: String, lines: [Line]) {
            self.agency = agency
            self.lines = lines
        }
    }

    /// A passage to look at again.
    public struct Mark: Codable, Hashable, Sendable {
        /// What sort of passage.
        public var kind: String
        /// The passage.
        public var text: String
        /// Where it begins, in characters.
        public var start: Int

        /// States it.
        public init(kind: String, text: String, start: Int) {
            self.kind = kind
            self.text = text
            self.start = start
        }
    }

    /// One field's whole text.
    public struct Text: Codable, Hashable, Sendable {
        /// The field.
        public var field: String
        /// The text.
        public var text: String
        /// What to look at again.
        public var marks: [Mark]

        /// States it.
        public init(field: String, text: String, marks: [Mark]) {
            self.field = field
            self.text = text
            self.marks = marks
        }
    }

    /// The kind of entry, and which where it is there already.
    public var entry: String
    /// By agency.
    public var agencies: [Agency]
    /// Field by field.
    public var texts: [Text]

    /// States it.
    public init(entry: String, agencies: [Agency], texts: [Text]) {
        self.entry = entry
        self.agencies = agencies
        self.texts = texts
    }
}

/// A request was made.
public struct RequestMade: Codable, Hashable, Sendable {
    /// Its event identifier.
    public var request: String
    /// By when an answer is due, RFC 3339.
    public var due: String
    /// The power it was asked under, in words.
    public var power: String?
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(request: String, due: String) {
        self.request = request
        self.due = due
        standing = EntryStanding(entry: request)
    }
}

/// A request was answered.
public struct AnswerMade: Codable, Hashable, Sendable {
    /// The answer's event identifier.
    public var answer: String
    /// How many compartments were given.
    public var disclosed: Int
    /// Until when, RFC 3339.
    public var until: String?
    /// The power it was given under, in words.
    public var power: String?
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(answer: String, disclosed: Int, until: String?) {
        self.answer = answer
        standing = EntryStanding(entry: answer)
        self.disclosed = disclosed
        self.until = until
    }
}

/// A file was imported.
public struct ImportAnswer: Codable, Hashable, Sendable {
    /// One row that was set aside.
    public struct Rejected: Codable, Hashable, Sendable {
        /// Where it begins in the file.
        public var line: Int
        /// Why.
        public var problem: String

        /// States it.
        public init(line: Int, problem: String) {
            self.line = line
            self.problem = problem
        }
    }

    /// Rows recorded now.
    public var recorded: Int
    /// Rows that were there from an earlier import of the same file.
    public var alreadyThere: Int
    /// Rows that the mapping leaves out.
    public var filtered: Int
    /// Rows set aside, sealed.
    public var rejected: [Rejected]
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(recorded: Int, alreadyThere: Int, filtered: Int, rejected: [Rejected]) {
        self.recorded = recorded
        self.alreadyThere = alreadyThere
        self.filtered = filtered
        self.rejected = rejected
    }
}

/// How a node stands.
public struct NodeStatus: Codable, Hashable, Sendable {
    /// The agency.
    public var agency: String
    /// Its log.
    public var origin: String
    /// Statements in its log.
    public var logSize: Int
    /// Statements of its log without a verdict yet.
    public var pending: Int
    /// Statements of its log that were refused.
    public var refused: Int
    /// Register leaves followed.
    public var registerSize: Int
    /// Statements received from others.
    public var received: Int
    /// Whether the broker answered last time.
    public var connected: Bool
    /// Why the feed is not believed, if it is not.
    public var feedFault: String?
    /// The rules that this node's program has not and the register goes by, with what to do.
    public var lackedRules: String?
    /// Cases known.
    public var cases: Int
    /// Reports recorded.
    public var reports: Int
    /// Whether this agency is enrolled now, as far as the node knows the board's acts.
    public var enrolled = true
    /// Why the broker did not answer last time: `not-accepted` (it knows no valid certificate of this node),
    /// `other-certificate` (it is not the enrolled broker), `unreachable`, `two-stories` (its register or this log has told two),
    /// `head-store` (the second store cannot be written, so nothing leaves), `not-believed`, or nothing while it answers.
    public var brokerFault: String?
    /// Up to where the register is final; nil while nothing of it is.
    public var finalSize: Int?
    /// How many operators have co-signed the register's newest co-signed head.
    public var cosigners = 0
    /// How many it takes; nil while fewer than four are listed, and nothing is called final.
    public var cosignersNeeded: Int?
    /// The logs that have told two stories.
    public var twoStories: [String] = []
    /// What should have come by now and has not.
    public var overdue: [Overdue] = []
    /// Answers that are due within a day: others', which may be reminded, and this agency's own; `since` is when.
    public var dueSoon: [Overdue]?
    /// Why this node does not write its log now; nil while it does.
    public var uncertain: String?
    /// How many commands are kept and not yet recorded, those included that could not be.
    public var keptCommands = 0
    /// How many parts of its own entries did not come back when the log did.
    public var lostParts = 0
    /// Entries of others that came by file and wait for the register.
    public var carried = 0
    /// How many files of others cannot be shown now.
    public var carriedUnshown = 0
    /// How many emergencies this agency told that nobody else has reviewed.
    public var emergenciesToReview = 0
    /// How many recalls of what this agency was given wait for its answer.
    public var recallsToAnswer = 0
    /// How many questions of other agencies about an erasure wait for an answer.
    public var erasureQuestions = 0
    /// How many cases are offered to this agency and wait for its answer.
    public var handoversToAnswer = 0
    /// How many of its own offers of a case wait for another agency's answer.
    public var handoversWaiting = 0
    /// How many withdrawals of what this agency was given wait for its decision.
    public var withdrawalsToAnswer = 0
    /// How many of this agency's own withdrawals wait for somebody.
    public var withdrawalsOutstanding = 0
    /// The earliest end of the regulator's clock that runs for something this agency gave in error, RFC 3339.
    public var breachDue: String?
    /// How many of those the register has not taken as they came, since the node was started.
    public var carriedDropped = 0

    /// States it.
    public init(
        agency: String, origin: String, logSize: Int, pending: Int, refused: Int, registerSize: Int, received: Int,
        connected: Bool, feedFault: String?, cases: Int, reports: Int
    ) {
        self.agency = agency
        self.origin = origin
        self.logSize = logSize
        self.pending = pending
        self.refused = refused
        self.registerSize = registerSize
        self.received = received
        self.connected = connected
        self.feedFault = feedFault
        self.cases = cases
        self.reports = reports
    }
}
