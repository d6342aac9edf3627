import SharingProtocols
import TallystickPrimitives

/// Questions made from one protocol file: of every clause every sender, recipient, label and kind of entry, and each of
/// them with one thing changed.
struct Library {
    let terms: SharingProtocol
    /// What the clauses say, party by party and entry by entry.
    let base: [ShareQuestion]
    /// The same, and beside each what is not quite it.
    let questions: [ShareQuestion]
    private let byRule: [ClauseCode: [ShareQuestion]]

    /// Made once for all tests; each asks thousands of questions.
    static func named(_ name: String) throws -> Library { try made[name]?.get() ?? Library(name) }

    private static let made = Dictionary(
        uniqueKeysWithValues: ProtocolFiles.names.map { name in (name, Result { try Library(name) }) })

    private init(_ name: String) throws {
        terms = try ProtocolFiles.terms(name)
        let terms = terms
        let byRule = Dictionary(
            uniqueKeysWithValues: terms.rules.map { ($0.code, Library.questions(of: $0, in: terms)) })
        let base = terms.rules.flatMap { byRule[$0.code] ?? [] }
        let stride = max(1, base.count / 60)
        let changed = base.enumerated().filter { $0.offset % stride == 0 }.flatMap { Library.near($0.element, terms) }
        self.byRule = byRule
        self.base = base
        questions = base + changed
    }

    func permitted(by rule: SharingClause) -> [ShareQuestion] {
        (byRule[rule.code] ?? []).filter { question in
            ShareDecisions.decideShare(question, under: terms).clauses.contains(rule.code)
        }
    }

    /// One question a sender, recipient, label and kind of entry, under the first powers that fit.
    private static func questions(of rule: SharingClause, in terms: SharingProtocol) -> [ShareQuestion] {
        var found: [ShareQuestion] = []
        let all = Set(terms.parties.map(\.agency))
        for from in terms.parties where rule.senders.contains(from.role) {
            for to in terms.parties where rule.recipients.contains(to.role) && to.agency != from.agency {
                guard let power = power(of: rule, from, to, in: terms) else { continue }
                for label in rule.labels.sorted() {
                    for type in (rule.eventTypes ?? terms.eventTypes).sorted() {
                        var fields = Set(EventCatalogue.current.fields(of: type, under: label))
                        if let covered = rule.fields { fields.formIntersection(covered.allowed) }
                        guard !fields.isEmpty else { continue }
                        let at = terms.firstDay
                        found.append(
                            ShareQuestion(
                                sender: from.agency, recipient: to.agency, label: label,
                                sealed: SealedFacts(
                                    eventType: type, fields: fields, consent: terms.consent(for: rule),
                                    safeContact: .recorded, requested: true,
                                    category: rule.categories?.sorted().first ?? "noise",
                                    caseKind: (power.gateway.caseKinds ?? rule.caseKinds)?.sorted().first),
                                purpose: power.purpose, gateway: power.gateway.code, basis: power.basis,
                                condition: power.condition, circle: all, isDirectShare: rule.channel == .direct,
                                expires: rule.days.map { at.adding(seconds: Int64($0) * 86_400) }, at: at))
                    }
                }
            }
        }
        return found
    }

    private struct Power {
        let purpose: PurposeCode
        let gateway: ProtocolGateway
        let basis: BasisCode
        let condition: ConditionCode?
    }

    private static func power(
        of rule: SharingClause, _ from: ProtocolParty, _ to: ProtocolParty, in terms: SharingProtocol
    ) -> Power? {
        let needed = rule.conditions.isEmpty ? terms.conditions : rule.conditions
        for gateway in terms.gateways where rule.gateways.contains(gateway.code) && gateway.recipients.contains(to.role)
        {
            for purpose in gateway.purposes.intersection(rule.purposes).sorted() {
                for basis in gateway.bases.sorted() where from.mayRely(on: basis, for: purpose) {
                    let isPart3 = basis == "law-enforcement"
                    let condition = needed.sorted().first { $0.text.hasPrefix("dpa-sch8-") == isPart3 }
                    if !rule.conditions.isEmpty, condition == nil { continue }
                    return Power(purpose: purpose, gateway: gateway, basis: basis, condition: condition)
                }
            }
        }
        return nil
    }

    /// What is not quite the question, in each part.
    private static func near(_ question: ShareQuestion, _ terms: SharingProtocol) -> [ShareQuestion] {
        let facts = question.sealed
        var changes: [(inout ShareQuestion) -> Void] = [
            { $0.sealed = nil }, { $0.isDirectShare.toggle() }, { $0.expires = nil },
            { $0.expires = $0.at }, { $0.expires = $0.at.adding(seconds: 400 * 86_400) },
            { $0.circle = [$0.sender] }, { $0.circle = [$0.recipient] },
            { $0.sender = "nobody-known" }, { $0.recipient = "nobody-known" }, { $0.condition = nil },
            { $0.purpose = "collect-arrears" }, { $0.gateway = "court-order" },
            { $0.at = $0.at.adding(seconds: 4000 * 86_400) },
        ]
        changes += terms.parties.map { party in { $0.recipient = party.agency } }
        changes += terms.parties.map { party in { $0.sender = party.agency } }
        changes += terms.purposes.map { purpose in { $0.purpose = purpose.code } }
        changes += terms.gateways.map { gateway in { $0.gateway = gateway.code } }
        changes += terms.labels.map { label in { $0.label = label.label } }
        changes += terms.labels.map { label in
            {
                $0.label = label.label
                let type = $0.sealed?.eventType ?? "case-opened"
                let fields = EventCatalogue.current.fields(of: type, under: label.label)
                $0.sealed = facts?.with(type, Set(fields))
            }
        }
        changes += terms.conditions.sorted().map { condition in { $0.condition = condition } }
        changes += (facts?.fields ?? []).sorted().map { field in
            { $0.sealed = facts?.with(nil, (facts?.fields ?? []).subtracting([field])) }
        }
        changes += EventCatalogue.current.eventTypes.map { type in
            {
                let fields = EventCatalogue.current.fields(of: type, under: $0.label)
                $0.sealed = facts?.with(type, Set(fields))
            }
        }
        return changes.map { question.changed($0) }
    }

