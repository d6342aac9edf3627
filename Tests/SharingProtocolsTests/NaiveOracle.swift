import SharingProtocols
import TallystickPrimitives

/// docs/protocols.md read a second time, sentence by sentence, without the product's function.
///
/// The numbers are those of its section "How a question is decided".
struct NaiveOracle {
    let terms: SharingProtocol

    init(_ terms: SharingProtocol) { self.terms = terms }

    func permits(_ ask: ShareQuestion) -> Bool {
        if ask.sender == ask.recipient { return true }
        if ask.isEmergency || ask.gateway.text == "emergency" {
            return ask.isEmergency && ask.gateway.text == "emergency"
                && ask.purpose.text == "protect-life" && ask.label.text != "pointer"
        }
        if ask.gateway.text == "data-protection" {
            let types: Set<String> = [
                "recall-answered", "withdrawal-answered", "entry-corrected", "reading-reported", "subject-access-consulted",
                "subject-access-advised",
            ]
            if ask.sealed?.eventType == "reading-reported", ask.sealed?.fields.contains("actor") == true {
                return false
            }
            return ask.purpose.text == "data-protection" && !ask.isDirectShare
                && ask.circle == [ask.sender, ask.recipient]
                && ["record", "recall", "withdrawal", "correction", "reading", "subject-access"].contains(ask.label.text)
                && (ask.sealed.map { facts in
                    types.contains(facts.eventType.text)
                        && facts.fields.allSatisfy {
                            EventCatalogue.current.entry($0, in: facts.eventType)?.label == ask.label
                        }
                } ?? true)
        }
        let from = terms.parties.first { $0.agency == ask.sender }
        let to = terms.parties.first { $0.agency == ask.recipient }
        guard let from, isOpen(ask), mayShare(ask, from, to), powersFit(ask, from, to) else { return false }
        if isBlocked(ask, from, to) { return false }
        if ask.label.text == "pointer" { return permitsPointer(ask) }
        guard let to else { return false }
        let channel: SharingChannel = ask.isDirectShare ? .direct : .feed
        for never in terms.nevers where stands(never, against: ask, from, to, channel) { return false }
        return hasClause(ask, from, to) && onRecordFits(ask, from, to, channel)
    }

    // 1: the review, the parties and the agencies on the case.
    private func isOpen(_ ask: ShareQuestion) -> Bool {
        if terms.review.afterwards == .warn { return true }
        return ask.at.milliseconds < (terms.review.by.daysSinceEpoch + 1) * 86_400_000
    }

    private func mayShare(_ ask: ShareQuestion, _ from: ProtocolParty, _ to: ProtocolParty?) -> Bool {
        if from.controller == .processor || to?.controller == .processor { return false }
        if ask.label.text != "pointer", to == nil { return false }
        if ask.isDirectShare { return true }
        guard ask.circle.contains(ask.sender) else { return false }
        return ask.label.text == "pointer" || ask.circle.contains(ask.recipient)
    }

    // 2: purpose, gateway, basis and condition.
    private func powersFit(_ ask: ShareQuestion, _ from: ProtocolParty, _ to: ProtocolParty?) -> Bool {
        guard terms.purposes.map(\.code).contains(ask.purpose) else { return false }
        guard let gateway = terms.gateways.first(where: { $0.code == ask.gateway })
        else { return false }
        let midnight: (CivilDate) -> Int64 = { $0.daysSinceEpoch * 86_400_000 }
        if let first = gateway.from, ask.at.milliseconds < midnight(first) { return false }
        if let last = gateway.until, ask.at.milliseconds >= midnight(last) + 86_400_000 { return false }
        guard gateway.purposes.contains(ask.purpose), gateway.bases.contains(ask.basis)
        else { return false }
        if let to, !gateway.recipients.contains(to.role) { return false }
        if let kinds = gateway.caseKinds, let facts = ask.sealed {
            guard let kind = facts.caseKind, kinds.contains(kind) else { return false }
        }
        if let condition = ask.condition {
            guard terms.conditions.contains(condition) else { return false }
            let isOfSchedule8 = condition.text.hasPrefix("dpa-sch8-")
            guard isOfSchedule8 == (ask.basis.text == "law-enforcement") else { return false }
        }
        switch ask.basis.text {
        case "recognised-interests":
            let since = CivilDate("2026-02-05").map(midnight) ?? 0
            return !from.isPublicBody && ask.at.milliseconds >= since
        case "legitimate-interests": return !from.isPublicBody
        case "law-enforcement":
            switch from.regime {
            case .part3: return true
            case .lawEnforcement: return from.lawEnforcementPurposes.contains(ask.purpose)
            case .ukGDPR: return false
            }
        case "consent", "legal-obligation", "vital-interests", "public-task": return true
        default: return false
        }
    }

