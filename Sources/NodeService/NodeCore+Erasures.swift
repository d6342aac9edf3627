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
                    places: try everything(of: matter(form.caseReference, form.subject)), reason: reason,
                    by: form.officer,
                    words: form.words))
        }
    }

    /// What there is of streams now, and the own entries elsewhere that say it again or were made from it.
    func everything(of streams: Set<StreamAddress>) throws -> [ErasurePlace] {
        let places = try places(of: streams)
        var copies: [StreamAddress: Set<LeafIndex>] = [:]
        for (statement, index) in try store.statements(of: Set(streams.map(\.stream))) {
            let stream = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
            guard places.contains(where: { $0.stream == stream && $0.covers(index) }) else { continue }
            for copy in try placed(views.madeFrom(statement.eventID)) where copy.labels == nil {
                let own = StreamAddress(origin: origin, stream: copy.placed.statement.payload.stream)
                if !streams.contains(own) { copies[own, default: []].insert(copy.placed.index) }
            }
        }
        return places
            + copies.sorted { $0.key < $1.key }.compactMap { stream, entries in
                entries.max().map { ErasurePlace(stream: stream, through: $0, entries: entries.sorted()) }
            }
    }

    /// What there is of streams now: what is written later is not a part of an erasure that is proposed today.
    func places(of streams: Set<StreamAddress>) throws -> [ErasurePlace] {
        var newest: [StreamAddress: LeafIndex] = [:]
        for (statement, index) in try store.statements(of: Set(streams.map(\.stream))) {
            let stream = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
            guard streams.contains(stream) else { continue }
            newest[stream] = max(newest[stream] ?? index, index)
        }
        return newest.sorted { $0.key < $1.key }.map { ErasurePlace(stream: $0.key, through: $0.value) }
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
            let hasBegun = try hasBegun(state)
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
        guard let id = try eventID(text), let state = book.erasures.states[id] else {
            throw NodeProblem.unknownErasure
        }
        return state
    }

    /// Records what was decided; gives the last event. Who decided stands in it, and not beside it.
    private func recordErasure(_ events: [DisclosureEvent]) async throws -> EventID {
        try await keepAtHome(events, by: nil).last ?? EventID(from: entropy)
    }

    // MARK: Hiding

    /// Hides what is in quarantine, wherever anything is shown and at once, and shows again what was brought back or is held;
    /// keeps no views that still show it.
    func hideAgain() throws {
        var changed = opener.hidden.hide(book.erasures.hidden)
        guard !changed.isEmpty else { return }
        for (reference, theirs) in book.erasures.streams where !theirs.isDisjoint(with: changed) {
            book.forget(reference)
            changed.formUnion(theirs)
        }
        try showStreamsAgain(changed)
    }

    /// Folds every statement of streams anew, with what may be seen of them now.
    func showStreamsAgain(_ streams: Set<StreamAddress>) throws {
        sealedViews.remove()
        for (statement, index) in try store.statements(of: Set(streams.map(\.stream)))
        where streams.contains(StreamAddress(origin: statement.origin, stream: statement.payload.stream)) {
            if statement.origin == origin {
                try showOwnAgain(index)
            } else {
                let place = CaseBook.Address(origin: statement.origin, index: index)
                try showAgain(place)
                if !opener.hidden.contains(statement, at: index) { try bookAgain(place) }
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
        if !opener.hidden.contains(placed.statement, at: index) {
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
