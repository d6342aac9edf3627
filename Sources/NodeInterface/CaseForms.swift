/// A report as it is taken.
public struct ReportForm: Codable, Hashable, Sendable {
    /// Who records it, as the agency knows them.
    public var officer: String
    /// What may be shared of it, in words written to be shared.
    public var summary: String
    /// The full account; stays at home.
    public var narrative: String?
    /// The kind of behaviour.
    public var category: String?
    /// How it reached the agency.
    public var channel: String?
    /// When it happened, as precisely as it is known and no more.
    public var occurred: String?
    /// Where, in words.
    public var place: String?
    /// Ward or LSOA.
    public var area: String?
    /// The victim's name.
    public var victimName: String?
    /// The victim's date of birth.
    public var victimBorn: String?
    /// The name of the person it is about.
    public var subjectName: String?
    /// The victim's address.
    public var address: String?
    /// The victim's telephone number.
    public var telephone: String?
    /// The unique property reference number of the home it is about.
    public var uprn: String?
    /// How the victim can be reached safely.
    public var safeContact: String?
    /// Who told us.
    public var reporterName: String?
    /// In what role.
    public var reporterRole: String?
    /// The entries that it was made from, 32 hexadecimal digits each, with commas between: what restricts them binds
    /// whoever shares this on.
    public var madeFrom: String?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case officer, summary, narrative, category, channel, occurred, place, area, victimName, victimBorn
        case subjectName, address, telephone, uprn, safeContact, reporterName, reporterRole
        case madeFrom
    }

    /// The names of the members that a report's form may have.
    public static var memberNames: [String] { CodingKeys.allCases.map(\.rawValue) }

    /// States the two things that every report has.
    public init(officer: String, summary: String) {
        self.officer = officer
        self.summary = summary
    }
}

/// A case to open.
public struct CaseForm: Codable, Hashable, Sendable {
    /// Who opens it.
    public var officer: String
    /// The event identifiers of the reports it grows from, 32 hexadecimal digits each.
    public var reports: [String]
    /// The summary written to be shared.
    public var summary: String
    /// Ward or LSOA.
    public var area: String?
    /// The kind of behaviour.
    public var category: String?

    /// States a case.
    public init(officer: String, reports: [String], summary: String) {
        self.officer = officer
        self.reports = reports
        self.summary = summary
    }
}

/// Which case.
public struct CaseQuery: Codable, Hashable, Sendable {
    /// Who asks.
    public var officer: String
    /// The case, such as `harbour-homes/3fa2…`; the first digits are enough where they name one case.
    public var caseReference: String
    /// In what role they ask, one of `CaseQuery.roles`; nil where none is said.
    public var role: String?

    /// The roles that readings are reported by.
    public static let roles = ["case-worker", "supervisor", "safeguarding", "data-protection", "senior-officer"]

    /// States a query.
    public init(officer: String, caseReference: String) {
        self.officer = officer
        self.caseReference = caseReference
    }
}

/// A risk assessment.
public struct AssessmentForm: Codable, Hashable, Sendable {
    /// Who assesses.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// Marks from 0 to 3 by question; a question left out is unknown, not zero.
    public var marks: [String: Int]
    /// Warning signs by code.
    public var flags: [String: Bool]
    /// The judged band; the computed one if left out.
    public var band: String?
    /// Why; needed for a high band and wherever the judgement differs from the matrix.
    public var rationale: String?
    /// The agencies on the case that are to have it; left out, all of them.
    public var onlyFor: [String]?
    /// The entries that it is made from, 32 hexadecimal digits each, this agency's or another's; left out, none.
    public var madeFrom: [String]?

    /// States an assessment without marks.
    public init(officer: String, caseReference: String) {
        self.officer = officer
        self.caseReference = caseReference
        marks = [:]
        flags = [:]
    }
}

/// Whom to share a case with.
public struct ShareForm: Codable, Hashable, Sendable {
    /// Who shares.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// The agencies on the case, chosen by a person.
    public var agencies: [String]
    /// The protocol's code.
    public var protocolCode: String
    /// The purpose's code; left out, the one that the case is shared for already, or the only one that would do.
    public var purpose: String?
    /// The statutory power's code; left out, the one in use for the case, or the only one that would do.
    public var gateway: String?
    /// The summary written to be shared; the case's own if left out.
    public var summary: String?
    /// Whether whoever else is on the case receives nothing more of it.
    public var isOnly: Bool?

