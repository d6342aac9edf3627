import TallystickPrimitives

/// One question under one protocol, with the reasons against it found so far.
struct DecisionInProgress {
    let question: ShareQuestion
    let terms: SharingProtocol
    let sender: ProtocolParty?
    let recipient: ProtocolParty?
    private(set) var refusals: [ShareRefusal] = []
    private(set) var references: [ClauseReference] = []
    /// Whether only the answer is wanted: then the first reason against ends it.
    private let stopsAtRefusal: Bool

    init(_ question: ShareQuestion, _ terms: SharingProtocol, stopsAtRefusal: Bool = false) {
        self.question = question
        self.terms = terms
        self.stopsAtRefusal = stopsAtRefusal
        sender = terms.party(question.sender)
        recipient = terms.party(question.recipient)
        checkReview()
        checkParties()
        guard !isOver else { return }
        checkPowers()
        guard !isOver else { return }
        checkHardBlocks()
        if question.label == .pointer {
            checkPointer()
        } else {
            checkNevers()
            checkClauses()
        }
        guard !isOver else { return }
        if let facts = question.sealed { checkSealed(facts) }
    }

    private var isOver: Bool { stopsAtRefusal && !refusals.isEmpty }

    /// Permit only where a clause was found and nothing stands against it.
    var decision: ShareDecision {
        guard refusals.isEmpty, !references.isEmpty else { return .refuse(refusals) }
        return .permit(references)
    }

    mutating func refuse(
        _ code: ShareRefusalCode, _ sentence: String, clause: ClauseCode? = nil,
        gatewaysThatWork: [GatewayCode] = []
    ) {
        refusals.append(
            ShareDecisions.refusal(
                code, sentence, clause: clause, gatewaysThatWork: gatewaysThatWork))
    }

    mutating func rest(
        on clause: ClauseCode, _ standing: ClauseStanding, _ text: String, _ caveats: [CaveatCode]
    ) {
        references.append(
            ClauseReference(
                protocolCode: terms.code, version: terms.version, clause: clause,
                standing: standing, text: text, caveats: caveats))
    }

    private mutating func checkReview() {
        let lastDay = terms.review.by.daysSinceEpoch
        let today = Int64(question.at.wholeSeconds / 86_400)
        guard terms.review.afterwards == .stop, today > lastDay else { return }
        refuse(
            .reviewOverdue,
            "The protocol should have been reviewed by \(terms.review.by). Ask its review lead.")
    }

    private mutating func checkParties() {
        if sender == nil {
            refuse(.senderNotParty, "\(question.sender) has not agreed to \(terms.title).")
        }
        let isShownByBroker = question.label == .pointer
        if recipient == nil, !isShownByBroker {
            refuse(.recipientNotParty, "\(question.recipient) has not agreed to \(terms.title).")
        }
        // A direct share goes to one agency whether or not it is on the case.
        guard !question.isDirectShare else { return }
        if !question.circle.contains(question.sender) {
            refuse(.senderOutsideCircle, "\(question.sender) is not one of the agencies on it.")
        }
        if !isShownByBroker, !question.circle.contains(question.recipient) {
            refuse(
                .recipientOutsideCircle,
                """
                \(question.recipient) is not one of the agencies on this case. Add it if it has \
                a part in the matter.
                """)
        }
    }

    /// Purpose, gateway, basis and condition must fit each other and the parties.
    private mutating func checkPowers() {
        if !terms.purposes.contains(where: { $0.code == question.purpose }) {
            refuse(.purposeUnknown, "\(terms.title) does not share for \(question.purpose).")
        }
        if let condition = question.condition, !terms.conditions.contains(condition) {
            refuse(.conditionUnknown, "\(terms.title) does not rely on \(condition).")
        }
        checkBasisUse()
        guard let gateway = terms.gateway(question.gateway) else {
            refuse(.gatewayUnknown, "\(terms.title) does not rely on \(question.gateway).")
            return
        }
        let name = CodeBook.current.meaning("gateway", gateway.code.text)
        if !gateway.purposes.contains(question.purpose) {
            refuse(.gatewayNotForPurpose, "\(name) does not serve \(question.purpose) here.")
        }
        if !gateway.bases.contains(question.basis) {
            refuse(.basisNotForGateway, "\(question.basis) does not go with \(name) here.")
        }
        if let recipient, !gateway.recipients.contains(recipient.role) {
            refuse(.gatewayNotForRecipient, "\(name) does not reach \(question.recipient).")
        }
    }

    private mutating func checkBasisUse() {
        guard let sender else { return }
        let mayUse =
            switch CodeBook.current.use(of: question.basis) {
            case .anybody: true
            case .privateBodies: !sender.isPublicBody
            case .competentAuthorities: sender.regime == .part3
            case nil: false
            }
        guard !mayUse else { return }
        refuse(
            .basisNotForSender,
            "\(question.sender) cannot rely on \(question.basis); public bodies use public-task.")
    }

    private mutating func checkHardBlocks() {
        for block in terms.hardBlocks where isHit(by: block) {
            refuse(
                .hardBlock, block.sentence, clause: block.code,
                gatewaysThatWork: block.gatewaysThatWork)
        }
    }

    private func isHit(by block: HardBlock) -> Bool {
        if let gateways = block.gateways, !gateways.contains(question.gateway) { return false }
        if let senders = block.senders, !senders.contains(where: isSender) { return false }
        if block.isAboutSubjectSide, !isRecipientOnSubjectSide { return false }
        if block.labels.contains(question.label) { return true }
        guard let facts = question.sealed else { return false }
        return facts.fields.contains { field in
            let entry = EventCatalogue.current.entry(field, in: facts.eventType)
            let hasClass = entry.map { block.dataClasses.contains($0.dataClass) } ?? false
            return hasClass || block.fields.contains(field)
        }
    }

    private func isSender(_ roleOrFunction: String) -> Bool {
        guard let sender else { return false }
        return sender.role.text == roleOrFunction
            || sender.functions.contains { $0.text == roleOrFunction }
    }

    private var isRecipientOnSubjectSide: Bool {
        recipient?.side == .subject
            || (question.sealed?.subjectSide.contains(question.recipient) ?? false)
    }
}
