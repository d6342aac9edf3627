import Casework
import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import Partnership
import Replication
import Sealing
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Taking back what was given in error (PRACTICE P14, decision 0021): what the author does.
extension NodeCore {
    /// Takes an entry back from agencies that were given something of it.
    func recall(_ form: RecallForm) async throws -> RecallMadeAnswer {
        try await turns.alone(on: "recall") { try await recallAlone(form) }
    }

    private func recallAlone(_ form: RecallForm) async throws -> RecallMadeAnswer {
        guard let id = EventID(hex: form.entry), let index = try store.recorded([id])[id],
            let placed = try store.readLog(from: index, limit: 1).first
        else { throw NodeProblem.unknownEntry(form.entry) }
        guard let reason = RecallReason(rawValue: form.reason), let code = ReasonCode(form.reason) else {
            throw NodeProblem.bad("--reason", RecallReason.allCases.map(\.rawValue).joined(separator: ", "))
        }
        let now = time.now()
        guard let awareAt = form.awareAt == nil ? now : form.awareAt.flatMap({ Timestamp($0) }) else {
            throw NodeProblem.bad("--aware-at", "a date and time such as 2026-03-02T21:40:00Z")
        }
        let given = try given(of: placed)
        let (labels, agencies) = (try labels(form.labels), try agencies(form.agencies))
        let chosen: [AgencyCode: [Label]]
        do throws(DisclosureRefusal) {
            chosen = try decideRecall(
                of: given.mapValues { Set($0.values) }, labels: labels, from: agencies, words: form.words,
                awareAt: awareAt, at: now)
        } catch { throw NodeProblem.refused(error) }
        let plan = RecallPlan(
            placed: placed, entry: id, given: given, chosen: chosen, reason: reason, code: code, words: form.words,
            awareAt: Timestamp(wholeSeconds: awareAt.wholeSeconds), officer: form.officer)
        return try await record(plan, at: now)
    }

    private struct RecallPlan {
        let placed: SequencedStatement
        let entry: EventID
        let given: [AgencyCode: [CompartmentID: Label]]
        let chosen: [AgencyCode: [Label]]
        let reason: RecallReason
        let code: ReasonCode
        let words: String?
        let awareAt: Timestamp
        let officer: String
    }

    /// One recall for each agency, in a stream of the two alone: nobody learns who else had it, or lost it.
    private func record(_ plan: RecallPlan, at now: Timestamp) async throws -> RecallMadeAnswer {
        let act = EventID(from: entropy)
        let opened = opener.open(plan.placed.statement, at: plan.placed.index, compartments: plan.placed.compartments)
        let reference = try? EventCommon.decode(opened.fields)?.caseReference
        var drafts: [StatementDraft] = []
        var answer = RecallMadeAnswer(recalls: [:], labels: [:], reportDue: "")
        for (place, agency) in plan.chosen.keys.sorted().enumerated() {
            let labels = plan.chosen[agency] ?? []
            let made = RecallMade(
                act: act, entry: plan.entry, labels: labels, from: agency, reason: plan.reason, words: plan.words,
                awareAt: plan.awareAt)
            let places = (plan.given[agency] ?? [:]).filter { labels.contains($0.value) }.keys.sorted().map {
                TakeBackControl.Place(index: plan.placed.index, compartment: $0)
            }
            let id = place == 0 ? act : EventID(from: entropy)
            let stream = StreamID(from: entropy)
            let (opening, circle) = keylessCircle(with: agency, in: stream, reason: "recall")
            drafts.append(opening)
            drafts.append(
                try recorder.draft(
                    DisclosureEvent.recallMade(made).fields(
                        actor: plan.officer, happenedAt: now.description, case: reference ?? nil,
                        derivedFrom: [plan.entry]),
                    event: id, stream: stream, circle: circle, decision: nil,
                    control: .recall(TakeBackControl(recipient: agency, places: places, reason: plan.code))))
            answer.recalls[agency.text] = id.hex
            answer.labels[agency.text] = labels.map(\.text)
        }
        let ids = try await append(drafts)
        // Whoever watches this log tells the data protection officer that there is one; the status says how long they have.
        logger.warning("Something given in error was recalled", metadata: ["error.code": "recalled"])
        answer.reportDue = plan.awareAt.adding(seconds: RecallState.reportHours * 3_600).description
        answer.standing = ids.last.map { EntryStanding(entry: $0.hex) }
        return answer
    }

