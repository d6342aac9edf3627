import EventLogs
import Replication
import SQLiteStore
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// The keys that a log has announced, in its own order, and what the register has made of each list.
///
/// Which of a file's keys are in force follows from here and from nothing else: a key set that is in the log counts from
/// its index on, however the change of keys was cut short.
struct OwnKeySets: Sendable {
    /// What became of a key set in the register, as far as it is followed.
    enum Standing: Hashable, Sendable {
        case waiting
        case accepted(at: Timestamp)
        case refused
    }

    /// One complete list of keys.
    struct Announced: Sendable {
        let index: LeafIndex
        let entries: [KeySetEntry]
        let standing: Standing

        func has(_ role: KeyRole, _ key: [UInt8]) -> Bool { entries.contains { $0.role == role && $0.key == key } }
    }

    /// The lists, the oldest first.
    let all: [Announced]
    /// Those of the logs before it, which it went on from: their KEM keys may still be needed.
    private(set) var ended: [Announced] = []
    /// The keys that the log has revoked, each with the register position from which its signatures are void.
    let revoked: [Hash256: TreeSize]
    /// The newest time that the register tells; nil while none is followed.
    let registerTime: Timestamp?

    /// Reads a log's own key sets.
    ///
    /// - Parameter rootKey: the one that the board enrolled.
    /// - Throws: `.damaged` where the root key did not sign one.
    init(_ store: NodeStore, rootKey: VerificationKey) throws {
        let followed = try store.registerHead()?.frontier.size ?? .empty
        var all: [Announced] = []
        var revoked: [Hash256: TreeSize] = [:]
        for (index, statement) in try store.controlStatements() {
            switch statement.payload.control {
            case .keyset(let entries):
                guard (try? statement.signed.verified(by: rootKey)) != nil else {
                    throw EventStoreError.damaged(StoredDamage(part: "signature", index: index))
                }
                all.append(
                    Announced(
                        index: index, entries: entries,
                        standing: try OwnKeySets.standing(of: statement, at: index, in: store, followed: followed)))
            case .revoke(let revoke):
                revoked[revoke.keyID] = min(revoked[revoke.keyID] ?? revoke.compromisedAfter, revoke.compromisedAfter)
            default: break
            }
        }
        self.all = all
        self.revoked = revoked
        ended = try OwnKeySets.ended(in: store)
        registerTime = followed == .empty ? nil : try OwnKeySets.time(at: followed.value - 1, in: store)
    }

    /// States key sets.
    init(_ all: [Announced], registerTime: Timestamp?) {
        self.all = all
        self.registerTime = registerTime
        revoked = [:]
    }

    /// The list in force for what is written next: the newest that the register has not refused.
    var inForce: Announced? { all.last { $0.standing != .refused } }

    /// The list in force under a head of a size.
    func inForce(at size: TreeSize) -> Announced? {
        all.last { $0.standing != .refused && $0.index.value < size.value }
    }

    /// A key that has ever been announced.
    func entry(of keyID: Hash256) -> KeySetEntry? {
        all.lazy.flatMap(\.entries).first { OwnKeySets.keyID(of: $0) == keyID }
    }

    /// What names a key: its thumbprint, or for a KEM key what grants call it.
    static func keyID(of entry: KeySetEntry) -> Hash256? {
        guard entry.role != .kem else {
            return DirectGrant.kemKeyID(kem: UInt64(KeySetEntry.xWing), publicKey: entry.key)
        }
        return try? VerificationKey(bytes: entry.key).keyID
    }

    // MARK: When a key is over

    /// Whether a key that a file holds is needed no more.
    ///
    /// A signing key is needed while a list that names it may turn out to be in force: from the newest accepted list on.
    /// What was written under an earlier one is registered by then, and so is its head. A KEM key is needed for
    /// `Limits.formerKEMKeyDays` more, for content that was sealed before its author had seen the change. Days are counted
    /// by the register and by this machine's clock, whichever is behind: a node that was away for a year takes in the year
    /// first, and a broker that writes one time far ahead destroys no key (decision 0016).
    func isOver(_ role: KeyRole, _ key: [UInt8], now: Timestamp) -> Bool {
        guard let newestAccepted = all.lastIndex(where: { $0.isAccepted }) else { return false }
        guard !all[newestAccepted...].contains(where: { $0.has(role, key) }) else { return false }
        let whole = ended + all
        guard role == .kem, let last = whole.lastIndex(where: { $0.has(role, key) }) else { return true }
        let replacing = whole[(last + 1)...].lazy.compactMap(\.acceptedAt).first
        guard let replacing, let registerTime else { return false }
        return replacing.adding(seconds: Limits.formerKEMKeyDays * 86_400) <= min(registerTime, now)
    }

    // MARK: Reading

    private static func standing(
        of statement: Statement, at index: LeafIndex, in store: NodeStore, followed: TreeSize
    ) throws -> Standing {
        // A receipt alone decides nothing: the followed register does.
        guard let admission = try store.admission(of: index), admission.registerPosition < followed.value else {
            return .waiting
        }
        guard admission.isAccepted else { return .refused }
        // Nor did the broker accept it before it was written.
        let moment = try time(at: admission.registerPosition, in: store)
        return .accepted(at: max(moment ?? statement.issuedAt, statement.issuedAt))
    }

    /// The accepted key sets of the logs that this one went on from, the oldest first.
    private static func ended(in store: NodeStore) throws -> [Announced] {
        var found: [Announced] = []
        var first = try store.readLog(from: LeafIndex(0), limit: 1).first?.statement
        while case .continues(let continues)? = first?.payload.control {
            let controls = try store.receivedControls(of: continues.origin)
            var sets: [Announced] = []
            for (index, position, statement) in controls {
                guard case .keyset(let entries) = statement.payload.control,
                    let leaf = try store.registerLeaves(from: position, limit: 1).first,
                    case .verdict(let record)? = try? RegisterLeaf(decoding: leaf), record.verdict.isAccepted
                else { continue }
                sets.append(
                    Announced(
                        index: index, entries: entries,
                        standing: .accepted(at: max(record.admittedAt, statement.issuedAt))))
            }
            found = sets + found
            first = controls.first { $0.index.value == 0 }?.statement
        }
        return found
    }

    private static func time(at position: UInt64, in store: NodeStore) throws -> Timestamp? {
        guard let bytes = try store.registerLeaves(from: position, limit: 1).first else { return nil }
        return switch try RegisterLeaf(decoding: bytes) {
        case .verdict(let record): record.admittedAt
        case .lookUp(_, _, let moment): moment
        case .own(let statement): statement.issuedAt
        }
    }
}

extension OwnKeySets.Announced {
    fileprivate var acceptedAt: Timestamp? {
        if case .accepted(let moment) = standing { moment } else { nil }
    }

    fileprivate var isAccepted: Bool { acceptedAt != nil }
}

extension Limits {
    /// Days for which a KEM key that was replaced still opens what comes (WIRE §4).
    public static let formerKEMKeyDays: Int64 = 30
}
