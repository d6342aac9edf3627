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
                let times = Set(plan.places(from: agency).map(CaseBook.Address.init)).count
                let again = times > 1 ? ", which says it \(times) times" : ""
                lines.append("  from \(agency): \(labels)\(again)")
            }
        }
        lines.append("")
        lines.append(
            "Each shows and gives it no more as soon as this reaches it, and tells whoever it had given it to.")
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
            throw NodeProblem.bad("--reason", WithdrawalReason.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let (labels, agencies) = (try labels(form.labels), try agencies(form.agencies))
        if let words = form.words { try check(words) }
        let found: [TakeBackPlan]
        switch (form.entry, form.caseReference, form.protocolCode) {
        case (let entry?, nil, nil):
            let plan = try plan(of: ownRecorded(entry), form, labels: labels, agencies: agencies)
            return PlannedWithdrawal(plans: [plan], reason: reason)
        case (nil, let text?, nil):
            guard reason == .consentWithdrawn else {
                throw NodeProblem.bad("--reason", "consent-withdrawn, for what rests on consent; or name an entry")
            }
            found = try restingOnConsent(in: try reference(text), by: form.officer)
        case (nil, nil, let text?):
            guard reason == .agreementEnded else {
                throw NodeProblem.bad("--reason", "agreement-ended, for what was given under an agreement")
            }
            found = try givenUnder(try NodeCore.protocolCode(text), by: form.officer)
        default: throw NodeProblem.bad("--entry", "one entry; or else one of --case and --protocol")
        }
        let plans = found.compactMap { $0.narrowed(to: labels, from: agencies) }
        guard !plans.isEmpty else {
            throw form.caseReference == nil ? NodeProblem.nothingUnderAgreement : NodeProblem.nothingRestsOnConsent
        }
        return PlannedWithdrawal(plans: plans, reason: reason)
    }

    private func plan(
        of entry: EventID, _ form: WithdrawForm, labels: [Label], agencies: [AgencyCode]
    ) throws -> TakeBackPlan {
        let given = try given(of: placedFamily(of: entry), recallsOnly: false)
        do throws(DisclosureRefusal) {
            let chosen = try decideWithdrawal(
                of: given.mapValues { Set($0.values) }, labels: labels, from: agencies, words: form.words)
            return TakeBackPlan(entry: entry, given: given, chosen: chosen, officer: form.officer)
        } catch { throw NodeProblem.refused(error) }
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
}
