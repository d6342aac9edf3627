import EventLogs
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
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
struct RegisterLoading: Sendable {
    let store: BrokerStore
    let origin: Origin
    let bootstrap: Roster

    func load() throws -> (RegisterState, headNote: [UInt8]) {
        var state = RegisterState(roster: bootstrap, store: store)
        var position: UInt64 = 0
        while true {
            let leaves = try store.registerLeaves(from: position, limit: Limits.pageLeafCount)
            guard !leaves.isEmpty else { break }
            for bytes in leaves {
                try replay(bytes, at: position, into: &state)
                position += 1
            }
        }
        guard let note = try store.registerHeadNote(), let head = try? UnverifiedTreeHead(parsing: note).claimed,
            head.size == state.tree.size, head.root == state.head(origin: origin).root
        else { throw RegisterLoadingFault.root }
        let isSigned = state.admission.roster.logKeys(of: origin).contains { key in
            (try? SignedTreeHead(verifying: note, origin: origin, key: key)) != nil
        }
        guard isSigned else { throw RegisterLoadingFault.headSignature }
        return (state, note)
    }

    private func replay(_ bytes: [UInt8], at position: UInt64, into state: inout RegisterState) throws {
        guard let leaf = try? RegisterLeaf(decoding: bytes) else {
            throw RegisterLoadingFault.leaf(position: position)
        }
        switch leaf {
        case .own(let statement): try state.takeOwn(statement, now: statement.issuedAt)
        case .lookUp: state.takeLookUp(leaf)
        case .verdict(let record):
            guard let stored = try store.statementsAt(positions: [position]).first,
                let statement = try? Statement(decoding: stored.bytes), statement.leafHash == record.leafHash
            else { throw RegisterLoadingFault.statement(position: position) }
            let submission = Submission(
                index: record.index, statement: statement,
                compartments: try carried(with: statement, record: record),
                grants: try grants(of: statement, record: record))
            var refusal: ReasonCode?
            if case .refused(let reason) = record.verdict { refusal = reason }
            let judged = state.admit(submission, now: record.admittedAt, refusal: refusal)
            state.markStored()
            guard judged.record == record else { throw RegisterLoadingFault.verdict(position: position) }
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
