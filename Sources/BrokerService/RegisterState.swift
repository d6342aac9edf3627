import EventLogs
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// What the broker holds in memory: admission, the register's tree, and who is due what.
struct RegisterState: Sendable {
    var admission: AdmissionState
    var tree = TreeLevels()
    var deliveries: [AgencyCode: [Due]] = [:]

    /// One delivery with the register position at which it became due.
    struct Due: Sendable {
        let position: UInt64
        let delivery: Delivery
    }

    /// The log keys that the register has announced, by where it did.
    private(set) var keySets: [RegisterSigners.KeySet] = []
    /// When the newest leaf was admitted.
    private(set) var newestAdmission = Timestamp(wholeSeconds: 0)
    /// The accepted control statements so far, with their logs: what a party that is enrolled later is due of them.
    private var controls: [(position: UInt64, origin: Origin)] = []
    private let store: BrokerStore
    /// The root that was looked up last: the statements of one push mostly name the same head.
    private var namedRoot: (size: TreeSize, root: Hash256)?
    /// What the statements of a batch describe, until the batch is on its way to the disk.
    private var unstored: [CompartmentAddress: CompartmentDescriptor] = [:]
    /// The same of the batch that is on its way to the disk.
    private var storing: [CompartmentAddress: CompartmentDescriptor] = [:]

    private var knownParties: Set<AgencyCode>

    init(roster: Roster, store: BrokerStore) {
        admission = AdmissionState(roster: roster)
        knownParties = Set(roster.parties.keys)
        self.store = store
    }

    /// Takes in a statement of the broker's own.
    mutating func takeOwn(_ statement: Statement, now: Timestamp) throws(RosterFault) {
        try admission.takeOwn(
            statement, at: tree.size, now: now)
        if case .keyset(let entries) = statement.payload.control {
            let keys = entries.filter { $0.role == .log }.map(\.key)
            keySets.append(RegisterSigners.KeySet(place: tree.size.value, keys: keys))
        }
        tree.append(RegisterLeaf.own(statement).leafHash)
    }

    /// The instant of the next leaf, in whole seconds: not before the newest leaf's, unless the clock had run so far ahead
    /// then that nobody's could be believed (as decision 0014 has it for authors).
    func admissionTime(by clock: Timestamp) -> Timestamp {
        let isFarAhead = newestAdmission > clock.adding(seconds: Limits.clockAheadSeconds)
        return Timestamp(
            wholeSeconds: isFarAhead ? clock.wholeSeconds : max(clock.wholeSeconds, newestAdmission.wholeSeconds))
    }

    /// The batch is on its way to the disk; what is judged from now on is of the next.
    mutating func beginStoring() {
        storing = unstored
        unstored = [:]
    }

    /// The batch on its way is stored: its descriptors are found there from now on.
    mutating func markStored() { storing = [:] }

    /// Takes in a look-up.
    mutating func takeLookUp(_ leaf: RegisterLeaf) { tree.append(leaf.leafHash) }

    /// Whoever is enrolled late follows the register from its first leaf, and needs every key set and act on the way.
    private mutating func takeNewcomers() {
        guard admission.roster.parties.count > knownParties.count else { return }
        for (code, party) in admission.roster.parties where knownParties.insert(code).inserted {
            deliveries[code] = controls.filter { $0.origin != party.origin }.map {
                Due(position: $0.position, delivery: Delivery(labels: []))
            }
        }
    }

    /// The head of the register as it stands.
    func head(origin: Origin) -> TreeHead {
        TreeHead(origin: origin, size: tree.size, root: tree.frontier(at: tree.size)?.root ?? MerkleTree.emptyRoot)
    }

    /// The register's root at the head that a statement names.
    private mutating func root(namedBy statement: Statement) -> (size: TreeSize, root: Hash256)? {
        guard let size = statement.payload.seen?.size, size != namedRoot?.size else { return namedRoot }
        guard let root = tree.frontier(at: size)?.root else { return nil }
        namedRoot = (size, root)
        return namedRoot
    }

