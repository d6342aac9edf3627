import TallystickPrimitives

/// One question under one protocol, with the reasons against it found so far.
struct DecisionInProgress {
    let question: ShareQuestion
    let terms: SharingProtocol
    let sender: ProtocolParty?
    let recipient: ProtocolParty?
    /// The clauses that permit the question as far as has been looked; none of them for a pointer.
    var permitting: [SharingClause] = []
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
        for rule in permitting { rest(on: rule.code, rule.standing, rule.text, rule.caveats) }
    }

    private var isOver: Bool { stopsAtRefusal && !refusals.isEmpty }

    /// Permit only where a clause was found and nothing stands against it.
    var decision: ShareDecision {
        guard refusals.isEmpty, !references.isEmpty else { return .refuse(refusals) }
        let carried = question.sealed?.carried.reduce(into: Set<CaveatCode>()) { $0.formUnion($1.caveats) } ?? []
        return .permit(carried.isEmpty ? references : references.map { $0.adding(carried) })
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

    var channel: SharingChannel { question.isDirectShare ? .direct : .feed }

    /// The day of the decision, in UTC.
    private var day: Int64 { Int64(question.at.wholeSeconds / 86_400) }

    private mutating func checkReview() {
        guard terms.review.afterwards == .stop, terms.review.isOverdue(at: question.at) else { return }
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
        for party in [sender, recipient].compactMap(\.self) where party.controller == .processor {
            let controller = party.processesFor.map { " Ask \($0), for which it works." } ?? ""
            refuse(.partyIsProcessor, "\(party.agency) does not share in its own name.\(controller)")
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

    /// Purpose, gateway, basis and condition must fit each other, the parties and the day.
    private mutating func checkPowers() {
        if !terms.purposes.contains(where: { $0.code == question.purpose }) {
            refuse(.purposeUnknown, "\(terms.title) does not share for \(question.purpose).")
        }
        checkBasis()
        checkCondition()
        guard let gateway = terms.gateway(question.gateway) else {
            refuse(.gatewayUnknown, "\(terms.title) does not rely on \(question.gateway).")
            return
        }
        var name: String { CodeBook.current.meaning("gateway", gateway.code.text) }
        if !gateway.isInForce(on: day) {
            let from = gateway.from.map { " from \($0)" } ?? ""
            let until = gateway.until.map { " until \($0)" } ?? ""
            refuse(.gatewayNotInForce, "\(name) is in force\(from)\(until), and not on this day.")
        }
        if !gateway.purposes.contains(question.purpose) {
            refuse(.gatewayNotForPurpose, "\(name) does not serve \(question.purpose) here.")
        }
        if !gateway.bases.contains(question.basis) {
            refuse(.basisNotForGateway, "\(question.basis) does not go with \(name) here.")
        }
        if let recipient, !gateway.recipients.contains(recipient.role) {
            refuse(.gatewayNotForRecipient, "\(name) does not reach \(question.recipient).")
        }
        if let kinds = gateway.caseKinds, let facts = question.sealed, !(facts.caseKind.map(kinds.contains) ?? false) {
            refuse(
                .gatewayNotForCase,
                "\(name) is for cases of the kind \(kinds.sorted().map(\.text).joined(separator: " or ")) only.")
        }
    }

    private mutating func checkBasis() {
        if let force = CodeBook.current.force(of: question.basis), !force.covers(day) {
            let from = force.from.map { "\($0)" } ?? "a later day"
            refuse(.basisNotInForce, "\(question.basis) can be relied on from \(from) only.")
        }
        guard let sender else { return }
        let mayUse =
            switch CodeBook.current.use(of: question.basis) {
            case .anybody: true
            case .privateBodies: !sender.isPublicBody
            case .competentAuthorities: sender.isCompetentAuthority(for: question.purpose)
            case nil: false
            }
        guard !mayUse else { return }
        refuse(
            .basisNotForSender,
            "\(question.sender) cannot rely on \(question.basis); public bodies use public-task.")
    }

    private mutating func checkCondition() {
        guard let condition = question.condition else { return }
        guard terms.conditions.contains(condition) else {
            refuse(.conditionUnknown, "\(terms.title) does not rely on \(condition).")
            return
        }
        let isLawEnforcement = question.basis == .lawEnforcement
        guard CodeBook.current.isGeneral(condition) == isLawEnforcement else { return }
        let schedule = isLawEnforcement ? "of DPA 2018 Sch 8" : "of UK GDPR Art 9 or DPA 2018 Sch 1"
        refuse(
            .conditionNotForBasis, "\(condition) does not go with \(question.basis): name a condition \(schedule).")
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
        guard let facts = question.sealed, !block.dataClasses.isEmpty || !block.fields.isEmpty else { return false }
        let index = EventCatalogue.current.index(of: facts.eventType)
        return facts.fields.contains { field in
            let hasClass = index?[field].map { block.dataClasses.contains($0.dataClass) } ?? false
            return hasClass || block.fields.contains(field)
        }
    }

    private func isSender(_ roleOrFunction: String) -> Bool {
        guard let sender else { return false }
        return sender.role.text == roleOrFunction
            || sender.functions.contains { $0.text == roleOrFunction }
    }

    var isRecipientOnSubjectSide: Bool {
        recipient?.side == .subject
            || (question.sealed?.subjectSide.contains(question.recipient) ?? false)
    }
}
