import EventLogs
public import KeyFiles
public import PartyFiles
import Replication
import SQLiteStore
import Sealing
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// Founds an agency's log: its genesis at leaf 0 and its keys, both signed by the root key (WIRE §4, founding).
public enum NodeFounding {
    /// Creates the log in a party directory that has joined a partnership, or goes on where that was cut short.
    ///
    /// - Parameter heads: the second store of the log's head, which is remembered; the one beside the directory if none is
    ///   named.
    /// - Throws: when there is a log with an entry already, and `LogFoundedBefore` when the second store is taken.
    public static func found(
        in path: String, heads: HeadStore? = nil, passphrase: SecretBytes, entropy: any Entropy,
        time: any TimeSource
    ) throws {
        let directory = PartyDirectory(path: path)
        let heads = try directory.headStore(heads)
        let request = try directory.enrolment()
        let (_, fingerprint) = try directory.partnership()
        let keys = try directory.openKeys(passphrase: passphrase)
        let root = try directory.openRootKey(passphrase: passphrase)
        guard let seed = keys.kemSeed else { throw PartyFileError.keyMissing(PartySecret.kem) }
        let kem = try Sealing.KEMPrivateKey(seed: seed.bytes)
        let genesis = Genesis(
            party: request.party, rootKey: root.publicKey.bytes, boardFingerprint: fingerprint)
        let entries = [
            KeySetEntry(
                role: .statement, algorithm: KeySetEntry.ed25519, key: keys.statement.publicKey.bytes, expires: nil),
            KeySetEntry(role: .log, algorithm: KeySetEntry.ed25519, key: keys.log.publicKey.bytes, expires: nil),
            KeySetEntry(role: .kem, algorithm: KeySetEntry.xWing, key: kem.publicKey, expires: nil),
        ]
        let drafts = [ControlBody.genesis(genesis), .keyset(entries)].map { control in
            StatementDraft(
                eventID: EventID(from: entropy), stream: .control, expectedVersion: .any, control: control,
                rootSigner: root)
        }
        let now = time.now()
        let sequencer = Sequencer(origin: request.log, frontier: TreeFrontier(), lastIssuedAt: now, seen: nil)
        let sequencing = try sequencer.sequence(
            [AppendRequest(drafts)],
            in: Sequencer.Context(streams: [:], recorded: [:], seen: nil, now: now),
            statementSigner: keys.statement, logSigner: keys.log)
        try heads.checkMissing()
        // First, because it throws where there is a log: what its witness cosigned is not begun anew then.
        let store = try NodeStore.createOrResume(in: path)
        if !keys.witnesses.isEmpty { _ = try WitnessStore.createOrResume(in: path) }
        guard let batch = sequencing.batch else { return }
        try store.append(batch)
        try directory.keep(heads)
        _ = try heads.replace(nil, by: batch.head.head)
    }
}
