/// Somebody asked for their own data.
public struct SubjectAccessForm: Codable, Hashable, Sendable {
    /// Who enters it.
    public var officer: String
    /// Who asked, by name.
    public var requester: String
    /// Other names that entries may have for them.
    public var otherNames: [String]
    /// When they were born.
    public var born: String?
    /// The day from which the clock runs.
    public var receivedOn: String
    /// Who answers it.
    public var lead: String

    /// States it.
    public init(officer: String, requester: String, receivedOn: String, lead: String) {
        self.officer = officer
        self.requester = requester
        otherNames = []
        self.receivedOn = receivedOn
        self.lead = lead
    }
}

/// Which request for one's own data, and who looks.
public struct SubjectAccessQuery: Codable, Hashable, Sendable {
    /// Who looks.
    public var officer: String
    /// The request, 32 hexadecimal digits.
    public var access: String

    /// States it.
    public init(officer: String, access: String) {
        self.officer = officer
        self.access = access
    }
}

/// A choice of the lead's for one entry.
public struct SubjectAccessMarkForm: Codable, Hashable, Sendable {
    /// Who chooses.
    public var officer: String
    /// The request, 32 hexadecimal digits.
    public var access: String
    /// The entry, 32 hexadecimal digits.
    public var entry: String
    /// The exemption under which it is left out.
    public var exemption: String?
    /// How far that goes: `for-now`, `permanent` or `neither-confirm-nor-deny`.
    public var reach: String?
    /// The regime it belongs to: `uk-gdpr` or `part-3`.
    public var regime: String?
    /// A field that is in after all, as `label:field`.
    public var include: String?
    /// Why.
    public var words: String

    /// States it.
    public init(officer: String, access: String, entry: String, words: String) {
        self.officer = officer
        self.access = access
        self.entry = entry
        self.words = words
    }
}

/// Agencies whose entries would be given are asked.
public struct SubjectAccessConsultForm: Codable, Hashable, Sendable {
    /// Who asks.
    public var officer: String
    /// The request, 32 hexadecimal digits.
    public var access: String
    /// The agencies; empty for all that contributed something.
    public var agencies: [String]
    /// What they should know to say.
    public var words: String
    /// Days that they have; nil for the usual.
    public var days: Int?

    /// States it.
    public init(officer: String, access: String, words: String) {
        self.officer = officer
        self.access = access
        agencies = []
        self.words = words
    }
}

/// Who was asked.
public struct SubjectAccessConsulted: Codable, Hashable, Sendable {
    /// By agency, the entry that asks it.
    public var asked: [String: String]
    /// Those that could not be asked, and why.
    public var notAsked: [String: String]
    /// By when they say something.
    public var due: String
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(asked: [String: String], notAsked: [String: String], due: String) {
        self.asked = asked
        self.notAsked = notAsked
        self.due = due
        standing = asked.values.sorted().first.map { EntryStanding(entry: $0) }
    }
}

/// A consulted agency's answer.
public struct SubjectAccessAdviceForm: Codable, Hashable, Sendable {
    /// Who answers.
    public var officer: String
    /// The consultation, 32 hexadecimal digits.
    public var consultation: String
    /// `no-objection`, `objection` or `neither-confirm-nor-deny`.
    public var view: String
    /// The exemption that would apply, where one is named.
    public var exemption: String?
    /// Why.
    public var words: String

    /// States it.
    public init(officer: String, consultation: String, view: String, words: String) {
        self.officer = officer
        self.consultation = consultation
        self.view = view
        self.words = words
    }
}

/// The answer takes longer.
public struct SubjectAccessExtendForm: Codable, Hashable, Sendable {
    /// Who extends it.
    public var officer: String
    /// The request, 32 hexadecimal digits.
    public var access: String
    /// Why, as the person is told.
    public var words: String

    /// States it.
    public init(officer: String, access: String, words: String) {
        self.officer = officer
        self.access = access
        self.words = words
    }
}

/// The files of a working draft. Nothing of it is written anywhere by the node.
public struct SubjectAccessFiles: Codable, Hashable, Sendable {
    /// By name, the text.
    public var files: [String: String]
    /// SHA-256 over them, in hexadecimal; it stands in the record that they were made.
    public var digest: String
    /// What still waits: consultations without an answer, entries whose regime nobody stated.
    public var waiting: [String]

    /// States it.
    public init(files: [String: String], digest: String, waiting: [String]) {
        self.files = files
        self.digest = digest
        self.waiting = waiting
    }
}

