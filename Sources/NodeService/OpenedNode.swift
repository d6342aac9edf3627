import EventLogs
import KeyFiles
import Logging
import PartyFiles
import Partnership
import SQLiteStore
import Sealing
import SignedStatements
import TallystickPrimitives
import WitnessService

/// A node as its directory gives it: its log opened and verified at its end, its views rebuilt. Nothing of it listens or
/// connects yet.
struct OpenedNode {
    let core: NodeCore
    let keys: PartyKeys
    let cosigning: Cosigning
    /// Who is who by the board's log, as far as the file goes that this party joined with.
    let bootstrap: Roster

    /// Opens a party's directory.
    ///
    /// - Throws: when a key is missing, or the log's end does not verify: the node must not write then.
    init(
        _ directory: PartyDirectory, passphrase: SecretBytes, entropy: any Entropy, time: any TimeSource,
        logger: Logger
    ) async throws {
        let request = try directory.enrolment()
        let (file, fingerprint) = try directory.partnership()
        keys = try directory.openKeys(passphrase: passphrase)
        bootstrap = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        guard let seed = keys.kemSeed, let localBytes = keys.local, let localKey = LocalKey(bytes: localBytes.bytes)
        else { throw PartyFileError.keyMissing(PartySecret.local) }
        let store = try NodeStore.open(in: directory.path)
        let edge = try store.verifyRightEdge()
        guard edge.newest != nil else { throw NodeStartFault.emptyLog }
        try store.verifyHeadSignature(origin: request.origin, key: keys.log.publicKey)
        guard let witnessKey = keys.witness else { throw PartyFileError.keyMissing(PartySecret.witness) }
        let witnessStore = try WitnessStore.open(in: directory.path)
        let writer = LogWriter(
            store: store, sequencer: edge.sequencer(origin: request.origin), statementSigner: keys.statement,
            logSigner: keys.log, time: time, logger: logger)
        let opener = Opener(
            store: store, localKey: localKey, kemKey: try Sealing.KEMPrivateKey(seed: seed.bytes),
            agency: request.agency)
        let recorder = Recorder(
            origin: request.origin, agency: request.agency, localKey: localKey, entropy: entropy)
        let views = SealedViews(
            path: directory.path + "/views.sealed", agency: request.agency, localKey: localKey)
        core = try await NodeCore(
            NodeCore.Parts(
                agency: request.agency, writer: writer, recorder: recorder, opener: opener, bootstrap: bootstrap,
                time: time, entropy: entropy, logger: logger, sealedViews: views,
                carriedFiles: CarriedFiles(directory: directory.path)))
        cosigning = Cosigning(
            core: core,
            witness: try HeadWitness(of: request.origin, in: directory, store: witnessStore, signer: witnessKey),
            store: witnessStore)
        try await cosigning.resume()
    }
}
