import TallystickPrimitives

/// The one function that decides what may be shared.
///
/// Sender, broker, recipient and auditor all call it. It is pure, total and deterministic, and
/// refuses by default. A question without sealed facts skips the checks of what is inside and no
/// others, so whatever the sender's full check permits, the broker's keyless check permits too.
public enum ShareDecisions {
    /// The version of this function and of the code tables; part of every rules bundle.
    public static let functionVersion = 2

    /// Decides one question.
    ///
    /// - Parameters:
    ///   - question: who, to whom, which label, why and under which power.
    ///   - terms: the protocol in force between the two; nil only helps on the routes that need none.
    public static func decideShare(
        _ question: ShareQuestion, under terms: SharingProtocol?
    ) -> ShareDecision {
        if let decision = decideWithoutTerms(question) { return decision }
        guard let terms else {
            return .refuse([
                refusal(
                    .noProtocol,
                    """
                    No protocol is in force between these agencies. Ask your protocol lead; if \
                    somebody is in danger now, use the emergency route.
                    """)
            ])
        }
        return DecisionInProgress(question, terms).decision
    }

    /// Whether `decideShare` permits: the same checks, for whoever asks many questions and wants no reasons.
    public static func isPermitted(_ question: ShareQuestion, under terms: SharingProtocol) -> Bool {
        let decision =
            decideWithoutTerms(question) ?? DecisionInProgress(question, terms, stopsAtRefusal: true).decision
        return decision.isPermitted
    }

    /// What is decided whatever the protocol says; nil where that is for the protocol.
    private static func decideWithoutTerms(_ question: ShareQuestion) -> ShareDecision? {
        if question.sender == question.recipient { return .permit([.ownRecord]) }
        let isEmergency = question.isEmergency || question.gateway == .emergency
        if isEmergency { return decideEmergency(question) }
        return question.gateway == .dataProtection ? decideDataProtection(question) : nil
    }

    /// What the recipient finds wrong with what it opened: the part of the decision that rests on nothing but what came.
    ///
    /// Consent, request and the kind of case are on record with the sender; what the sender's full check permits, this
    /// finds nothing against.
    public static func faultsOnArrival(
        _ question: ShareQuestion, under terms: SharingProtocol?
    ) -> [ShareRefusal] {
        decideShare(question, under: terms).refusals.filter { $0.code.isSeenOnArrival }
    }

    /// The emergency route: every check accepts it, given all it takes.
    private static func decideEmergency(_ question: ShareQuestion) -> ShareDecision {
        let isComplete =
            question.isEmergency && question.gateway == .emergency
            && question.purpose == .protectLife && question.label != .pointer
        guard isComplete else {
            return .refuse([
                refusal(
                    .emergencyIncomplete,
                    """
                    The emergency route is for protecting life: it takes the emergency gateway, \
                    the purpose `protect-life`, and the entry itself, not a pointer.
                    """)
            ])
        }
        return .permit([.emergency])
    }

    /// What one controller must tell another about what it was given (decision 0021): between the two alone, under the
    /// label of that and of nothing else, by the entries that say it. Whoever holds no keys sees the first two.
    private static func decideDataProtection(_ question: ShareQuestion) -> ShareDecision {
        let isOfTheDuty =
            question.sealed.map { facts in
                let known = Set(EventCatalogue.current.fields(of: facts.eventType, under: question.label))
                return dutyEventTypes.contains(facts.eventType) && facts.fields.isSubset(of: known)
                    && !(facts.eventType == "reading-reported" && facts.fields.contains("actor"))
            } ?? true
        let isComplete =
            question.purpose == .dataProtection && !question.isDirectShare && question.circle.count == 2
            && question.circle.isSuperset(of: [question.sender, question.recipient])
            && dutyLabels.contains(question.label) && isOfTheDuty
        guard isComplete else {
            return .refuse([
                refusal(
                    .dataProtectionIncomplete,
                    """
                    Without a protocol, only corrections, the answer to a recall or a withdrawal, reports of how often \
                    something was read (which name nobody) and questions about a person's request for their own data go \
                    this way: between the two agencies concerned, and with nothing else of a case.
                    """)
            ])
        }
        return .permit([.dataProtection])
    }

    private static let dutyLabels: Set<Label> = [
        .record, .recall, .withdrawal, .correction, .reading, .subjectAccess,
    ]
    private static let dutyEventTypes: Set<EventTypeCode> = [
        "recall-answered", "withdrawal-answered", "entry-corrected", "reading-reported", "subject-access-consulted",
        "subject-access-advised",
    ]

    static func refusal(
        _ code: ShareRefusalCode, _ sentence: String, clause: ClauseCode? = nil,
        gatewaysThatWork: [GatewayCode] = []
    ) -> ShareRefusal {
        ShareRefusal(
            code: code, clause: clause, sentence: sentence, gatewaysThatWork: gatewaysThatWork)
    }
}

extension ShareRefusalCode {
    /// Whether the recipient can tell by itself, from what it opened.
    var isSeenOnArrival: Bool {
        switch self {
        case .hardBlock, .never, .eventTypeUnknown, .eventTypeNotShared, .fieldOutsideLabel, .classNever,
            .classOnRequest, .classNeedsCondition, .eventTypeNotInClause, .fieldNotInClause, .fieldMissing,
            .dataProtectionIncomplete:
            true
        case .noProtocol, .emergencyIncomplete, .reviewOverdue, .senderNotParty, .recipientNotParty,
            .partyIsProcessor, .senderOutsideCircle, .recipientOutsideCircle, .purposeUnknown, .gatewayUnknown,
            .gatewayNotInForce, .gatewayNotForCase, .gatewayNotForPurpose, .gatewayNotForRecipient,
            .basisNotForGateway, .basisNotForSender, .basisNotInForce, .conditionNotForBasis, .conditionUnknown,
            .conditionMissing, .noClause, .expiryMissing, .expiryOutOfRange, .requestMissing, .classNeedsConsent,
            .caseNotInClause, .confidenceNotMet, .onwardForbidden, .onwardNeedsAgreement, .onwardOtherPurpose,
            .consentNotMet, .safeContactNotMet, .pointerNotShown, .pointerField, .pointerCategory, .pointerCaseKind:
            false
        }
    }
}