/// One request for one's own data, for the lead: with identifiers, which are in no draft.
public struct SubjectAccessPage: Codable, Hashable, Sendable {
    /// One entry that was found.
    public struct Row: Codable, Hashable, Sendable {
        /// The entry, 32 hexadecimal digits.
        public var entry: String
        /// Who wrote it.
        public var agency: String
        /// Its type.
        public var type: String
        /// When it was recorded.
        public var recordedAt: String
        /// The case it belongs to.
        public var reference: String?
        /// What the person is in it; empty where no field names them, and somebody must look.
        public var places: [String]
        /// The regime.
        public var regime: String
        /// The exemption and how far it goes; nil where it is given.
        public var exemption: String?
        /// The fields that would be given, as `label:field`.
        public var given: [String]
        /// Those that would not.
        public var leftOut: [String]
        /// Words of health in it: somebody with the training looks at it first.
        public var hasHealthWords: Bool

        /// States it.
        public init(
            entry: String, agency: String, type: String, recordedAt: String, reference: String?, places: [String],
            regime: String, exemption: String?, given: [String], leftOut: [String], hasHealthWords: Bool
        ) {
            self.entry = entry
            self.agency = agency
            self.type = type
            self.recordedAt = recordedAt
            self.reference = reference
            self.places = places
            self.regime = regime
            self.exemption = exemption
            self.given = given
            self.leftOut = leftOut
            self.hasHealthWords = hasHealthWords
        }
    }

    /// One agency that was asked.
    public struct Consultation: Codable, Hashable, Sendable {
        /// The agency.
        public var agency: String
        /// By when.
        public var due: String
        /// Whether that is over without an answer.
        public var isLate: Bool
        /// What it said; nil for nothing yet.
        public var view: String?
        /// The exemption that it named.
        public var exemption: String?
        /// Its words.
        public var words: String?

        /// States it.
        public init(
            agency: String, due: String, isLate: Bool, view: String?, exemption: String?, words: String?
        ) {
            self.agency = agency
            self.due = due
            self.isLate = isLate
            self.view = view
            self.exemption = exemption
            self.words = words
        }
    }

    /// The request, 32 hexadecimal digits.
    public var access: String
    /// Who asked.
    public var requester: String
    /// Who answers.
    public var lead: String
    /// The day from which the clock runs.
    public var receivedOn: String
    /// The last day.
    public var due: String
    /// Whether that is over.
    public var isLate: Bool
    /// Why it takes longer, where it was extended.
    public var extended: String?
    /// The entries, oldest first.
    public var rows: [Row]
    /// Who was asked.
    public var consultations: [Consultation]
    /// Agencies that contributed something and were not asked.
    public var toConsult: [String]

    /// States it.
    public init(
        access: String, requester: String, lead: String, receivedOn: String, due: String, isLate: Bool,
        extended: String?, rows: [Row], consultations: [Consultation], toConsult: [String]
    ) {
        self.access = access
        self.requester = requester
        self.lead = lead
        self.receivedOn = receivedOn
        self.due = due
        self.isLate = isLate
        self.extended = extended
        self.rows = rows
        self.consultations = consultations
        self.toConsult = toConsult
    }
}

/// Requests for one's own data, in short, and what others ask this agency about theirs.
public struct SubjectAccessLists: Codable, Hashable, Sendable {
    /// One request.
    public struct Row: Codable, Hashable, Sendable {
        /// The request, 32 hexadecimal digits.
        public var access: String
        /// Who asked.
        public var requester: String
        /// Who answers.
        public var lead: String
        /// The last day.
        public var due: String
        /// Whether that is over.
        public var isLate: Bool

        /// States it.
        public init(access: String, requester: String, lead: String, due: String, isLate: Bool) {
            self.access = access
            self.requester = requester
            self.lead = lead
            self.due = due
            self.isLate = isLate
        }
    }

    /// One question of another agency.
    public struct Question: Codable, Hashable, Sendable {
        /// The consultation, 32 hexadecimal digits.
        public var consultation: String
        /// Who asks.
        public var from: String
        /// Whose data it is about.
        public var requester: String
        /// This agency's entries that it is about.
        public var entries: [String]
        /// What they say.
        public var words: String
        /// By when.
        public var due: String
        /// Whether that is over without an answer.
        public var isLate: Bool
        /// What this agency said; nil for nothing.
        public var view: String?

        /// States it.
        public init(
            consultation: String, from: String, requester: String, entries: [String], words: String, due: String,
            isLate: Bool, view: String?
        ) {
            self.consultation = consultation
            self.from = from
            self.requester = requester
            self.entries = entries
            self.words = words
            self.due = due
            self.isLate = isLate
            self.view = view
        }
    }

    /// This agency's.
    public var requests: [Row]
    /// What it is asked.
    public var questions: [Question]

    /// States it.
    public init(requests: [Row], questions: [Question]) {
        self.requests = requests
        self.questions = questions
    }
}
