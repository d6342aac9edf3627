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

/// What the agency does that something was withdrawn from (DESIGN §5, decision 0023).
extension NodeCore {
    /// What the circle of an answer can read.
    static let withdrawalLabels: [Label] = [.record, .withdrawal]
    /// Why something was destroyed that its author no longer gives.
    static let withdrawnReason: ReasonCode = "withdrawn"

    /// Passes on what was withdrawn from this agency, destroys what nobody keeps, and tells each author how far it has got.
    ///
    /// One author who cannot be told, having no key that is in force, keeps no other from being told; it is tried again.
    func settleWithdrawals() async throws {
        guard owesWithdrawals, certainty.mayAppend else { return }
        owesWithdrawals = false
        do {
            // The newest last: what is passed on, and comes back, is settled in the order in which it was made.
            let all = try views.withdrawals()
            var known = Dictionary(uniqueKeysWithValues: all.map { ($0.state.id, $0) })
            var onward = NodeCore.byWhatTheyFollow(all)
            for id in all.reversed().filter({ $0.state.holder == agency }).map(\.state.id) {
                do {
                    let size = await writer.size
                    try await turns.alone(on: "withdrawal") {
                        guard let found = known[id] else { return }
                        try await settle(found, onward: onward[id] ?? [])
                    }
                    // What was recorded meanwhile may change what is to be said of those that follow.
                    guard await writer.size != size else { continue }
                    let now = try views.withdrawals()
                    known = Dictionary(uniqueKeysWithValues: now.map { ($0.state.id, $0) })
                    onward = NodeCore.byWhatTheyFollow(now)
                } catch is ProblemDetails {
                    owesWithdrawals = true
                    logger.warning(
                        "A withdrawal could not be answered", metadata: ["error.code": "withdrawal-not-answered"])
                }
            }
        } catch {
            owesWithdrawals = true
            throw error
        }
    }

    /// Destroys what was withdrawn and whose time for an answer, or until which it was kept, is over.
    func dropWithdrawn() async throws {
        guard certainty.mayAppend else { return }
        let now = time.now()
        let isDue = try views.withdrawals().contains { found in
            found.state.holder == agency && found.state.answer?.standing != .ended
                && found.state.due(at: now) == .ended
        }
        guard isDue else { return }
        owesWithdrawals = true
        try await settleWithdrawals()
    }

    /// Withdrawals by the one that each passes on.
    private static func byWhatTheyFollow(_ all: [FoundWithdrawal]) -> [EventID: [FoundWithdrawal]] {
        Dictionary(grouping: all.filter { $0.state.made?.follows != nil }) { $0.state.made?.follows ?? $0.state.id }
    }

    private func settle(_ found: FoundWithdrawal, onward: [FoundWithdrawal]) async throws {
        let id = found.state.id
        var onward = onward
        let size = await writer.size
        try await passOn(found)
        if await writer.size != size { onward = NodeCore.byWhatTheyFollow(try views.withdrawals())[id] ?? [] }
        let now = Timestamp(wholeSeconds: time.now().wholeSeconds)
        var standing = found.state.due(at: now)
        if standing == .ended, found.state.answer?.standing != .ended {
            // What somebody holds is destroyed by nobody (PRACTICE P11): it stays hidden until the hold is lifted.
            if try isHeld(found) { standing = .stopped } else { try await destroy(found) }
        }
        guard let owed = found.state.answerOwed(standing, onward: NodeCore.standings(onward), at: now) else { return }
        let (stream, opened) = try answerStream(
            to: found.state.author, known: found.answerStream, labels: NodeCore.withdrawalLabels, reason: "withdrawal")
        guard let circle = opened?.circle ?? ownCircles[stream] else { throw NodeProblem.unknownWithdrawal }
        // Who decided is nobody's business outside of this agency (PRACTICE P12).
        let draft = try recorder.draft(
            DisclosureEvent.withdrawalAnswered(owed).fields(
                actor: nil, happenedAt: now.description, case: nil, derivedFrom: [id]),
            event: EventID(from: entropy), stream: stream, circle: circle, decision: circle.decision)
        try await append([opened?.draft].compactMap(\.self) + [draft], opening: opened?.circle)
    }

