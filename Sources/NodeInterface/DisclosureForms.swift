/// A request for information.
public struct RequestForm: Codable, Hashable, Sendable {
    /// Who asks.
    public var officer: String
    /// The case it is about.
    public var caseReference: String
    /// The agency asked.
    public var asked: String
    /// The labels asked for, such as `safe-contact`.
    public var labels: [String]
    /// The protocol asked under.
    public var protocolCode: String
    /// The purpose's code.
    public var purpose: String
    /// The power's code; left out, the only one that would do.
    public var gateway: String?
    /// Why, in words.
    public var reason: String
    /// What has changed since an earlier request.
    public var changedFact: String?
    /// The event identifier of the earlier request.
    public var earlierRequest: String?
    /// Whether it is for the deputy and not for the contact.
    public var isForDeputy: Bool?

    /// States a request.
    public init(
        officer: String, caseReference: String, asked: String, labels: [String], protocolCode: String,
        purpose: String, reason: String
    ) {
        self.officer = officer
        self.caseReference = caseReference
        self.asked = asked
        self.labels = labels
        self.protocolCode = protocolCode
        self.purpose = purpose
        self.reason = reason
    }
}

/// An answer to a request.
public struct AnswerForm: Codable, Hashable, Sendable {
    /// Who decides.
    public var officer: String
    /// The request's event identifier, 32 hexadecimal digits.
    public var request: String
    /// `full`, `part`, `refused`, `nil`, `not-held` or `no-information`.
    public var outcome: String
    /// Why.
    public var reason: String
    /// The labels disclosed.
    public var labels: [String]
    /// For how many days.
    public var days: Int?
    /// With the full account among the labels: the reports whose account is given; those of the case if left out.
    public var reports: [String]?
    /// With `no-information`: whether nothing is held. It is kept at home, and the asker cannot tell.
    public var isNothingHeld: Bool?
    /// The power's code; left out, the one it was asked under, or the only one that would do.
    public var gateway: String?
    /// `by-voice` or `on-paper`, where it was told before and is only entered now.
    public var toldHow: String?
    /// When it was told so: a day, or RFC 3339.
    public var toldAt: String?
    /// Whether the deputy answers for the contact; left out, while the contact is away.
    public var isByDeputy: Bool?

    /// States an answer that discloses nothing.
    public init(officer: String, request: String, outcome: String, reason: String) {
        self.officer = officer
        self.request = request
        self.outcome = outcome
        self.reason = reason
        labels = []
    }
}

/// A reminder, or a step up the ladder, for a request that nobody has answered.
public struct StepForm: Codable, Hashable, Sendable {
    /// Who takes it.
    public var officer: String
    /// The request's event identifier, 32 hexadecimal digits.
    public var request: String
    /// `reminder`, `contact`, `manager`, `partnership` or `board`; left out, the one whose time has come, or a reminder.
    public var step: String?
    /// What is said with it; the agency that was asked sees it.
    public var words: String?

    /// States it.
    public init(officer: String, request: String, step: String? = nil, words: String? = nil) {
        self.officer = officer
        self.request = request
        self.step = step
        self.words = words
    }
}

/// What was told by voice or on paper, without a request.
public struct ToldForm: Codable, Hashable, Sendable {
    /// Who told it.
    public var officer: String
    /// The case it is about.
    public var caseReference: String
    /// The agency that was told.
    public var agency: String
    /// What was told, by label.
    public var labels: [String]
    /// `by-voice` or `on-paper`.
    public var how: String
    /// When: a day, or RFC 3339.
    public var at: String
    /// The protocol's code.
    public var protocolCode: String
    /// The purpose's code.
    public var purpose: String
    /// The power's code; left out, the only one that would do.
    public var gateway: String?

    /// States it.
    public init(
        officer: String, caseReference: String, agency: String, labels: [String], how: String, at: String,
        protocolCode: String, purpose: String
    ) {
        self.officer = officer
        self.caseReference = caseReference
        self.agency = agency
        self.labels = labels
        self.how = how
        self.at = at
        self.protocolCode = protocolCode
        self.purpose = purpose
    }
}

/// A file to import.
public struct ImportForm: Codable, Hashable, Sendable {
    /// Who imports.
    public var officer: String
    /// The mapping file's text.
    public var mapping: String
    /// The name of the mapping file, for diagnostics.
    public var mappingName: String
    /// The data file's bytes, base64.
    public var data: String
    /// The name of the data file, for the record.
    public var dataName: String

    /// States an import.
    public init(officer: String, mapping: String, mappingName: String, data: String, dataName: String) {
        self.officer = officer
        self.mapping = mapping
        self.mappingName = mappingName
        self.data = data
        self.dataName = dataName
    }
}

/// A protocol to sign.
public struct AdoptForm: Codable, Hashable, Sendable {
    /// Who signs for the agency.
    public var officer: String
    /// The protocol's code.
    public var protocolCode: String
    /// The offices that have signed, such as `data-protection-officer`.
    public var offices: [String]
    /// The rules that were read, in hexadecimal, at least the first eight characters; needed to sign a changed version.
    public var rules: String?

    /// States an adoption.
    public init(officer: String, protocolCode: String, offices: [String], rules: String? = nil) {
        self.rules = rules
        self.officer = officer
        self.protocolCode = protocolCode
        self.offices = offices
    }
}

/// A protocol to end for this agency.
public struct EndAdoptionForm: Codable, Hashable, Sendable {
    /// Who ends it for the agency.
    public var officer: String
    /// The protocol's code.
    public var protocolCode: String
    /// The offices that end it; one of those that sign it is enough.
    public var offices: [String]
    /// Why, as a code that the whole partnership sees.
    public var reason: String

    /// States it.
    public init(officer: String, protocolCode: String, offices: [String], reason: String) {
        self.officer = officer
        self.protocolCode = protocolCode
        self.offices = offices
        self.reason = reason
    }
}

/// A protocol to explain.
public struct ExplainForm: Codable, Hashable, Sendable {
    /// The protocol's code.
    public var protocolCode: String

    /// States it.
    public init(protocolCode: String) { self.protocolCode = protocolCode }
}

/// An auditor to be given access records.
public struct MandateForm: Codable, Hashable, Sendable {
    /// Who gives them.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// The auditor's code.
    public var auditor: String

    /// States it.
    public init(officer: String, caseReference: String, auditor: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.auditor = auditor
    }
}

/// Words to look for.
public struct SearchForm: Codable, Hashable, Sendable {
    /// Who looks.
    public var officer: String
    /// The words.
    public var words: String

    /// States a search.
    public init(officer: String, words: String) {
        self.officer = officer
        self.words = words
    }
}

/// A look-up in the broker's visibility view.
public struct VisibilityForm: Codable, Hashable, Sendable {
    /// Who looks.
    public var officer: String
    /// Ward or LSOA; every area if left out.
    public var area: String?
    /// The kind of behaviour; every kind if left out.
    public var category: String?

    /// States a look-up.
    public init(officer: String, area: String? = nil, category: String? = nil) {
        self.officer = officer
        self.area = area
        self.category = category
    }
}

/// That this agency's contact is away.
public struct AwayForm: Codable, Hashable, Sendable {
    /// Who enters it.
    public var officer: String
    /// Until when: a day, or an instant in UTC; one that has passed ends it.
    public var until: String
    /// What the deputy should know.
    public var words: String?

    /// States it.
    public init(officer: String, until: String) {
        self.officer = officer
        self.until = until
    }
}
