import EventLogs
public import KeyFiles
import Partnership
import PartyFiles
import SQLiteStore
import SharingProtocols
import SignedStatements
public import TallystickPrimitives

/// The board's office: takes signed proposals and writes them to the board's log.
///
/// Its own keys sign the log and authorise nothing; every act stands or falls by the members'
/// signatures.
public struct BoardOffice: Sendable {
    /// The log as it was read.
    public let log: BoardLog
    private let statementKey: SigningKey
    private let logKey: SigningKey
    private let entropy: any Entropy

    /// Opens the office.
    ///
    /// - Throws: as `BoardLog.read`; `PartyFileError` when the key file does not open.
    public static func open(
        in directory: BoardDirectory, passphrase: SecretBytes, entropy: any Entropy, now: Timestamp
    ) throws -> BoardOffice {
        let log = try BoardLog.read(in: directory, now: now)
        let secrets = try openKeyFile(directory.keyFile, passphrase: passphrase)
        func key(_ name: String) throws -> SigningKey {
            guard let seed = secrets[name] else { throw PartyFileError.keyMissing(name) }
            return try SigningKey(seed: seed.bytes)
        }
        return BoardOffice(
            log: log, statementKey: try key(BoardSecret.statement),
            logKey: try key(BoardSecret.log),
            entropy: entropy)
    }

    /// Writes an act, after judging it as everybody else will.
    ///
    /// - Returns: the act's index in the log; that of the earlier one when it is there already, or decides the same.
    /// - Throws: `BoardOfficeError`; `RosterFault.thresholdNotMet` and others. Nothing is written
    ///   then.
    public func commit(_ proposal: BoardProposal, now: Timestamp) throws -> LeafIndex {
        guard proposal.fingerprint == log.fingerprint, proposal.origin == log.board.origin else {
            throw BoardOfficeError.otherBoard(
                expected: log.fingerprint, found: proposal.fingerprint)
        }
        if let index = try log.store.recorded([proposal.event])[proposal.event] { return index }
        if let index = log.index(of: proposal.motion) { return index }
        try proposal.motion.check(against: log)
        let draft = try proposal.motion.draft(
            origin: proposal.origin, event: proposal.event, signers: try signers(of: proposal),
            entropy: entropy)
        let sequencing = try log.edge.sequencer(origin: proposal.origin).sequence(
            [AppendRequest([draft])],
            in: Sequencer.Context(
                streams: try log.store.streamHeads([.control]), recorded: [:], seen: nil, now: now),
            statementSigner: statementKey, logSigner: logKey)
        switch sequencing.outcomes[0] {
        case .alreadyRecorded(let indexes): return indexes[0]
        case .refused(let refusal): throw refusal
        case .appended(let indexes):
            guard let batch = sequencing.batch else { return indexes[0] }
            for placed in batch.statements {
                try log.roster.verify(placed.statement, index: placed.index, at: .empty, now: now)
            }
            try log.store.append(batch)
            return indexes[0]
        }
    }

    private func signers(of proposal: BoardProposal) throws(BoardOfficeError) -> [any Signer] {
        var signers: [RecordedSigner] = []
        for (keyID, signature) in proposal.signatures.sorted(by: { $0.key < $1.key }) {
            guard let key = log.board.members[keyID] else {
                throw .notAMember(keyID: keyID)
            }
            signers.append(RecordedSigner(publicKey: key, signature: signature))
        }
        return signers
    }
}
