import EventLogs
package import Partnership
import Replication
package import SQLiteStore
import SignedStatements
package import TallystickPrimitives
import TransparencyLog

/// Why a register cannot be resumed.
enum RegisterLoadingFault: Error, Hashable {
    /// A leaf does not read.
    case leaf(position: UInt64)
    /// The statement of a verdict is missing or is another.
    case statement(position: UInt64)
    /// Judged again, the statement gets another verdict than the recorded one.
    case verdict(position: UInt64)
    /// The register's root is not the one that was signed.
    case root
    /// No key of this register signed its head.
    case headSignature
}

extension RegisterLoadingFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .leaf(let position): "register leaf \(position) does not read"
        case .statement(let position): "the statement of register leaf \(position) is missing or is another"
        case .verdict(let position): "register leaf \(position) holds another verdict than its statement gets"
        case .root: "the register's root is not the one that was signed"
        case .headSignature: "the register's head is not signed by a key of this register"
        }
    }
}

/// Rebuilds what the broker holds in memory by admitting the stored statements again, in register order.
package struct RegisterLoading: Sendable {
    let store: BrokerStore
    let origin: Origin
    let bootstrap: Roster
    /// The second store of the register's head; nil where nothing of the register leaves the process.
    private let heads: RegisterHeads?

    /// States what is to be read.
    package init(store: BrokerStore, origin: Origin, bootstrap: Roster, heads: RegisterHeads? = nil) {
        self.store = store
        self.origin = origin
        self.bootstrap = bootstrap
        self.heads = heads
    }

    /// What became of a batch that was on its way to the disk, once its head is on the second store too: nothing of it is
    /// published before. Where the second store fails, only a start that compares the two may go on.
    func kept(_ batch: AdmissionBatch, _ outcome: Result<Void, EventStoreError>) -> Result<Void, EventStoreError> {
        guard case .success = outcome, let heads else { return outcome }
        do { try heads.keep(batch.registerHead.head) } catch { return .failure(.outcomeUnknown) }
        return outcome
    }

    func load() throws -> (RegisterState, headNote: [UInt8]) {
        var state = RegisterState(roster: bootstrap, store: store)
        while true {
            let first = state.tree.size.value
            let leaves = try store.registerLeaves(from: first, limit: Limits.pageLeafCount)
            guard !leaves.isEmpty else { break }
            for read in try read(leaves[...], from: first, roster: state.admission.roster) {
                try replay(read, into: &state)
            }
        }
        return (state, try checkedNote(of: state))
    }

    /// The same, with what can be read and checked leaf by leaf shared out to all cores.
    func loadOnAllCores() async throws -> (RegisterState, headNote: [UInt8]) {
        var state = RegisterState(roster: bootstrap, store: store)
        while true {
            let first = state.tree.size.value
            let leaves = try store.registerLeaves(from: first, limit: Limits.pageLeafCount)
            guard !leaves.isEmpty else { break }
            for read in try await readOnAllCores(leaves, from: first, roster: state.admission.roster) {
                try replay(read, into: &state)
            }
        }
        return (state, try checkedNote(of: state))
    }

    private func checkedNote(of state: RegisterState) throws -> [UInt8] {
        guard let note = try store.registerHeadNote(), let head = try? UnverifiedTreeHead(parsing: note).claimed,
            head.size == state.tree.size, head.root == state.head(origin: origin).root
        else { throw RegisterLoadingFault.root }
        let isSigned = state.admission.roster.logKeys(of: origin).contains { key in
            (try? SignedTreeHead(verifying: note, origin: origin, key: key)) != nil
        }
        guard isSigned else { throw RegisterLoadingFault.headSignature }
        return note
    }

    /// One leaf with the statement it is about.
    private struct ReadLeaf: Sendable {
        let position: UInt64
        let leaf: RegisterLeaf
        var submission: Submission?
        /// What was here of it when it was accepted, and its author has destroyed since.
        var erased: Set<Hash256> = []
    }

    private func readOnAllCores(
        _ leaves: [[UInt8]], from first: UInt64, roster: Roster
    ) async throws -> [ReadLeaf] {
        try await withThrowingTaskGroup(of: [ReadLeaf].self) { group in
            for start in stride(from: 0, to: leaves.count, by: Limits.checkedTogetherCount) {
                let end = min(start + Limits.checkedTogetherCount, leaves.count)
                group.addTask { try read(leaves[start..<end], from: first, roster: roster) }
            }
            return try await group.reduce(into: [ReadLeaf]()) { $0 += $1 }.sorted { $0.position < $1.position }
        }
    }

    /// Reads leaves and their statements, and checks signatures; a key that is announced among them is not known here
    /// yet, and its signatures are checked when they are judged.
    private func read(_ leaves: ArraySlice<[UInt8]>, from first: UInt64, roster: Roster) throws -> [ReadLeaf] {
        try leaves.indices.map { place in
            let position = first + UInt64(place)
            guard let leaf = try? RegisterLeaf(decoding: leaves[place]) else {
                throw RegisterLoadingFault.leaf(position: position)
            }
            guard case .verdict(let record) = leaf else { return ReadLeaf(position: position, leaf: leaf) }
            guard let stored = try store.statementsAt(positions: [position]).first,
                let statement = try? Statement(decoding: stored.bytes), statement.leafHash == record.leafHash
            else { throw RegisterLoadingFault.statement(position: position) }
            guard record.verdict.isAccepted else {
                let refused = Submission(index: record.index, statement: statement, compartments: [], grants: [])
                return ReadLeaf(position: position, leaf: leaf, submission: refused)
            }
            let submission = Submission(
                index: record.index, statement: statement, compartments: try carried(with: statement, record: record),
                grants: try grants(of: statement, record: record), keys: roster.statementKeys(of: record.origin))
            return ReadLeaf(
                position: position, leaf: leaf, submission: submission,
                erased: try store.erasedHashes(of: statement, at: record.index))
        }
    }

    private func replay(_ read: ReadLeaf, into state: inout RegisterState) throws {
        switch read.leaf {
        case .own(let statement): try state.takeOwn(statement, now: statement.issuedAt)
        case .lookUp: state.takeLookUp(read.leaf)
        case .verdict(let record):
            guard let submission = read.submission else {
                throw RegisterLoadingFault.statement(position: read.position)
            }
            var refusal: ReasonCode?
            if case .refused(let reason) = record.verdict { refusal = reason }
            let judged = try state.admit(submission, now: record.admittedAt, refusal: refusal, erased: read.erased)
            state.beginStoring()
            state.markStored()
            guard judged.record == record else { throw RegisterLoadingFault.verdict(position: read.position) }
        }
    }

    /// What was pushed with the statement; a compartment kept at home came later, with the share that gave it.
    private func carried(with statement: Statement, record: AdmissionRecord) throws -> [CarriedCompartment] {
        let home = Set(statement.payload.compartments.filter { $0.reader == .home }.map(\.id))
        return try store.compartments(origin: record.origin, index: record.index).filter { !home.contains($0.id) }
    }

    /// The grants in the statement's order, as they were pushed.
    private func grants(of statement: Statement, record: AdmissionRecord) throws -> [[UInt8]] {
        guard !statement.payload.grants.isEmpty else { return [] }
        let stored = try store.grants(origin: record.origin, index: record.index)
        let byHash = Dictionary(stored.map { (Hash256(hashing: $0), $0) }) { first, _ in first }
        return statement.payload.grants.compactMap { byHash[$0] }
    }
}
