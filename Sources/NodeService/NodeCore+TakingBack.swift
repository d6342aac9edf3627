import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// What recalls and withdrawals have in common: what is taken back from whom, and that whatever says it again goes with it
/// (decisions 0021 and 0023).
extension NodeCore {
    /// A part of an own entry, with what it is of.
    typealias GivenParts = [CompartmentAddress: Label]

    /// What one act takes back.
    struct TakeBackPlan {
        /// The entry that was named.
        let entry: EventID
        /// What each agency was given of it, and of what says it again.
        let given: [AgencyCode: GivenParts]
        /// What of that goes.
        let chosen: [AgencyCode: [Label]]
        /// Who decided it; nil where the node passes on what another agency decided.
        let officer: String?

        /// The parts that go from one agency.
        func places(from agency: AgencyCode) -> [CompartmentAddress] {
            let labels = chosen[agency] ?? []
            return (given[agency] ?? [:]).filter { labels.contains($0.value) }.keys
                .sorted { ($0.origin, $0.index, $0.compartment) < ($1.origin, $1.index, $1.compartment) }
        }
    }

    /// An own entry as it stands in the log, and what of it is meant.
    struct PlacedEntry {
        let placed: SequencedStatement
        /// Nil for all.
        var labels: Set<Label>?

        var event: EventID { placed.statement.eventID }
        /// The parts that are meant.
        var parts: [CompartmentDescriptor] {
            placed.statement.payload.compartments.filter { labels?.contains($0.label) ?? true }
        }
    }

    /// The entries that say an own entry again, the entry itself first.
    func placedFamily(of event: EventID) throws -> [PlacedEntry] { try placed(views.family(of: event)) }

    func placed(_ entries: [SaidAgain]) throws -> [PlacedEntry] {
        try entries.compactMap { entry in
            try ownEntry(entry.event).map { PlacedEntry(placed: $0, labels: entry.labels) }
        }
    }

    /// What of own entries each agency was ever given: by the circle that each was sealed for, and by shares since; without
    /// what was taken back already.
    ///
    /// - Parameter recallsOnly: whether what was withdrawn counts as given still: its holder may keep it, and had it.
    func given(of family: [PlacedEntry], recallsOnly: Bool) throws -> [AgencyCode: GivenParts] {
        var given: [AgencyCode: GivenParts] = [:]
        for entry in family {
            let (placed, descriptors) = (entry.placed, entry.parts)
            let recipients = try views.circleRecipients(of: entry.event) ?? [:]
            func add(_ part: CompartmentDescriptor, to member: AgencyCode) {
                guard part.reader.isSealed else { return }
                let place = CompartmentAddress(
                    origin: placed.statement.origin, index: placed.index, compartment: part.id)
                given[member, default: [:]][place] = part.label
            }
            for part in descriptors {
                guard case .epoch = part.reader else { continue }
                for member in recipients[part.label] ?? [] where member != agency { add(part, to: member) }
            }
            for share in try views.shares(of: placed.place) {
                guard case .share(let share) = try ownControl(at: share),
                    roster.parties[share.recipient]?.enrolment.party == .agency
                else { continue }
                for address in share.compartments where CaseBook.Address(address) == CaseBook.Address(placed) {
                    if let part = descriptors.first(where: { $0.id == address.compartment }) {
                        add(part, to: share.recipient)
                    }
                }
            }
        }
        let gone = try takenBack(recallsOnly: recallsOnly)
        return given.compactMapValues { parts in parts.isEmpty ? nil : parts }.reduce(into: [:]) { left, next in
            let parts = next.value.filter { gone[next.key]?.contains($0.key.compartment) != true }
            if !parts.isEmpty { left[next.key] = parts }
        }
    }

    private func ownControl(at place: NodeViews.LeafPlace) throws -> ControlBody? {
        try statement(at: LeafIndex(place.leaf), of: place.origin)?.payload.control
    }

    /// What this agency took back from whom.
    func takenBack(recallsOnly: Bool = false) throws -> [AgencyCode: Set<CompartmentID>] {
        var gone: [AgencyCode: Set<CompartmentID>] = [:]
        for place in try views.ownTakeBacks(recallsOnly: recallsOnly) {
            guard let taken = try ownControl(at: place)?.takenBack else { continue }
            gone[taken.recipient, default: []].formUnion(taken.places.map(\.compartment))
        }
        return gone
    }

    /// What was recalled or withdrawn from an agency is not given to it again: not as it was, which the register would refuse,
    /// and not by another entry that says the same, which only this node can know.
    func requireNotTakenBack(_ parts: [HeldCompartment], from recipients: [AgencyCode]) throws {
        let gone = try takenBack().filter { recipients.contains($0.key) }
        guard !parts.isEmpty, !gone.isEmpty else { return }
        let recalled = try takenBack(recallsOnly: true)
        for part in parts {
            let same = try compartments(saying: part)
            for recipient in recipients where gone[recipient]?.isDisjoint(with: same) == false {
                throw recalled[recipient]?.isDisjoint(with: same) == false
                    ? NodeProblem.recalledBefore(part.label, from: recipient)
                    : NodeProblem.withdrawnBefore(part.label, from: recipient)
            }
        }
    }