    private func permitsPointer(_ ask: ShareQuestion) -> Bool {
        guard let pointer = terms.pointer, ask.recipient == pointer.broker else { return false }
        guard !ask.isDirectShare, pointer.gateways.contains(ask.gateway),
            ask.circle.contains(ask.sender)
        else { return false }
        guard let facts = ask.sealed else { return true }
        let known = EventCatalogue.current.fields(of: facts.eventType, under: "pointer")
        guard EventCatalogue.current.eventTypes.contains(facts.eventType) else { return false }
        guard facts.fields.isSubset(of: known), facts.fields.isSubset(of: pointer.fields)
        else { return false }
        guard let category = facts.category else { return false }
        if let kind = facts.caseKind, pointer.excludedCaseKinds.contains(kind) { return false }
        return !pointer.excludedCategories.contains(category)
    }

    // 3: the statutory limits, written out instead of read from the table.
    private func isBlocked(_ ask: ShareQuestion, _ from: ProtocolParty, _ to: ProtocolParty?) -> Bool {
        let label = ask.label.text
        let isDepersonalised = label == "record" || label == "pointer" || label == "statistics"
        let isCare =
            from.role.text == "health" || from.role.text == "social-care"
            || !from.functions.isEmpty
        switch ask.gateway.text {
        case "pcsc-2022-s16":
            if label == "health" || fields(of: ask, areOf: ["HLT"]) { return true }
            if isCare, label != "pointer", label != "statistics" { return true }
        case "cda-1998-s17a":
            if !isDepersonalised || fields(of: ask, areOf: NaiveOracle.personal) { return true }
            if ask.sealed?.fields.contains("summary") == true { return true }
        case "la-2003-s185":
            if !isDepersonalised || fields(of: ask, areOf: NaiveOracle.personal) { return true }
        case "cja-2003-s325", "ctsa-2015-s38":
            if label != "record", label != "pointer" { return true }
            let telling: Set<FieldCode> = ["summary", "place", "latitude", "longitude"]
            if ask.sealed?.fields.isDisjoint(with: telling) == false { return true }
        default: break
        }
        return isOnSubjectsSide(ask, to) && (label == "contact" || label == "safe-contact")
    }

    private static let personal: Set<String> = [
        "ID", "CON", "REL", "RSK", "CRIM", "HLT", "SOC", "CHD", "EQ", "HOU", "FIN", "EDU", "VOI", "INTEL",
    ]

    private func fields(of ask: ShareQuestion, areOf classes: Set<String>) -> Bool {
        guard let facts = ask.sealed else { return false }
        return (EventCatalogue.current.fields(of: facts.eventType) ?? []).contains {
            facts.fields.contains($0.field) && classes.contains($0.dataClass.rawValue)
        }
    }

    private func isOnSubjectsSide(_ ask: ShareQuestion, _ to: ProtocolParty?) -> Bool {
        to?.side == .subject || ask.sealed?.subjectSide.contains(ask.recipient) == true
    }

    // 4: what the protocol itself forbids.
    private func stands(
        _ never: NeverClause, against ask: ShareQuestion, _ from: ProtocolParty, _ to: ProtocolParty,
        _ channel: SharingChannel
    ) -> Bool {
        if !never.channels.contains(channel) || !never.labels.contains(ask.label) { return false }
        if !never.recipients.contains(to.role) { return false }
        if let senders = never.senders, !senders.contains(from.role) { return false }
        if let types = never.eventTypes {
            guard let type = ask.sealed?.eventType, types.contains(type) else { return false }
        }
        if let fields = never.fields {
            guard let inside = ask.sealed?.fields, !inside.isDisjoint(with: fields) else { return false }
        }
        return true
    }