    /// One question a rule of the clause, from beyond it.
    func othersides(of rule: SharingClause, _ question: ShareQuestion) -> [(name: String, question: ShareQuestion)] {
        var sides: [(name: String, question: ShareQuestion)] = [
            ("the other channel", question.changed { $0.isDirectShare.toggle() })
        ]
        for party in terms.parties where !rule.senders.contains(party.role) {
            sides.append(("a sender it does not name", question.changed { $0.sender = party.agency }))
        }
        for party in terms.parties where !rule.recipients.contains(party.role) {
            sides.append(("a recipient it does not name", question.changed { $0.recipient = party.agency }))
        }
        for purpose in terms.purposes where !rule.purposes.contains(purpose.code) {
            sides.append(("another purpose", question.changed { $0.purpose = purpose.code }))
        }
        for gateway in terms.gateways where !rule.gateways.contains(gateway.code) {
            sides.append(("another power", question.changed { $0.gateway = gateway.code }))
        }
        for label in terms.labels where !rule.labels.contains(label.label) {
            sides.append(("another label", question.changed { $0.label = label.label }))
        }
        if let days = rule.days {
            let late = question.at.adding(seconds: Int64(days) * 86_400 + 1)
            sides.append(("a day too long", question.changed { $0.expires = late }))
            sides.append(("no end", question.changed { $0.expires = nil }))
        }
        if !rule.conditions.isEmpty { sides.append(("no condition", question.changed { $0.condition = nil })) }
        guard let facts = question.sealed else { return sides }
        for type in EventCatalogue.current.eventTypes where rule.eventTypes.map({ !$0.contains(type) }) ?? false {
            sides.append(("another entry", question.changed { $0.sealed = facts.with(type, []) }))
        }
        if let fields = rule.fields {
            for field in fields.mandatory.intersection(facts.fields) {
                let rest = facts.fields.subtracting([field])
                sides.append(("no \(field)", question.changed { $0.sealed = facts.with(nil, rest) }))
            }
            for field in EventCatalogue.current.fields(of: facts.eventType, under: question.label)
            where !fields.allowed.contains(field) {
                let more = facts.fields.union([field])
                sides.append(("\(field)", question.changed { $0.sealed = facts.with(nil, more) }))
            }
        }
        if rule.caseKinds != nil || rule.categories != nil {
            let unknown = SealedFacts(
                eventType: facts.eventType, fields: facts.fields, consent: facts.consent,
                safeContact: facts.safeContact, requested: true)
            sides.append(("a case of no kind", question.changed { $0.sealed = unknown }))
        }
        if rule.confidence == .consent {
            sides.append(("no consent", question.with(consent: .notRequired)))
        }
        return sides
    }
}

extension SealedFacts {
    /// The same of another entry or of other fields.
    func with(_ type: EventTypeCode?, _ fields: Set<FieldCode>, consent: ConsentState?? = nil) -> SealedFacts {
        SealedFacts(
            eventType: type ?? eventType, fields: fields, consent: consent ?? self.consent, safeContact: safeContact,
            requested: requested, category: category, caseKind: caseKind, subjectSide: subjectSide, carried: carried)
    }
}

extension ShareQuestion {
    func with(consent: ConsentState?) -> ShareQuestion {
        changed { $0.sealed = sealed.map { $0.with(nil, $0.fields, consent: .some(consent)) } }
    }
}

extension ProtocolParty {
    fileprivate func mayRely(on basis: BasisCode, for purpose: PurposeCode) -> Bool {
        switch basis.text {
        case "recognised-interests", "legitimate-interests": !isPublicBody
        case "law-enforcement": isCompetentAuthority(for: purpose)
        default: true
        }
    }
}

extension SharingProtocol {
    /// A day on which everything that the file relies on is in force and the review is not overdue.
    fileprivate var firstDay: Timestamp {
        let last = gateways.compactMap(\.from?.daysSinceEpoch).max() ?? 0
        let basis: Int64 = CivilDate("2026-05-28")?.daysSinceEpoch ?? 0
        return Timestamp(wholeSeconds: UInt64(max(last, basis)) * 86_400)
    }

    /// A state of consent with which the clause lets go what it names.
    fileprivate func consent(for rule: SharingClause) -> ConsentState? {
        let about = consents.filter { $0.channels.contains(rule.channel) && !$0.labels.isDisjoint(with: rule.labels) }
        let order: [ConsentState] = [.given, .notRequired, .wouldPrejudice, .notApplicable]
        return order.first { state in
            about.allSatisfy { clause in
                switch clause.test {
                case .accept(let states): states.contains(state)
                case .refuse(let states): !states.contains(state)
                }
            }
        } ?? .given
    }
}
