import Casework
import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import Sealing
import SharingProtocols
import TallystickPrimitives

/// What the agency does that something was taken back from (PRACTICE P14, decision 0021).
extension NodeCore {
    /// What every answer to a recall goes under.
    static let recallCodes = DecisionCodes(
        bundle: nil, purpose: .dataProtection, gateway: .dataProtection, basis: "legal-obligation", condition: nil)
    /// What the circle of an answer can read.
    static let recallLabels: [Label] = [.record, .recall]

    /// Shows entries without what was taken back, at once, and keeps no views that still show it.
    func hide(_ places: [CaseBook.Address]) throws {
        guard !places.isEmpty else { return }
        sealedViews.remove()
        for place in Set(places) { try showAgain(place) }
        (owesRecallAnswers, owesWithdrawals) = (true, true)
        logger.warning(
            "Something this agency was given was taken back", metadata: ["error.code": "taken-back-to-answer"])
    }

    /// Tells each author how far this agency has got with what it recalled, where the newest answer does not say it.
    ///
    /// One author who cannot be told, having no key that is in force, keeps no other from being told; it is tried again.
    func answerRecalls() async throws {
        guard owesRecallAnswers, certainty.mayAppend else { return }
        owesRecallAnswers = false
        do {
            for found in try views.recalls(limit: Limits.listRowCount) where found.state.holder == agency {
                do {
                    try await turns.alone(on: "recall") {
                        try await passOn(found)
                        _ = try await answer(found.state.id, with: [])
                    }
                } catch is ProblemDetails {
                    owesRecallAnswers = true
                    logger.warning("A recall could not be answered", metadata: ["error.code": "recall-not-answered"])
                }
            }
        } catch {
            owesRecallAnswers = true
            throw error
        }
    }

    /// Records what somebody did with what was taken back, and tells its author.
    func answer(_ form: RecallAnswerForm) async throws -> Recorded {
        try await turns.alone(on: "recall") {
            let found = try found(form.recall)
            guard !form.isForTheRest || form.onBehalfOf == nil else { throw NodeProblem.forWhom }
            guard let use = RecallUse(rawValue: form.use) else {
                throw NodeProblem.bad("use", RecallUse.allCases.map(\.rawValue).joined(separator: ", "))
            }
            let used = RecallUsed(
                recall: found.state.id, use: use, shownTo: form.isForTheRest ? nil : form.onBehalfOf ?? form.officer,
                words: form.words)
            let events: [DisclosureEvent]
            do throws(DisclosureRefusal) { events = try decide(used, given: found.state, as: agency) } catch {
                throw NodeProblem.refused(error)
            }
            let ids = try await answer(found.state.id, with: events, by: form.officer)
            return Recorded(events: ids.map(\.hex))
        }
    }

    /// Records what is said, at home, and the answer that follows from it, for the author.
    @discardableResult
    private func answer(
        _ id: EventID, with said: [DisclosureEvent], by officer: String? = nil
    ) async throws -> [EventID] {
        guard let found = try views.recalls(only: id, limit: 1).first else { return [] }
        var state = found.state
        for event in said { state.evolve(event, by: agency) }
        let now = Timestamp(wholeSeconds: time.now().wholeSeconds)
        let owed = state.answerOwed(readers: readers(of: found, given: state), hiddenAt: now)
        guard owed != nil || !said.isEmpty else { return [] }
        var drafts: [StatementDraft] = []
        let (stream, opened) = try answerStream(
            to: found.state.author, known: found.answerStream, labels: NodeCore.recallLabels, reason: "recall")
        if let opened { drafts.append(opened.draft) }
        guard let circle = opened?.circle ?? ownCircles[stream] else { throw NodeProblem.unknownRecall }
        let home = OwnCircle(control: circle.control, keys: [:], basis: circle.basis)
        for event in said {
            drafts.append(
                try recorder.draft(
                    event.fields(actor: officer, happenedAt: now.description, case: nil, derivedFrom: [id]),
                    event: EventID(from: entropy), stream: stream, circle: home, decision: nil))
        }
        if let owed {
            // Who acted is nobody's business outside of this agency (PRACTICE P12).
            drafts.append(
                try recorder.draft(
                    DisclosureEvent.recallAnswered(owed).fields(
                        actor: nil, happenedAt: now.description, case: nil, derivedFrom: [id]),
                    event: EventID(from: entropy), stream: stream, circle: circle, decision: circle.decision))
        }
        return Array(try await append(drafts, opening: opened?.circle).dropFirst(opened == nil ? 0 : 1))
    }

    /// Everybody who was shown it, and whether it is said what they did. Names are compared by the identifier that a name
    /// has on the day of the reading.
    private func readers(of found: FoundRecall, given state: RecallState) -> [RecallReader] {
        let isForAll = state.used.contains { $0.shownTo == nil }
        return found.readings.map { reading in
            RecallReader(
                hasSaid: isForAll
                    || state.used.contains { $0.shownTo.map { isActor($0, in: reading) } ?? false })
        }
    }

    private func isActor(_ officer: String, in reading: ReadingView) -> Bool {
        Timestamp(reading.at).map { actor(officer, at: $0) == reading.actor } ?? false
    }

    /// Recalls by this agency and of what it was given; those that ask the person who looks are marked.
    ///
    /// - Parameter text: only this one, 32 hexadecimal digits; nil for all.
    func listRecalls(by officer: String, only text: String? = nil) async throws -> [RecallView] {
        let all = try text.map { [try found($0)] } ?? views.recalls(limit: Limits.listRowCount)
        let cases = Set(all.flatMap(\.view.references).compactMap { CaseReference($0) })
        _ = try await recordAccess(.listed, of: cases.sorted(), by: officer)
        return all.map { found in
            var view = found.view
            let mine = found.readings.filter { isActor(officer, in: $0) }
            let hasSaid = found.state.used.contains { $0.shownTo == nil || $0.shownTo == officer }
            view.asksYou = !mine.isEmpty && !hasSaid && found.state.answer?.standing != .answered
            return view
        }
    }

    // MARK: What is due

    /// How many recalls wait for this agency's answer, and the earliest end of the regulator's clock that runs.
    func recallStanding() throws -> (toAnswer: Int, breachDue: String?) {
        let all = try views.recalls(limit: 0).map(\.state)
        let toAnswer = all.count { $0.holder == agency && $0.answer?.standing != .answered }
        let running = all.filter { $0.author == agency && $0.decided == nil }.compactMap(\.reportDue)
        return (toAnswer, running.min()?.description)
    }

    /// The regulator's clock that has run out, own answers that are late, and others' that are.
    func overdueRecalls(at now: Timestamp) throws -> [Overdue] {
        var found: [Overdue] = []
        for recall in try views.recalls(limit: 0) {
            let state = recall.state
            if state.author == agency, state.decided == nil, let due = state.reportDue, due < now {
                let late = Overdue(.breach, since: due.description)
                if !found.contains(late) { found.append(late) }
            }
            guard state.answer?.standing != .answered, let made = Timestamp(recall.view.recalledAt) else { continue }
            let due = made.adding(seconds: Limits.recallAnswerSeconds)
            guard due < now else { continue }
            let isOurs = state.author == agency
            found.append(
                Overdue(isOurs ? .recall : .recallAnswer, who: isOurs ? state.holder.text : nil, since: due.description)
            )
        }
        return found
    }
}

extension Limits {
    /// Seconds within which everybody who was shown something that was recalled has said what they did with it: its author
    /// has three days in all to tell the regulator (UK GDPR Art 33).
    static let recallAnswerSeconds: Int64 = 86_400
}
