import Casework
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Handing a case over (decision 0033): each agency writes its own step, and the lead moves only by the release.
extension NodeCore {
    /// Takes a step.
    func handOver(_ form: HandoverForm) async throws -> Recorded {
        let reference = try reference(form.caseReference)
        return try await turns.alone(on: CaseBook.turn(reference)) { try await handOverAlone(form, reference) }
    }

    private func handOverAlone(_ form: HandoverForm, _ reference: CaseReference) async throws -> Recorded {
        guard let matter = matter(of: reference),
            let standing = follower.leads.standing(of: matter, in: roster)
        else { throw NodeProblem.unknownCase(form.caseReference, matches: 0) }
        guard !form.summary.allSatisfy(\.isWhitespace) else { throw NodeProblem.bad("summary", "why, in a sentence") }
        try requireSettled(matter)
        let plan = try step(form, in: standing)
        let handover = HandoverControl(matter: matter, step: plan.step)
        do throws(HandoverFault) {
            try follower.leads.judge(handover, by: agency, at: follower.size, in: roster)
        } catch { throw NodeProblem.handover(error, lead: standing.terms.last?.agency ?? reference.agency) }
        let place = try ownPlace(in: reference)
        if plan.needsProtocol { try requireOnCase(plan.recipient, in: place) }
        if plan.recipient == agency { try requireHeard(standing.terms.last?.agency ?? reference.agency, in: place) }
        let record = HandoverRecord(step: plan.word, to: plan.recipient, summary: form.summary)
        let drafts = try drafts(of: handover, saying: record, in: place, about: reference, by: form.officer)
        let ids = try await append(place.opening + drafts.made, opening: place.newCircle)
        return Recorded(events: ids.suffix(drafts.made.count).map(\.hex), keptHome: place.left + drafts.keptHome)
    }

    private struct StepPlan {
        let step: HandoverControl.Step
        let word: HandoverStep
        let recipient: AgencyCode
        /// Whether something of the case goes to the other with it.
        var needsProtocol = false
    }

    private func step(_ form: HandoverForm, in standing: CaseLeads.Standing) throws -> StepPlan {
        let lead = standing.terms.last
        switch form.step {
        case "offer":
            let to = try recipient(form.to)
            return StepPlan(
                step: .offer(lead: lead?.by, to: to, due: try dueDay(form.due)), word: .offered, recipient: to,
                needsProtocol: true)
        case "accept":
            let offer = standing.offer.flatMap { $0.recipient == agency ? $0.address : nil }
            return StepPlan(step: .accept(offer: offer), word: .accepted, recipient: agency)
        case "decline":
            guard let offer = standing.offer, offer.recipient == agency else {
                // What this agency said unasked, it takes back.
                guard let own = standing.acceptances[agency] else { throw NodeProblem.noOffer }
                return StepPlan(step: .decline(offer: own), word: .declined, recipient: agency)
            }
            return StepPlan(step: .decline(offer: offer.address), word: .declined, recipient: agency)
        case "withdraw":
            guard let offer = standing.offer, lead?.agency == agency else { throw NodeProblem.noOffer }
            return StepPlan(step: .withdraw(offer: offer.address), word: .withdrawn, recipient: offer.recipient)
        case "release":
            let named = try form.to.map { try recipient($0) }
            let accepted = standing.offer.flatMap { $0.acceptance == nil ? nil : $0.recipient }
            guard let to = named ?? accepted ?? onlyOne(standing.acceptances.keys.sorted()),
                let acceptance = standing.acceptances[to]
            else { throw NodeProblem.notAccepted }
            return StepPlan(
                step: .release(lead: lead?.by, to: to, because: acceptance), word: .released, recipient: to,
                needsProtocol: true)
        default: throw NodeProblem.bad("step", "offer, accept, decline, withdraw or release")
        }
    }

    private func onlyOne(_ agencies: [AgencyCode]) -> AgencyCode? { agencies.count == 1 ? agencies.first : nil }

    private func recipient(_ text: String?) throws(ProblemDetails) -> AgencyCode {
        guard let code = text.flatMap({ AgencyCode($0) }), code != agency, let party = roster.parties[code],
            party.enrolment.party == .agency, party.isEnrolled(at: time.now())
        else { throw NodeProblem.bad("to", "the code of another enrolled agency") }
        return code
    }

