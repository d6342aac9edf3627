import SharingProtocols
import TallystickPrimitives
import TallystickTesting

/// Questions about a protocol, most of them put together from one of its clauses so that they come close to it.
struct RandomAsk {
    let terms: SharingProtocol
    private let events: [EventTypeCode]
    private let agencies: [AgencyCode]
    private let circle: Set<AgencyCode>
    private let clauses: [Clause]

    /// What a clause names, in an order, worked out once: a question takes a hundred of them.
    private struct Clause {
        let rule: SharingClause
        let labels: [Label]
        let gateways: [ProtocolGateway]
        let senders: [AgencyCode]
        let recipients: [AgencyCode]
        let types: [EventTypeCode]

        init(_ rule: SharingClause, in terms: SharingProtocol) {
            self.rule = rule
            labels = rule.labels.sorted()
            gateways = terms.gateways.filter { rule.gateways.contains($0.code) }
            senders = terms.parties.filter { rule.senders.contains($0.role) }.map(\.agency)
            recipients = terms.parties.filter { rule.recipients.contains($0.role) }.map(\.agency)
            types = (rule.eventTypes ?? terms.eventTypes).sorted()
        }
    }

    init(_ terms: SharingProtocol) {
        self.terms = terms
        events = terms.eventTypes.sorted() + ["stage-changed", "unheard-of"]
        agencies = terms.parties.map(\.agency) + ["stranger"]
        circle = Set(agencies)
        clauses = terms.rules.map { Clause($0, in: terms) }
    }

    func make(_ generator: inout Generator) -> ShareQuestion {
        var question = generator.int(in: 0...7) == 0 || terms.rules.isEmpty ? wild(&generator) : near(&generator)
        if generator.bool() { change(&question, &generator) }
        return question
    }

    /// What one clause permits from outside, as far as gateway and parties allow it.
    private func near(_ generator: inout Generator) -> ShareQuestion {
        let clause = generator.element(of: clauses)
        let rule = clause.rule
        let label = generator.element(of: clause.labels)
        let gateway = generator.element(of: clause.gateways)
        let purposes = rule.purposes.intersection(gateway.purposes).sorted()
        let basis = generator.element(of: gateway.bases.sorted())
        let schedule8 = terms.conditions.filter { $0.text.hasPrefix("dpa-sch8-") == (basis == "law-enforcement") }
        let wanted = rule.conditions.intersection(schedule8).sorted().map(Optional.some)
        let conditions = wanted.isEmpty ? schedule8.sorted().map(Optional.some) + [nil] : wanted
        let type = generator.element(of: clause.types)
        var fields = Set(EventCatalogue.current.fields(of: type, under: label))
        if let covered = rule.fields { fields.formIntersection(covered.allowed) }
        if generator.bool() { fields = fields.filter { _ in generator.int(in: 0...3) > 0 } }
        let at = moment(&generator)
        let days = Int64(rule.days ?? 1)
        return ShareQuestion(
            sender: generator.element(of: clause.senders), recipient: generator.element(of: clause.recipients),
            label: label,
            sealed: facts(type, fields, rule, &generator),
            purpose: generator.element(of: purposes.isEmpty ? rule.purposes.sorted() : purposes),
            gateway: gateway.code, basis: basis, condition: generator.element(of: conditions),
            circle: circle, isDirectShare: rule.channel == .direct,
            expires: rule.channel == .direct ? at.adding(seconds: days * 86_400) : nil, at: at)
    }

    private func facts(
        _ type: EventTypeCode, _ fields: Set<FieldCode>, _ rule: SharingClause?, _ generator: inout Generator
    ) -> SealedFacts {
        let states = ConsentState.allCases.map { Optional($0) } + [nil, .given, .given, .given, .given]
        let kinds = (rule?.caseKinds ?? []).sorted().map(Optional.some)
        let categories = (rule?.categories ?? []).sorted().map(Optional.some)
        return SealedFacts(
            eventType: type, fields: fields, consent: generator.element(of: states),
            safeContact: generator.element(of: SafeContactState.allCases + [.recorded, .recorded]),
            requested: generator.int(in: 0...5) > 0,
            category: generator.element(of: categories + ["noise", "hate", nil]),
            caseKind: generator.element(of: kinds + kinds + ["location", "mappa", nil]),
            subjectSide: generator.int(in: 0...9) == 0 ? [generator.element(of: agencies)] : [],
            carried: generator.int(in: 0...3) == 0 ? [carried(&generator)] : [])
    }

