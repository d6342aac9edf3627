import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// What rests on something that is over: on a person's consent, or on an agreement. It is offered, and a person decides
/// (decision 0023).
extension NodeCore {
    /// What is offered when consent is withdrawn: a person looks, and decides.
    func offers(in reference: CaseReference) throws -> [String]? {
        let plans = try restingOnConsent(in: reference, by: nil)
        guard !plans.isEmpty else { return nil }
        let agencies = Set(plans.flatMap(\.chosen.keys)).sorted().map(\.text).joined(separator: ", ")
        return [
            "Of this case \(agencies) have something that would not have gone without consent. Look at it, and decide: "
                + "tallystick withdraw make --case \(reference) --reason consent-withdrawn --preview"
        ]
    }

    /// What is offered when an agreement ends that says that what was received goes.
    func offers(under code: ProtocolCode) throws -> [String]? {
        let rules = roster.protocols.values.filter { $0.publication.code == code }.map(\.terms.withdrawal.received)
        guard !rules.contains(.keep), try !givenUnder(code, by: nil).isEmpty else { return nil }
        return [
            "The agreement says that what was received goes. Look at it, and decide: "
                + "tallystick withdraw make --agreement \(code) --reason agreement-ended --preview"
        ]
    }

    /// What of a case was given and would not go without the person's consent: under the basis consent, or under a clause of
    /// its agreement that asks for it.
    func restingOnConsent(in reference: CaseReference, by officer: String?) throws -> [TakeBackPlan] {
        let facts = CaseFacts(try state(of: reference), of: agency, at: time.now())
        return try plans(in: reference, by: officer) { label, placed, type, recipient in
            try restsOnConsent(label, of: placed, type: type, at: recipient, facts: facts)
        }
    }

    /// What was given under an agreement to whom it is over with now.
    ///
    /// - Throws: where the agreement says that what was received is kept: then an entry is named, or none.
    func givenUnder(_ code: ProtocolCode, by officer: String?) throws -> [TakeBackPlan] {
        let known = roster.protocols.values.filter { $0.publication.code == code }
        guard let newest = known.max(by: { $0.publication.version < $1.publication.version }) else {
            throw NodeProblem.unknownProtocol(code.text, of: [])
        }
        guard newest.terms.withdrawal.received != .keep else {
            throw NodeProblem.agreementKeeps(code, newest.terms.withdrawal.ofParty)
        }
        let bundles = known.map(\.publication.bundle)
        return try book.entries.keys.sorted().flatMap { reference in
            try plans(in: reference, by: officer) { _, placed, _, recipient in
                let isOver = bundles.allSatisfy { !over($0, with: [recipient], since: follower.size).isEmpty }
                return try isOver
                    && codes(of: placed, to: recipient).contains { codes, _, _ in
                        codes.bundle.map(bundles.contains) ?? false
                    }
            }
        }
    }

    /// One plan for each own entry of a case of which somebody has something that fulfils a condition.
    private func plans(
        in reference: CaseReference, by officer: String?,
        where isMeant: (Label, SequencedStatement, EventTypeCode, AgencyCode) throws -> Bool
    ) throws -> [TakeBackPlan] {
        var events: [SaidAgain] = []
        for address in book.entries[reference] ?? [] where isOwnLog(address.origin) {
            guard let placed = try ownEntry(at: address) else { continue }
            events.append(SaidAgain(event: placed.statement.eventID, labels: nil))
        }
        if reference.agency == agency {
            let reports = try state(of: reference).opening?.value.reports ?? []
            events += reports.map { SaidAgain(event: $0, labels: nil) }
        }
        return try placed(events).compactMap { entry in
            let given = try given(of: [entry], recallsOnly: false)
            let type = try views.entry(entry.event)?.type.flatMap { EventTypeCode($0) } ?? "record"
            var chosen: [AgencyCode: [Label]] = [:]
            for (recipient, parts) in given {
                let labels = try Set(parts.values).filter { try isMeant($0, entry.placed, type, recipient) }
                if !labels.isEmpty { chosen[recipient] = labels.sorted() }
            }
            return chosen.isEmpty
                ? nil : TakeBackPlan(entry: entry.event, given: given, chosen: chosen, officer: officer)
        }
    }

