/// That readings are not told, for a time.
public struct ReadingWithholdForm: Codable, Hashable, Sendable {
    /// Who enters it.
    public var officer: String
    /// The case; nil for all.
    public var caseReference: String?
    /// The agency that is not told; nil for all.
    public var owner: String?
    /// The senior officer who decided it, by name.
    public var decidedBy: String
    /// Why.
    public var words: String
    /// Until when: a day, or an instant in UTC.
    public var until: String

    /// States it.
    public init(officer: String, decidedBy: String, words: String, until: String) {
        self.officer = officer
        self.decidedBy = decidedBy
        self.words = words
        self.until = until
    }
}

/// Who of this agency was shown a case.
public struct WhoReadForm: Codable, Hashable, Sendable {
    /// Who asks.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// What for, one of `LedgerForm.reasons`.
    public var purpose: String
    /// Why.
    public var words: String
    /// Officers to be recognised among those who read; all others are shown by an identifier that changes every day.
    public var people: [String]

    /// States it.
    public init(officer: String, caseReference: String, purpose: String, words: String, people: [String]) {
        self.officer = officer
        self.caseReference = caseReference
        self.purpose = purpose
        self.words = words
        self.people = people
    }
}

/// Who of this agency was shown a case; nothing is counted.
public struct WhoReadPage: Codable, Hashable, Sendable {
    /// One reading.
    public struct Row: Codable, Hashable, Sendable {
        /// When.
        public var at: String
        /// Listed, displayed, acknowledged or acted.
        public var state: String
        /// The officer, or the identifier of that day.
        public var person: String
        /// In what role, or to what end.
        public var role: String?

        /// States it.
        public init(at: String, state: String, person: String, role: String?) {
            self.at = at
            self.state = state
            self.person = person
            self.role = role
        }
    }

    /// The case.
    public var reference: String
    /// What it was looked at for.
    public var purpose: String
    /// The newest first.
    public var rows: [Row]

    /// States it.
    public init(reference: String, purpose: String, rows: [Row]) {
        self.reference = reference
        self.purpose = purpose
        self.rows = rows
    }
}
