import Disclosures
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// What people decide about an erasure (PRACTICE P11, decision 0030): somebody proposes, two approve, it is hidden for thirty
/// days and can be brought back.
extension NodeCore {
    /// Proposes to destroy what this agency has of a case, or of every case of a person.
    func propose(_ form: ErasureForm) async throws -> ErasureMade {
        try await turns.alone(on: "erasure") {
            guard let reason = ErasureReason(rawValue: form.reason), reason != .asked else {
                let words = ErasureReason.allCases.filter { $0 != .asked }.map(\.rawValue)
                throw NodeProblem.bad("reason", words.joined(separator: ", "))
            }
            return try await propose(
                ErasureProposal(
                    streams: try matter(form.caseReference, form.subject).sorted(), reason: reason, by: form.officer,
                    words: form.words))
        }
    }

    func propose(_ proposal: ErasureProposal) async throws -> ErasureMade {
        let events: [DisclosureEvent]
        do throws(DisclosureRefusal) {
            events = try decide(proposal, others: book.erasures.streamsBeingErased)
        } catch { throw NodeProblem.refused(error) }
        let id = try await recordErasure(events)
        var made = ErasureMade(erasure: id.hex, streamCount: proposal.streams.count)
        made.holds = book.erasures.holdReasons(on: proposal.streams).map(\.text)
        made.standing = EntryStanding(entry: id.hex)
        return made
    }

    /// Approves a batch; the second approval hides it and begins the quarantine.
    func approve(_ form: ErasureApprovalForm) async throws -> ErasureMade {
        try await turns.alone(on: "erasure") {
            let state = try erasure(form.erasure)
            let events: [DisclosureEvent]
            do throws(DisclosureRefusal) {
                events = try Disclosures.approve(
                    state, by: form.officer, backupDays: form.backupDays ?? Limits.backupDays,
                    holds: book.erasures.holdReasons(on: state.proposal.streams), at: time.now())
            } catch { throw NodeProblem.refused(error) }
            let id = try await recordErasure(events)
            let now = try erasure(form.erasure)
            if now.isApproved {
                try hideAgain()
                owesErasureDuties = true
                logger.notice("Something is hidden and will be destroyed", metadata: ["error.code": "erasure-approved"])
            }
            var made = ErasureMade(erasure: now.id.hex, streamCount: now.proposal.streams.count)
            made.due = now.due?.description
            made.approvers = now.approvers
            made.standing = EntryStanding(entry: id.hex)
            return made
        }
    }

    /// Brings back what is in quarantine, or ends a proposal.
    func bringBack(_ form: ErasureStopForm) async throws -> ErasureMade {
        try await turns.alone(on: "erasure") {
            let state = try erasure(form.erasure)
            let hasBegun = try state.proposal.streams.contains { try beginning(of: $0) != .none }
            let events: [DisclosureEvent]
            do throws(DisclosureRefusal) {
                events = try Disclosures.bringBack(
                    state, by: form.officer, words: form.words, hasBegun: hasBegun)
            } catch { throw NodeProblem.refused(error) }
            let id = try await recordErasure(events)
            if state.isApproved {
                try hideAgain()
                owesErasureDuties = true
            }
            var made = ErasureMade(erasure: state.id.hex, streamCount: state.proposal.streams.count)
            made.standing = EntryStanding(entry: id.hex)
            return made
        }
    }

    func erasure(_ text: String) throws -> ErasureState {
        guard let id = EventID(hex: text), let state = book.erasures.states[id] else {
            throw NodeProblem.unknownErasure
        }
        return state
    }

    /// Records what was decided in a stream of this agency's own; gives the last event.
    private func recordErasure(_ events: [DisclosureEvent]) async throws -> EventID {
        let stream = StreamID(from: entropy)
        let (opening, circle) = recorder.ownCircle(of: stream, event: EventID(from: entropy))
        let drafts = try events.map { event in
            try recorder.draft(
                event.fields(actor: nil, happenedAt: time.now().description, case: nil),
                event: EventID(from: entropy), stream: stream, circle: circle, decision: nil)
        }
        let ids = try await append([opening] + drafts, opening: circle)
        return ids.last ?? EventID(from: entropy)
    }

    // MARK: Hiding

    /// Hides streams wherever anything is shown, at once, and keeps no views that still show them.
    private func hide(_ streams: Set<ErasureStream>) throws {
        let new = opener.hidden.hide(streams)
        guard !new.isEmpty else { return }
        for (reference, theirs) in book.erasures.streams where !theirs.isDisjoint(with: new) { book.forget(reference) }
        try showStreamsAgain(new)
    }

    /// Hides what is in quarantine, and shows again what was brought back or is held.
    func hideAgain() throws {
        let wanted = book.erasures.hidden
        let back = opener.hidden.all.subtracting(wanted)
        if !back.isEmpty {
            opener.hidden.show(back)
            try showStreamsAgain(back)
        }
        try hide(wanted)
    }

    /// Folds every statement of streams anew, with what may be seen of them now.
    func showStreamsAgain(_ streams: Set<ErasureStream>) throws {
        sealedViews.remove()
        for (statement, index) in try store.statements(of: Set(streams.map(\.stream)))
        where streams.contains(ErasureStream(origin: statement.origin, stream: statement.payload.stream)) {
            if statement.origin == origin {
                try showOwnAgain(index)
            } else {
                let place = CaseBook.Address(origin: statement.origin, index: index)
                try showAgain(place)
                if !opener.hidden.contains(statement) { try bookAgain(place) }
            }
        }
    }

    private func bookAgain(_ place: CaseBook.Address) throws {
        guard let received = try store.received(origin: place.origin, index: place.index) else { return }
        let statement = try Statement(decoding: received.bytes)
        let opened = opener.open(statement, at: place.index, compartments: received.compartments)
        book.fold(statement, index: place.index, opened: opened.fields, isOwn: false)
    }

    private func showOwnAgain(_ index: LeafIndex) throws {
        guard let placed = try store.readLog(from: index, limit: 1).first else { return }
        let opened = opener.open(placed.statement, at: index, compartments: placed.compartments)
        if !opener.hidden.contains(placed.statement) {
            book.fold(placed.statement, index: index, opened: opened.fields, isOwn: true)
        }
        let admission = try followedAdmission(of: index)
        if let admission, !admission.isAccepted { return }
        let event = FoldedEvent(
            placed.statement, index: index, agency: agency, position: admission?.registerPosition, opened: opened)
        if admission != nil { return try views.fold([event]) }
        try views.dropPending(event.eventID)
        try views.addPending([event])
    }
}
