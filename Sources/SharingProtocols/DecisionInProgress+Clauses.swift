import TallystickPrimitives

extension DecisionInProgress {
    private var channel: SharingChannel { question.isDirectShare ? .direct : .feed }

    mutating func checkNevers() {
        guard let recipient else { return }
        for never in terms.nevers where never.channels.contains(channel) {
            guard never.labels.contains(question.label), never.recipients.contains(recipient.role)
            else { continue }
            refuse(.never, never.text, clause: never.code)
        }
    }

    /// Finds the clauses that permit the question; says what is lacking where there is none.
    mutating func checkClauses() {
        guard let sender, let recipient else { return }
        let fitting = terms.rules.filter { rule in
            rule.channel == channel && rule.labels.contains(question.label)
                && rule.senders.contains(sender.role)
                && rule.recipients.contains(recipient.role)
                && rule.purposes.contains(question.purpose)
                && rule.gateways.contains(question.gateway)
        }
        guard !fitting.isEmpty else {
            let how = question.isDirectShare ? "as a direct share" : "to this group"
            refuse(
                .noClause,
                """
                No clause of \(terms.title) sends `\(question.label)` to \(question.recipient) \
                \(how) for \(question.purpose) under \(question.gateway).
                """)
            return
        }
        let conditioned = fitting.filter(hasCondition)
        guard !conditioned.isEmpty else {
            let needed = Set(fitting.flatMap(\.conditions)).sorted().map(\.text)
            refuse(
                .conditionMissing,
                "This needs a condition: \(needed.joined(separator: " or ")).",
                clause: fitting.first?.code)
            return
        }
        let timely = conditioned.filter(isExpiryInRange)
        guard !timely.isEmpty else {
            refuseExpiry(conditioned)
            return
        }
        for rule in timely { rest(on: rule.code, rule.standing, rule.text, rule.caveats) }
    }

    private func hasCondition(_ rule: SharingClause) -> Bool {
        guard !rule.conditions.isEmpty else { return true }
        return question.condition.map(rule.conditions.contains) ?? false
    }

    private func isExpiryInRange(_ rule: SharingClause) -> Bool {
        guard let days = rule.days else { return true }
        guard let expires = question.expires, expires > question.at else { return false }
        return expires <= question.at.adding(seconds: Int64(days) * 86_400)
    }

    private mutating func refuseExpiry(_ rules: [SharingClause]) {
        let days = rules.compactMap(\.days).max() ?? 0
        let clause = rules.first?.code
        if question.expires == nil {
            refuse(.expiryMissing, "Say when it ends: \(days) days at most.", clause: clause)
        } else {
            refuse(
                .expiryOutOfRange, "It must end later than now and within \(days) days.",
                clause: clause)
        }
    }

    mutating func checkPointer() {
        guard let pointer = terms.pointer, pointer.broker == question.recipient,
            pointer.gateways.contains(question.gateway), !question.isDirectShare
        else {
            refuse(
                .pointerNotShown,
                "A pointer goes to the broker's visibility view only, by the protocol's rules.")
            return
        }
        rest(on: "pointer", pointer.standing, pointer.text, [])
    }

    /// What only a holder of keys can check.
    mutating func checkSealed(_ facts: SealedFacts) {
        checkFields(facts)
        if question.label == .pointer {
            if let pointer = terms.pointer { checkPointer(facts, pointer) }
            return
        }
        if question.isDirectShare, !facts.requested {
            refuse(
                .requestMissing,
                "A direct share answers a request. Wait for one, or for a changed fact.")
        }
        checkConsent(facts)
    }

    private mutating func checkFields(_ facts: SealedFacts) {
        let catalogue = EventCatalogue.current
        guard catalogue.fields(of: facts.eventType) != nil else {
            refuse(.eventTypeUnknown, "There is no kind of entry called \(facts.eventType).")
            return
        }
        let label = question.label
        let strays = facts.fields.filter {
            catalogue.entry($0, in: facts.eventType)?.label != label
        }
        for field in strays.sorted() {
            refuse(.fieldOutsideLabel, "`\(field)` does not belong under `\(label)`.")
        }
    }

    private mutating func checkPointer(_ facts: SealedFacts, _ pointer: PointerRules) {
        for field in facts.fields.subtracting(pointer.fields).sorted() {
            refuse(.pointerField, "`\(field)` may not be in a pointer.", clause: "pointer")
        }
        if facts.category.map(pointer.excludes) ?? true {
            refuse(
                .pointerCategory, "No pointer is made for this category.", clause: "pointer")
        }
        if facts.caseKind.map(pointer.excludedCaseKinds.contains) ?? false {
            refuse(
                .pointerCaseKind, "No pointer is made for this kind of case.", clause: "pointer")
        }
    }

    private mutating func checkConsent(_ facts: SealedFacts) {
        guard let recipient else { return }
        for rule in terms.consents where rule.channels.contains(channel) {
            let isAboutIt =
                rule.labels.contains(question.label)
                && rule.recipients.contains(recipient.role)
                && rule.eventTypes.map { $0.contains(facts.eventType) } ?? true
            guard isAboutIt else { continue }
            if !rule.test.isMet(by: facts.consent) {
                let state = facts.consent?.sentence ?? "no consent state on record"
                refuse(.consentNotMet, "\(rule.text) Now: \(state).", clause: rule.code)
            }
            if let needed = rule.safeContact, !needed.contains(facts.safeContact) {
                let state = facts.safeContact.sentence
                refuse(.safeContactNotMet, "\(rule.text) Now: \(state).", clause: rule.code)
            }
        }
    }
}

extension ConsentClause.Test {
    /// True where the state on record, or the lack of one, lets the share go.
    func isMet(by state: ConsentState?) -> Bool {
        switch self {
        case .accept(let states): state.map(states.contains) ?? false
        case .refuse(let states): !(state.map(states.contains) ?? false)
        }
    }
}