    /// States a share.
    public init(officer: String, caseReference: String, agencies: [String], protocolCode: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.agencies = agencies
        self.protocolCode = protocolCode
    }
}

/// Entries to give to agencies that came to a case after them.
public struct GiveEarlierForm: Codable, Hashable, Sendable {
    /// Who decides it.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// The agencies, on the case by now.
    public var agencies: [String]
    /// The entries, 32 hexadecimal digits each.
    public var entries: [String]

    /// States it.
    public init(officer: String, caseReference: String, agencies: [String], entries: [String]) {
        self.officer = officer
        self.caseReference = caseReference
        self.agencies = agencies
        self.entries = entries
    }
}

/// Where a case moves.
public struct StageForm: Codable, Hashable, Sendable {
    /// Who moves it.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// `opened`, `assessed`, `action-plan` or `monitoring`.
    public var stage: String
    /// What is said to the agencies on the case.
    public var summary: String

    /// States a move.
    public init(officer: String, caseReference: String, stage: String, summary: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.stage = stage
        self.summary = summary
    }
}

/// Something somebody will do.
public struct ActionForm: Codable, Hashable, Sendable {
    /// Who records it.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// What.
    public var action: String
    /// Which agency.
    public var owner: String
    /// By when, `YYYY-MM-DD`.
    public var due: String?
    /// The agencies on the case that are to have it; left out, all of them.
    public var onlyFor: [String]?
    /// The entries that it is made from, 32 hexadecimal digits each, this agency's or another's; left out, none.
    public var madeFrom: [String]?

    /// States an action.
    public init(officer: String, caseReference: String, action: String, owner: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.action = action
        self.owner = owner
    }
}

/// What the person said about sharing.
public struct ConsentForm: Codable, Hashable, Sendable {
    /// Who records it.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// A consent state's code, such as `given`.
    public var state: String
    /// How it was said.
    public var how: String
    /// To what.
    public var scope: String?
    /// Who said it: the person, a parent, an advocate; nobody where nobody was asked.
    public var by: String?

    /// States a consent.
    public init(officer: String, caseReference: String, state: String, how: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.state = state
        self.how = how
    }
}

/// How the victim can be reached safely, or why there is no way.
public struct SafeContactForm: Codable, Hashable, Sendable {
    /// Who records it.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// The instruction.
    public var instruction: String?
    /// The reason for going without.
    public var without: String?
    /// The agencies on the case that are to have it; left out, all of them.
    public var onlyFor: [String]?
    /// The entries that it is made from, 32 hexadecimal digits each, this agency's or another's; left out, none.
    public var madeFrom: [String]?

    /// States the case; one of the two must follow.
    public init(officer: String, caseReference: String) {
        self.officer = officer
        self.caseReference = caseReference
    }
}

/// A referral offered or declined.
public struct OfferForm: Codable, Hashable, Sendable {
    /// Who records it.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// The service, such as `victim-first`.
    public var service: String
    /// Why.
    public var because: String

    /// States an offer or a decline.
    public init(officer: String, caseReference: String, service: String, because: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.service = service
        self.because = because
    }
}

/// A referral to send.
public struct ReferralForm: Codable, Hashable, Sendable {
    /// Who sends it.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// The service, such as `victim-first`.
    public var service: String
    /// The protocol it leaves under.
    public var protocolCode: String
    /// The purpose's code; left out, the only one that would do.
    public var purpose: String?
    /// The statutory power's code; left out, the only one that would do.
    public var gateway: String?
    /// What the service is told.
    public var summary: String

    /// States a referral.
    public init(officer: String, caseReference: String, service: String, protocolCode: String, summary: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.service = service
        self.protocolCode = protocolCode
        self.summary = summary
    }
}

/// A person's word that they have read a case, or acted on it.
public struct AcknowledgeForm: Codable, Hashable, Sendable {
    /// Who.
    public var officer: String
    /// The case.
    public var caseReference: String
    /// `acknowledged` or `acted`.
    public var state: String

    /// States it.
    public init(officer: String, caseReference: String, state: String) {
        self.officer = officer
        self.caseReference = caseReference
        self.state = state
    }
}
