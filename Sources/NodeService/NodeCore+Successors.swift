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

/// A party that takes another's place (decision 0034): the board decides, both sides say so on their own logs, and the cases
/// move one by one by the predecessor's release.
extension NodeCore {
    /// Says on this agency's log that it gives, or takes.
    func startSuccession(_ form: SuccessorForm) async throws -> Recorded {
        let state = try succession(form.act)
        let isPredecessor = state.decision.predecessor == agency
        guard isPredecessor || state.decision.successor == agency else { throw NodeProblem.noSuchSuccession }
        if isPredecessor, let scheduled = state.decision.schedule { _ = try schedule(form.schedule, of: scheduled) }
        let word = SuccessionWord(act: state.act, word: isPredecessor ? .gives : .takes)
        return try await say(word)
    }

    /// Says that everything has moved, with the number of cases. Both sides must come to the same, and the broker counts too.
    func finishSuccession(_ form: SuccessorForm) async throws -> Recorded {
        let state = try succession(form.act)
        let count = follower.leads.moved[state.act] ?? 0
        if state.decision.predecessor == agency {
            guard state.holds(at: follower.size) else { throw NodeProblem.successionNotHeld }
            let plan = try await turns.alone(on: NodeCore.successionTurn) { try moves(of: state, form) }
            guard plan.movable.isEmpty, plan.pending == 0 else {
                throw NodeProblem.successionUnfinished(plan.movable.count + plan.pending)
            }
            guard plan.staying.count == form.staying ?? 0 else {
                throw NodeProblem.successionStaying(plan.staying.count, said: form.staying)
            }
            let open = try views.unansweredRequests().count { $0.asked == agency }
            guard state.decision.keeper == nil || open == 0 else { throw NodeProblem.successionRequests(open) }
            return try await say(SuccessionWord(act: state.act, word: .gave(count)))
        }
        guard state.decision.successor == agency else { throw NodeProblem.noSuchSuccession }
        guard let gave = state.gave else { throw NodeProblem.successionNotGiven }
        guard gave == count else { throw NodeProblem.successionCounts(gave: gave, here: count) }
        if let scheduled = state.decision.schedule {
            try checkMoved(under: state, by: schedule(form.schedule, of: scheduled), staying: form.staying)
        }
        return try await say(SuccessionWord(act: state.act, word: .took(count)))
    }

    /// Counts agree where one case is missing and another came in its place: the cases themselves are held against the
    /// schedule that both sides have.
    ///
    /// - Parameter staying: how many of those that it names a person counted as staying behind.
    private func checkMoved(
        under state: SuccessionState, by schedule: SuccessionSchedule, staying: Int?
    ) throws {
        var moved: Set<CaseReference> = []
        for (matter, standing) in follower.leads.standings {
            guard let reference = reference(of: matter) else { continue }
            for term in standing.terms where term.agency == agency {
                guard let by = term.by, let entry = try views.entry(by.event),
                    case .handover(let handover)? = try statement(at: LeafIndex(entry.index), of: by.origin)?.payload
                        .control, case .release(_, _, let because) = handover.step, because.event == state.act
                else { continue }
                moved.insert(reference)
            }
        }
        let strangers = try moved.filter { reference in
            let home = try self.state(of: reference).opening?.value.contact?.uprn
            // Of a case whose home was not given to this agency only a list of cases can tell.
            return !schedule.names(reference, at: home) && (home != nil || schedule.uprns.isEmpty)
        }
        let missing = schedule.cases.filter { reference in
            !moved.contains(reference)
                && matter(of: reference).flatMap { follower.leads.lead(of: $0, in: roster) }
                    == state.decision.predecessor
        }
        guard strangers.isEmpty else { throw NodeProblem.successionStrangers(strangers.sorted()) }
        guard missing.count == staying ?? 0 else {
            throw NodeProblem.successionStaying(missing.count, said: staying)
        }
    }

    private func say(_ word: SuccessionWord) async throws -> Recorded {
        let draft = StatementDraft(
            eventID: EventID(from: entropy), stream: .control, expectedVersion: .any, control: .successionWord(word))
        return Recorded(events: try await append([draft]).map(\.hex))
    }

