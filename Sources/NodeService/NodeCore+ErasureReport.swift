import Disclosures
import EventLogs
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// What every holder has answered, for the officers who must account for it (PRACTICE P11).
extension NodeCore {
    /// Every erasure that was proposed here, the newest first, without its holders.
    func listErasures() throws -> [ErasureReport] {
        try book.erasures.states.values.sorted { ($1.proposedAt, $1.id) < ($0.proposedAt, $0.id) }
            .prefix(Limits.listRowCount).map { try report(on: $0) }
    }

    /// One erasure, with what every holder has of every part of it and has answered.
    func showErasure(_ text: String) throws -> [ErasureReport] {
        let state = try erasure(text)
        var report = try report(on: state)
        let streams = Set(state.proposal.streams)
        let described = try described(streams)
        let whole = Set(state.proposal.places.filter { $0.entries == nil }.map(\.stream))
        report.holders =
            try state.proposal.places.map { place in
                let parts = (described[place.stream] ?? []).filter { place.covers($0.address.index) }
                return try ownCopies(of: place.stream, in: state, parts)
            }
            + holders(of: whole).flatMap { holder, theirs in
                theirs.map { copies(of: $0, at: holder, described[$0] ?? []) }
            }
        report.cannotReach = NodeCore.cannotReach
        if streams.contains(where: { $0.origin != origin }) {
            report.cannotReach.append(
                "What other agencies wrote is destroyed here only: its author and whoever else holds it decide themselves."
            )
        }
        return [report]
    }

    /// What no node reaches, said with every erasure.
    private static let cannotReach = [
        "What was printed, exported, noted or told: ask whoever was shown it; 'tallystick ledger' named them before.",
        "The entries themselves stay in the logs, without content: random numbers, times, sizes and codes.",
        "Copies of the key file and of the disk from before: whoever keeps them must destroy them by the day that is said.",
    ]

    private func report(on state: ErasureState) throws -> ErasureReport {
        var report = ErasureReport(
            erasure: state.id.hex, reason: state.proposal.reason.rawValue, proposedBy: state.proposal.by,
            proposedAt: state.proposedAt.description, standing: try standing(of: state))
        report.words = state.proposal.words
        report.approvers = state.approvers
        report.due = state.due?.description
        report.holds = book.erasures.holdReasons(on: state.proposal.streams).map(\.text)
        return report
    }

    private func standing(of state: ErasureState) throws -> String {
        if state.stop != nil { return "brought-back" }
        if book.erasures.isOver(state) { return "erased" }
        let open = state.proposal.streams.filter { !book.erasures.isTold($0, in: state) }
        if try open.contains(where: { try beginning(of: $0, in: state) != .none }) { return "destroying" }
        if !book.erasures.holdReasons(on: open).isEmpty { return "on-hold" }
        guard let due = state.due else { return "proposed" }
        return due > time.now() ? "quarantine" : "destroying"
    }

    private func ownCopies(
        of stream: StreamAddress, in state: ErasureState, _ parts: [DescribedPart]
    ) throws -> ErasureHolder {
        var row = ErasureHolder(
            agency: agency.text, log: stream.origin.text, stream: stream.stream.hex, standing: "here")
        let known = Set(try store.known(parts.map(\.address)))
        row.parts = parts.filter { known.contains($0.address) }.map(\.row)
        let holds = book.erasures.holdReasons(on: [stream])
        if book.erasures.isTold(stream, in: state), let told = book.erasures.told[stream] {
            (row.standing, row.since, row.backupsBy) = ("erased", told.at.description, told.backupsBy.description)
        } else if !holds.isEmpty {
            (row.standing, row.because) = ("held", holds.map(\.text).joined(separator: ", "))
        } else if state.isApproved {
            (row.standing, row.since, row.until) = ("will-erase", state.approvedAt?.description, state.due?.description)
        }
        return row
    }

    /// What a holder says of its copies of an own stream.
    private func copies(of stream: StreamAddress, at holder: AgencyCode, _ parts: [DescribedPart]) -> ErasureHolder {
        var row = ErasureHolder(
            agency: holder.text, log: stream.origin.text, stream: stream.stream.hex, standing: "outstanding")
        row.parts = parts.filter { $0.isGiven(to: holder) }.map(\.row)
        let asked = book.erasures.questions.filter {
            $0.value.asked == holder && !$0.value.isWithdrawn && $0.value.streams.contains(stream.stream)
        }.max { $0.value.index < $1.value.index }
        row.since = asked?.value.at.description
        // A hold of the holder's own comes before its answer, and its word that it is destroyed before both.
        let holds = book.erasures.holds.filter { key, hold in
            roster.party(of: key.origin)?.code == holder && hold.held.origin == stream.origin
                && hold.held.streams.contains(stream.stream)
        }
        let logs = roster.parties[holder]?.origins ?? []
        if let gone = logs.reversed().lazy.compactMap({ self.book.erasures.elsewhere[$0]?[stream] }).first,
            asked.map({ gone.at >= $0.value.at }) ?? true
        {
            (row.standing, row.since, row.backupsBy) = ("erased", gone.at.description, gone.backupsBy.description)
        } else if !holds.isEmpty {
            row.standing = "held"
            row.since = holds.values.map(\.at).min()?.description
            row.because = Set(holds.values.map(\.reason.text)).sorted().joined(separator: ", ")
        } else if let (reply, at) = asked.flatMap({ reply(to: $0.key) }) {
            row.standing = reply.code.text
            row.since = at.description
            if case .kept(let until, let law) = reply { (row.until, row.because) = (until.description, law.text) }
        }
        return row
    }

    // MARK: Parts

    /// A compartment of a stream, and who was given it.
    private struct DescribedPart {
        let address: CompartmentAddress
        let label: Label
        let recipients: Set<AgencyCode>

        var row: ErasurePart {
            ErasurePart(
                index: Int(clamping: address.index.value), part: address.compartment.hex, label: label.text)
        }

        func isGiven(to agency: AgencyCode) -> Bool { recipients.contains(agency) }
    }

    /// The compartments of streams with those who were given each, by the circle in force at it and by shares.
    private func described(_ streams: Set<StreamAddress>) throws -> [StreamAddress: [DescribedPart]] {
        var shared: [CompartmentID: Set<AgencyCode>] = [:]
        var found: [StreamAddress: [DescribedPart]] = [:]
        var circles: [StreamAddress: CircleControl] = [:]
        let statements = try store.statements(of: Set(streams.map(\.stream)))
        for (statement, index) in statements where statement.origin == origin {
            guard book.erasures.given[index]?.isEmpty == false else { continue }
            for place in try views.shares(of: NodeViews.LeafPlace(origin: origin, leaf: index.value)) {
                guard
                    case .share(let share)? = try self.statement(at: LeafIndex(place.leaf), of: place.origin)?.payload
                        .control
                else { continue }
                for address in share.compartments { shared[address.compartment, default: []].insert(share.recipient) }
            }
        }
        for (statement, index) in statements {
            let stream = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
            guard streams.contains(stream) else { continue }
            if case .circle(let circle) = statement.payload.control { circles[stream] = circle }
            for descriptor in statement.payload.compartments {
                var recipients = shared[descriptor.id] ?? []
                if case .epoch = descriptor.reader {
                    recipients.formUnion(circles[stream]?.recipients(of: descriptor.label) ?? [])
                }
                found[stream, default: []].append(
                    DescribedPart(
                        address: CompartmentAddress(
                            origin: statement.origin, index: index, compartment: descriptor.id),
                        label: descriptor.label, recipients: recipients))
            }
        }
        return found
    }
}
