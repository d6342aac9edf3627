import TallystickPrimitives

/// What one party may send another, and on what terms, read off the decision itself.
struct ProtocolReach {
    /// One thing that one party may send another.
    struct Way: Hashable {
        let sender: AgencyCode
        let recipient: AgencyCode
        let channel: SharingChannel
        let label: Label
        let purpose: PurposeCode
    }

    /// On what terms.
    struct Terms: Hashable {
        var fields: Set<FieldCode> = []
        var gateways: Set<GatewayCode> = []
        var conditions: Set<ConditionCode> = []
        var caveats: Set<CaveatCode> = []
        var days = 0

        /// The terms in words.
        var inWords: String {
            func list<Tag>(_ codes: Set<Code<Tag>>) -> String { codes.sorted().map(\.text).joined(separator: ", ") }
            let parts = [
                "under \(list(gateways))", conditions.isEmpty ? nil : "with \(list(conditions))",
                caveats.isEmpty ? nil : "restricted by \(list(caveats))", days == 0 ? nil : "for \(days) days at most",
            ]
            return parts.compactMap(\.self).joined(separator: "; ")
        }
    }

    private(set) var ways: [Way: Terms] = [:]

    init(_ terms: SharingProtocol) {
        let all = Set(terms.parties.map(\.agency))
        for rule in terms.rules {
            for sender in terms.parties where rule.senders.contains(sender.role) {
                for recipient in terms.parties
                where rule.recipients.contains(recipient.role) && sender.agency != recipient.agency {
                    add(rule, from: sender, to: recipient, among: all, in: terms)
                }
            }
        }
    }

    private mutating func add(
        _ rule: SharingClause, from sender: ProtocolParty, to recipient: ProtocolParty, among all: Set<AgencyCode>,
        in terms: SharingProtocol
    ) {
        for gateway in terms.gateways where rule.gateways.contains(gateway.code) {
            for purpose in rule.purposes.intersection(gateway.purposes) {
                for label in rule.labels {
                    let way = Way(
                        sender: sender.agency, recipient: recipient.agency, channel: rule.channel, label: label,
                        purpose: purpose)
                    let fields = terms.fields(of: rule, under: label, from: sender, to: recipient)
                    guard !fields.isEmpty, isOpen(way, rule, gateway, all, terms) else { continue }
                    ways[way, default: Terms()].fields.formUnion(fields)
                    ways[way, default: Terms()].gateways.insert(gateway.code)
                    ways[way, default: Terms()].conditions.formUnion(rule.conditions)
                    ways[way, default: Terms()].caveats.formUnion(rule.caveats)
                    ways[way, default: Terms()].days = max(ways[way]?.days ?? 0, rule.days ?? 0)
                }
            }
        }
    }

    /// Whether any basis and condition open the way, on the last day before the review is due.
    private func isOpen(
        _ way: Way, _ rule: SharingClause, _ gateway: ProtocolGateway, _ all: Set<AgencyCode>, _ terms: SharingProtocol
    ) -> Bool {
        let at = Timestamp(wholeSeconds: UInt64(max(0, terms.review.by.daysSinceEpoch)) * 86_400)
        let expires = rule.days.map { at.adding(seconds: Int64($0) * 86_400) }
        let conditions: [ConditionCode?] = [nil] + terms.conditions.sorted()
        return gateway.bases.contains { basis in
            conditions.contains { condition in
                let question = ShareQuestion(
                    sender: way.sender, recipient: way.recipient, label: way.label, sealed: nil, purpose: way.purpose,
                    gateway: gateway.code, basis: basis, condition: condition, circle: all,
                    isDirectShare: way.channel == .direct, expires: expires, at: at)
                return ShareDecisions.decideShare(question, under: terms).isPermitted
            }
        }
    }
}

extension SharingProtocol {
    /// The fields of a label that a clause can carry from one party to another: those it covers whose class goes there and
    /// that no `never` takes out.
    fileprivate func fields(
        of rule: SharingClause, under label: Label, from sender: ProtocolParty, to recipient: ProtocolParty
    ) -> Set<FieldCode> {
        var found: Set<FieldCode> = []
        for type in rule.eventTypes ?? eventTypes {
            for entry in EventCatalogue.current.fields(of: type) ?? []
            where entry.label == label && rule.fields?.allowed.contains(entry.field) ?? true {
                let classRule = classes.first { $0.dataClasses.contains(entry.dataClass) }
                guard let classRule, classRule.rule != .never, rule.channel == .direct || classRule.rule != .onRequest,
                    classRule.recipients?.contains(recipient.role) ?? true
                else { continue }
                let isForbidden = nevers.contains { never in
                    never.channels.contains(rule.channel) && never.labels.contains(label)
                        && never.recipients.contains(recipient.role) && never.senders?.contains(sender.role) ?? true
                        && never.eventTypes?.contains(type) ?? true && never.fields?.contains(entry.field) ?? true
                }
                if !isForbidden { found.insert(entry.field) }
            }
        }
        return found
    }
}
