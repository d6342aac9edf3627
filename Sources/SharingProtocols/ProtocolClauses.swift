public import TallystickPrimitives

/// How information reaches a recipient.
public enum SharingChannel: String, Hashable, Sendable, CaseIterable, Encodable {
    /// Everything under a label, as it is recorded, to the members of a circle.
    case feed
    /// One share in answer to a request, with an expiry.
    case direct
}

/// Why the duty of confidence does not stand against a share.
public enum ConfidentialityBasis: String, Hashable, Sendable, CaseIterable, Encodable {
    /// The person agreed; consent given must be on record.
    case consent
    /// It serves the person, whose agreement is on record, or why it was not sought.
    case bestInterest = "best-interest"
    /// The public interest outweighs it.
    case publicInterest = "public-interest"
    /// Statute lifts it.
    case statute
    /// Nothing in it is confidential.
    case none

    /// Whether the state on record, or the lack of one, is enough.
    func isMet(by state: ConsentState?) -> Bool {
        switch self {
        case .consent: state == .given
        case .bestInterest:
            switch state {
            case .given, .cannotGive, .notReasonable, .wouldPrejudice: true
            case .refused, .withdrawn, .notRequired, .notApplicable, nil: false
            }
        case .publicInterest, .statute, .none: true
        }
    }
}

/// Which fields of a label a clause covers; a field that is in none of the three does not go.
public struct ClauseFields: Hashable, Sendable {
    /// Must be there where the type of the entry has them.
    public let mandatory: Set<FieldCode>
    /// May be there.
    public let optional: Set<FieldCode>
    /// Must not be there.
    public let never: Set<FieldCode>
    /// Mandatory and optional ones: all that may go.
    public let allowed: Set<FieldCode>

    init(mandatory: Set<FieldCode>, optional: Set<FieldCode>, never: Set<FieldCode>) {
        self.mandatory = mandatory
        self.optional = optional
        self.never = never
        allowed = mandatory.union(optional).subtracting(never)
    }
}

/// Permits roles to send a label to roles, for purposes, under gateways.
public struct SharingClause: Hashable, Sendable {
    /// The name of the clause.
    public let code: ClauseCode
    /// Feed or direct share.
    public let channel: SharingChannel
    /// The labels it is about.
    public let labels: Set<Label>
    /// Who may send.
    public let senders: Set<PartyRole>
    /// Who may receive.
    public let recipients: Set<PartyRole>
    /// For which purposes.
    public let purposes: Set<PurposeCode>
    /// Under which gateways.
    public let gateways: Set<GatewayCode>
    /// The conditions of which the decision must name one; empty where none is needed.
    public let conditions: Set<ConditionCode>
    /// Why confidence does not stand against it.
    public let confidence: ConfidentialityBasis
    /// The event types it covers; nil for every one.
    public let eventTypes: Set<EventTypeCode>?
    /// The fields it covers; nil for all of its labels.
    public let fields: ClauseFields?
    /// The kinds of case it covers; nil for every one.
    public let caseKinds: Set<CaseKindCode>?
    /// The categories it covers; nil for every one.
    public let categories: Set<CategoryCode>?
    /// The longest life of a direct share in days; nil for a feed.
    public let days: Int?
    /// What sets it off.
    public let trigger: String
    /// How often it goes.
    public let frequency: Frequency
    /// Hours until it must have gone; nil where nothing is agreed.
    public let withinHours: Int?
    /// What is done when it cannot wait; nil where nothing is agreed.
    public let urgent: String?
    /// Restrictions that travel with it, with the one of the onward rule, in alphabetical order.
    public let caveats: [CaveatCode]
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// The clause in words.
    public let text: String
}

/// Forbids what another clause would permit; nothing widens it.
public struct NeverClause: Hashable, Sendable {
    /// The name of the clause.
    public let code: ClauseCode
    /// The labels it is about.
    public let labels: Set<Label>
    /// The channels it closes.
    public let channels: Set<SharingChannel>
    /// The roles that never send it; nil for every one.
    public let senders: Set<PartyRole>?
    /// The roles that never receive.
    public let recipients: Set<PartyRole>
    /// The event types it is about; nil for every one.
    public let eventTypes: Set<EventTypeCode>?
    /// The fields that never go; nil for all of the labels.
    public let fields: Set<FieldCode>?
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// Why.
    public let text: String
}

/// Says on what terms data of some classes go; a class that no rule names never goes.
public struct ClassRule: Hashable, Sendable {
    /// The terms.
    public enum Rule: String, Hashable, Sendable, CaseIterable, Encodable {
        /// As the clauses say.
        case allow
        /// Not by feed.
        case onRequest = "on-request"
        /// Where the decision names one of the conditions.
        case withCondition = "with-condition"
        /// Where consent given is on record.
        case withConsent = "with-consent"
        /// Not at all.
        case never
    }

    /// The name of the clause.
    public let code: ClauseCode
    /// The classes it is about.
    public let dataClasses: Set<DataClass>
    /// The terms.
    public let rule: Rule
    /// The conditions of which one must be named; empty but for `withCondition`.
    public let conditions: Set<ConditionCode>
    /// Who may receive them at all; nil for every recipient.
    public let recipients: Set<PartyRole>?
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// Why.
    public let text: String
}

/// What must be on record about consent and safe contact before something goes.
public struct ConsentClause: Hashable, Sendable {
    /// How the clause looks at the recorded state.
    public enum Test: Hashable, Sendable {
        /// One of these states must be on record.
        case accept(Set<ConsentState>)
        /// None of these states may be on record.
        case refuse(Set<ConsentState>)
    }

    /// The name of the clause.
    public let code: ClauseCode
    /// The channels it is about.
    public let channels: Set<SharingChannel>
    /// The event types it is about; nil for every one.
    public let eventTypes: Set<EventTypeCode>?
    /// The labels it is about.
    public let labels: Set<Label>
    /// The recipients it is about.
    public let recipients: Set<PartyRole>
    /// What is asked of the consent state.
    public let test: Test
    /// What is asked of the safe contact; nil for nothing.
    public let safeContact: Set<SafeContactState>?
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// Why.
    public let text: String
}

/// What the broker may show of a case without names.
public struct PointerRules: Hashable, Sendable {
    /// The agency that runs the visibility view.
    public let broker: AgencyCode
    /// The only fields a pointer may hold.
    public let fields: Set<FieldCode>
    /// Categories of which no pointer is made.
    public let excludedCategories: Set<CategoryCode>
    /// Kinds of case of which no pointer is made.
    public let excludedCaseKinds: Set<CaseKindCode>
    /// Agencies shown as "ask the contact" where they lead.
    public let sensitiveLeads: Set<AgencyCode>
    /// The gateways it may be shown under.
    public let gateways: Set<GatewayCode>
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// Why, and how fine.
    public let text: String

    /// The categories that every protocol must exclude: they point at a person by themselves.
    public static let mandatoryCategories: [CategoryCode] = [
        "child", "domestic-abuse", "hate", "health",
    ]

    /// Whether a category is one of those that must not be shown. Whole words count: `hate-crime` is as telling as
    /// `hate`, whatever a protocol lists.
    public func excludes(_ category: CategoryCode) -> Bool {
        excludedCategories.union(PointerRules.mandatoryCategories).contains {
            "-\(category.text)-".contains("-\($0.text)-")
        }
    }

    /// The kinds of case that every protocol must exclude.
    public static let mandatoryCaseKinds: [CaseKindCode] = [
        "channel", "mace", "mappa", "marac", "refuge",
    ]
}
