public import TallystickPrimitives

/// Under which part of the Data Protection Act 2018 an entry is processed; the two are never mixed in one answer.
public enum AccessRegime: String, CaseIterable, Hashable, Sendable, Codable {
    /// UK GDPR, Art 15.
    case general = "uk-gdpr"
    /// Law enforcement processing, DPA 2018 Part 3, s.45.
    case lawEnforcement = "part-3"

    /// The regime in words, as the person who asked reads it.
    public var meaning: String {
        switch self {
        case .general: "UK GDPR, Article 15"
        case .lawEnforcement: "Data Protection Act 2018, Part 3, section 45"
        }
    }
}

/// Why an entry is left out of what a person is given. The SAR lead chooses it for each entry; the program proposes none.
public enum AccessExemption: String, CaseIterable, Hashable, Sendable, Codable {
    /// Crime and taxation.
    case crime = "crime"
    /// Functions that protect the public.
    case protectPublic = "protect-public"
    /// Information about somebody else.
    case otherPerson = "other-person"
    /// Legal professional privilege.
    case legalPrivilege = "legal-privilege"
    /// Serious harm, health data.
    case harmHealth = "harm-health"
    /// Serious harm, social work data.
    case harmSocialWork = "harm-social-work"
    /// Serious harm, education data.
    case harmEducation = "harm-education"
    /// Child abuse data.
    case childAbuse = "child-abuse"
    /// Not to obstruct an inquiry, investigation or procedure.
    case inquiry = "inquiry"
    /// Not to prejudice the prevention, detection or prosecution of crime.
    case prejudiceCrime = "prejudice-crime"
    /// To protect public security.
    case publicSecurity = "public-security"
    /// To protect national security.
    case nationalSecurity = "national-security"
    /// To protect the rights and freedoms of others.
    case rightsOfOthers = "rights-of-others"

    /// Under which regime it can be chosen.
    public var regime: AccessRegime {
        switch self {
        case .crime, .protectPublic, .otherPerson, .legalPrivilege, .harmHealth, .harmSocialWork, .harmEducation,
            .childAbuse:
            .general
        case .inquiry, .prejudiceCrime, .publicSecurity, .nationalSecurity, .rightsOfOthers: .lawEnforcement
        }
    }

    /// What it is, with its source.
    public var meaning: String {
        switch self {
        case .crime: "prevention or detection of crime, prosecution of offenders (DPA 2018 Sch 2 para 2)"
        case .protectPublic: "functions designed to protect the public (DPA 2018 Sch 2 para 7)"
        case .otherPerson: "it would disclose information about somebody else (DPA 2018 Sch 2 para 16)"
        case .legalPrivilege: "legal professional privilege (DPA 2018 Sch 2 para 19)"
        case .harmHealth: "serious harm to somebody's health, health data (DPA 2018 Sch 3 para 5)"
        case .harmSocialWork: "prejudice to social work by serious harm (DPA 2018 Sch 3 para 11)"
        case .harmEducation: "serious harm, education data (DPA 2018 Sch 3 para 19)"
        case .childAbuse: "child abuse data, not in the child's interests (DPA 2018 Sch 3 para 21)"
        case .inquiry: "not to obstruct an inquiry or investigation (DPA 2018 s.45(4)(a))"
        case .prejudiceCrime: "not to prejudice preventing or detecting crime (DPA 2018 s.45(4)(b))"
        case .publicSecurity: "to protect public security (DPA 2018 s.45(4)(c))"
        case .nationalSecurity: "to protect national security (DPA 2018 s.45(4)(d))"
        case .rightsOfOthers: "to protect the rights and freedoms of others (DPA 2018 s.45(4)(e))"
        }
    }
}

/// How far an exemption goes.
public enum ExemptionReach: String, CaseIterable, Hashable, Sendable, Codable {
    /// For now: it is looked at again when the person asks again.
    case now = "for-now"
    /// For good.
    case permanent
    /// The person is not told that there is anything: it leaves no trace in what they are given.
    case neitherConfirmNorDeny = "neither-confirm-nor-deny"
}

/// That somebody asked for their own data.
public struct SubjectAccess: Hashable, Sendable {
    /// Who, by name.
    public let requester: String
    /// Other names that entries may have for them.
    public let otherNames: [String]
    /// When they were born, where that is known; it tells people of one name apart.
    public let born: String?
    /// The day it was received, or the identity checked where that was needed: the clock runs from it.
    public let receivedOn: CivilDate
    /// Who answers it.
    public let lead: String

