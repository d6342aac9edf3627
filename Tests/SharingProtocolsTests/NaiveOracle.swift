import SharingProtocols
import TallystickPrimitives

/// The same agreement read a second time, sentence by sentence, without the product's function.
struct NaiveOracle {
    let terms: SharingProtocol

    init(_ terms: SharingProtocol) { self.terms = terms }

    func permits(_ ask: ShareQuestion) -> Bool {
        if ask.sender == ask.recipient { return true }
        if ask.isEmergency || ask.gateway.text == "emergency" {
            return ask.isEmergency && ask.gateway.text == "emergency"
                && ask.purpose.text == "protect-life" && ask.label.text != "pointer"
        }
        if terms.review.afterwards == .stop {
            let end = (terms.review.by.daysSinceEpoch + 1) * 86_400_000
            if ask.at.milliseconds >= end { return false }
        }
        guard let from = terms.parties.first(where: { $0.agency == ask.sender }) else {
            return false
        }
        guard powersFit(ask, from) else { return false }
        if ask.label.text == "pointer" { return permitsPointer(ask) }
        guard let to = terms.parties.first(where: { $0.agency == ask.recipient })
        else { return false }
        let gateway = terms.gateways.first { $0.code == ask.gateway }
        guard gateway?.recipients.contains(to.role) == true else { return false }
        if !ask.isDirectShare {
            guard ask.circle.contains(ask.sender), ask.circle.contains(ask.recipient)
            else { return false }
        }
        if isBlocked(ask, from: from, to: to) { return false }
        let channel: SharingChannel = ask.isDirectShare ? .direct : .feed
        for never in terms.nevers
        where never.channels.contains(channel) && never.labels.contains(ask.label)
            && never.recipients.contains(to.role)
        {
            return false
        }
        return hasClause(ask, from: from, to: to) && sealedFits(ask, to: to, channel)
    }

    private func powersFit(_ ask: ShareQuestion, _ from: ProtocolParty) -> Bool {
        guard terms.purposes.map(\.code).contains(ask.purpose) else { return false }
        guard let gateway = terms.gateways.first(where: { $0.code == ask.gateway })
        else { return false }
        guard gateway.purposes.contains(ask.purpose), gateway.bases.contains(ask.basis)
        else { return false }
        if let condition = ask.condition, !terms.conditions.contains(condition) { return false }
        switch ask.basis.text {
        case "recognised-interests", "legitimate-interests": return !from.isPublicBody
        case "law-enforcement": return from.regime == .part3
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

    /// The statutory limits, written out instead of read from the table.
    private func isBlocked(
        _ ask: ShareQuestion, from: ProtocolParty, to: ProtocolParty
    ) -> Bool {
        let isCare =
            from.role.text == "health" || from.role.text == "social-care"
            || !from.functions.isEmpty
        if ask.gateway.text == "pcsc-2022-s16", isCare || ask.label.text == "health" { return true }
        if ask.gateway.text == "cda-1998-s17a" {
            if ask.label.text != "record" { return true }
            for field in ask.sealed?.fields ?? [] {
                if field.text == "summary" || field.text.hasSuffix("-because") { return true }
                let type = ask.sealed?.eventType ?? "none"
                let entry = EventCatalogue.current.entry(field, in: type)
                let harmless: Set<String> = ["LOC", "INC", "ACT", "LEG", "AGG"]
                if let entry, !harmless.contains(entry.dataClass.rawValue) { return true }
            }
        }
        let onSubjectSide =
            to.side == .subject || ask.sealed?.subjectSide.contains(ask.recipient) == true
        return onSubjectSide && ["contact", "safe-contact"].contains(ask.label.text)
    }

    private func hasClause(
        _ ask: ShareQuestion, from: ProtocolParty, to: ProtocolParty
    ) -> Bool {
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
            return true
        }
        return false
    }

    private func sealedFits(
        _ ask: ShareQuestion, to: ProtocolParty, _ channel: SharingChannel
    ) -> Bool {
        guard let facts = ask.sealed else { return true }
        guard EventCatalogue.current.eventTypes.contains(facts.eventType) else { return false }
        let known = EventCatalogue.current.fields(of: facts.eventType, under: ask.label)
        guard facts.fields.isSubset(of: known) else { return false }
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
        return true
    }
}
