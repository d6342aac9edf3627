public import EventLogs
public import KeyFiles
public import PartyFiles
import Replication
import SQLiteStore
import Sealing
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// Changes an agency's keys: new ones for some roles, announced in its own log by its root key (WIRE §2, key rotation), and
/// with it, where a key is not to be believed any more, the revocation.
///
/// Crash-safe by its order. The new keys are on the disk beside the former ones before any statement names them; the
/// key set, and a revocation with it, is one append; which keys count is read off the log. Stopped anywhere in between,
/// the node starts, under the former keys or the new, and the change can be made again.
public struct KeyRotation: Sendable {
    let directory: PartyDirectory
    let entropy: any Entropy
    private let time: any TimeSource
    /// The root key's file, if it is not in the directory.
    private let rootKeyFile: String?
    private let heads: HeadStore?

    /// Works on a node's directory; the node must not run.
    ///
    /// - Parameters:
    ///   - rootKeyFile: where the root key is, if not in the directory.
    ///   - heads: the second store of its log's head, which is remembered; if none is named, the one that was named last,
    ///     or lies beside the directory.
    public init(
        in path: String, rootKeyFile: String?, heads: HeadStore? = nil, entropy: any Entropy, time: any TimeSource
    ) {
        directory = PartyDirectory(path: path)
        self.heads = heads
        self.rootKeyFile = rootKeyFile
        self.entropy = entropy
        self.time = time
    }

    /// What was announced.
    public struct Outcome: Hashable, Sendable {
        /// The place of the key set in the agency's log; nil when no key was replaced.
        public let keySet: LeafIndex?
        /// The identifiers of the new keys.
        public let announced: [KeyRole: Hash256]
        /// The place of the revocation, if one was asked for.
        public let revocation: LeafIndex?
    }

    /// The opened directory, before anything is changed.
    struct Opened {
        let store: NodeStore
        let edge: RightEdge
        let origin: Origin
        let sets: OwnKeySets
        let keys: NodeKeys
    }

    /// Makes new keys for some roles and announces them.
    ///
    /// - Throws: `KeyChangeFault`, `PartyFileError`, `DirectoryInUse`, `EventStoreError`.
    public func rotate(_ roles: Set<KeyRole>, passphrases: Passphrases) throws -> Outcome {
        try change(roles, revoking: nil, passphrases: passphrases)
    }

    /// Revokes a key from a register position on. One that is in force is replaced with it: what a revoked key signs would
    /// be refused.
    ///
    /// - Throws: as `rotate`; also when the log has never announced the key.
    public func revoke(_ keyID: Hash256, after position: TreeSize, passphrases: Passphrases) throws -> Outcome {
        try change([], revoking: RevokeControl(keyID: keyID, compromisedAfter: position), passphrases: passphrases)
    }

    /// The passphrases of the two key files.
    public struct Passphrases: Sendable {
        /// Of the day-to-day keys.
        public let party: SecretBytes
        /// Of the root key.
        public let root: SecretBytes

        /// States them.
        public init(party: SecretBytes, root: SecretBytes) {
            self.party = party
            self.root = root
        }
    }

    private func change(
        _ asked: Set<KeyRole>, revoking revoke: RevokeControl?, passphrases: Passphrases
    ) throws -> Outcome {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        let root = try directory.openRootKey(at: rootKeyFile, passphrase: passphrases.root)
        let opened = try open(passphrases.party, rootKey: root.publicKey, mayLack: true)
        guard let inForce = opened.sets.inForce else { throw NodeStartFault.emptyLog }
        guard asked.isSubset(of: KeyRotation.roles) else { throw KeyChangeFault.witness }
        // After a recovery from before the last change, what is in force is lost: it is replaced, asked for or not.
        var roles = asked.union(opened.keys.missing)
        if let revoke {
            guard let entry = opened.sets.entry(of: revoke.keyID) else { throw KeyChangeFault.unknownKey(revoke.keyID) }
            // A KEM key signs nothing: it is replaced, and there is nothing to void.
            guard entry.role != .kem else { throw KeyChangeFault.kem }
            if inForce.has(entry.role, entry.key) { roles.insert(entry.role) }
        }
        var file = try directory.openKeyFile(passphrase: passphrases.party)
        let fresh = try add(roles, to: &file)
        if !fresh.isEmpty { try file.save(entropy: entropy) }
        return try announce(fresh, beside: inForce, revoking: revoke, by: root, in: opened)
    }

    /// The roles that a node's key set has.
    private static let roles: Set<KeyRole> = [.statement, .log, .kem]

    /// - Parameter mayLack: whether the key file may lack keys in force, because they are replaced.
    func open(
        _ passphrase: SecretBytes, rootKey: VerificationKey, mayLack: Bool = false
    ) throws -> Opened {
        let request = try directory.enrolment()
        let store = try NodeStore.open(in: directory.path)
        let edge = try store.verifyRightEdge()
        guard edge.newest != nil else { throw NodeStartFault.emptyLog }
        try checkCertain(store, origin: request.log, size: edge.frontier.size)
        let sets = try OwnKeySets(store, rootKey: rootKey)
        let keys = try NodeKeys(try directory.openKeys(passphrase: passphrase), sets: sets, mayLack: mayLack)
        try store.verifyHeadSignature(origin: request.log, keys: keys.headKeys)
        return Opened(store: store, edge: edge, origin: request.log, sets: sets, keys: keys)
    }

