import Casework
import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import Partnership
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// No longer giving what was rightly given (DESIGN §5, decision 0023): what the author does.
extension NodeCore {
    /// Withdraws an entry, or everything of a case that rests on consent, and with it whatever says it again.
    func withdraw(_ form: WithdrawForm) async throws -> WithdrawalMadeAnswer {
        try await turns.alone(on: "withdrawal") {
            let planned = try plan(form)
            var answer = WithdrawalMadeAnswer(withdrawals: [:], labels: [:])
            for plan in planned.plans {
                let (events, last) = try await record(plan, reason: planned.reason, words: form.words)
                for (agency, event) in events { answer.withdrawals[agency.text, default: []].append(event.hex) }
                for (agency, labels) in plan.chosen {
                    let known = Set(answer.labels[agency.text] ?? [])
                    answer.labels[agency.text] = known.union(labels.map(\.text)).sorted()
                }
                answer.standing = last.map { EntryStanding(entry: $0.hex) } ?? answer.standing
            }
            logger.notice("Something was withdrawn", metadata: ["error.code": "withdrawn"])
            return answer
        }
    }

    /// What withdrawing would do: from whom, what, and what the agreement says follows; nothing is recorded.
    func preview(_ form: WithdrawForm) throws -> PreviewPage {
        let planned = try plan(form)
        var lines: [String] = []
        for plan in planned.plans {
            let type = try views.entry(plan.entry)?.type ?? "entry"
            lines.append("\(type) \(plan.entry.hex)")
            for agency in plan.chosen.keys.sorted() {
                let labels = (plan.chosen[agency] ?? []).map(\.text).joined(separator: ", ")
                let times = Set(plan.places(from: agency).map(\.index)).count
                let again = times > 1 ? ", which says it \(times) times" : ""
                lines.append("  from \(agency): \(labels)\(again)")
            }
        }
        lines.append("")
        lines.append("Each shows and gives it no more as soon as this reaches it, and tells whoever it had given it to.")
        lines.append("It then destroys it, or answers until when it keeps it and under which law.")
        lines.append("What was done with it before stays lawful.")
        for words in try effects(of: planned) { lines.append(words) }
        lines.append("Nothing has been withdrawn yet.")
        return PreviewPage(text: lines.map { $0 + "\n" }.joined())
    }

    /// What is to be withdrawn, one plan for each entry.
    struct PlannedWithdrawal {
        let plans: [TakeBackPlan]
        let reason: WithdrawalReason
    }