    /// Under which codes an own entry went to an agency: with its circle, and by shares since.
    private func codes(
        of placed: SequencedStatement, to recipient: AgencyCode
    ) throws -> [(codes: DecisionCodes, expires: Timestamp?, isDirect: Bool)] {
        var found: [(codes: DecisionCodes, expires: Timestamp?, isDirect: Bool)] = []
        if let codes = placed.statement.payload.decision { found.append((codes, nil, false)) }
        for place in try views.shares(of: placed.place) {
            guard let share = try statement(at: LeafIndex(place.leaf), of: place.origin),
                case .share(let control) = share.payload.control, control.recipient == recipient,
                let codes = share.payload.decision
            else { continue }
            found.append((codes, control.expires ?? share.issuedAt, true))
        }
        return found
    }

    private func restsOnConsent(
        _ label: Label, of placed: SequencedStatement, type: EventTypeCode, at recipient: AgencyCode, facts: CaseFacts
    ) throws -> Bool {
        let fields = Set(try views.openedFields(placed.statement.eventID)?[label, default: [:]].keys.map(\.self) ?? [])
        return try codes(of: placed, to: recipient).contains { codes, expires, isDirect in
            if codes.basis == .consent { return true }
            guard let terms = codes.bundle.flatMap({ roster.terms(of: $0) }) else { return false }
            func question(_ consent: ConsentState) -> ShareQuestion {
                ShareQuestion(
                    sender: agency, recipient: recipient, label: label,
                    sealed: facts.sealed(type, fields, requested: true, consent: consent), purpose: codes.purpose,
                    gateway: codes.gateway, basis: codes.basis, condition: codes.condition,
                    circle: [agency, recipient], isDirectShare: isDirect, expires: expires,
                    at: placed.statement.issuedAt)
            }
            return ShareDecisions.decideShare(question(.withdrawn), under: terms).refusals.contains {
                [.consentNotMet, .classNeedsConsent].contains($0.code)
            }
        }
    }

    /// What the agreements that things were given under say follows, one sentence each.
    func effects(of planned: PlannedWithdrawal) throws -> [String] {
        var found: [String] = []
        for placed in try placed(planned.plans.map { SaidAgain(event: $0.entry, labels: nil) }).map(\.placed) {
            let bundles =
                [placed.statement.payload.decision?.bundle]
                + (try views.shares(of: placed.place).map { place in
                    try statement(at: LeafIndex(place.leaf), of: place.origin)?.payload.decision?.bundle
                })
            for bundle in bundles.compactMap(\.self) {
                guard let terms = roster.terms(of: bundle) else { continue }
                let rule = terms.withdrawal
                let words =
                    planned.reason == .agreementEnded ? "\(rule.ofParty) \(rule.received.inWords)" : rule.ofConsent
                let sentence = "The agreement \(terms.code) says: \(words)"
                if !found.contains(sentence) { found.append(sentence) }
            }
        }
        return found
    }
}

extension NodeCore.TakeBackPlan {
    /// The same for some labels and agencies alone, where any are named; nil where nothing is left.
    func narrowed(to labels: [Label], from agencies: [AgencyCode]) -> Self? {
        let left = chosen.compactMapValues { kinds -> [Label]? in
            let left = kinds.filter { labels.isEmpty || labels.contains($0) }
            return left.isEmpty ? nil : left
        }.filter { agencies.isEmpty || agencies.contains($0.key) }
        return left.isEmpty ? nil : Self(entry: entry, given: given, chosen: left, officer: officer)
    }
}
