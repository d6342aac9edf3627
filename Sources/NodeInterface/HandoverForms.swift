/// One step by which the lead of a case goes to another agency.
public struct HandoverForm: Codable, Hashable, Sendable {
    /// Who takes the step.
    public var officer: String
    /// The case, or the beginning of its reference.
    public var caseReference: String
    /// `offer`, `accept`, `decline`, `withdraw` or `release`.
    public var step: String
    /// For an offer and a release: the agency's code; for a release nil means whoever accepted.
    public var to: String?
    /// By when an answer is asked for, YYYY-MM-DD; for an offer.
    public var due: String?
    /// Why, and what is outstanding; everybody on the case reads it.
    public var summary: String

    /// States a step.
    public init(officer: String, caseReference: String, step: String, summary: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.step = step
        self.summary = summary
    }
}

/// What goes with a case when another agency takes the lead.
public struct HandoverPage: Codable, Hashable, Sendable {
    /// An action that is not done.
    public struct OpenAction: Codable, Hashable, Sendable {
        /// Whose.
        public var owner: String
        /// What.
        public var action: String
        /// By when.
        public var due: String?

        /// States it.
        public init(owner: String, action: String, due: String?) {
            self.owner = owner
            self.action = action
            self.due = due
        }
    }

    /// A request without an answer.
    public struct OpenRequest: Codable, Hashable, Sendable {
        /// The request, 32 hexadecimal digits.
        public var request: String
        /// Who asks.
        public var asker: String
        /// Whom.
        public var asked: String
        /// By when an answer is due.
        public var due: String

        /// States it.
        public init(request: String, asker: String, asked: String, due: String) {
            self.request = request
            self.asker = asker
            self.asked = asked
            self.due = due
        }
    }

    /// The case, `agency/stream`.
    public var reference: String
    /// Who leads.
    public var lead: String
    /// Where it stands.
    public var stage: String?
    /// What is to be done.
    public var actions: [OpenAction]
    /// What waits for an answer.
    public var requests: [OpenRequest]
    /// Which agency has which consent on record; another lead asks anew.
    public var consents: [String: String]
    /// What this agency gave until a day, and until when: agency and day.
    public var sharesWithAnEnd: [String]
    /// The co-ordinates by which the board can give the case to another lead.
    public var board: String

    /// States it.
    public init(reference: String, lead: String, stage: String?, board: String) {
        self.reference = reference
        self.lead = lead
        self.stage = stage
        self.board = board
        actions = []
        requests = []
        consents = [:]
        sharesWithAnEnd = []
    }
}