    /// States it.
    public init(requester: String, otherNames: [String] = [], born: String? = nil, receivedOn: CivilDate, lead: String)
    {
        self.requester = requester
        self.otherNames = otherNames
        self.born = born
        self.receivedOn = receivedOn
        self.lead = lead
    }

    /// Every name to look for.
    public var names: [String] { [requester] + otherNames }
}

/// What the lead chose for one entry.
public enum AccessChoice: Hashable, Sendable {
    /// It is left out.
    case exempt(AccessExemption, ExemptionReach)
    /// It is given after all.
    case give
    /// It belongs to this regime.
    case regime(AccessRegime)
    /// One field that is out otherwise is in.
    case include(Label, FieldCode)
}

/// One choice of the lead's, with its reason.
public struct AccessMark: Hashable, Sendable {
    /// The request for one's own data.
    public let access: EventID
    /// The entry.
    public let entry: EventID
    /// What was chosen.
    public let choice: AccessChoice
    /// Why.
    public let words: String

    /// States it.
    public init(access: EventID, entry: EventID, choice: AccessChoice, words: String) {
        self.access = access
        self.entry = entry
        self.choice = choice
        self.words = words
    }
}

/// That an agency whose entries would be given is asked first.
public struct AccessConsultation: Hashable, Sendable {
    /// The request for one's own data, at the agency that answers it.
    public let access: EventID
    /// Their entries.
    public let entries: [EventID]
    /// Who asks for their own data.
    public let requester: String
    /// What they should know to say.
    public let words: String
    /// By when.
    public let due: Timestamp

    /// States it.
    public init(access: EventID, entries: [EventID], requester: String, words: String, due: Timestamp) {
        self.access = access
        self.entries = entries
        self.requester = requester
        self.words = words
        self.due = due
    }
}

/// What a consulted agency says.
public enum AccessView: String, CaseIterable, Hashable, Sendable, Codable {
    /// It may be given.
    case noObjection = "no-objection"
    /// It should not be given.
    case objection
    /// Nobody should be told that there is anything.
    case neitherConfirmNorDeny = "neither-confirm-nor-deny"
}

/// A consulted agency's answer. The controller that was asked decides; this is heard.
public struct AccessAdvice: Hashable, Sendable {
    /// The consultation.
    public let consultation: EventID
    /// What they say.
    public let view: AccessView
    /// The exemption that they name, where they do.
    public let exemption: AccessExemption?
    /// Why.
    public let words: String

    /// States it.
    public init(consultation: EventID, view: AccessView, exemption: AccessExemption? = nil, words: String) {
        self.consultation = consultation
        self.view = view
        self.exemption = exemption
        self.words = words
    }
}

/// That the answer takes longer, as the law lets it for complex requests.
public struct AccessExtension: Hashable, Sendable {
    /// The request for one's own data.
    public let access: EventID
    /// Why, as the person is told.
    public let words: String

    /// States it.
    public init(access: EventID, words: String) {
        self.access = access
        self.words = words
    }
}

/// That a working draft was written out of the node.
public struct AccessPacked: Hashable, Sendable {
    /// The request for one's own data.
    public let access: EventID
    /// SHA-256 over the files.
    public let digest: Hash256

    /// States it.
    public init(access: EventID, digest: Hash256) {
        self.access = access
        self.digest = digest
    }
}

/// The clock of a request for one's own data (UK GDPR Art 12(3), DPA 2018 s.54).
public enum AccessClock {
    /// The last day: the same date a number of months later, or the last of that month where it has none.
    public static func due(from day: CivilDate, months: Int64) -> CivilDate {
        let (year, month, date) = day.components
        let count = year * 12 + month - 1 + months
        for last in stride(from: date, through: 28, by: -1) {
            if let found = CivilDate(year: count / 12, month: count % 12 + 1, day: last) { return found }
        }
        return CivilDate(year: count / 12, month: count % 12 + 1, day: date) ?? day
    }
}

extension Limits {
    /// Months within which a request for one's own data is answered.
    public static let accessMonths: Int64 = 1
    /// Months by which that is extended where the request is complex.
    public static let accessExtensionMonths: Int64 = 2
    /// Days that a consulted agency has to say something, unless the lead says otherwise.
    public static let accessConsultationDays = 7
    /// Names of one person to look for.
    public static let accessNameCount = 16
    /// Entries of one consultation.
    public static let accessConsultedCount = 128
}
