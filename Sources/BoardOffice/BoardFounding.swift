import EventLogs
public import KeyFiles
import Partnership
import PartyFiles
import SQLiteStore
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

/// Founds a board: its members' keys, its log's keys, and the genesis whose hash everybody pins
/// (WIRE §4, founding).
public struct BoardFounding: Sendable {
    /// The board's log.
    public let origin: Origin
    /// How many members there are.
    public let memberCount: Int
    /// How many of them must sign an act.
    public let threshold: Int
    /// How hard the passphrases are to guess; tests take less.
    public let cost: ScryptCost

    /// States a board.
    /// - Throws: `BoardOfficeError.threshold`.
    public init(
        origin: Origin, memberCount: Int, threshold: Int, cost: ScryptCost = .standard
    ) throws(BoardOfficeError) {
        guard (1...Limits.boardKeyCount).contains(memberCount),
            (1...memberCount).contains(threshold)
        else { throw .threshold(needed: threshold, members: memberCount) }
        self.origin = origin
        self.memberCount = memberCount
        self.threshold = threshold
        self.cost = cost
    }

    /// Makes the directory with everything in it.
    ///
    /// - Parameters:
    ///   - passphrase: for the log's own keys.
    ///   - memberPassphrases: one for each member, or one for all.
    /// - Returns: the fingerprint to read out over another channel.
    public func found(
        in directory: BoardDirectory, passphrase: SecretBytes, memberPassphrases: [SecretBytes],
        entropy: any Entropy, now: Timestamp
    ) throws -> Hash256 {
        guard [1, memberCount].contains(memberPassphrases.count) else {
            throw BoardOfficeError.passphraseCount(
                given: memberPassphrases.count, members: memberCount)
        }
        try directory.make()
        let (statementKey, logKey) = (SigningKey(from: entropy), SigningKey(from: entropy))
        let keys = KeyFileContents([
            BoardSecret.statement: statementKey.seed, BoardSecret.log: logKey.seed,
        ])
        let sealed = try KeyFile.seal(
            keys, passphrase: passphrase.bytes, entropy: entropy, cost: cost)
        do { try KeyFileStore.write(sealed, to: directory.keyFile) } catch {
            throw PartyFileError.secretFile(error)
        }
        var members: [VerificationKey] = []
        for number in 1...memberCount {
            let member = try BoardMember.create(
                at: directory.memberKeyFile(number),
                passphrase: memberPassphrases[memberPassphrases.count == 1 ? 0 : number - 1],
                entropy: entropy, cost: cost)
            members.append(member.key.publicKey)
        }
        let draft = BoardActs.genesis(
            members: members, threshold: threshold, statementKey: statementKey.publicKey,
            logKey: logKey.publicKey, event: EventID(from: entropy))
        return try write(draft, in: directory, statementKey: statementKey, logKey: logKey, now: now)
    }

    private func write(
        _ draft: StatementDraft, in directory: BoardDirectory, statementKey: SigningKey,
        logKey: SigningKey,
        now: Timestamp
    ) throws -> Hash256 {
        let sequencer = Sequencer(
            origin: origin, frontier: TreeFrontier(), lastIssuedAt: now, seen: nil)
        let sequencing = try sequencer.sequence(
            [AppendRequest([draft])],
            in: Sequencer.Context(streams: [:], recorded: [:], seen: nil, now: now),
            statementSigner: statementKey, logSigner: logKey)
        guard let batch = sequencing.batch, let genesis = batch.statements.first else {
            preconditionFailure("the first append to a new log is never refused")
        }
        try NodeStore.create(in: directory.path).append(batch)
        return genesis.statement.hash
    }
}
