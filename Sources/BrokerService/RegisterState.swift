import EventLogs
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// What the broker holds in memory: admission, the register's tree, and who is due what.
struct RegisterState: Sendable {
    var admission: AdmissionState
    var tree = TreeLevels()
    var deliveries: [AgencyCode: [Due]] = [:]
    var positions: [Origin: [UInt64]] = [:]

    /// One delivery with the register position at which it became due.
    struct Due: Sendable {
        let position: UInt64
        let delivery: Delivery
    }

    private let store: BrokerStore
    /// What the statements of a batch describe, until the batch is stored.
    private var unstored: [CompartmentAddress: CompartmentDescriptor] = [:]

    init(roster: Roster, store: BrokerStore) {
        admission = AdmissionState(roster: roster)
        self.store = store
    }

    /// Takes in a statement of the broker's own.
    mutating func takeOwn(_ statement: Statement, now: Timestamp) throws(RosterFault) {
        try admission.takeOwn(
            statement, at: tree.size, now: now)
        tree.append(RegisterLeaf.own(statement).leafHash)
    }

    /// The batch is stored: its descriptors are found there from now on.
    mutating func markStored() { unstored = [:] }

    /// Takes in a look-up.
    mutating func takeLookUp(_ leaf: RegisterLeaf) { tree.append(leaf.leafHash) }

    /// The head of the register as it stands.
    func head(origin: Origin) -> TreeHead {
        TreeHead(origin: origin, size: tree.size, root: tree.frontier(at: tree.size)?.root ?? MerkleTree.emptyRoot)
    }

    /// Judges a submission at the register's end and takes it in; the leaf is appended to the tree.
    ///
    /// - Parameter refusal: for a statement that was refused before: the reason on record.
    mutating func admit(
        _ submission: Submission, now: Timestamp, refusal: ReasonCode? = nil
    ) -> (record: AdmissionRecord, position: UInt64) {
        let position = tree.size
        let statement = submission.statement
        let judgement =
            if let refusal {
                admission.takeRefused(submission, reason: refusal, at: position)
            } else {
                admission.admit(
                    submission, at: position, now: now,
                    records: StateRecords(tree: tree, store: store, unstored: unstored))
            }
        let record = AdmissionRecord(
            origin: statement.origin, index: submission.index, leafHash: statement.leafHash,
            verdict: judgement.verdict, admittedAt: now)
        tree.append(RegisterLeaf.verdict(record).leafHash)
        positions[statement.origin, default: []].append(position.value)
        for (agency, delivery) in judgement.deliveries {
            deliveries[agency, default: []].append(Due(position: position.value, delivery: delivery))
        }
        if judgement.verdict.isAccepted, refusal == nil {
            for descriptor in statement.payload.compartments {
                let address = CompartmentAddress(
                    origin: statement.origin, index: submission.index, compartment: descriptor.id)
                unstored[address] = descriptor
            }
        }
        return (record, position.value)
    }
}

/// Admission's look-ups: roots from memory, descriptors from the statements themselves.
private struct StateRecords: AdmissionRecords {
    let tree: TreeLevels
    let store: BrokerStore
    let unstored: [CompartmentAddress: CompartmentDescriptor]

    func registerRoot(at size: TreeSize) -> Hash256? { tree.frontier(at: size)?.root }

    func descriptor(of address: CompartmentAddress) -> CompartmentDescriptor? {
        if let descriptor = unstored[address] { return descriptor }
        guard let stored = try? store.statement(origin: address.origin, index: address.index),
            stored.refusal == nil, let statement = try? Statement(decoding: stored.bytes)
        else { return nil }
        return statement.payload.compartments.first { $0.id == address.compartment }
    }
}
