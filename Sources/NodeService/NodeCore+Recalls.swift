import Casework
import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Taking back what was given in error (PRACTICE P14, decision 0021): what the author does.
extension NodeCore {
    /// Takes an entry back from agencies that were given something of it, and with it whatever says it again.
    func recall(_ form: RecallForm) async throws -> RecallMadeAnswer {
        try await turns.alone(on: "recall") { try await recallAlone(form) }
    }

    private func recallAlone(_ form: RecallForm) async throws -> RecallMadeAnswer {
        let id = try ownRecorded(form.entry)
        guard let reason = RecallReason(rawValue: form.reason) else {
            throw NodeProblem.bad("--reason", RecallReason.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let now = time.now()
        guard let awareAt = form.awareAt == nil ? now : form.awareAt.flatMap({ Timestamp($0) }) else {
            throw NodeProblem.bad("--aware-at", "a date and time such as 2026-03-02T21:40:00Z")
        }
        let given = try given(of: placedFamily(of: id), recallsOnly: true)
        let (labels, agencies) = (try labels(form.labels), try agencies(form.agencies))
        let chosen: [AgencyCode: [Label]]
        do throws(DisclosureRefusal) {
            chosen = try decideRecall(
                of: given.mapValues { Set($0.values) }, labels: labels, from: agencies, words: form.words,
                awareAt: awareAt, at: now)
        } catch { throw NodeProblem.refused(error) }
        let plan = TakeBackPlan(entry: id, given: given, chosen: chosen, officer: form.officer)
        let aware = Timestamp(wholeSeconds: awareAt.wholeSeconds)
        let (events, last) = try await record(plan, reason: reason, words: form.words, awareAt: aware)
        // Whoever watches this log tells the data protection officer that there is one; the status says how long they have.
        logger.warning("Something given in error was recalled", metadata: ["error.code": "recalled"])
        var answer = RecallMadeAnswer(
            recalls: events.text { $0.hex }, labels: chosen.text { $0.map(\.text) },
            reportDue: aware.adding(seconds: RecallState.reportHours * 3_600).description)
        answer.standing = last.map { EntryStanding(entry: $0.hex) }
        return answer
    }

    private func record(
        _ plan: TakeBackPlan, reason: RecallReason, words: String?, awareAt: Timestamp, follows: EventID? = nil
    ) async throws -> (events: [AgencyCode: EventID], last: EventID?) {
        guard let code = ReasonCode(reason.rawValue) else { return ([:], nil) }
        return try await record(plan, reason: code, control: ControlBody.recall) { act, agency, labels in
            .recallMade(
                RecallMade(
                    act: act, entry: plan.entry, labels: labels, from: agency, reason: reason, words: words,
                    awareAt: awareAt, follows: follows))
        }
    }

    /// Takes back what this agency made from something that was recalled from it and gave to others, so that each holder is
    /// told by whom it was given it. Done again, it finds nothing left.
    func passOn(_ found: FoundRecall) async throws {
        let entries = found.view.entries.compactMap { EventID(hex: $0) }
        guard let plan = try passingOn(of: entries, by: found.state.author, recallsOnly: true) else { return }
        let reason = RecallReason(rawValue: found.view.reason) ?? .notPermitted
        _ = try await record(
            plan, reason: reason, words: nil, awareAt: Timestamp(wholeSeconds: time.now().wholeSeconds),
            follows: found.state.id)
        logger.warning("A recall was passed on", metadata: ["error.code": "recalled"])
    }

    /// Records whether the regulator is told of what was given in error.
    func decideBreach(_ form: RecallDecisionForm) async throws -> Recorded {
        try await turns.alone(on: "recall") { try await decideBreachAlone(form) }
    }

    private func decideBreachAlone(_ form: RecallDecisionForm) async throws -> Recorded {
        let found = try found(form.recall)
        guard let decision = BreachDecision(rawValue: form.decision) else {
            throw NodeProblem.bad("decision", BreachDecision.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let decided = RecallDecided(
            act: found.state.made?.act ?? found.state.id, decision: decision, words: form.words)
        let events: [DisclosureEvent]
        do throws(DisclosureRefusal) { events = try decide(decided, given: found.state, as: agency) } catch {
            throw NodeProblem.refused(error)
        }
        return try await recordAtHome(events, by: form.officer, derivedFrom: [found.state.id])
    }

    func found(_ text: String) throws -> FoundRecall {
        guard let id = try eventID(text), let found = try views.recalls(only: id, limit: 1).first else {
            throw NodeProblem.unknownRecall
        }
        return found
    }
}

extension Dictionary where Key == AgencyCode {
    /// The same for an answer, by the agencies' codes as text.
    func text<Text>(_ change: (Value) -> Text) -> [String: Text] {
        Dictionary<String, Text>(uniqueKeysWithValues: map { ($0.key.text, change($0.value)) })
    }
}