    /// A circle of two without keys: what is said in it is what its statements say in the clear.
    private func keylessCircle(
        with other: AgencyCode, in stream: StreamID, reason: ReasonCode
    ) -> (draft: StatementDraft, circle: OwnCircle) {
        let control = CircleControl(
            epoch: EpochID(from: entropy), members: [agency, other].sorted(), labels: [:], fromSequence: 0,
            bundle: nil, reason: reason)
        let draft = StatementDraft(
            eventID: EventID(from: entropy), stream: stream, expectedVersion: .noStream, control: .circle(control))
        return (draft, OwnCircle(control: control, keys: [:], basis: follower.size))
    }

    /// What of an own entry each agency was ever given and that is not recalled from it yet: by the circle that it was
    /// sealed for, and by shares since.
    func given(of placed: SequencedStatement) throws -> [AgencyCode: [CompartmentID: Label]] {
        var given: [AgencyCode: [CompartmentID: Label]] = [:]
        let descriptors = placed.statement.payload.compartments
        let recipients = try views.circleRecipients(of: placed.statement.eventID) ?? [:]
        for descriptor in descriptors {
            guard case .epoch = descriptor.reader else { continue }
            for member in recipients[descriptor.label] ?? [] where member != agency {
                given[member, default: [:]][descriptor.id] = descriptor.label
            }
        }
        for leaf in try views.shares(ofLeaf: placed.index.value) {
            guard case .share(let share) = try ownControl(at: leaf),
                roster.parties[share.recipient]?.enrolment.party == .agency
            else { continue }
            for address in share.compartments where address.index == placed.index {
                let label = descriptors.first { $0.id == address.compartment }?.label
                given[share.recipient, default: [:]][address.compartment] = label
            }
        }
        for member in given.keys {
            let gone = try recalledCompartments(from: member)
            given[member] = given[member]?.filter { !gone.contains($0.key) }
            if given[member]?.isEmpty == true { given[member] = nil }
        }
        return given
    }

    private func ownControl(at leaf: UInt64) throws -> ControlBody? {
        try store.readLog(from: LeafIndex(leaf), limit: 1).first?.statement.payload.control
    }

    func recalledCompartments(from other: AgencyCode) throws -> Set<CompartmentID> {
        var gone: Set<CompartmentID> = []
        for leaf in try views.ownRecallLeaves() {
            guard case .recall(let recall) = try ownControl(at: leaf), recall.recipient == other else { continue }
            gone.formUnion(recall.places.map(\.compartment))
        }
        return gone
    }

    /// What was recalled from an agency is not given to it again: its node would hide it.
    func requireNotRecalled(_ parts: [HeldCompartment], from recipients: [AgencyCode]) throws {
        guard !parts.isEmpty else { return }
        for recipient in recipients {
            let gone = try recalledCompartments(from: recipient)
            if let part = parts.first(where: { gone.contains($0.address.compartment) }) {
                throw NodeProblem.recalledBefore(part.label, from: recipient)
            }
        }
    }

    private func agencies(_ texts: [String]) throws(ProblemDetails) -> [AgencyCode] {
        var agencies: [AgencyCode] = []
        for text in texts {
            guard let code = AgencyCode(text) else { throw NodeProblem.bad("--from", "agencies' codes") }
            agencies.append(code)
        }
        return agencies
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
        let stream = StreamID(from: entropy)
        let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        let drafts = try events.map { event in
            try recorder.draft(
                event.fields(
                    actor: form.officer, happenedAt: time.now().description, case: nil,
                    derivedFrom: [found.state.id]),
                event: EventID(from: entropy), stream: stream, circle: circle, decision: nil)
        }
        let ids = try await append([opening] + drafts, opening: circle)
        return Recorded(events: ids.dropFirst().map(\.hex))
    }

    func found(_ text: String) throws -> FoundRecall {
        guard let id = EventID(hex: text), let found = try views.recalls(only: id, limit: 1).first else {
            throw NodeProblem.unknownRecall
        }
        return found
    }
}
