/// What the disclosure ledger is asked for.
public struct LedgerForm: Codable, Hashable, Sendable {
    /// Who asks.
    public var officer: String
    /// One case; nil for a person.
    public var caseReference: String?
    /// The words to find a person's cases by: a name.
    public var words: String?
    /// Why single people are to be named, one of `LedgerForm.reasons`; nil for roles only.
    public var namedFor: String?

    /// What single readings may be looked at for (DPA 2018 s.62(4)).
    public static let reasons = ["lawfulness", "internal-proceedings", "security", "criminal-proceedings"]

    /// States it.
    public init(officer: String, caseReference: String? = nil, words: String? = nil, namedFor: String? = nil) {
        self.officer = officer
        self.caseReference = caseReference
        self.words = words
        self.namedFor = namedFor
    }
}

/// One field of one entry, to be proved to somebody outside.
public struct ProveFieldForm: Codable, Hashable, Sendable {
    /// Who gives it.
    public var officer: String
    /// The entry, 32 hexadecimal digits.
    public var entry: String
    /// What the field stands under.
    public var label: String
    /// The field.
    public var field: String
    /// Who is given it, in words.
    public var recipient: String

    /// States it.
    public init(officer: String, entry: String, label: String, field: String, recipient: String) {
        self.officer = officer
        self.entry = entry
        self.label = label
        self.field = field
        self.recipient = recipient
    }
}

/// The disclosure ledger of one case.
public struct LedgerPage: Codable, Hashable, Sendable {
    /// The case.
    public var reference: String
    /// What was done, in the order of the register.
    public var lines: [Line]
    /// Requests that were not answered in full, and why.
    public var refusals: [Refusal]
    /// What this cannot show; never empty.
    public var cannotShow: [String]

    /// States it.
    public init(reference: String, lines: [Line], refusals: [Refusal], cannotShow: [String]) {
        self.reference = reference
        self.lines = lines
        self.refusals = refusals
        self.cannotShow = cannotShow
    }

    /// One thing done.
    public struct Line: Codable, Hashable, Sendable {
        /// A verb of DPA 2018 s.62.
        public var verb: String
        /// The entry.
        public var entry: String
        /// Its type; nil where its content is sealed from us.
        public var type: String?
        /// The agency that did it.
        public var agency: String
        /// Who there: a role, or a person where people are named.
        public var person: String
        /// When, as its author claims.
        public var at: String
        /// What it was.
        public var labels: [String]
        /// The purpose it was given for.
        public var purpose: String?
        /// The power it was given under.
        public var gateway: String?
        /// The protocol and its version.
        public var agreement: String?
        /// The clauses.
        public var clauses: [String]
        /// How it was told, where that was not by the program.
        public var told: String?
        /// Until when it was given.
        public var until: String?
        /// The agencies that something was recalled or withdrawn from.
        public var takenFrom: [String] = []
        /// With whom it got how far.
        public var recipients: [Recipient]

        /// States what was done by whom.
        public init(verb: String, entry: String, type: String?, agency: String, person: String, at: String) {
            self.verb = verb
            self.entry = entry
            self.type = type
            self.agency = agency
            self.person = person
            self.at = at
            labels = []
            clauses = []
            recipients = []
        }
    }

    /// Six states with one recipient, each for itself.
    public struct Recipient: Codable, Hashable, Sendable {
        /// Who.
        public var agency: String
        /// Where the register has it; nil for nowhere yet, or not for them.
        public var availablePosition: UInt64?
        /// Since when it was ready for them.
        public var available: String
        /// Where the register has what their node confirmed.
        public var deliveredPosition: UInt64?
        /// What their node confirmed.
        public var delivered: String
        /// Listed to a user.
        public var listed: String
        /// Displayed to a person.
        public var displayed: String
        /// Acknowledged by a person.
        public var acknowledged: String
        /// Acted on.
        public var acted: String

        /// States them.
        public init(
            agency: String, availablePosition: UInt64?, available: String, deliveredPosition: UInt64?,
            delivered: String, listed: String, displayed: String, acknowledged: String, acted: String
        ) {
            self.agency = agency
            self.availablePosition = availablePosition
            self.available = available
            self.deliveredPosition = deliveredPosition
            self.delivered = delivered
            self.listed = listed
            self.displayed = displayed
            self.acknowledged = acknowledged
            self.acted = acted
        }
    }

    /// A request that was not answered in full.
    public struct Refusal: Codable, Hashable, Sendable {
        /// The request.
        public var request: String
        /// Who asked.
        public var asker: String
        /// Who was asked.
        public var asked: String
        /// The outcome.
        public var outcome: String
        /// Why, where that was said.
        public var reason: String?
        /// When it was answered.
        public var at: String?

        /// States it.
        public init(request: String, asker: String, asked: String, outcome: String, reason: String?, at: String?) {
            self.request = request
            self.asker = asker
            self.asked = asked
            self.outcome = outcome
            self.reason = reason
            self.at = at
        }
    }
}

/// The ledgers of one person's cases, or of one case.
public struct LedgerPages: Codable, Hashable, Sendable {
    /// One for each case.
    public var pages: [LedgerPage]
    /// What to know of how they were found; nil for one case.
    public var caution: String?

    /// States it.
    public init(pages: [LedgerPage], caution: String?) {
        self.pages = pages
        self.caution = caution
    }
}