    // 5 and 6: one clause must cover all of it, inside and out.
    private func hasClause(_ ask: ShareQuestion, _ from: ProtocolParty, _ to: ProtocolParty) -> Bool {
        for rule in terms.rules {
            if (rule.channel == .direct) != ask.isDirectShare { continue }
            if !rule.labels.contains(ask.label) { continue }
            if !rule.senders.contains(from.role) || !rule.recipients.contains(to.role) { continue }
            if !rule.purposes.contains(ask.purpose) || !rule.gateways.contains(ask.gateway) {
                continue
            }
            if !rule.conditions.isEmpty {
                guard let condition = ask.condition, rule.conditions.contains(condition)
                else { continue }
            }
            if let days = rule.days {
                guard let expires = ask.expires else { continue }
                let length = expires.milliseconds - ask.at.milliseconds
                if length <= 0 || length > Int64(days) * 86_400_000 { continue }
            }
            if let facts = ask.sealed, !covers(rule, facts, ask.label) { continue }
            return true
        }
        return false
    }

    private func covers(_ rule: SharingClause, _ facts: SealedFacts, _ label: Label) -> Bool {
        if let types = rule.eventTypes, !types.contains(facts.eventType) { return false }
        if let fields = rule.fields {
            for field in facts.fields {
                let mayGo = fields.mandatory.contains(field) || fields.optional.contains(field)
                if !mayGo || fields.never.contains(field) { return false }
            }
            let known = EventCatalogue.current.fields(of: facts.eventType, under: label)
            for field in known where fields.mandatory.contains(field) && !facts.fields.contains(field) {
                return false
            }
        }
        if let kinds = rule.caseKinds {
            guard let kind = facts.caseKind, kinds.contains(kind) else { return false }
        }
        if let categories = rule.categories {
            guard let category = facts.category, categories.contains(category) else { return false }
        }
        switch rule.confidence {
        case .consent: return facts.consent == .given
        case .bestInterest:
            let enough: [ConsentState?] = [.given, .cannotGive, .notReasonable, .wouldPrejudice]
            return enough.contains(facts.consent)
        case .publicInterest, .statute, .none: return true
        }
    }

    // 6 and 7: event, fields and classes; consent, request and what came along.
    private func onRecordFits(
        _ ask: ShareQuestion, _ from: ProtocolParty, _ to: ProtocolParty, _ channel: SharingChannel
    ) -> Bool {
        guard let facts = ask.sealed else { return true }
        guard EventCatalogue.current.eventTypes.contains(facts.eventType),
            terms.eventTypes.contains(facts.eventType)
        else { return false }
        let entries = (EventCatalogue.current.fields(of: facts.eventType) ?? []).filter { $0.label == ask.label }
        guard facts.fields.isSubset(of: entries.map(\.field)) else { return false }
        for entry in entries where facts.fields.contains(entry.field) {
            guard classGoes(entry.dataClass, ask, facts, to) else { return false }
        }
        if ask.isDirectShare, !facts.requested { return false }
        for rule in terms.consents
        where rule.channels.contains(channel) && rule.labels.contains(ask.label)
            && rule.recipients.contains(to.role)
        {
            if let types = rule.eventTypes, !types.contains(facts.eventType) { continue }
            switch rule.test {
            case .accept(let states):
                guard let state = facts.consent, states.contains(state) else { return false }
            case .refuse(let states):
                if let state = facts.consent, states.contains(state) { return false }
            }
            if let needed = rule.safeContact, !needed.contains(facts.safeContact) { return false }
        }
        return facts.carried.allSatisfy { mayGoOn($0, ask, to) }
    }

    private func classGoes(
        _ dataClass: DataClass, _ ask: ShareQuestion, _ facts: SealedFacts, _ to: ProtocolParty
    ) -> Bool {
        let rules = terms.classes.filter { $0.dataClasses.contains(dataClass) }
        guard let rule = rules.first else { return false }
        if let recipients = rule.recipients, !recipients.contains(to.role) { return false }
        switch rule.rule {
        case .allow: return true
        case .never: return false
        case .onRequest: return ask.isDirectShare
        case .withConsent: return facts.consent == .given
        case .withCondition:
            guard let condition = ask.condition else { return false }
            return rule.conditions.contains(condition)
        }
    }

    private func mayGoOn(_ came: CarriedTerms, _ ask: ShareQuestion, _ to: ProtocolParty) -> Bool {
        if came.from == ask.recipient { return true }
        for caveat in came.caveats {
            switch caveat.text {
            case "no-copy", "ask-first": continue
            case "ask-before-sharing": if !came.isAgreed { return false }
            case "same-purpose": if came.purpose != ask.purpose { return false }
            case "no-contact-with-subject", "professionals-only":
                if isOnSubjectsSide(ask, to) { return false }
            default: return false
            }
        }
        return true
    }
}
