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
    /// A competent authority for law enforcement (DPA 2018 Part 3, Sch 7).
    case part3 = "dpa-part-3"
    /// A competent authority for some purposes only (DPA 2018 s.30(1)(b)).
    case lawEnforcement = "law-enforcement"
}

/// Who decides about what a party holds.
public enum ControllerRole: String, Hashable, Sendable, CaseIterable, Encodable {
    /// The party decides.
    case controller
    /// Several parties decide together about some records.
    case joint
    /// The party works for another one and has no say of its own.
    case processor
}

/// Whose side a party or a person's role is on in a matter.
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
    /// Who decides about what it holds.
    public let controller: ControllerRole
    /// The controller it works for; nil unless it is a processor.
    public let processesFor: AgencyCode?
    /// The law it works under.
    public let regime: DataProtectionRegime
    /// The purposes for which it is a competent authority; empty unless its regime is `lawEnforcement`.
    public let lawEnforcementPurposes: Set<PurposeCode>
    /// True for a public body, which cannot rely on legitimate interests for its tasks.
    public let isPublicBody: Bool
    /// Functions the law looks at, beside the role.
    public let functions: Set<PartyFunctionCode>
    /// Whose side it is on.
    public let side: PartySide
    /// The offices whose signature the adoption needs.
    public let offices: [OfficeCode]

    /// Whether it may rely on the basis of law enforcement for a purpose.
    public func isCompetentAuthority(for purpose: PurposeCode) -> Bool {
        regime == .part3 || lawEnforcementPurposes.contains(purpose)
    }
}

/// Whom to ask at a party: offices, never people's names.
public struct ProtocolContact: Hashable, Sendable {
    /// The party.
    public let agency: AgencyCode
    /// The single point of contact.
    public let contact: String
    /// Who stands in.
    public let deputy: String
    /// Who answers outside office hours; nil where nobody does.
    public let outOfHours: String?
}

/// A role that a person can have in one allegation.
public struct PersonRole: Hashable, Sendable {
    /// The category of DPA 2018 s.38.
    public enum Category: String, Hashable, Sendable, CaseIterable, Encodable {
        /// Suspected.
        case suspect
        /// Convicted.
        case convicted
        /// Victim.
        case victim
        /// Witness or source of information.
        case witness
        /// None of them.
        case none
    }

    /// The role.
    public let role: PersonRoleCode
    /// Its category.
    public let category: Category
    /// Whose side it is.
    public let side: PartySide
    /// The role in words.
    public let meaning: String
}

/// A record that several parties control together.
public struct JointRecord: Hashable, Sendable {
    /// The record.
    public let code: ClauseCode
    /// The party that leads on requests of the people concerned.
    public let rightsLead: AgencyCode
    /// The record in words.
    public let text: String
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
    /// The first day it has force here; nil where that is long past.
    public let from: CivilDate?
    /// The last day it has force here; nil where there is none.
    public let until: CivilDate?
    /// The kinds of case it is for; nil for every one.
    public let caseKinds: Set<CaseKindCode>?
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// Where it is written.
    public let source: String

    /// Whether it has force on a day.
    func isInForce(on day: Int64) -> Bool {
        (from.map { $0.daysSinceEpoch <= day } ?? true) && (until.map { day <= $0.daysSinceEpoch } ?? true)
    }
}

/// What a label means under a protocol and which fields it covers.
public struct ProtocolLabel: Hashable, Sendable {
    /// The label.
    public let label: Label
    /// The label in words.
    public let meaning: String
    /// Every field that the shared events have under it, in alphabetical order.
    public let fields: [FieldCode]
}

/// A restriction that travels with what is shared.
public struct ProtocolCaveat: Hashable, Sendable {
    /// The caveat.
    public let code: CaveatCode
    /// What the recipient must do or not do.
    public let text: String
}

/// What a recipient may do with what has no caveat of its own about it.
public struct OnwardRule: Hashable, Sendable {
    /// How far it may go.
    public enum Limit: String, Hashable, Sendable, CaseIterable, Encodable {
        /// To nobody.
        case none
        /// To whom the sender agrees.
        case ask
        /// For the purpose it was shared for.
        case samePurpose = "same-purpose"
        /// As the recipient decides, being a controller.
        case recipientDecides = "recipient-decides"

        /// The caveat that says so to the next share; nil where there is no limit.
        public var caveat: CaveatCode? {
            switch self {
            case .none: "no-onward"
            case .ask: "ask-before-sharing"
            case .samePurpose: "same-purpose"
            case .recipientDecides: nil
            }
        }
    }

    /// How far it may go.
    public let limit: Limit
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// In words.
    public let text: String
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