    /// Whom this agency passed it on to, and whom they did, with how far each has got.
    private static func standings(_ onward: [FoundWithdrawal]) -> [WithdrawalOnward] {
        var found: [WithdrawalOnward] = []
        for passed in onward {
            let state = passed.state
            let made = Timestamp(wholeSeconds: passed.issuedAt.wholeSeconds)
            found.append(
                WithdrawalOnward(
                    agency: state.holder, standing: state.answer?.standing, since: state.answer?.stoppedAt ?? made,
                    kept: state.answer?.kept))
            found += state.answer?.onward ?? []
        }
        let ordered = found.sorted { ($0.agency, $0.since) < ($1.agency, $1.since) }
        return Array(ordered.prefix(WithdrawalOnward.countAtMost))
    }

    /// Whether somebody holds a stream of what was withdrawn.
    private func isHeld(_ found: FoundWithdrawal) throws -> Bool {
        guard let received = try store.received(origin: found.origin, index: LeafIndex(found.leaf)),
            let taken = try Statement(decoding: received.bytes).payload.control.takenBack
        else { return false }
        return try Set(taken.places.map(\.index)).contains { index in
            guard let named = try store.received(origin: found.origin, index: index) else { return false }
            let stream = try Statement(decoding: named.bytes).payload.stream
            return !book.erasures.holds(on: StreamAddress(origin: found.origin, stream: stream)).isEmpty
        }
    }

    /// Destroys content, wraps, kept keys, and the grants of the shares that brought them. Destroying comes before telling:
    /// stopped in between, it is done again.
    private func destroy(_ found: FoundWithdrawal) async throws {
        guard let received = try store.received(origin: found.origin, index: LeafIndex(found.leaf)),
            let taken = try Statement(decoding: received.bytes).payload.control.takenBack
        else { return }
        let addresses = taken.addresses(in: found.origin)
        let shares = try views.sharesToUs(of: Set(taken.places.map(\.index.value)), in: found.origin)
        try store.drop(addresses, of: found.origin, givenBy: Set(shares.map { LeafIndex($0) }))
        sealedViews.remove()
        for index in Set(taken.places.map(\.index)).sorted() {
            try showAgain(CaseBook.Address(origin: found.origin, index: index))
        }
        logger.notice("Destroyed what was withdrawn", metadata: ["batch.events": "\(addresses.count)"])
        try await tell(found.origin, destroyed: addresses.map(\.compartment), because: NodeCore.withdrawnReason)
    }

    /// Records what somebody decided, at home, and does it.
    func answer(_ form: WithdrawalAnswerForm) async throws -> Recorded {
        let id = try await turns.alone(on: "withdrawal") {
            let found = try foundWithdrawal(form.withdrawal)
            let decided = WithdrawalDecided(withdrawal: found.state.id, kept: try kept(form), words: form.words)
            let events: [DisclosureEvent]
            do throws(DisclosureRefusal) {
                events = try decide(decided, given: found.state, as: agency, at: time.now())
            } catch { throw NodeProblem.refused(error) }
            let stream = StreamID(from: entropy)
            let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
            let all = events.map {
                $0.fields(
                    actor: form.officer, happenedAt: time.now().description, case: nil, derivedFrom: [found.state.id])
            }
            let drafts = try all.map {
                try recorder.draft($0, event: EventID(from: entropy), stream: stream, circle: circle, decision: nil)
            }
            let ids = try await append([opening] + drafts, opening: circle)
            let places = all.flatMap { opener.takenBack.takeOwn($0) }
            sealedViews.remove()
            for place in Set(places) { try showAgain(place) }
            return (ids: ids, withdrawal: found.state.id)
        }
        owesWithdrawals = true
        try await settleWithdrawals()
        return Recorded(events: id.ids.dropFirst().map(\.hex))
    }

