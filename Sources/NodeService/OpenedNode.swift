import EventLogs
import KeyFiles
import Logging
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import Sealing
import SignedStatements
import TallystickPrimitives
import TransparencyLog
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
    /// - Parameters:
    ///   - heads: the second store of its log's head, which is remembered; if none is named, the one that was named last, or
    ///     lies beside the directory.
    ///   - decided: what people decide about this start.
    /// - Throws: when a key is missing, or the log's end does not verify: the node must not write then.
    init(
        _ directory: PartyDirectory, heads: HeadStore? = nil, decided: StartDecisions = [], passphrase: SecretBytes,
        entropy: any Entropy, time: any TimeSource, logger: Logger
    ) async throws {
        let request = try directory.enrolment()
        let (file, fingerprint) = try directory.partnership()
        LeftoverCopies.remove(from: directory, logger: logger)
        try LocalKeyReplacement(in: directory.path, entropy: entropy).replaceIfDue(passphrase, logger: logger)
        keys = try directory.openKeys(passphrase: passphrase)
        bootstrap = try file.bootstrap(fingerprint: fingerprint, now: time.now())
        let store = try NodeStore.open(in: directory.path)
        let local = try LocalKeys(keys, store: store)
        let edge = try store.verifyRightEdge()
        guard edge.newest != nil else { throw NodeStartFault.emptyLog }
        let kept = try KeptCommands(in: directory.keptCommands, localKey: local.key, entropy: entropy)
        let heads = try directory.headStore(heads)
        let certainty = try LogCertainty(
            heads, restoredMark: directory.restoredMark, hasKept: kept.isWaiting,
            decided: decided, nonce: entropy.bytes(count: HeadQuery.nonceByteCount)
        ) { found in
            try StartDoubt.judge(found, origin: request.log, size: edge.frontier.size) { size in
                try store.frontier(at: size).root
            }
        }
        try directory.keep(heads)
        if let code = certainty.standing.code {
            logger.warning("The log is not written yet", metadata: ["error.code": "\(code)"])
        }
        let rootKey = try VerificationKey(bytes: request.rootKey)
        let sets = try OwnKeySets(store, rootKey: rootKey)
        let working = try NodeKeys(keys, sets: sets, mayLack: !certainty.mayAppend)
        guard !working.kems.isEmpty else { throw PartyFileError.keyMissing(PartySecret.kem) }
        try store.verifyHeadSignature(origin: request.log, keys: working.headKeys)
        guard !keys.witnesses.isEmpty else { throw PartyFileError.keyMissing(PartySecret.witness) }
        let witnessStore = try WitnessStore.open(in: directory.path)
        let writer = LogWriter(
            store: store, sequencer: edge.sequencer(origin: request.log), statementSigner: working.statement,
            logSigner: working.log, formerLogSigners: working.former, headKeys: working.headKeys, time: time,
            logger: logger, certainty: certainty)
        let (heard, passedOver) = try directory.heardRevocations(by: bootstrap)
        if passedOver > 0 {
            logger.error("Revocations that came by file do not read", metadata: ["error.code": "heard-revocation"])
        }
        let opener = Opener(store: store, localKey: local.key, kemKeys: working.kems, agency: request.agency)
        let recorder = Recorder(
            origin: request.log, agency: request.agency, localKey: local.key, entropy: entropy)
        let views = SealedViews(
            path: directory.sealedViewsFile, agency: request.agency, localKey: local.key)
        core = try await NodeCore(
            NodeCore.Parts(
                agency: request.agency, writer: writer, recorder: recorder, opener: opener, bootstrap: bootstrap,
                heard: heard, time: time, entropy: entropy, logger: logger,
                sealedViews: views, kept: kept, carriedFiles: CarriedFiles(directory: directory.path)))
        cosigning = Cosigning(
            core: core,
            witness: try HeadWitness(
                of: request.origin, in: directory, store: witnessStore, signers: keys.witnesses, heard: heard),
            store: witnessStore)
        try await cosigning.resume()
        // What the log lacks may name any of them.
        guard certainty.mayAppend else { return }
        // Everything stored has been opened by now: a key that nothing can need any more is destroyed.
        do {
            try FormerKeys(directory, sets: sets).destroy(
                of: keys, unused: local.unused, now: time.now(), passphrase: passphrase, entropy: entropy)
        } catch { logger.notice("Former keys are still there", metadata: ["error.code": "former-keys"]) }
        do { try await takeWhatTheBoardDecided(directory, passphrase: passphrase, entropy: entropy) } catch {
            logger.notice("Former keys are still there", metadata: ["error.code": "renewed-keys"])
        }
    }

    /// Takes up a certificate and a cosigning key that the board has enrolled and listed, and forgets the former.
    private func takeWhatTheBoardDecided(
        _ directory: PartyDirectory, passphrase: SecretBytes, entropy: any Entropy
    ) async throws {
        let roster = await core.roster
        if let enrolled = roster.parties[core.agency]?.certificate {
            try directory.takeRenewal(enrolled: enrolled, passphrase: passphrase, entropy: entropy)
        }
        guard keys.witnesses.count > 1 else { return }
        try directory.forgetFormerCosigningKeys(
            listed: Set(roster.witnesses.map(\.verifierKey)), passphrase: passphrase, entropy: entropy)
    }
}
