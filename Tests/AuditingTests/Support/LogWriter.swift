import EventLogs
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// One party's log as its own node would write it.
struct LogWriter {
    let code: AgencyCode
    let origin: Origin
    let rootKey: SigningKey
    let statementKey: SigningKey
    var logKey: SigningKey
    var sequencer: Sequencer
    var streams: [StreamID: StreamHead] = [:]
    var note: [UInt8] = []

    init(_ code: AgencyCode, entropy: SeededEntropy) throws {
        self.code = code
        origin = try #require(Origin("\(code).example/tallystick/log/1"))
        rootKey = SigningKey(from: entropy)
        statementKey = SigningKey(from: entropy)
        logKey = SigningKey(from: entropy)
        sequencer = Sequencer(
            origin: origin, frontier: TreeFrontier(), lastIssuedAt: Timestamp(milliseconds: 0),
            seen: nil)
    }

    /// The log in which a party goes on.
    init(goingOnFrom former: LogWriter, entropy: SeededEntropy) throws {
        (code, rootKey) = (former.code, former.rootKey)
        origin = try #require(former.origin.continued)
        statementKey = SigningKey(from: entropy)
        logKey = SigningKey(from: entropy)
        sequencer = Sequencer(
            origin: origin, frontier: TreeFrontier(), lastIssuedAt: Timestamp(milliseconds: 0), seen: nil)
    }

    mutating func write(
        _ drafts: [StatementDraft], seen: SeenHead?, now: Timestamp
    ) throws -> [SequencedStatement] {
        let context = Sequencer.Context(streams: streams, recorded: [:], seen: seen, now: now)
        let sequencing = try sequencer.sequence(
            [AppendRequest(drafts)], in: context, statementSigner: statementKey, logSigner: logKey)
        let batch = try #require(sequencing.batch)
        sequencer.advance(past: batch)
        note = batch.head.note
        for placed in batch.statements {
            let payload = placed.statement.payload
            streams[payload.stream] = StreamHead(
                sequence: payload.sequence, hash: placed.statement.hash)
        }
        return batch.statements
    }
}
