import BrokerProjections
package import EventLogs
public import KeyFiles
public import PartyFiles
package import Partnership
import Replication
package import SQLiteStore
package import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// Founds a register: the broker's genesis at leaf 0, its keys, then the board's log (WIRE §4, founding).
public enum BrokerFounding {
    /// Creates the register in a party directory that has joined a partnership, or goes on where that was cut short.
    ///
    /// - Parameter heads: the second store of the register's head; the one beside the directory if none is named.
    /// - Throws: when there is a register with a leaf already, or the board has not enrolled this broker;
    ///   `LogFoundedBefore` when the second store is taken.
    public static func found(
        in path: String, heads: HeadStore? = nil, passphrase: SecretBytes, entropy: any Entropy,
        time: any TimeSource
    ) throws {
        let directory = PartyDirectory(path: path)
        let heads = heads ?? HeadStore(beside: directory)
        try heads.checkMissing()
        let request = try directory.enrolment()
        let (file, fingerprint) = try directory.partnership()
        let now = time.now()
        let bootstrap = try file.bootstrap(fingerprint: fingerprint, now: now)
        let keys = try directory.openKeys(passphrase: passphrase)
        let root = try directory.openRootKey(passphrase: passphrase)
        // First, because it throws where there is a register: what is known of heads is not begun anew then.
        let store = try BrokerStore.createOrResume(in: path)
        _ = try WitnessStore.createOrResume(in: path)
        try register(
            try ownStatements(
                request, fingerprint: fingerprint, keys: keys, root: root, entropy: entropy, now: now),
            in: store, bootstrap: bootstrap, origin: request.origin,
            logSigner: keys.log, now: now)
        _ = try RegisterHeads(heads, of: store, origin: request.origin, isBegun: true)
    }

    /// Writes the broker's own statements as the first leaves of an empty store.
    package static func register(
        _ own: [Statement], in store: BrokerStore, bootstrap: Roster, origin: Origin, logSigner: any Signer,
        now: Timestamp
    ) throws {
        var state = RegisterState(roster: bootstrap, store: store)
        var batch = BatchInProgress(previousSize: .empty)
        for statement in own {
            try state.takeOwn(statement, now: now)
            batch.add(own: statement)
        }
        let head = try SignedTreeHead.sign(state.head(origin: origin), with: logSigner)
        try store.admit(batch.finished(head: head, tree: state.tree))
    }

    private static func ownStatements(
        _ request: EnrolmentRequest, fingerprint: Hash256, keys: PartyKeys, root: SigningKey, entropy: any Entropy,
        now: Timestamp
    ) throws -> [Statement] {
        let genesis = Genesis(party: .broker, rootKey: root.publicKey.bytes, boardFingerprint: fingerprint)
        let entries = [
            KeySetEntry(
                role: .statement, algorithm: KeySetEntry.ed25519, key: keys.statement.publicKey.bytes, expires: nil),
            KeySetEntry(role: .log, algorithm: KeySetEntry.ed25519, key: keys.log.publicKey.bytes, expires: nil),
        ]
        let drafts = [ControlBody.genesis(genesis), .keyset(entries)].map { control in
            StatementDraft(
                eventID: EventID(from: entropy), stream: .control, expectedVersion: .any, control: control,
                rootSigner: root)
        }
        let sequencer = Sequencer(
            origin: request.origin, frontier: TreeFrontier(), lastIssuedAt: now, seen: nil)
        let context = Sequencer.Context(streams: [:], recorded: [:], seen: nil, now: now)
        let sequencing = try sequencer.sequence(
            [AppendRequest(drafts)], in: context, statementSigner: keys.statement, logSigner: keys.log)
        return sequencing.batch?.statements.map(\.statement) ?? []
    }
}
