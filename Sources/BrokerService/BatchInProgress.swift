import EventLogs
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// What one transaction of the register will write, as it grows.
struct BatchInProgress {
    let previousSize: TreeSize
    private(set) var positions: [UInt64] = []
    private(set) var admitted: [(submission: Submission, record: AdmissionRecord, position: UInt64)] = []
    private var leaves: [RegisterLeaf] = []

    init(previousSize: TreeSize) { self.previousSize = previousSize }

    mutating func add(_ submission: Submission, record: AdmissionRecord, position: UInt64) {
        positions.append(position)
        leaves.append(.verdict(record))
        admitted.append((submission, record, position))
    }

    mutating func add(lookUp leaf: RegisterLeaf) { leaves.append(leaf) }

    mutating func add(own statement: Statement) { leaves.append(.own(statement)) }

    func finished(head: SignedTreeHead, log: LogState?, tree: TreeLevels) -> AdmissionBatch {
        var frontier = tree.frontier(at: previousSize) ?? TreeFrontier()
        let nodes = leaves.flatMap { frontier.append($0.leafHash) }
        return AdmissionBatch(
            previousSize: previousSize, registerLeaves: leaves.map(\.encoded), registerNodes: nodes,
            registerHead: head, statements: admitted.map { statement($0) },
            compartments: admitted.flatMap { compartments($0) }, grants: admitted.flatMap { grants($0) },
            logs: log.map { [$0] } ?? [])
    }

    private typealias Entry = (submission: Submission, record: AdmissionRecord, position: UInt64)

    private func statement(_ entry: Entry) -> AdmittedStatement {
        let statement = entry.submission.statement
        var refusal: ReasonCode?
        if case .refused(let code) = entry.record.verdict { refusal = code }
        return AdmittedStatement(
            origin: statement.origin, index: entry.submission.index, registerPosition: entry.position,
            bytes: statement.bytes, leafHash: statement.leafHash, refusal: refusal,
            place: refusal == nil ? StatementPlace(of: statement) : nil)
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
        entry.submission.grants.compactMap { bytes in
            guard let grant = try? DirectGrant(decoding: bytes) else { return nil }
            return AdmittedGrant(
                origin: entry.record.origin, index: entry.record.index, recipient: grant.recipient, bytes: bytes)
        }
    }
}
