public import EventLogs
public import KeyFiles
public import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// Changes the register's keys: new ones, announced in the register itself by the broker's root key, and with them, where a
/// key is not to be believed any more, the revocation (WIRE §2, key rotation).
///
/// Crash-safe by its order. The new keys are on the disk beside the former ones before the register names them; key set,
/// revocation and the first head under the new key are one transaction; which key signs what is read off the register.
/// Stopped anywhere in between, the broker starts, under the former keys or the new, and the change can be made again.
public struct BrokerKeyRotation: Sendable {
    private let directory: PartyDirectory
    private let rootKeyFile: String?
    private let heads: HeadStore
    private let entropy: any Entropy
    private let time: any TimeSource

    /// Works on a broker's directory; the broker must not run.
    ///
    /// - Parameters:
    ///   - rootKeyFile: where the root key is, if not in the directory.
    ///   - heads: the second store of the register's head; the one beside the directory if none is named.
    public init(
        in path: String, rootKeyFile: String?, heads: HeadStore? = nil, entropy: any Entropy, time: any TimeSource
    ) {
        directory = PartyDirectory(path: path)
        self.rootKeyFile = rootKeyFile
        self.heads = heads ?? HeadStore(beside: directory)
        self.entropy = entropy
        self.time = time
    }

    /// What was announced.
    public struct Outcome: Hashable, Sendable {
        /// The identifiers of the new keys.
        public let announced: [KeyRole: Hash256]
        /// The key that is revoked, if one was to be.
        public let revoked: Hash256?
        /// The size of the register after it.
        public let size: TreeSize
    }

    /// The register as it stands, before anything is changed.
    private struct Opened {
        let store: BrokerStore
        let origin: Origin
        let heads: RegisterHeads
        var state: RegisterState
        let party: Party
    }

    /// Makes new keys for some roles and announces them.
    ///
    /// - Throws: `RegisterKeyFault`, `PartyFileError`, `DirectoryInUse`, `RegisterDoubt`, `EventStoreError`; what does not
    ///   replay to what was recorded.
    public func rotate(
        _ roles: Set<KeyRole>, passphrase: SecretBytes, rootPassphrase: SecretBytes
    ) throws -> Outcome {
        try change(roles, revoking: nil, passphrase, rootPassphrase)
    }

    /// Revokes a key from a register position on. One that is in force is replaced with it.
    ///
    /// - Parameter position: the size of the register when the key was last certainly the broker's alone.
    /// - Throws: as `rotate`; also when the register has never announced the key.
    public func revoke(
        _ keyID: Hash256, after position: TreeSize, passphrase: SecretBytes, rootPassphrase: SecretBytes
    ) throws -> Outcome {
        try change(
            [], revoking: RevokeControl(keyID: keyID, compromisedAfter: position), passphrase, rootPassphrase)
    }