    private func carried(_ generator: inout Generator) -> CarriedTerms {
        let caveats: [CaveatCode] = [
            "no-copy", "same-purpose", "ask-before-sharing", "no-onward", "no-contact-with-subject", "of-tomorrow",
        ]
        return CarriedTerms(
            from: generator.element(of: agencies), caveats: [generator.element(of: caveats)],
            purpose: generator.element(of: terms.purposes).code, isAgreed: generator.bool())
    }

    private func moment(_ generator: inout Generator) -> Timestamp {
        let days = ["2025-12-15", "2026-01-31", "2026-05-28", "2026-05-28", "2026-12-31", "2027-06-01"]
        return Timestamp(generator.element(of: days) + "T12:00:00Z") ?? Questions.now
    }

    private func wild(_ generator: inout Generator) -> ShareQuestion {
        let label = generator.element(of: terms.labels.map(\.label) + [.pointer, "contact"])
        let type = generator.element(of: events)
        let fields = Set(EventCatalogue.current.fields(of: type, under: label))
        let at = moment(&generator)
        let isPointer = label == .pointer
        return ShareQuestion(
            sender: generator.element(of: agencies),
            recipient: isPointer ? "broker" : generator.element(of: agencies), label: label,
            sealed: generator.bool() ? facts(type, fields, nil, &generator) : nil,
            purpose: generator.element(of: terms.purposes).code,
            gateway: generator.element(of: terms.gateways.map(\.code) + ["la-2003-s185", .emergency]),
            basis: generator.element(of: ["public-task", "law-enforcement", "recognised-interests", "consent", "none"]),
            condition: generator.element(of: [nil, "dpa-sch1-18-safeguarding", "dpa-sch8-4-safeguarding"]),
            circle: Set(agencies.filter { _ in generator.int(in: 0...5) > 0 }),
            isEmergency: generator.int(in: 0...9) == 0, isDirectShare: generator.bool(),
            expires: generator.bool() ? at.adding(seconds: Int64(generator.int(in: -1...60)) * 86_400) : nil, at: at)
    }

    /// Replaces one part by that of another question.
    private func change(_ question: inout ShareQuestion, _ generator: inout Generator) {
        let other = wild(&generator)
        switch generator.int(in: 0...12) {
        case 0: question.sender = other.sender
        case 1: question.recipient = other.recipient
        case 2: question.label = other.label
        case 3: question.sealed = other.sealed
        case 4: question.purpose = other.purpose
        case 5: question.gateway = other.gateway
        case 6: question.basis = other.basis
        case 7: question.condition = other.condition
        case 8: question.circle = other.circle
        case 9: question.isDirectShare = other.isDirectShare
        case 10: question.expires = other.expires
        case 11: question.at = other.at
        default: if let facts = question.sealed { question.sealed = addingOne(to: facts, &generator) }
        }
    }

    /// The same facts with one field more, or with one of them gone.
    private func addingOne(to facts: SealedFacts, _ generator: inout Generator) -> SealedFacts {
        var fields = facts.fields
        if generator.bool() {
            fields.insert(generator.element(of: EventCatalogue.current.allFields))
        } else if let gone = fields.sorted().first {
            fields.remove(gone)
        }
        return SealedFacts(
            eventType: facts.eventType, fields: fields, consent: facts.consent, safeContact: facts.safeContact,
            requested: facts.requested, category: facts.category, caseKind: facts.caseKind,
            subjectSide: facts.subjectSide, carried: facts.carried)
    }
}

extension ShareQuestion {
    /// The same question as the recipient asks it of what it opened: it knows what came, and nothing that is on record
    /// with the sender.
    var onArrival: ShareQuestion {
        changed { question in
            question.circle = [sender, recipient]
            question.sealed = sealed.map { SealedFacts(eventType: $0.eventType, fields: $0.fields) }
        }
    }
}
