import Auditing
import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// What the fixture itself knows of one statement, independent of what admission says of it.
struct Truth {
    let position: UInt64
    let log: Origin
    let index: LeafIndex
    let admittedAt: Timestamp
    /// For each agency that is due the statement: the labels that come with it.
    let came: [AgencyCode: [Label]]
}

/// A register as a broker keeps it, and the pages an auditor fetches from it.
struct SyntheticRegister {
    let origin: Origin
    var logKey: SigningKey
    var admission: AdmissionState
    var tree = TreeLevels()
    var pages: [FeedPage] = []
    var logNotes: [Origin: [UInt8]] = [:]
    var truths: [Truth] = []
    private var pending: (leaves: [RegisterLeaf], entries: [FeedEntry]) = ([], [])
    private var descriptors: [CompartmentAddress: CompartmentDescriptor] = [:]

    init(origin: Origin, logKey: SigningKey, roster: Roster) {
        self.origin = origin
        self.logKey = logKey
        admission = AdmissionState(roster: roster)
    }

    var seen: SeenHead? {
        guard tree.size > .empty, let root = tree.frontier(at: tree.size)?.root else { return nil }
        return SeenHead(origin: origin, size: tree.size, root: root)
    }

    mutating func takeOwn(_ statement: Statement, now: Timestamp) throws {
        try admission.takeOwn(
            statement, at: tree.size, now: now)
        append(.own(statement))
    }

    mutating func append(_ leaf: RegisterLeaf) {
        tree.append(leaf.leafHash)
        pending.leaves.append(leaf)
    }

    /// Admits one statement as a broker does; `forced` makes it a broker that registers another
    /// verdict.
    @discardableResult
    mutating func admit(
        _ placed: SequencedStatement, came: [AgencyCode: [Label]], now: Timestamp,
        forced: Verdict? = nil
    ) -> Verdict {
        let position = tree.size
        let records = Records(tree: tree, descriptors: descriptors, forced: forced)
        let judgement = admission.admit(
            Submission(
                index: placed.index, statement: placed.statement, compartments: placed.compartments,
                grants: placed.grants), at: position, now: now, records: records)
        let verdict = forced ?? judgement.verdict
        let statement = placed.statement
        append(
            .verdict(
                AdmissionRecord(
                    origin: statement.origin, index: placed.index, leafHash: statement.leafHash,
                    verdict: verdict, admittedAt: now)))
        var carried: [CarriedCompartment] = []
        if verdict.isAccepted {
            for descriptor in statement.payload.compartments {
                descriptors[
                    CompartmentAddress(
                        origin: statement.origin, index: placed.index, compartment: descriptor.id)] =
                    descriptor
            }
            let home = Set(statement.payload.compartments.filter { $0.reader == .home }.map(\.id))
            let own = Set(statement.payload.compartments.map(\.id))
            carried = placed.compartments.filter { own.contains($0.id) && !home.contains($0.id) }
        }
        pending.entries.append(
            FeedEntry(
                position: position.value, statementPosition: position.value, index: placed.index,
                statement: CarriedStatement(
                    bytes: statement.bytes, compartments: carried, grants: [])))
        truths.append(
            Truth(
                position: position.value, log: statement.origin, index: placed.index,
                admittedAt: now, came: came))
        return judgement.verdict
    }

    mutating func closePage() throws {
        let from = TreeSize(tree.size.value - UInt64(pending.leaves.count))
        pages.append(
            FeedPage(
                from: from, leaves: pending.leaves.map(\.encoded),
                headNote: try note(at: tree.size),
                entries: pending.entries))
        pending = ([], [])
    }

    func note(at size: TreeSize) throws -> [UInt8] {
        let root = tree.frontier(at: size)?.root ?? MerkleTree.emptyRoot
        return try SignedTreeHead.sign(
            TreeHead(origin: origin, size: size, root: root), with: logKey
        ).note
    }

    /// The broker lets go of a compartment's bytes.
    mutating func drop(_ compartment: CompartmentID) {
        pages = pages.map { page in
            FeedPage(
                from: page.from, leaves: page.leaves, headNote: page.headNote,
                entries: page.entries.map { entry in
                    entry.with(
                        compartments: entry.statement.compartments.filter { $0.id != compartment })
                })
        }
    }

    private struct Records: AdmissionRecords {
        let tree: TreeLevels
        let descriptors: [CompartmentAddress: CompartmentDescriptor]
        let forced: Verdict?

        func registerRoot(at size: TreeSize) -> Hash256? { tree.frontier(at: size)?.root }
        func descriptor(of address: CompartmentAddress) -> CompartmentDescriptor? {
            descriptors[address]
        }
        func registeredVerdict(of origin: Origin, at index: LeafIndex) -> Verdict? { forced }
    }
}

extension FeedEntry {
    func with(
        bytes: [UInt8]? = nil, compartments: [CarriedCompartment]? = nil, position: UInt64? = nil,
        index: LeafIndex? = nil
    ) -> FeedEntry {
        FeedEntry(
            position: position ?? self.position, statementPosition: position ?? statementPosition,
            index: index ?? self.index,
            statement: CarriedStatement(
                bytes: bytes ?? statement.bytes,
                compartments: compartments ?? statement.compartments,
                grants: statement.grants))
    }
}