    /// The keys in force, by role, as the register announced them last.
    public func keys() throws -> [KeyRole: Hash256] {
        let pairs = try open().party.keys.compactMap { entry in
            (try? VerificationKey(bytes: entry.key)).map { (entry.role, $0.keyID) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func change(
        _ asked: Set<KeyRole>, revoking revoke: RevokeControl?, _ passphrase: SecretBytes, _ rootPassphrase: SecretBytes
    ) throws -> Outcome {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        guard asked.isSubset(of: BrokerKeyRotation.roles) else { throw RegisterKeyFault.role }
        let root = try directory.openRootKey(at: rootKeyFile, passphrase: rootPassphrase)
        var opened = try open()
        var roles = asked
        if let revoke {
            guard opened.party.heldKeys.contains(revoke.keyID) else { throw RegisterKeyFault.unknownKey(revoke.keyID) }
            guard revoke.compromisedAfter <= opened.state.tree.size else {
                throw RegisterKeyFault.ahead(revoke.compromisedAfter, size: opened.state.tree.size)
            }
            let inForce = opened.party.keys.first { entry in
                (try? VerificationKey(bytes: entry.key))?.keyID == revoke.keyID
            }
            if let inForce { roles.insert(inForce.role) }
        }
        var file = try directory.openKeyFile(passphrase: passphrase)
        let fresh = try add(roles, to: &file)
        if !fresh.isEmpty { try file.save(entropy: entropy) }
        let held = try directory.openKeys(passphrase: passphrase).logs.map(\.key)
        let size = try announce(fresh, revoking: revoke, by: root, held: held, in: &opened)
        return Outcome(
            announced: fresh.mapValues(\.publicKey.keyID), revoked: revoke?.keyID, size: size)
    }

    /// The roles that a broker's key set has.
    private static let roles: Set<KeyRole> = [.statement, .log]

    private func open() throws -> Opened {
        let (file, fingerprint) = try directory.partnership()
        let origin = try directory.enrolment().origin
        let bootstrap = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        let store = try BrokerStore.open(in: directory.path)
        _ = try store.verifyRightEdge()
        let heads = try RegisterHeads(self.heads, of: store, origin: origin)
        let state = try RegisterLoading(store: store, origin: origin, bootstrap: bootstrap).load().0
        guard let party = state.admission.roster.party(of: origin) else { throw RegisterKeyFault.notFounded }
        return Opened(store: store, origin: origin, heads: heads, state: state, party: party)
    }

    /// Puts new keys into the file. Those of a change that was cut short stay in it, unused.
    private func add(_ roles: Set<KeyRole>, to file: inout PartyKeyFile) throws -> [KeyRole: SigningKey] {
        var fresh: [KeyRole: SigningKey] = [:]
        for role in KeyRole.allCases where roles.contains(role) {
            let seed = entropy.bytes(count: 32)
            fresh[role] = try SigningKey(seed: seed)
            file.add(seed, as: role.rawValue)
        }
        return fresh
    }

    private func announce(
        _ fresh: [KeyRole: SigningKey], revoking revoke: RevokeControl?, by root: SigningKey, held: [SigningKey],
        in opened: inout Opened
    ) throws -> TreeSize {
        var controls: [ControlBody] = []
        if !fresh.isEmpty {
            let new = KeyRole.allCases.compactMap { role in
                fresh[role].map {
                    KeySetEntry(
                        role: role, algorithm: KeySetEntry.ed25519, key: $0.publicKey.bytes, expires: nil)
                }
            }
            controls.append(.keyset(new + opened.party.keys.filter { fresh[$0.role] == nil }))
        }
        if let revoke { controls.append(.revoke(revoke)) }
        guard !controls.isEmpty else { throw RegisterKeyFault.nothing }
        let now = opened.state.admissionTime(by: time.now())
        var batch = BatchInProgress(previousSize: opened.state.tree.size)
        let statements = try statements(controls, by: root, in: opened, now: now)
        for statement in statements {
            try opened.state.takeOwn(statement, now: now)
            batch.add(own: statement)
        }
        let signers = try RegisterSigners(held, announced: opened.state.keySets)
        let head = try SignedTreeHead.sign(opened.state.head(origin: opened.origin), with: signers.newest)
        try opened.store.admit(batch.finished(head: head, tree: opened.state.tree))
        try opened.heads.keep(head.head)
        try write(statements.filter { $0.payload.kind == .revoke })
        return head.head.size
    }

    /// A file that binds every node to the revocations, whatever becomes of the broker: all of them, so that what one file
    /// says is not lost to the next.
    private func write(_ revocations: [Statement]) throws {
        guard !revocations.isEmpty else { return }
        let path = directory.ownRevocationFile
        let earlier = PublicFile.exists(path) ? try RevocationFile.statements(decoding: try PublicFile.read(path)) : []
        let all = (earlier + revocations).suffix(Limits.heardRevocationCount)
        try PublicFile.write(RevocationFile.encoded(Array(all)), to: path)
    }

    /// The broker's own statements stand in the register itself, one after the other, each signed by its root key.
    private func statements(
        _ controls: [ControlBody], by root: SigningKey, in opened: Opened, now: Timestamp
    ) throws -> [Statement] {
        let drafts = controls.map { control in
            StatementDraft(
                eventID: EventID(from: entropy), stream: .control, expectedVersion: .any, control: control,
                rootSigner: root)
        }
        let streams = opened.state.admission.roster.registerOwnHead.map { [StreamID.control: $0] } ?? [:]
        let sequencing = try Sequencer(origin: opened.origin, frontier: TreeFrontier(), lastIssuedAt: now, seen: nil)
            .sequence(
                [AppendRequest(drafts)],
                in: Sequencer.Context(streams: streams, recorded: [:], seen: nil, now: now), statementSigner: root,
                logSigner: root)
        return sequencing.batch?.statements.map(\.statement) ?? []
    }
}

/// Why the register's keys are not changed.
public enum RegisterKeyFault: Error, Hashable, Sendable {
    /// No role was named, and nothing else is to be done.
    case nothing
    /// A broker has no key of this role.
    case role
    /// The register has not been founded.
    case notFounded
    /// The key file does not hold the log key that the register announced last.
    case lost
    /// The register has never announced the key.
    case unknownKey(Hash256)
    /// The position is one that the register has not reached.
    case ahead(TreeSize, size: TreeSize)
}

extension RegisterKeyFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .nothing: "there is nothing to change; name at least one of statement and log"
        case .role: "a broker's keys are statement and log; it receives no content and cosigns nothing"
        case .notFounded: "there is no register here yet; found it with 'tallystick-broker found'"
        case .lost:
            """
            the key file does not hold the log key that the register announced last; put the newest key file back, or \
            announce new keys with 'tallystick-broker rotate'
            """
        case .unknownKey(let keyID):
            "this register has never announced a key \(keyID); 'tallystick-broker keys' lists those in force"
        case .ahead(let position, let size):
            "the register has \(size) leaves; name a position up to that, not \(position)"
        }
    }
}