    private func dueDay(_ text: String?) throws(ProblemDetails) -> Timestamp? {
        guard let text else { return nil }
        guard CivilDate(text) != nil, let day = Timestamp(text), day > time.now() else {
            throw NodeProblem.bad("due", "a later day, YYYY-MM-DD")
        }
        return day
    }

    /// Nobody comes to lead what no protocol lets them have.
    func requireOnCase(_ recipient: AgencyCode, in place: OwnPlace) throws(ProblemDetails) {
        let control = place.circle.control
        guard control.members.contains(recipient), control.bundle != nil,
            control.labels.keys.contains(where: { control.recipients(of: $0).contains(recipient) })
        else { throw NodeProblem.notOnCase(recipient) }
    }

    /// What this agency said last of who leads must be in the register: what stands is known only from there, and another
    /// step on top of it may be refused.
    private func requireSettled(_ matter: StreamAddress) throws {
        let isUnderWay = try store.pendingIndexes(beyond: follower.size).contains { index in
            guard case .handover(let said)? = try store.readLog(from: index, limit: 1).first?.statement.payload.control
            else { return false }
            return said.matter == matter
        }
        if isUnderWay { throw NodeProblem.stepUnderWay }
    }

    /// What is said to the lead must reach it, or the register refuses it.
    private func requireHeard(_ lead: AgencyCode, in place: OwnPlace) throws(ProblemDetails) {
        guard lead == agency || place.circle.control.members.contains(lead) else {
            throw NodeProblem.leadNotOnCase(lead)
        }
    }

    /// The drafts of a step: what it says in the clear, and beside it, for those on the case, the words.
    func drafts(
        of handover: HandoverControl, saying record: HandoverRecord, in place: OwnPlace, about reference: CaseReference,
        by officer: String
    ) throws -> (made: [StatementDraft], keptHome: [String]) {
        let event = CaseworkEvent.caseHandedOver(record)
        let fields = fields(of: event, by: officer, about: reference)
        let facts = CaseFacts(try state(of: reference), of: agency, at: time.now())
        var circle = place.circle
        var keptHome: [String] = []
        for label in fields.keys.sorted() {
            guard let refused = refusal(of: label, fields, type: event.type, in: place, given: facts) else { continue }
            circle = circle.keepingHome(label)
            keptHome.append("\(label) may not go to \(refused.recipient)")
        }
        let draft = try recorder.draft(
            fields, event: EventID(from: entropy), stream: place.stream, circle: circle, decision: place.decision,
            control: .handover(handover), caveats: caveats(of: fields, type: event.type, in: circle, given: facts))
        return ([draft], keptHome)
    }

    /// What goes with a case when another agency takes the lead.
    func showHandover(_ form: CaseQuery) async throws -> HandoverPage {
        let reference = try reference(form.caseReference)
        _ = try await recordAccess(.displayed, of: [reference], by: form.officer)
        guard let view = try views.caseView(reference, at: time.now()), let matter = matter(of: reference) else {
            throw NodeProblem.unknownCase(form.caseReference, matches: 0)
        }
        let lead = follower.leads.standing(of: matter, in: roster)?.terms.last?.by
        let by = lead.map { "\($0.origin)/\($0.event)" } ?? "opened"
        var page = HandoverPage(
            reference: reference.text, lead: shownLead(of: reference).text, stage: view.stage,
            board: "\(matter.origin)/\(matter.stream) \(by)")
        page.actions = view.actions.filter { $0.status == "open" }.map {
            HandoverPage.OpenAction(owner: $0.owner, action: $0.action, due: $0.due)
        }
        page.requests = view.requests.filter { $0.standing != "answered" }.map {
            HandoverPage.OpenRequest(request: $0.eventID, asker: $0.asker, asked: $0.asked, due: $0.due)
        }
        for consent in view.consents { page.consents[consent.agency] = consent.state }
        page.sharesWithAnEnd = try views.sharesWithAnEnd(about: reference, at: time.now())
        return page
    }
}