    /// A part, and those of own entries that say it again or that it says again.
    private func compartments(saying part: HeldCompartment) throws -> Set<CompartmentID> {
        let said = try placedFamily(of: part.event).flatMap(\.parts).filter { $0.label == part.label }
        return Set(said.map(\.id)).union([part.address.compartment])
    }

    /// One statement for each agency, or more where it had more than one holds, in a stream of the two alone: nobody learns
    /// who else had it, or lost it.
    ///
    /// - Returns: the first event for each agency, and the newest.
    func record(
        _ plan: TakeBackPlan, reason: ReasonCode, control: (TakeBackControl) -> ControlBody,
        event: (_ act: EventID, _ agency: AgencyCode, _ labels: [Label]) -> DisclosureEvent
    ) async throws -> (events: [AgencyCode: EventID], last: EventID?) {
        let act = EventID(from: entropy)
        let reference = try views.reference(of: plan.entry)
        let now = time.now()
        var drafts: [StatementDraft] = []
        var made: [AgencyCode: EventID] = [:]
        for agency in plan.chosen.keys.sorted() {
            let stream = StreamID(from: entropy)
            let kind = control(TakeBackControl(recipient: agency, places: [], reason: reason)).kind
            let (opening, circle) = duo(
                with: agency, in: stream, reason: kind == .recall ? "recall" : "withdrawal")
            drafts.append(opening)
            for part in takeBacks(of: plan.places(from: agency), from: agency, reason: reason) {
                let id = made.isEmpty ? act : EventID(from: entropy)
                drafts.append(
                    try recorder.draft(
                        event(act, agency, plan.chosen[agency] ?? []).fields(
                            actor: plan.officer, happenedAt: now.description, case: reference,
                            derivedFrom: [plan.entry]),
                        event: id, stream: stream, circle: circle, decision: nil,
                        control: control(part)))
                if made[agency] == nil { made[agency] = id }
            }
        }
        guard !made.isEmpty else { return ([:], nil) }
        return (made, try await append(drafts).last)
    }

    /// As few statements as it takes: each names compartments of one log.
    private func takeBacks(
        of places: [CompartmentAddress], from agency: AgencyCode, reason: ReasonCode
    ) -> [TakeBackControl] {
        Dictionary(grouping: places, by: \.origin).sorted { $0.key < $1.key }.flatMap { log, places in
            stride(from: 0, to: places.count, by: Limits.takeBackCount).map { start in
                let part = places[start..<min(places.count, start + Limits.takeBackCount)]
                return TakeBackControl(
                    recipient: agency,
                    places: part.map { TakeBackControl.Place(index: $0.index, compartment: $0.compartment) },
                    reason: reason, endedLog: log == origin ? nil : log)
            }
        }
    }

    /// What is taken back, of the own entries that were made from one that was taken back from this agency; not from whom that
    /// was, who has what it was made from.
    func passingOn(of entries: [EventID], by author: AgencyCode, recallsOnly: Bool) throws -> TakeBackPlan? {
        var made: [SaidAgain] = []
        for entry in entries { for next in try views.madeFrom(entry) where !made.contains(next) { made.append(next) } }
        guard let first = made.first else { return nil }
        let given = try given(of: placed(made), recallsOnly: recallsOnly).filter { $0.key != author }
        guard !given.isEmpty else { return nil }
        return TakeBackPlan(
            entry: first.event, given: given, chosen: given.mapValues { Set($0.values).sorted() }, officer: nil)
    }

    /// The stream of two in which this agency answers another, and its opening where there is none yet.
    func answerStream(
        to author: AgencyCode, known: StreamID?, labels: [Label], reason: ReasonCode
    ) throws -> (stream: StreamID, opened: NewCircle?) {
        if let known, ownCircles[known] != nil { return (known, nil) }
        let stream = StreamID(from: entropy)
        guard let new = try dutyCircle(of: stream, with: author, labels: labels, reason: reason) else {
            throw NodeProblem.cannotBeTold(author)
        }
        return (stream, new)
    }

    func agencies(_ texts: [String]) throws(ProblemDetails) -> [AgencyCode] {
        var agencies: [AgencyCode] = []
        for text in texts {
            guard let code = AgencyCode(text) else { throw NodeProblem.bad("--from", "agencies' codes") }
            agencies.append(code)
        }
        return agencies
    }

    /// One of this agency's own entries, by its digits.
    func ownRecorded(_ text: String) throws -> EventID {
        guard let id = try eventID(text), try ownEntry(id) != nil else {
            throw NodeProblem.unknownEntry(text)
        }
        return id
    }
}
