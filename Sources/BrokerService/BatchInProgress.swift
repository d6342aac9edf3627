import EventLogs
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// Where one statement of a push is registered.
enum RegisteredPlace {
    /// In the batch being made, by its number there.
    case fresh(Int)
    /// Earlier, by its register position and with its leaf.
    case earlier(UInt64, leaf: [UInt8])
}

/// What one transaction of the register will write, as it grows.
struct BatchInProgress {
    let previousSize: TreeSize
    private(set) var admitted: [Entry] = []
    private var leaves: [[UInt8]] = []
    private var logs: [Origin: LogState] = [:]

    /// A statement with its verdict.
    struct Entry {
        let submission: Submission
        let admitted: AdmittedLeaf

        var record: AdmissionRecord { admitted.record }
        var position: UInt64 { admitted.position }
        var leaf: [UInt8] { admitted.leaf }
    }

    init(previousSize: TreeSize) { self.previousSize = previousSize }

    var isEmpty: Bool { leaves.isEmpty }

    /// Takes in a judged statement and gives its number in the batch.
    mutating func add(_ submission: Submission, _ leaf: AdmittedLeaf) -> Int {
        leaves.append(leaf.leaf)
        admitted.append(Entry(submission: submission, admitted: leaf))
        return admitted.count - 1
    }

    mutating func add(lookUp leaf: RegisterLeaf) { leaves.append(leaf.encoded) }

    mutating func add(own statement: Statement) { leaves.append(statement.bytes) }

    /// States a log after its statements in the batch.
    mutating func extend(_ log: LogState) { logs[log.origin] = log }

    /// A statement of the batch by its place in its log, with its number; looked for only when a push repeats one.
    func statement(of origin: Origin, at index: LeafIndex) -> (Statement, number: Int)? {
        admitted.firstIndex { $0.record.origin == origin && $0.record.index == index }.map {
            (admitted[$0].submission.statement, $0)
        }
    }

    func finished(head: SignedTreeHead, tree: TreeLevels) -> AdmissionBatch {
        AdmissionBatch(
            previousSize: previousSize, registerLeaves: leaves,
            registerNodes: tree.nodes(completedSince: previousSize), registerHead: head,
            statements: admitted.map { statement($0) }, compartments: admitted.flatMap { compartments($0) },
            grants: admitted.flatMap { grants($0) }, logs: logs.values.sorted { $0.origin < $1.origin })
    }

    private func statement(_ entry: Entry) -> AdmittedStatement {
        let statement = entry.submission.statement
        var refusal: ReasonCode?
        if case .refused(let code) = entry.record.verdict { refusal = code }
        return AdmittedStatement(
            origin: statement.origin, index: entry.submission.index, registerPosition: entry.position,
            bytes: statement.bytes, leafHash: statement.leafHash, refusal: refusal)
    }

    private func compartments(_ entry: Entry) -> [AdmittedCompartment] {
        guard entry.record.verdict.isAccepted else { return [] }
        var shared: [CompartmentAddress] = []
        if case .share(let share) = entry.submission.statement.payload.control { shared = share.compartments }
        let described = Set(entry.submission.statement.payload.compartments.map(\.id))
        return entry.submission.compartments.map { carried in
            let own = CompartmentAddress(
                origin: entry.record.origin, index: entry.record.index, compartment: carried.id)
            return AdmittedCompartment(
                address: described.contains(carried.id) ? own : shared.first { $0.compartment == carried.id } ?? own,
                content: carried.content,
                wrap: carried.wrap)
        }
    }

    private func grants(_ entry: Entry) -> [AdmittedGrant] {
        guard entry.record.verdict.isAccepted else { return [] }
        return zip(entry.submission.grants, entry.submission.grantRecipients).compactMap { bytes, recipient in
            recipient.map {
                AdmittedGrant(origin: entry.record.origin, index: entry.record.index, recipient: $0, bytes: bytes)
            }
        }
    }
}