    /// A log that may be behind what others hold is written by nobody (DESIGN §4): only a second store that fits it says
    /// that it is not, and one that is missing says nothing.
    private func checkCertain(_ store: NodeStore, origin: Origin, size: TreeSize) throws {
        guard !PublicFile.exists(directory.restoredMark) else { throw KeyChangeFault.uncertain }
        let heads = try directory.headStore(heads)
        let kept = try heads.read().kept
        let doubt = try StartDoubt.judge(kept, origin: origin, size: size) { try store.frontier(at: $0).root }
        guard doubt == nil else { throw KeyChangeFault.uncertain }
        try directory.keep(heads)
    }

    /// A new key, in the file and as the log will announce it.
    private struct Fresh {
        let entry: KeySetEntry
        let signer: SigningKey?
    }

    /// Puts new keys into the file. Those of a change that was cut short stay unused, and go at the next start.
    private func add(_ roles: Set<KeyRole>, to file: inout PartyKeyFile) throws -> [KeyRole: Fresh] {
        var fresh: [KeyRole: Fresh] = [:]
        for role in KeyRole.allCases where roles.contains(role) {
            let seed = entropy.bytes(count: 32)
            if role == .kem {
                let key = try Sealing.KEMPrivateKey(seed: seed).publicKey
                fresh[role] = Fresh(
                    entry: KeySetEntry(role: role, algorithm: KeySetEntry.xWing, key: key, expires: nil), signer: nil)
            } else {
                let key = try SigningKey(seed: seed)
                fresh[role] = Fresh(
                    entry: KeySetEntry(
                        role: role, algorithm: KeySetEntry.ed25519, key: key.publicKey.bytes, expires: nil),
                    signer: key)
            }
            file.add(seed, as: role.rawValue)
        }
        return fresh
    }

    private func announce(
        _ fresh: [KeyRole: Fresh], beside inForce: OwnKeySets.Announced, revoking revoke: RevokeControl?,
        by root: SigningKey, in opened: Opened
    ) throws -> Outcome {
        var controls: [ControlBody] = []
        if !fresh.isEmpty {
            let kept = inForce.entries.filter { fresh[$0.role] == nil }
            controls.append(.keyset(KeyRole.allCases.compactMap { fresh[$0]?.entry } + kept))
        }
        if let revoke { controls.append(.revoke(revoke)) }
        guard !controls.isEmpty else { throw KeyChangeFault.nothing }
        let drafts = controls.map { control in
            StatementDraft(
                eventID: EventID(from: entropy), stream: .control, expectedVersion: .any, control: control,
                rootSigner: root)
        }
        let places = try append(
            drafts, in: opened, statement: fresh[.statement]?.signer ?? opened.keys.statement,
            log: fresh[.log]?.signer ?? opened.keys.log)
        if revoke != nil {
            // All of them: what one file announces must not be lost to the next.
            let revocations = try opened.store.controlStatements().map(\.statement).filter {
                $0.payload.kind == .revoke
            }
            try PublicFile.write(
                RevocationFile.encoded(revocations.suffix(Limits.heardRevocationCount)),
                to: directory.ownRevocationFile)
        }
        return Outcome(
            keySet: fresh.isEmpty ? nil : places.first,
            announced: fresh.compactMapValues { OwnKeySets.keyID(of: $0.entry) },
            revocation: revoke == nil ? nil : places.last)
    }

    /// Appends to the log's control stream, all at once.
    func append(
        _ drafts: [StatementDraft], in opened: Opened, statement: SigningKey, log: SigningKey
    ) throws -> [LeafIndex] {
        let sequencing = try opened.edge.sequencer(origin: opened.origin).sequence(
            [AppendRequest(drafts)],
            in: Sequencer.Context(
                streams: try opened.store.streamHeads([.control]), recorded: [:], seen: nil, now: time.now()),
            statementSigner: statement, logSigner: log)
        guard let batch = sequencing.batch, case .appended(let places) = sequencing.outcomes[0] else {
            throw KeyChangeFault.nothing
        }
        try opened.store.append(batch)
        return places
    }
}

/// Why keys are not changed.
public enum KeyChangeFault: Error, Hashable, Sendable {
    /// No role was named, and nothing else is to be done.
    case nothing
    /// The key that cosigns is on the board's list and in no key set.
    case witness
    /// The log has never announced the key.
    case unknownKey(Hash256)
    /// What is in force needs nobody to stand by it.
    case inForce(Hash256)
    /// A KEM key signs nothing that could be void.
    case kem
    /// The log was put back, or no second store says that it is whole: it must not be written yet.
    case uncertain
}

extension KeyChangeFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .nothing: "there is nothing to change; name at least one of statement, log and kem"
        case .witness:
            "the key that cosigns is on the board's list and in no key set; 'tallystick-node renew-cosigning-key' makes a new one"
        case .unknownKey(let keyID):
            "this log has never announced a key \(keyID); 'tallystick-node keys' lists those it has"
        case .inForce(let keyID):
            "the key \(keyID) is in force; revoke it first with 'tallystick-node revoke', if it must not be believed"
        case .kem:
            "a KEM key signs nothing, so nothing of it can be void; replace it with 'tallystick-node rotate --keys kem'"
        case .uncertain:
            """
            the log was put back, or no second store says that it is the newest: start the node with the --head-store it has, \
            let it catch up, and try again then
            """
        }
    }
}