    /// Lets go of the next cases. It can be given again after whatever has come in between: what has moved is not moved twice.
    func moveCases(_ form: SuccessorForm) async throws -> SuccessorMoved {
        let state = try succession(form.act)
        guard state.decision.predecessor == agency else { throw NodeProblem.noSuchSuccession }
        guard state.holds(at: follower.size), state.gave == nil else { throw NodeProblem.successionNotHeld }
        return try await turns.alone(on: NodeCore.successionTurn) {
            let plan = try moves(of: state, form)
            let batch = min(max(1, form.batch ?? Limits.successionBatchCount), Limits.successionBatchCount)
            var answer = SuccessorMoved(moved: 0, left: plan.movable.count, staying: plan.staying)
            for reference in plan.movable.prefix(batch) {
                do {
                    let id = try await turns.alone(on: CaseBook.turn(reference)) {
                        try await move(reference, under: state, form)
                    }
                    answer.moved += 1
                    answer.standing = EntryStanding(entry: id.hex)
                } catch let problem as ProblemDetails { answer.staying[reference.text] = problem.detail }
                answer.left -= 1
            }
            return answer
        }
    }

    static let successionTurn = "succession"

    // MARK: What moves

    /// The cases that a succession names and that this agency leads.
    struct SuccessionMoves {
        var movable: [CaseReference] = []
        /// Those that stay, and why.
        var staying: [String: String] = [:]
        /// Own releases on which the broker has not decided yet.
        var pending = 0
    }

    private func moves(of state: SuccessionState, _ form: SuccessorForm) throws -> SuccessionMoves {
        let schedule = try state.decision.schedule.map { try self.schedule(form.schedule, of: $0) }
        let pending = try pendingReleases()
        var moves = SuccessionMoves(pending: pending.count)
        for reference in try ledCases(named: schedule) {
            if let matter = matter(of: reference), pending.contains(matter) { continue }
            do {
                _ = try placeForSuccessor(state.decision.successor, reference, form.protocolCode, form.purpose)
                moves.movable.append(reference)
            } catch let problem as ProblemDetails { moves.staying[reference.text] = problem.detail }
        }
        return moves
    }

    /// The cases that this agency leads, by the register, and that a schedule names.
    func ledCases(named schedule: SuccessionSchedule?) throws -> [CaseReference] {
        try book.entries.keys.sorted().filter { reference in
            guard let matter = matter(of: reference), follower.leads.lead(of: matter, in: roster) == agency else {
                return false
            }
            guard let opening = try state(of: reference).opening?.value else { return false }
            return schedule?.names(reference, at: opening.contact?.uprn) ?? true
        }
    }

    /// The cases of which this agency has let go on its own log, and the broker has not said so yet.
    private func pendingReleases() throws -> Set<StreamAddress> {
        var found: Set<StreamAddress> = []
        for index in try store.pendingIndexes(beyond: follower.size) {
            guard let placed = try store.readLog(from: index, limit: 1).first,
                case .handover(let handover) = placed.statement.payload.control, case .release = handover.step
            else { continue }
            found.insert(handover.matter)
        }
        return found
    }

    private enum SuccessorPlace {
        /// The successor is on the case already.
        case there
        /// It must be put on it first.
        case sharing(ShareForm)
    }

    /// How a case comes to the successor: nothing moves that no protocol lets it have.
    private func placeForSuccessor(
        _ successor: AgencyCode, _ reference: CaseReference, _ code: String?, _ purpose: String?
    ) throws -> SuccessorPlace {
        let stream = statingStream(of: reference)
        let circle = stream.flatMap { ownCircles[$0] }
        if let circle, circle.isShared, let bundle = circle.control.bundle,
            over(bundle, with: [successor], since: circle.basis).isEmpty,
            circle.control.labels.keys.contains(where: { circle.control.recipients(of: $0).contains(successor) })
        {
            return .there
        }
        let standing = circle?.isShared == true ? circle?.decision : nil
        let known = standing?.bundle.flatMap { roster.protocols[$0]?.publication.code.text }
        guard let code = known ?? code else { throw NodeProblem.successorNeedsProtocol(successor) }
        var form = ShareForm(
            officer: "", caseReference: reference.text, agencies: [successor.text], protocolCode: code)
        form.purpose = standing?.purpose.text ?? purpose
        form.gateway = standing?.gateway.text
        _ = try plan(form)
        return .sharing(form)
    }

