/// Something told because somebody is in danger now; it needs no protocol.
public struct EmergencyForm: Codable, Hashable, Sendable {
    /// Who tells.
    public var officer: String
    /// The agencies told.
    public var agencies: [String]
    /// The danger, in words.
    public var threat: String
    /// Who there was told, or is to act.
    public var personTold: String
    /// Who is in danger.
    public var atRisk: String?
    /// Where they are or can be reached.
    public var whereabouts: String?
    /// The case it is about.
    public var caseReference: String?
    /// What of the case goes with it, by label.
    public var labels: [String]
    /// With the full account among the labels: the reports whose account is given; those of the case if left out.
    public var reports: [String]?
    /// When it was told by voice or on paper, RFC 3339 or coarser; now if left out.
    public var toldAt: String?

    /// States what is told.
    public init(officer: String, agencies: [String], threat: String, personTold: String) {
        self.officer = officer
        self.agencies = agencies
        self.threat = threat
        self.personTold = personTold
        labels = []
    }
}

/// The review of an emergency.
public struct EmergencyReviewForm: Codable, Hashable, Sendable {
    /// Who reviews; not who told.
    public var officer: String
    /// The emergency, 32 hexadecimal digits.
    public var emergency: String
    /// `justified`, `too-much` or `not-needed`.
    public var finding: String
    /// Why; it stays at home.
    public var words: String?

    /// States a review.
    public init(officer: String, emergency: String, finding: String, words: String? = nil) {
        self.officer = officer
        self.emergency = emergency
        self.finding = finding
        self.words = words
    }
}

/// An emergency was told.
public struct EmergencyMade: Codable, Hashable, Sendable {
    /// Its identifier.
    public var emergency: String
    /// By when somebody else must have reviewed it, RFC 3339.
    public var reviewDue: String
    /// How many parts of the case went with it, to each agency.
    public var disclosed: Int
    /// How far it has got.
    public var standing: EntryStanding?

    /// States it.
    public init(emergency: String, reviewDue: String, disclosed: Int) {
        self.emergency = emergency
        self.reviewDue = reviewDue
        self.disclosed = disclosed
        standing = EntryStanding(entry: emergency)
    }
}
