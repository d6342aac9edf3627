public import EventLogs
import PartyFiles
import Partnership
import Replication
import SQLiteStore
public import TallystickPrimitives
import TransparencyLog

/// A check of everything that a broker's store holds: every hash, then every verdict and signature, by admitting every
/// statement once more.
public struct BrokerCheck: Sendable {
    /// The register.
    public let origin: Origin
    /// Leaves in the register.
    public let size: TreeSize
    /// The fingerprint of the board by which signatures were checked.
    public let board: Hash256
    /// What was found.
    public let found: [StoredDamage]

    /// Checks the store in a directory, or a copy of it.
    ///
    /// - Parameter progress: called with a count, now and then.
    /// - Throws: `StoreOpeningError`; `EventStoreError` when the store cannot be read at all; what is wrong with the
    ///   directory's own files.
    public init(directory path: String, now: Timestamp, progress: (UInt64) -> Void = { _ in }) throws {
        let directory = PartyDirectory(path: path)
        origin = try directory.enrolment().origin
        let (file, fingerprint) = try directory.partnership()
        board = fingerprint
        let store = try BrokerStore.open(in: path)
        var found = try BrokerCheck.refined(try store.verifyAll(progress: progress), in: store)
        // What is damaged does not admit again; it is named already.
        if found.isEmpty {
            let bootstrap = try file.bootstrap(fingerprint: fingerprint, now: now)
            do { _ = try RegisterLoading(store: store, origin: origin, bootstrap: bootstrap).load() } catch {
                guard let fault = error as? RegisterLoadingFault else { throw error }
                found = [BrokerCheck.name(fault, in: store)]
            }
        }
        size = (try? store.verifyRightEdge().size) ?? .empty
        self.found = found
    }

    /// Holds every statement against its leaf of the register: a log whose edge differs is named by what stands wrong in
    /// it, and so is a verdict that the register has otherwise.
    private static func refined(_ found: [StoredDamage], in store: BrokerStore) throws -> [StoredDamage] {
        guard !found.contains(where: { $0.part.hasPrefix("register-leaf") }) else { return found }
        var (wrong, verdicts): ([AdmittedStatement], [StoredDamage]) = ([], [])
        try forEachRecord(in: store) { record, position in
            guard let stored = try store.statementsAt(positions: [position]).first else { return }
            if stored.leafHash != record.leafHash { wrong.append(stored) }
            var refusal: ReasonCode?
            if case .refused(let code) = record.verdict { refusal = code }
            if stored.refusal != refusal {
                verdicts.append(StoredDamage(part: "verdict", index: record.index, log: record.origin))
            }
        }
        let isNamed = { (statement: AdmittedStatement) in
            found.contains { $0.log == statement.origin && $0.index == statement.index && $0.part != "compartment" }
        }
        let named = try name(wrong.filter { !isNamed($0) }, in: store)
        let logs = Set(named.compactMap(\.log))
        let kept = found.filter { damage in
            guard let log = damage.log, logs.contains(log) else { return true }
            // What hangs on a statement that is another's does not fit it either.
            let hangs = named.contains { $0.log == log && $0.index == damage.index }
            return damage.part != "log" && !(hangs && ["compartment", "wrap", "grant"].contains(damage.part))
        }
        return kept + named + verdicts
    }

    /// What statements are that are whole in themselves and stand where the register has others.
    private static func name(_ wrong: [AdmittedStatement], in store: BrokerStore) throws -> [StoredDamage] {
        guard !wrong.isEmpty else { return [] }
        let hashes = Set(wrong.map(\.leafHash))
        var places: [Hash256: LeafIndex] = [:]
        try forEachRecord(in: store) { record, _ in
            if hashes.contains(record.leafHash) { places[record.leafHash] = record.index }
        }
        return wrong.map { stored in
            var part = "statement"
            if let place = places[stored.leafHash] {
                let isExchanged = wrong.contains { $0.origin == stored.origin && $0.index == place }
                part = isExchanged ? "statement-order" : "statement-replayed"
            }
            return StoredDamage(part: part, index: stored.index, log: stored.origin)
        }
    }

    private static func forEachRecord(
        in store: BrokerStore, _ body: (AdmissionRecord, UInt64) throws -> Void
    ) throws {
        var next: UInt64 = 0
        while true {
            let leaves = try store.registerLeaves(from: next, limit: Limits.pageLeafCount)
            guard !leaves.isEmpty else { return }
            for (offset, bytes) in leaves.enumerated() {
                guard case .verdict(let record)? = try? RegisterLeaf(decoding: bytes) else { continue }
                try body(record, next + UInt64(offset))
            }
            next += UInt64(leaves.count)
        }
    }

    private static func name(_ fault: RegisterLoadingFault, in store: BrokerStore) -> StoredDamage {
        switch fault {
        case .leaf(let position): StoredDamage(part: "register-leaf", index: LeafIndex(position))
        case .statement(let position): name("statement", at: position, in: store)
        case .verdict(let position): name("verdict", at: position, in: store)
        case .root: StoredDamage(part: "head", index: nil)
        case .headSignature: StoredDamage(part: "head-signature", index: nil)
        }
    }

    /// Names what a leaf of the register is about by its own log and index.
    private static func name(_ part: String, at position: UInt64, in store: BrokerStore) -> StoredDamage {
        guard let bytes = try? store.registerLeaves(from: position, limit: 1).first,
            case .verdict(let record)? = try? RegisterLeaf(decoding: bytes)
        else { return StoredDamage(part: "register-leaf", index: LeafIndex(position)) }
        return StoredDamage(part: part, index: record.index, log: record.origin)
    }
}
