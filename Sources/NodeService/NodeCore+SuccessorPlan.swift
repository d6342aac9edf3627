import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SharingProtocols
import TallystickPrimitives

/// What a succession comes to, before and while it happens; nothing is recorded but who looked.
extension NodeCore {
    /// What this agency would give to a successor: every case it leads, with what is open in it.
    func planSuccession(_ form: SuccessorPlanForm) async throws -> SuccessorPlan {
        guard let successor = AgencyCode(form.successor), successor != agency,
            roster.parties[successor]?.enrolment.party == .agency
        else { throw NodeProblem.bad("successor", "the code of another enrolled agency") }
        let named = try form.schedule.map { text throws(ProblemDetails) -> SuccessionSchedule in
            guard let schedule = SuccessionSchedule(text) else { throw NodeProblem.badSchedule }
            return schedule
        }
        let led = try ledCases(named: named)
        _ = try await recordAccess(.listed, of: led, by: form.officer)
        let text = named?.text ?? led.map { "case \($0.text)\n" }.joined()
        var plan = SuccessorPlan(
            predecessor: agency.text, successor: successor.text, schedule: text,
            scheduleHash: Hash256(hashing: Array(text.utf8)).hex)
        let requests = try views.unansweredRequests()
        for reference in led {
            let state = try state(of: reference)
            var row = SuccessorCase(reference: reference.text, stage: state.stage?.rawValue)
            row.actions = state.actions.values.count { $0.owner == agency && $0.status == .open }
            row.requestsAsked = requests.count { $0.caseReference == reference && $0.asker == agency }
            row.requestsToAnswer = requests.count { $0.caseReference == reference && $0.asked == agency }
            row.sharesWithAnEnd = try views.sharesWithAnEnd(about: reference, at: time.now())
            row.hasConsent = state.consentState(of: agency) != nil
            row.staysBecause = reasonToStay(reference, successor, form.protocolCode, form.purpose)
            plan.cases.append(row)
        }
        plan.onOthersCases = book.entries.keys.count { reference in
            matter(of: reference).map { follower.leads.lead(of: $0, in: roster) != agency } ?? false
        }
        plan.first = toSign(by: successor, after: agency)
        return plan
    }

    /// How far the successions have come that this agency is a side of, or keeps a log by.
    func listSuccessions() throws -> [SuccessorStatus] {
        roster.successions.values.filter { state in
            let decision = state.decision
            return [decision.predecessor, decision.successor, decision.keeper].contains(agency)
        }.sorted { $0.decidedAt < $1.decidedAt }.map { state in
            let decision = state.decision
            var status = SuccessorStatus(
                act: state.act.hex, predecessor: decision.predecessor.text, successor: decision.successor.text,
                stage: stage(of: state), position: Int(clamping: (state.since ?? decision.position).value))
            status.schedule = decision.schedule?.hash.hex
            status.caseLimit = decision.schedule.map { Int(clamping: $0.caseCount) }
            status.moved = Int(clamping: follower.leads.moved[state.act] ?? 0)
            status.waiting = follower.leads.standings.values.count { standing in
                standing.terms.contains { $0.by?.origin == roster.parties[decision.predecessor]?.origin }
                    && standing.terms.last?.agency == agency
            }
            status.gave = state.gave.map { Int(clamping: $0) }
            status.took = state.took.map { Int(clamping: $0) }
            status.keeper = decision.keeper?.text
            status.isClosed = roster.keeper(of: decision.predecessor, at: follower.size) != nil
            status.toSign = toSign(by: decision.successor, after: decision.predecessor)
            return status
        }
    }

    private func stage(of state: SuccessionState) -> String {
        if state.took != nil { return "done" }
        if state.gave != nil { return "gave" }
        if state.holds(at: follower.size) { return "moving" }
        switch (state.givesAt, state.takesAt) {
        case (nil, nil): return "decided"
        case (_?, nil): return "given"
        case (nil, _?): return "taken"
        case (_?, _?): return "waiting"
        }
    }

    /// What has to be signed again: for the successor nothing is shared by a signature of the predecessor.
    private func toSign(by successor: AgencyCode, after predecessor: AgencyCode) -> [String] {
        roster.lives(at: follower.size, moment: time.now()).filter { life in
            life.stage != .superseded && life.stage != .ended && life.terms.party(predecessor) != nil
        }.compactMap { life in
            let name = "\(life.published.publication.code) version \(life.published.publication.version)"
            guard life.terms.party(successor) != nil else {
                return "\(name) does not name \(successor): the board publishes a version that does, and all sign it"
            }
            let missing = life.unsigned.first { $0.party == successor }?.offices.map(\.text)
            return missing.map { "\(name) is to be signed for \(successor) by \($0.joined(separator: ", "))" }
        }
    }
}
