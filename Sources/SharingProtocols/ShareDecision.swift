public import TallystickPrimitives

/// Whether something may go, with the reasons either way.
public enum ShareDecision: Hashable, Sendable {
    /// It may go, by these clauses; never empty.
    case permit([ClauseReference])
    /// It may not go, for these reasons; never empty.
    case refuse([ShareRefusal])

    /// True where it may go.
    public var isPermitted: Bool {
        switch self {
        case .permit: true
        case .refuse: false
        }
    }

    /// Every reason against; empty where it may go.
    public var refusals: [ShareRefusal] {
        switch self {
        case .permit: []
        case .refuse(let refusals): refusals
        }
    }
}

/// A clause that a decision rests on.
public struct ClauseReference: Hashable, Sendable {
    /// The protocol; nil for the routes that need none and an agency's own records.
    public let protocolCode: ProtocolCode?
    /// The protocol's version; nil where there is no protocol.
    public let version: Int?
    /// The clause.
    public let clause: ClauseCode
    /// Statute, norm or choice.
    public let standing: ClauseStanding
    /// The clause in words.
    public let text: String
    /// The caveats that must travel with the share, in alphabetical order.
    public let caveats: [CaveatCode]

    /// The same with caveats that came with what is shared on: they travel along.
    func adding(_ carried: Set<CaveatCode>) -> ClauseReference {
        ClauseReference(
            protocolCode: protocolCode, version: version, clause: clause, standing: standing, text: text,
            caveats: carried.union(caveats).sorted())
    }

    /// An agency's own record needs nobody's leave.
    public static let ownRecord = ClauseReference(
        protocolCode: nil, version: nil, clause: "own-record", standing: .law,
        text: "It is the agency's own record.", caveats: [])

    /// The route for a threat to life or of serious harm, reviewed the next working day.
    public static let emergency = ClauseReference(
        protocolCode: nil, version: nil, clause: "emergency", standing: .law,
        text: "Emergency disclosure, reviewed the next working day.", caveats: [])

    /// What data protection law has one controller tell another about what it was given.
    public static let dataProtection = ClauseReference(
        protocolCode: nil, version: nil, clause: "data-protection", standing: .law,
        text: "What a controller must tell the one that gave it the information.", caveats: [])
}

/// One reason why something may not go.
public struct ShareRefusal: Hashable, Sendable {
    /// What stands against it.
    public let code: ShareRefusalCode
    /// The clause or hard block that says so; nil where it is the lack of one.
    public let clause: ClauseCode?
    /// What a practitioner reads: what is wrong and what to do.
    public let sentence: String
    /// For a hard block, the gateways that would work. Empty for every other reason: the answer
    /// to a refusal is a changed fact, not another gateway.
    public let gatewaysThatWork: [GatewayCode]
}

/// What can stand against a share.
public enum ShareRefusalCode: String, Hashable, Sendable, CaseIterable, Encodable {
    /// No protocol, and not an emergency.
    case noProtocol = "no-protocol"
    /// The emergency route without all it takes.
    case emergencyIncomplete = "emergency-incomplete"
    /// The route for duties of data protection law with anything else on it.
    case dataProtectionIncomplete = "data-protection-incomplete"
    /// The review is overdue and the protocol stops then.
    case reviewOverdue = "review-overdue"
    /// The sender has not agreed to the protocol.
    case senderNotParty = "sender-not-party"
    /// The recipient has not agreed to the protocol.
    case recipientNotParty = "recipient-not-party"
    /// One of them is a processor, which neither sends nor receives in its own name.
    case partyIsProcessor = "party-is-processor"
    /// The sender is not one of the agencies on the case.
    case senderOutsideCircle = "sender-outside-circle"
    /// The recipient is not one of the agencies on the case.
    case recipientOutsideCircle = "recipient-outside-circle"
    /// The protocol has no such purpose.
    case purposeUnknown = "purpose-unknown"
    /// The protocol has no such gateway.
    case gatewayUnknown = "gateway-unknown"
    /// The gateway is not yet, or no longer, in force.
    case gatewayNotInForce = "gateway-not-in-force"
    /// The gateway is for other kinds of case.
    case gatewayNotForCase = "gateway-not-for-case"
    /// The gateway does not serve the purpose.
    case gatewayNotForPurpose = "gateway-not-for-purpose"
    /// The gateway does not reach the recipient.
    case gatewayNotForRecipient = "gateway-not-for-recipient"
    /// The basis does not go with the gateway.
    case basisNotForGateway = "basis-not-for-gateway"
    /// The sender cannot rely on the basis.
    case basisNotForSender = "basis-not-for-sender"
    /// The basis is not yet in force.
    case basisNotInForce = "basis-not-in-force"
    /// The condition does not go with the basis.
    case conditionNotForBasis = "condition-not-for-basis"
    /// The protocol has no such condition.
    case conditionUnknown = "condition-unknown"
    /// The clause needs a condition, and none that fits is named.
    case conditionMissing = "condition-missing"
    /// The law forbids it.
    case hardBlock = "hard-block"
    /// The protocol forbids it.
    case never = "never"
    /// No clause permits it.
    case noClause = "no-clause"
    /// A direct share without end.
    case expiryMissing = "expiry-missing"
    /// A direct share that has ended, or lasts too long.
    case expiryOutOfRange = "expiry-out-of-range"
    /// A direct share that answers no accepted request.
    case requestMissing = "request-missing"
    /// No such event type.
    case eventTypeUnknown = "event-type-unknown"
    /// The protocol does not share this kind of entry.
    case eventTypeNotShared = "event-type-not-shared"
    /// The class of a field never goes, or not to this recipient.
    case classNever = "class-never"
    /// The class of a field goes in answer to a request only.
    case classOnRequest = "class-on-request"
    /// The class of a field needs a condition that is not named.
    case classNeedsCondition = "class-needs-condition"
    /// The class of a field needs consent given on record.
    case classNeedsConsent = "class-needs-consent"
    /// The clause covers other kinds of entry.
    case eventTypeNotInClause = "event-type-not-in-clause"
    /// The clause does not cover a field.
    case fieldNotInClause = "field-not-in-clause"
    /// A field that the clause needs is not there.
    case fieldMissing = "field-missing"
    /// The clause covers other kinds or categories of case.
    case caseNotInClause = "case-not-in-clause"
    /// What is on record does not answer the duty of confidence.
    case confidenceNotMet = "confidence-not-met"
    /// It came with a restriction that keeps it from this recipient.
    case onwardForbidden = "onward-forbidden"
    /// The agency it came from has not agreed.
    case onwardNeedsAgreement = "onward-needs-agreement"
    /// It came for another purpose.
    case onwardOtherPurpose = "onward-other-purpose"
    /// A field that does not belong under the label.
    case fieldOutsideLabel = "field-outside-label"
    /// The consent state on record does not allow it, or none is on record.
    case consentNotMet = "consent-not-met"
    /// There is no safe contact on record.
    case safeContactNotMet = "safe-contact-not-met"
    /// The protocol shows no pointers, or not to this recipient.
    case pointerNotShown = "pointer-not-shown"
    /// A field that no pointer may hold.
    case pointerField = "pointer-field"
    /// A category of which no pointer is made, or none on record.
    case pointerCategory = "pointer-category"
    /// A kind of case of which no pointer is made.
    case pointerCaseKind = "pointer-case-kind"
}
