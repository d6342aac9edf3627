public import TallystickPrimitives

/// On what terms something came that is about to be shared on, whole or in what was made from it.
public struct CarriedTerms: Hashable, Sendable {
    /// The agency it came from.
    public let from: AgencyCode
    /// The caveats it came with.
    public let caveats: Set<CaveatCode>
    /// The purpose it was shared for.
    public let purpose: PurposeCode
    /// True where that agency has agreed to this next share.
    public let isAgreed: Bool
    /// The agencies that it gave the same to itself: to them it is passed on by nobody else.
    public let givenTo: Set<AgencyCode>

    /// States the terms; nothing is agreed, and nobody else was given it, unless it is said.
    public init(
        from: AgencyCode, caveats: Set<CaveatCode>, purpose: PurposeCode, isAgreed: Bool = false,
        givenTo: Set<AgencyCode> = []
    ) {
        self.givenTo = givenTo
        self.from = from
        self.caveats = caveats
        self.purpose = purpose
        self.isAgreed = isAgreed
    }
}

/// What only a holder of keys can see of something about to be shared.
public struct SealedFacts: Hashable, Sendable {
    /// The real type of the event.
    public let eventType: EventTypeCode
    /// The fields in the compartment.
    public let fields: Set<FieldCode>
    /// The consent state on record; nil for none.
    public let consent: ConsentState?
    /// What is on record about reaching the victim safely.
    public let safeContact: SafeContactState
    /// True where a direct share answers a request that was accepted, with a changed fact where
    /// an earlier one was refused.
    public let requested: Bool
    /// The category of the case; nil where none is recorded.
    public let category: CategoryCode?
    /// The kind of the case; nil where none is recorded.
    public let caseKind: CaseKindCode?
    /// Agencies that act for the subject in this case, or house only the subject.
    public let subjectSide: Set<AgencyCode>
    /// On what terms the parts of it came that are not the sender's own.
    public let carried: [CarriedTerms]

    /// States the facts; everything not stated is the careful answer.
    public init(
        eventType: EventTypeCode, fields: Set<FieldCode>, consent: ConsentState? = nil,
        safeContact: SafeContactState = .missing, requested: Bool = false,
        category: CategoryCode? = nil, caseKind: CaseKindCode? = nil,
        subjectSide: Set<AgencyCode> = [], carried: [CarriedTerms] = []
    ) {
        self.eventType = eventType
        self.fields = fields
        self.consent = consent
        self.safeContact = safeContact
        self.requested = requested
        self.category = category
        self.caseKind = caseKind
        self.subjectSide = subjectSide
        self.carried = carried
    }
}

/// One agency, one compartment: may it go?
public struct ShareQuestion: Hashable, Sendable {
    /// Who shares: the author of the compartment.
    public var sender: AgencyCode
    /// Who would receive; the broker itself for a pointer.
    public var recipient: AgencyCode
    /// The label of the compartment.
    public var label: Label
    /// What is inside; nil at points that hold no keys (the broker, a keyless auditor).
    public var sealed: SealedFacts?
    /// Why.
    public var purpose: PurposeCode
    /// Under which power or duty.
    public var gateway: GatewayCode
    /// On which lawful basis.
    public var basis: BasisCode
    /// Under which condition for special category or criminal data; nil for none.
    public var condition: ConditionCode?
    /// The agencies of the stream.
    public var circle: Set<AgencyCode>
    /// True for the emergency route, which needs no protocol.
    public var isEmergency: Bool
    /// True for one share in answer to a request; false for the feed of the circle.
    public var isDirectShare: Bool
    /// When a direct share ends; nil for no end.
    public var expires: Timestamp?
    /// When the decision is taken.
    public var at: Timestamp

    /// Puts the question.
    public init(
        sender: AgencyCode, recipient: AgencyCode, label: Label, sealed: SealedFacts?,
        purpose: PurposeCode, gateway: GatewayCode, basis: BasisCode,
        condition: ConditionCode? = nil, circle: Set<AgencyCode>, isEmergency: Bool = false,
        isDirectShare: Bool = false, expires: Timestamp? = nil, at: Timestamp
    ) {
        self.sender = sender
        self.recipient = recipient
        self.label = label
        self.sealed = sealed
        self.purpose = purpose
        self.gateway = gateway
        self.basis = basis
        self.condition = condition
        self.circle = circle
        self.isEmergency = isEmergency
        self.isDirectShare = isDirectShare
        self.expires = expires
        self.at = at
    }

    /// The same question as it looks to somebody without keys.
    public var keyless: ShareQuestion {
        var question = self
        question.sealed = nil
        return question
    }
}
