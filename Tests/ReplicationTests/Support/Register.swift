import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A submission with what became of it.
struct Admitted {
    let position: UInt64
    let submission: Submission
    let now: Timestamp
    let judgement: Judgement

    var statement: Statement { submission.statement }
    var record: AdmissionRecord {
        AdmissionRecord(
            origin: statement.origin, index: submission.index, leafHash: statement.leafHash,
            verdict: judgement.verdict, admittedAt: now)
    }
}

/// The broker's log in memory, and the feeds it serves.
struct Register {
    let origin: Origin
    let logKey: SigningKey
    var admission: AdmissionState
    /// The state before the first statement, for replays.
    private(set) var beginning: AdmissionState
    private(set) var tree = TreeLevels()
    private(set) var leaves: [RegisterLeaf] = []
    private(set) var admitted: [Admitted] = []
    private(set) var own: [(statement: Statement, now: Timestamp)] = []
    private var descriptors: [CompartmentAddress: CompartmentDescriptor] = [:]

    init(origin: Origin, logKey: SigningKey, admission: AdmissionState) {
        self.origin = origin
        self.logKey = logKey
        self.admission = admission
        beginning = admission
    }

    mutating func restart(with roster: Roster) {
        admission = AdmissionState(roster: roster)
        beginning = admission
    }

    /// The newest head, as authors name it.
    var seen: SeenHead? { tree.size == .empty ? nil : seen(at: tree.size) }

    func seen(at size: TreeSize) -> SeenHead? {
        tree.frontier(at: size).map { SeenHead(origin: origin, size: size, root: $0.root) }
    }

    mutating func takeOwn(_ statement: Statement, now: Timestamp) throws {
        try admission.takeOwn(statement, at: tree.size, now: now)
        own.append((statement, now))
        append(.own(statement))
    }

    mutating func append(_ leaf: RegisterLeaf) {
        tree.append(leaf.leafHash)
        leaves.append(leaf)
    }

    /// - Parameter recordedAt: the time that the leaf claims, if not the time at which it is judged.
    mutating func admit(_ submission: Submission, now: Timestamp, recordedAt: Timestamp? = nil) -> Judgement {
        let position = tree.size
        let judgement = admission.admit(
            submission, at: position, now: now,
            records: Records(tree: tree, descriptors: descriptors))
        let made = Admitted(
            position: position.value, submission: submission, now: recordedAt ?? now, judgement: judgement)
        admitted.append(made)
        append(.verdict(made.record))
        note(made)
        return judgement
    }

    private mutating func note(_ made: Admitted) {
        guard made.judgement.verdict.isAccepted else { return }
        for descriptor in made.statement.payload.compartments {
            let address = CompartmentAddress(
                origin: made.statement.origin, index: made.submission.index,
                compartment: descriptor.id)
            descriptors[address] = descriptor
        }
    }

    /// Judges the whole history anew; `skippingRefused` takes refusals as they stand.
    func replayed(skippingRefused: Bool) throws -> (verdicts: [Judgement], state: AdmissionState) {
        var state = beginning
        var own = own[...]
        var judgements: [Judgement] = []
        var known = Records(tree: tree, descriptors: [:])
        var past = admitted[...]
        for position in 0..<tree.size.value {
            let place = TreeSize(position)
            if let next = own.first, judgements.isEmpty {
                try state.takeOwn(next.statement, at: place, now: next.now)
                own = own.dropFirst()
                continue
            }
            guard let next = past.first, next.position == position else { continue }
            past = past.dropFirst()
            if skippingRefused, case .refused(let reason) = next.judgement.verdict {
                judgements.append(
                    state.takeRefused(
                        next.submission, reason: reason, at: place, admittedAt: next.now))
                continue
            }
            judgements.append(
                state.admit(next.submission, at: place, now: next.now, records: known))
            for descriptor in next.statement.payload.compartments
            where next.judgement.verdict.isAccepted {
                known.descriptors[
                    CompartmentAddress(
                        origin: next.statement.origin, index: next.submission.index,
                        compartment: descriptor.id)] = descriptor
            }
        }
        return (judgements, state)
    }

    func record(at position: UInt64) -> AdmissionRecord? {
        guard position < leaves.count, case .verdict(let record) = leaves[Int(position)] else {
            return nil
        }
        return record
    }

    struct Records: AdmissionRecords {
        let tree: TreeLevels
        var descriptors: [CompartmentAddress: CompartmentDescriptor]

        func registerRoot(at size: TreeSize) -> Hash256? { tree.frontier(at: size)?.root }
        func descriptor(of address: CompartmentAddress) -> CompartmentDescriptor? {
            descriptors[address]
        }
    }
}

// MARK: - Feeds

extension Register {
    /// Every entry that an agency is due, in order of position: an honest broker's feed.
    func entries(for agency: AgencyCode) -> [FeedEntry] {
        var entries: [FeedEntry] = []
        for made in admitted {
            guard let delivery = made.judgement.deliveries[agency] else { continue }
            let isAccepted = made.judgement.verdict.isAccepted
            let due = made.statement.payload.compartments.filter { descriptor in
                switch descriptor.reader {
                case .public: true
                case .epoch: delivery.labels.contains(descriptor.label)
                case .home, .pointer, .match: false
                }
            }
            let grants = made.submission.grants.filter {
                (try? DirectGrant(decoding: $0))?.recipient == agency
            }
            entries.append(
                entry(
                    made, due: made.position, isAccepted ? due.map(\.id) : [],
                    grants: isAccepted && delivery.areGrantsDue ? grants : []))
            entries += shared(delivery, by: made)
        }
        return entries
    }

    private func shared(_ delivery: Delivery, by share: Admitted) -> [FeedEntry] {
        let named = Dictionary(grouping: delivery.shared) { StatementAddress(origin: $0.origin, index: $0.index) }
        return named.keys.sorted { $0.index < $1.index }.compactMap { place in
            let earlier = admitted.first {
                $0.statement.origin == place.origin && $0.submission.index == place.index
            }
            return earlier.map { made in
                let ids = named[place]?.map(\.compartment) ?? []
                let kept = share.submission.compartments.filter { ids.contains($0.id) }
                return entry(made, due: share.position, ids, grants: [], kept: kept)
            }
        }
    }

    private func entry(
        _ made: Admitted, due: UInt64, _ ids: [CompartmentID], grants: [[UInt8]],
        kept: [CarriedCompartment] = []
    ) -> FeedEntry {
        let carried = (made.submission.compartments + kept).filter { ids.contains($0.id) }
        return FeedEntry(
            position: due, statementPosition: made.position, index: made.submission.index,
            statement: CarriedStatement(
                bytes: made.statement.bytes, compartments: carried, grants: grants))
    }

    func note(at size: TreeSize, by key: SigningKey? = nil) throws -> [UInt8] {
        let root = tree.frontier(at: size)?.root ?? MerkleTree.emptyRoot
        let head = TreeHead(origin: origin, size: size, root: root)
        return try SignedTreeHead.sign(head, with: key ?? logKey).note
    }

    /// The page of an agency's feed between two sizes of the register.
    func page(for agency: AgencyCode, from: UInt64, to end: UInt64) throws -> FeedPage {
        FeedPage(
            from: TreeSize(from), leaves: leaves[Int(from)..<Int(end)].map(\.encoded),
            headNote: from == end ? [] : try note(at: TreeSize(end)),
            entries: entries(for: agency).filter { (from..<end).contains($0.position) })
    }
}