    /// Why a case does not go to a successor; nil where it does.
    func reasonToStay(
        _ reference: CaseReference, _ successor: AgencyCode, _ code: String?, _ purpose: String?
    ) -> String? {
        do {
            _ = try placeForSuccessor(successor, reference, code, purpose)
            return nil
        } catch let problem as ProblemDetails { return problem.detail } catch { return "it could not be read" }
    }

    private func move(
        _ reference: CaseReference, under state: SuccessionState, _ form: SuccessorForm
    ) async throws -> EventID {
        let successor = state.decision.successor
        switch try placeForSuccessor(successor, reference, form.protocolCode, form.purpose) {
        case .there: break
        case .sharing(var share):
            share.officer = form.officer
            _ = try await shareAlone(share)
        }
        guard let matter = matter(of: reference), let board = roster.board?.origin,
            let lead = follower.leads.standing(of: matter, in: roster)?.terms.last
        else { throw NodeProblem.noSuchSuccession }
        let release = HandoverControl(
            matter: matter,
            step: .release(lead: lead.by, to: successor, because: EventAddress(origin: board, event: state.act)))
        do throws(HandoverFault) {
            try follower.leads.judge(release, by: agency, at: follower.size, in: roster)
        } catch { throw NodeProblem.handover(error, lead: lead.agency) }
        let place = try ownPlace(in: reference)
        try requireOnCase(successor, in: place)
        var made = try actionDrafts(in: reference, to: successor, place, by: form.officer)
        let record = HandoverRecord(
            step: .released, to: successor, summary: "\(successor) takes the place of \(agency) by the board's act")
        made += try drafts(of: release, saying: record, in: place, about: reference, by: form.officer).made
        let ids = try await append(place.opening + made, opening: place.newCircle)
        return ids.last ?? EventID(from: entropy)
    }

    /// The predecessor's actions that are not done become the successor's, with the same words and day.
    private func actionDrafts(
        in reference: CaseReference, to successor: AgencyCode, _ place: OwnPlace, by officer: String
    ) throws -> [StatementDraft] {
        let state = try state(of: reference)
        let facts = CaseFacts(state, of: agency, at: time.now())
        let open = state.actions.values.filter { $0.owner == agency && $0.status == .open }
        return try open.sorted { $0.action < $1.action }.flatMap { action in
            try [
                ActionRecord(action: action.action, owner: successor, due: action.due, status: .open),
                ActionRecord(action: action.action, owner: agency, due: action.due, status: .cancelled),
            ].map { record in
                let event = CaseworkEvent.actionRecorded(record)
                let fields = fields(of: event, by: officer, about: reference)
                var circle = place.circle
                for label in fields.keys
                where refusal(of: label, fields, type: event.type, in: place, given: facts) != nil {
                    circle = circle.keepingHome(label)
                }
                return try recorder.draft(
                    fields, event: EventID(from: entropy), stream: place.stream, circle: circle,
                    decision: place.decision,
                    caveats: caveats(of: fields, type: event.type, in: circle, given: facts))
            }
        }
    }

    /// A succession by the beginning of its act.
    func succession(_ text: String) throws(ProblemDetails) -> SuccessionState {
        let found = roster.successions.values.filter { text.count >= 4 && $0.act.hex.hasPrefix(text) }
        guard found.count == 1, let state = found.first else { throw NodeProblem.noSuchSuccession }
        return state
    }

    private func schedule(
        _ text: String?, of scheduled: Succession.Schedule
    ) throws(ProblemDetails) -> SuccessionSchedule {
        guard let text, let schedule = SuccessionSchedule(text) else { throw NodeProblem.badSchedule }
        guard schedule.hash == scheduled.hash else { throw NodeProblem.otherSchedule(scheduled.hash) }
        return schedule
    }
}

extension Limits {
    /// Cases that one command moves to a successor: each is a few statements, and the next command goes on.
    static let successionBatchCount = 50
}