    private func plan(_ form: WithdrawForm) throws -> PlannedWithdrawal {
        guard let reason = WithdrawalReason(rawValue: form.reason) else {
            throw NodeProblem.bad("reason", WithdrawalReason.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let (labels, agencies) = (try labels(form.labels), try agencies(form.agencies))
        switch (form.entry, form.caseReference) {
        case (let entry?, nil):
            let id = try ownRecorded(entry)
            let given = try given(of: placedFamily(of: id), recallsOnly: false)
            let chosen: [AgencyCode: [Label]]
            do throws(DisclosureRefusal) {
                chosen = try decideWithdrawal(
                    of: given.mapValues { Set($0.values) }, labels: labels, from: agencies, words: form.words)
            } catch { throw NodeProblem.refused(error) }
            return PlannedWithdrawal(
                plans: [TakeBackPlan(entry: id, given: given, chosen: chosen, officer: form.officer)], reason: reason)
        case (nil, let text?):
            let reference = try reference(text)
            guard reason == .consentWithdrawn else {
                throw NodeProblem.bad("reason", "consent-withdrawn, for what rests on consent; or name an entry")
            }
            let plans = try restingOnConsent(in: reference, by: form.officer).compactMap { plan in
                let chosen = plan.chosen.compactMapValues { kinds -> [Label]? in
                    let left = kinds.filter { labels.isEmpty || labels.contains($0) }
                    return left.isEmpty ? nil : left
                }.filter { agencies.isEmpty || agencies.contains($0.key) }
                return chosen.isEmpty
                    ? nil
                    : TakeBackPlan(entry: plan.entry, given: plan.given, chosen: chosen, officer: form.officer)
            }
            guard !plans.isEmpty else { throw NodeProblem.nothingRestsOnConsent }
            if let words = form.words { try check(words) }
            return PlannedWithdrawal(plans: plans, reason: reason)
        default: throw NodeProblem.bad("entry", "one entry, or a case of which what rests on consent is withdrawn")
        }
    }

    private func check(_ words: String) throws(ProblemDetails) {
        do { _ = try decideWithdrawal(of: [agency: [.record]], labels: [], from: [], words: words) } catch {
            throw NodeProblem.refused(error)
        }
    }

    private func record(
        _ plan: TakeBackPlan, reason: WithdrawalReason, words: String?, follows: EventID? = nil
    ) async throws -> (events: [AgencyCode: EventID], last: EventID?) {
        guard let code = ReasonCode(reason.rawValue) else { return ([:], nil) }
        return try await record(plan, reason: code, control: ControlBody.withdraw) { act, agency, labels in
            .withdrawalMade(
                WithdrawalMade(
                    act: act, entry: plan.entry, labels: labels, from: agency, reason: reason, words: words,
                    follows: follows))
        }
    }

    /// Withdraws what this agency made from something that was withdrawn from it and gave to others. Done again, it finds
    /// nothing left.
    func passOn(_ found: FoundWithdrawal) async throws {
        guard let plan = try passingOn(of: found.entries, by: found.state.author, recallsOnly: false) else { return }
        let reason = WithdrawalReason(rawValue: found.view.reason) ?? .notNeeded
        _ = try await record(plan, reason: reason, words: nil, follows: found.state.id)
        logger.notice("A withdrawal was passed on", metadata: ["error.code": "withdrawn"])
    }

    // MARK: What rests on consent

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

    /// What of a case was given and would not go without the person's consent: under the basis consent, or under a clause of
    /// its agreement that asks for it.
    func restingOnConsent(in reference: CaseReference, by officer: String?) throws -> [TakeBackPlan] {
        let state = try state(of: reference)
        let facts = CaseFacts(state, of: agency, at: time.now())
        var events: [EventID] = []
        for address in book.entries[reference] ?? [] where address.origin == origin {
            guard let placed = try store.readLog(from: address.index, limit: 1).first,
                try store.admission(of: address.index)?.isAccepted != false
            else { continue }
            events.append(placed.statement.eventID)
        }
        if reference.agency == agency { events += state.opening?.value.reports ?? [] }
        var plans: [TakeBackPlan] = []
        for entry in try placed(events.map { SaidAgain(event: $0, labels: nil) }) {
            let placed = entry.placed
            let given = try given(of: [entry], recallsOnly: false)
            let type = try views.entry(placed.statement.eventID)?.type.flatMap { EventTypeCode($0) }
            let chosen = try given.compactMapValues { $0 }.reduce(into: [AgencyCode: [Label]]()) { chosen, next in
                let labels = try Set(next.value.values).filter { label in
                    try restsOnConsent(label, of: placed, type: type ?? "record", at: next.key, facts: facts)
                }
                if !labels.isEmpty { chosen[next.key] = labels.sorted() }
            }
            guard !chosen.isEmpty else { continue }
            plans.append(
                TakeBackPlan(entry: placed.statement.eventID, given: given, chosen: chosen, officer: officer))
        }
        return plans
    }

    private func restsOnConsent(
        _ label: Label, of placed: SequencedStatement, type: EventTypeCode, at recipient: AgencyCode, facts: CaseFacts
    ) throws -> Bool {
        var givenUnder: [(codes: DecisionCodes, expires: Timestamp?, isDirect: Bool)] = []
        if let codes = placed.statement.payload.decision { givenUnder.append((codes, nil, false)) }
        for leaf in try views.shares(ofLeaf: placed.index.value) {
            guard let share = try store.readLog(from: LeafIndex(leaf), limit: 1).first?.statement,
                case .share(let control) = share.payload.control, control.recipient == recipient,
                let codes = share.payload.decision
            else { continue }
            givenUnder.append((codes, control.expires ?? share.issuedAt, true))
        }
        let fields = Set(try views.openedFields(placed.statement.eventID)?[label, default: [:]].keys.map(\.self) ?? [])
        return givenUnder.contains { codes, expires, isDirect in
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
    private func effects(of planned: PlannedWithdrawal) throws -> [String] {
        var found: [String] = []
        for placed in try placed(planned.plans.map { SaidAgain(event: $0.entry, labels: nil) }).map(\.placed) {
            let bundles =
                [placed.statement.payload.decision?.bundle]
                + (try views.shares(ofLeaf: placed.index.value).map { leaf in
                    try store.readLog(from: LeafIndex(leaf), limit: 1).first?.statement.payload.decision?.bundle
                })
            for bundle in bundles.compactMap(\.self) {
                guard let terms = roster.terms(of: bundle) else { continue }
                let words =
                    planned.reason == .agreementEnded ? terms.withdrawal.ofParty : terms.withdrawal.ofConsent
                let sentence = "The agreement \(terms.code) says: \(words)"
                if !found.contains(sentence) { found.append(sentence) }
            }
        }
        return found
    }
}