    private func kept(_ form: WithdrawalAnswerForm) throws(ProblemDetails) -> KeptOnLaw? {
        switch form.outcome {
        case "ended":
            guard form.until == nil, form.law == nil else {
                throw NodeProblem.bad("outcome", "kept, where a day and a law are given")
            }
            return nil
        case "kept":
            guard let law = form.law, let text = form.until, let day = CivilDate(text),
                let until = Timestamp("\(day)T00:00:00Z")
            else {
                throw NodeProblem.bad("--until", "a date, YYYY-MM-DD, with the law that it is kept under, --law")
            }
            return KeptOnLaw(until: until, law: law)
        default: throw NodeProblem.bad("outcome", "ended or kept")
        }
    }

    func foundWithdrawal(_ text: String) throws -> FoundWithdrawal {
        guard let id = try eventID(text), let found = try views.withdrawals(only: id).first else {
            throw NodeProblem.unknownWithdrawal
        }
        return found
    }

    /// Withdrawals by this agency and of what it was given: those that somebody waits for first.
    ///
    /// - Parameter text: only this one, 32 hexadecimal digits; nil for all.
    func listWithdrawals(by officer: String, only text: String? = nil) async throws -> [WithdrawalView] {
        let all = try text.map { [try foundWithdrawal($0)] } ?? views.withdrawals()
        let now = time.now()
        let open = all.filter { $0.state.isOutstanding(at: now) }
        let closed = all.filter { !$0.state.isOutstanding(at: now) }.prefix(Limits.listRowCount)
        let shown = open + closed
        let cases = Set(shown.flatMap(\.view.references).compactMap { CaseReference($0) })
        _ = try await recordAccess(.listed, of: cases.sorted(), by: officer)
        return shown.map { found in
            var view = found.view
            view.isOutstanding = found.state.isOutstanding(at: now)
            if found.state.holder == agency, found.state.due(at: now) == .stopped, let answer = found.state.answer {
                view.endsAt = answer.stoppedAt.adding(seconds: WithdrawalState.answerDays * 86_400).description
            }
            return view
        }
    }

    // MARK: What is due

    /// How many withdrawals wait for this agency's answer, and how many of its own for somebody else's.
    func withdrawalStanding() throws -> (toAnswer: Int, outstanding: Int) {
        let now = time.now()
        let all = try views.withdrawals().map(\.state)
        return (
            all.count { $0.holder == agency && $0.due(at: now) == .stopped },
            all.count { $0.author == agency && $0.isOutstanding(at: now) }
        )
    }

    /// Others who have not confirmed that they stopped, or have not ended what nobody keeps, although they had the time.
    func overdueWithdrawals(at now: Timestamp) throws -> [Overdue] {
        try views.withdrawals().filter { $0.state.author == agency }.compactMap { found in
            let state = found.state
            let end: Timestamp?
            switch state.answer?.standing {
            case nil: end = found.issuedAt.adding(seconds: Limits.withdrawalConfirmSeconds)
            case .stopped:
                end = state.answer?.stoppedAt.adding(
                    seconds: WithdrawalState.answerDays * 86_400 + Limits.withdrawalConfirmSeconds)
            case .kept: end = state.answer?.kept?.until.adding(seconds: Limits.withdrawalConfirmSeconds)
            case .ended: end = nil
            }
            guard let end, end < now else { return nil }
            return Overdue(.withdrawal, who: state.holder.text, since: end.description)
        }
    }
}

extension Limits {
    /// Seconds within which an agency's node has confirmed that it stopped, or destroyed, what was withdrawn: it does so by
    /// itself, and a day leaves room for one that was off overnight.
    static let withdrawalConfirmSeconds: Int64 = 86_400
}
