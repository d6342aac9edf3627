public import TallystickPrimitives

/// Where a clause gets its force from.
public enum ClauseStanding: String, Hashable, Sendable, CaseIterable, Encodable {
    /// Statute or statutory guidance; the parties cannot change it.
    case law
    /// What partnerships commonly do; the parties may change it with a reason.
    case norm
    /// The parties' own choice.
    case local
}

/// The part of data protection law a party works under.
public enum DataProtectionRegime: String, Hashable, Sendable, CaseIterable, Encodable {
    /// General processing.
    case ukGDPR = "uk-gdpr"
    /// Law enforcement processing by a competent authority (DPA 2018 Part 3).
    case part3 = "dpa-part-3"
}

/// Whose side a party is on in a matter, as far as the protocol fixes it.
public enum PartySide: String, Hashable, Sendable, CaseIterable, Encodable {
    /// Neither.
    case none
    /// Supports victims.
    case victim
    /// Advises or acts for subjects.
    case subject
}

/// One party of a protocol.
public struct ProtocolParty: Hashable, Sendable {
    /// The enrolled agency.
    public let agency: AgencyCode
    /// Its role, which the clauses speak of.
    public let role: PartyRole
    /// The legal entity that signs.
    public let entity: String
    /// The law it works under.
    public let regime: DataProtectionRegime
    /// True for a public body, which cannot rely on legitimate interests for its tasks.
    public let isPublicBody: Bool
    /// Functions the law looks at, beside the role.
    public let functions: Set<PartyFunctionCode>
    /// Whose side it is on.
    public let side: PartySide
    /// The offices whose signature the adoption needs.
    public let offices: [OfficeCode]
}

/// Why information is shared under a protocol.
public struct ProtocolPurpose: Hashable, Sendable {
    /// The purpose.
    public let code: PurposeCode
    /// The purpose in words.
    public let meaning: String
}

/// A power or duty as a protocol uses it.
public struct ProtocolGateway: Hashable, Sendable {
    /// The gateway.
    public let code: GatewayCode
    /// The purposes it serves here.
    public let purposes: Set<PurposeCode>
    /// The roles it reaches.
    public let recipients: Set<PartyRole>
    /// The lawful bases that go with it.
    public let bases: Set<BasisCode>
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// Where it is written.
    public let source: String
}

/// What a label means under a protocol and which fields it covers.
public struct ProtocolLabel: Hashable, Sendable {
    /// The label.
    public let label: Label
    /// The label in words.
    public let meaning: String
    /// Every field of the catalogue under it, in alphabetical order.
    public let fields: [FieldCode]
}

/// A restriction that travels with what is shared.
public struct ProtocolCaveat: Hashable, Sendable {
    /// The caveat.
    public let code: CaveatCode
    /// What the recipient must do or not do.
    public let text: String
}

/// How long a role keeps what it received.
public struct RetentionRule: Hashable, Sendable {
    /// The recipients.
    public let role: PartyRole
    /// The period in months.
    public let months: Int
    /// What starts the period.
    public let from: String
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// Why that long, with its source.
    public let because: String
}

/// How requests between the parties are answered.
public struct RequestRules: Hashable, Sendable {
    /// One step of the ladder.
    public struct Step: Hashable, Sendable {
        /// Working days after the answer was due.
        public let afterDays: Int
        /// The office it goes to.
        public let office: String
    }

    /// Working days to answer.
    public let answerDays: Int
    /// Hours to answer an urgent request.
    public let urgentHours: Int
    /// What a second request after a refusal needs.
    public let repeatNeeds: String
    /// The words of a nil answer, the same whether nothing is held or it is withheld.
    public let nilAnswer: String
    /// Where an unanswered request goes, in order.
    public let ladder: [Step]
}

/// A question the parties must settle themselves before they can adopt.
public struct LocalChoice: Hashable, Sendable {
    /// The name of the choice.
    public let code: ClauseCode
    /// What has to be settled.
    public let question: String
    /// The office that settles it, if named.
    public let owner: String?
    /// The outcome, if settled.
    public let value: String?

    /// True once it has an owner and a value.
    public var isSettled: Bool { owner != nil && value != nil }
}

/// When a protocol is looked at again.
public struct ProtocolReview: Hashable, Sendable {
    /// What happens to sharing when the day has passed.
    public enum Effect: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Sharing goes on; everybody is reminded.
        case warn
        /// Sharing stops until the review is done.
        case stop
    }

    /// The last day before the review is overdue.
    public let by: CivilDate
    /// What happens then.
    public let afterwards: Effect
}

/// Who answers for what; the schedule of the agreement.
public struct Accountability: Hashable, Sendable {
    /// Reference of the data protection impact assessment.
    public let impactAssessment: String
    /// Reference of the appropriate policy document.
    public let policyDocument: String
    /// Where people are told about the sharing.
    public let privacyNotice: String
    /// Who leads on requests of the people concerned.
    public let rightsLead: String
    /// Whom to tell of a breach, and how soon.
    public let breach: String
    /// How to complain.
    public let complaints: String
    /// What withdrawal does to what was shared before.
    public let withdrawal: String
}
