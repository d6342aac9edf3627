import TallystickPrimitives

/// What only a holder of keys can check.
extension DecisionInProgress {
    mutating func checkSealed(_ facts: SealedFacts) {
        guard let index = EventCatalogue.current.index(of: facts.eventType) else {
            refuse(.eventTypeUnknown, "There is no kind of entry called \(facts.eventType).")
            return
        }
        let strays = facts.fields.filter { index[$0]?.label != question.label }
        for field in strays.sorted() {
            refuse(.fieldOutsideLabel, "`\(field)` does not belong under `\(question.label)`.")
        }
        if question.label == .pointer {
            if let pointer = terms.pointer { checkPointer(facts, pointer) }
            return
        }
        if !terms.eventTypes.contains(facts.eventType) {
            refuse(.eventTypeNotShared, "\(terms.title) does not share entries of the kind \(facts.eventType).")
        }
        checkClasses(facts, index)
        checkPermitting(facts, index)
        checkConsent(facts)
        checkConfidence(facts)
        if question.isDirectShare, !facts.requested {
            refuse(
                .requestMissing,
                "A direct share answers a request. Wait for one, or for a changed fact.")
        }
        checkCarried(facts)
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

    /// The terms of each data class that a field belongs to; a class without terms never goes.
    private mutating func checkClasses(_ facts: SealedFacts, _ index: [FieldCode: CatalogueField]) {
        var fields: [DataClass: FieldCode] = [:]
        for field in facts.fields {
            guard let entry = index[field] else { continue }
            // The first field of the class in alphabetical order stands for all of them.
            fields[entry.dataClass] = min(fields[entry.dataClass] ?? field, field)
        }
        for (dataClass, field) in fields.sorted(by: { $0.value < $1.value }) {
            guard let rule = terms.classes.first(where: { $0.dataClasses.contains(dataClass) }) else {
                refuse(.classNever, "`\(field)` is \(dataClass.meaning), which \(terms.title) does not share.")
                continue
            }
            check(rule, of: dataClass, field, facts)
        }
    }

    private mutating func check(_ rule: ClassRule, of dataClass: DataClass, _ field: FieldCode, _ facts: SealedFacts) {
        if let recipient, let recipients = rule.recipients, !recipients.contains(recipient.role) {
            refuse(.classNever, "\(rule.text) `\(field)` is not for \(question.recipient).", clause: rule.code)
        }
        switch rule.rule {
        case .allow: return
        case .never: refuse(.classNever, "\(rule.text) `\(field)` is \(dataClass.meaning).", clause: rule.code)
        case .onRequest:
            guard !question.isDirectShare else { return }
            refuse(.classOnRequest, "\(rule.text) `\(field)` goes in answer to a request only.", clause: rule.code)
        case .withCondition:
            guard !(question.condition.map(rule.conditions.contains) ?? false) else { return }
            let needed = rule.conditions.sorted().map(\.text).joined(separator: " or ")
            refuse(.classNeedsCondition, "\(rule.text) `\(field)` needs a condition: \(needed).", clause: rule.code)
        case .withConsent:
            guard facts.consent != .given else { return }
            refuse(.classNeedsConsent, "\(rule.text) `\(field)` needs consent given on record.", clause: rule.code)
        }
    }

    /// Which of the clauses that fit from outside fit inside too. What anybody who opens it can tell comes first.
    private mutating func checkPermitting(_ facts: SealedFacts, _ index: [FieldCode: CatalogueField]) {
        guard let first = permitting.first else { return }
        narrow({ $0.eventTypes?.contains(facts.eventType) ?? true }) { decision in
            decision.refuse(
                .eventTypeNotInClause, "\(first.text) That does not cover entries of the kind \(facts.eventType).",
                clause: first.code)
        }
        narrow({ $0.fields.map { facts.fields.isSubset(of: $0.allowed) } ?? true }) { decision in
            let outside = facts.fields.subtracting(first.fields?.allowed ?? facts.fields).sorted()
            let names = outside.map { "`\($0)`" }.joined(separator: ", ")
            decision.refuse(.fieldNotInClause, "\(first.text) That does not cover \(names).", clause: first.code)
        }
        let label = question.label
        narrow({ $0.lacking(facts.fields, index, under: label).isEmpty }) { decision in
            let lacking = first.lacking(facts.fields, index, under: label).sorted()
            let names = lacking.map { "`\($0)`" }.joined(separator: ", ")
            decision.refuse(.fieldMissing, "\(first.text) That needs \(names) too.", clause: first.code)
        }
        narrow({ $0.covers(facts) }) { decision in
            decision.refuse(
                .caseNotInClause, "\(first.text) That is for other kinds or categories of case.", clause: first.code)
        }
    }

    /// Whether the duty of confidence is answered; where a consent rule has said what is lacking, that is enough.
    private mutating func checkConfidence(_ facts: SealedFacts) {
        guard let first = permitting.first, !refusals.contains(where: { $0.code == .consentNotMet }) else { return }
        narrow({ $0.confidence.isMet(by: facts.consent) }) { decision in
            let state = facts.consent?.sentence ?? "no consent state on record"
            decision.refuse(
                .confidenceNotMet, "\(first.text) It is told in confidence. Now: \(state).", clause: first.code)
        }
    }

    /// Keeps the clauses that fit; where none does, says so once and looks no further.
    private mutating func narrow(
        _ fits: (SharingClause) -> Bool, orRefuse refuse: (inout DecisionInProgress) -> Void
    ) {
        guard !permitting.isEmpty else { return }
        permitting = permitting.filter(fits)
        if permitting.isEmpty { refuse(&self) }
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

    /// The caveats that came with what this is made from bind this share, whatever the protocol.
    private mutating func checkCarried(_ facts: SealedFacts) {
        for carried in facts.carried
        where carried.from != question.recipient && !carried.givenTo.contains(question.recipient) {
            for caveat in carried.caveats.sorted() { check(caveat, of: carried) }
        }
    }

    private mutating func check(_ caveat: CaveatCode, of carried: CarriedTerms) {
        let from = carried.from
        switch CodeBook.current.effect(of: caveat) {
        case .mark: return
        case .forbid:
            refuse(.onwardForbidden, "\(from) shared this not to be passed on (\(caveat)). Ask it to share it itself.")
        case .ask:
            guard !carried.isAgreed else { return }
            refuse(.onwardNeedsAgreement, "\(from) shared this to be passed on with its agreement. Ask it first.")
        case .purpose:
            guard carried.purpose != question.purpose else { return }
            refuse(.onwardOtherPurpose, "\(from) shared this for \(carried.purpose), not for \(question.purpose).")
        case .side:
            guard isRecipientOnSubjectSide else { return }
            refuse(
                .onwardForbidden,
                "\(from) shared this not to come to the subject's side (\(caveat)), where \(question.recipient) is.")
        }
    }
}

extension SharingClause {
    /// The mandatory fields that an entry's type has under a label and the entry lacks.
    func lacking(
        _ fields: Set<FieldCode>, _ index: [FieldCode: CatalogueField], under label: Label
    ) -> Set<FieldCode> {
        guard let mandatory = self.fields?.mandatory, !mandatory.isEmpty else { return [] }
        return mandatory.filter { index[$0]?.label == label && !fields.contains($0) }
    }

    /// Whether it is about a case of this kind and category; what has none recorded is about none.
    func covers(_ facts: SealedFacts) -> Bool {
        (caseKinds.map { kinds in facts.caseKind.map(kinds.contains) ?? false } ?? true)
            && (categories.map { known in facts.category.map(known.contains) ?? false } ?? true)
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