    /// What accepted statements say of the compartments that a SHARE, RECALL or WITHDRAW names; each statement is read once,
    /// and those that none describes are absent.
    private func descriptors(
        namedBy submission: Submission
    ) throws(EventStoreError) -> [CompartmentAddress: CompartmentDescriptor] {
        // Nothing is read for a statement that its log did not sign, nor for what it may not give.
        let named = submission.statement.payload.control.namedCompartments(in: submission.statement.origin)
        guard !named.isEmpty, isSigned(submission) else { return [:] }
        var found: [CompartmentAddress: CompartmentDescriptor] = [:]
        var stored: [StatementAddress: [CompartmentAddress]] = [:]
        for address in named
        where admission.isBehind(address, submission.statement) {
            if let descriptor = unstored[address] ?? storing[address] {
                found[address] = descriptor
            } else {
                stored[StatementAddress(origin: address.origin, index: address.index), default: []].append(address)
            }
        }
        for (place, addresses) in stored {
            guard let stored = try store.statement(origin: place.origin, index: place.index),
                stored.refusal == nil
            else { continue }
            guard let described = try? Statement(decoding: stored.bytes) else {
                throw .damaged(StoredDamage(part: "statement", index: place.index, log: place.origin))
            }
            for address in addresses {
                found[address] = described.payload.compartments.first { $0.id == address.compartment }
            }
        }
        return found
    }

    /// Whether the statement's own log signed it. Its key may have been announced after the signatures were checked: in the
    /// same push, or in the same page of a register that is loaded.
    private func isSigned(_ submission: Submission) -> Bool {
        submission.signature != nil
            || admission.roster.statementKeys(of: submission.statement.origin).contains { key in
                (try? submission.statement.signed.verified(by: key)) != nil
            }
    }

    /// Judges a submission at the register's end and takes it in; the leaf is appended to the tree.
    ///
    /// - Parameters:
    ///   - refusal: for a statement that was refused before: the reason on record.
    ///   - erased: the hashes of its parts that were here when it was accepted and that its author has destroyed since.
    /// - Throws: when what the judgement needs cannot be read; a verdict is for ever and never rests on a disk that did
    ///   not answer. Nothing was taken in then.
    mutating func admit(
        _ submission: Submission, now: Timestamp, refusal: ReasonCode? = nil, erased: Set<Hash256> = []
    ) throws(EventStoreError) -> AdmittedLeaf {
        let position = tree.size
        let statement = submission.statement
        let judgement =
            if let refusal {
                admission.takeRefused(submission, reason: refusal, at: position, admittedAt: now)
            } else {
                admission.admit(
                    submission, at: position, now: now,
                    records: StateRecords(
                        named: root(namedBy: statement), shared: try descriptors(namedBy: submission),
                        erased: erased))
            }
        let record = AdmissionRecord(
            origin: statement.origin, index: submission.index, leafHash: statement.leafHash,
            verdict: judgement.verdict, admittedAt: now)
        newestAdmission = now
        let leaf = RegisterLeaf.verdict(record).encoded
        tree.append(MerkleTree.leafHash(leaf))
        takeNewcomers()
        if statement.payload.kind.isControl, judgement.verdict.isAccepted {
            controls.append((position.value, statement.origin))
        }
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
        return AdmittedLeaf(record: record, position: position.value, leaf: leaf)
    }
}

extension RegisterState {
    /// Judges the first statement of a log that would go on in another's place as `admit` would, and takes nothing in.
    mutating func requireGoingOn(_ submission: Submission, now: Timestamp) throws(AdmissionFault) {
        try admission.requireGoingOn(
            submission, at: tree.size, now: now,
            records: StateRecords(named: root(namedBy: submission.statement), shared: [:], erased: []))
    }
}

/// The verdict on a statement as it stands in the register.
struct AdmittedLeaf: Sendable {
    let record: AdmissionRecord
    let position: UInt64
    /// The leaf's exact bytes.
    let leaf: [UInt8]
}

/// Admission's look-ups, read before it judges.
private struct StateRecords: AdmissionRecords {
    let named: (size: TreeSize, root: Hash256)?
    let shared: [CompartmentAddress: CompartmentDescriptor]
    let erased: Set<Hash256>

    func registerRoot(at size: TreeSize) -> Hash256? { named?.size == size ? named?.root : nil }

    func descriptor(of address: CompartmentAddress) -> CompartmentDescriptor? { shared[address] }

    func isVouchedFor(_ hash: Hash256) -> Bool { erased.contains(hash) }
}
