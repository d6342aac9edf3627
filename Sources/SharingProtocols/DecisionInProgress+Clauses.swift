import TallystickPrimitives

extension DecisionInProgress {
    mutating func checkNevers() {
        guard let recipient else { return }
        for never in terms.nevers where forbids(never, to: recipient) {
            refuse(.never, never.text, clause: never.code)
        }
    }

    /// Whether a `never` stands against the question; what it says of the inside binds whoever sees it.
    private func forbids(_ never: NeverClause, to recipient: ProtocolParty) -> Bool {
        guard never.channels.contains(channel), never.labels.contains(question.label),
            never.recipients.contains(recipient.role)
        else { return false }
        if let senders = never.senders, !(sender.map { senders.contains($0.role) } ?? true) { return false }
        if let types = never.eventTypes, !(question.sealed.map { types.contains($0.eventType) } ?? false) {
            return false
        }
        if let fields = never.fields, question.sealed?.fields.isDisjoint(with: fields) ?? true { return false }
        return true
    }

    /// Finds the clauses that permit the question as far as it can be told from outside; says what is lacking where there
    /// is none.
    mutating func checkClauses() {
        guard let sender, let recipient else { return }
        let fitting = terms.rules.filter { rule in
            rule.channel == channel && rule.labels.contains(question.label)
                && rule.senders.contains(sender.role) && rule.recipients.contains(recipient.role)
                && rule.purposes.contains(question.purpose) && rule.gateways.contains(question.gateway)
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
        permitting = conditioned.filter(isExpiryInRange)
        if permitting.isEmpty { refuseExpiry(conditioned) }
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
}
