import EventLogs
import Foundation
import Logging
import Glibc
import NodeService
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// A key that nobody can use.
struct LockedSigner: Signer {
    let publicKey: VerificationKey

    struct Locked: Error {}

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { throw Locked() }
}

/// A writer with a store of its own in a directory that is removed with it.
final class WriterBench: Sendable {
    let store: NodeStore
    let disk: WatchedDisk
    private let writer: LogWriter
    private let directory: String
    private let origin: Origin
    private let entropy = SeededEntropy(seed: 7)
    private let signer: SigningKey
    private let streams: [StreamID]
    private let time = FixedTime(Timestamp(wholeSeconds: 1_800_000_000))

    /// - Parameter hasLockedKey: whether the log's own key does not sign.
    init(hasLockedKey: Bool = false) throws {
        var template = Array((NSTemporaryDirectory() + "/log-writer-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        disk = WatchedDisk(directory + "/node", keepsOperations: false)
        store = try NodeStore.create(in: directory + "/node")
        origin = try #require(Origin("writer.example/log"))
        signer = SigningKey(from: entropy)
        streams = (0..<100).map { [entropy] _ in StreamID(from: entropy) }
        let empty = Sequencer(origin: origin, frontier: TreeFrontier(), lastIssuedAt: time.now(), seen: nil)
        writer = LogWriter(
            store: store, sequencer: empty, statementSigner: signer,
            logSigner: hasLockedKey ? LockedSigner(publicKey: signer.publicKey) : signer, time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// A new event.
    func draft(in stream: Int, expecting version: ExpectedVersion = .any) -> StatementDraft {
        StatementDraft(
            eventID: EventID(from: entropy), stream: streams[stream], expectedVersion: version, control: .record)
    }

    /// An event that no reader would take: its circle has a member twice.
    func malformedDraft(in stream: Int) -> StatementDraft {
        let circle = CircleControl(
            epoch: EpochID(from: entropy), members: ["police", "police"], labels: [:], fromSequence: 0, bundle: nil,
            reason: "case")
        return StatementDraft(
            eventID: EventID(from: entropy), stream: streams[stream], expectedVersion: .any, control: .circle(circle))
    }

    /// An event whose own key does not sign.
    func unsignedDraft(in stream: Int) -> StatementDraft {
        StatementDraft(
            eventID: EventID(from: entropy), stream: streams[stream], expectedVersion: .any, control: .record,
            rootSigner: LockedSigner(publicKey: signer.publicKey))
    }

    /// Does something while the writer runs.
    func whileWriting<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.writer.run() }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    /// Runs the writer until it fails or is cancelled.
    func run() async throws { try await writer.run() }

    /// Appends each draft by a caller of its own, all at once; the outcomes in the drafts' order.
    func appendAll(
        _ drafts: [StatementDraft], answered: @escaping @Sendable () -> Void = {}
    ) async -> [Result<[LeafIndex], any Error>] {
        await appendAll(drafts.map { AppendRequest([$0]) }, answered: answered)
    }

    /// Appends each request by a caller of its own, all at once; the outcomes in the requests' order.
    func appendAll(
        _ requests: [AppendRequest], answered: @escaping @Sendable () -> Void = {}
    ) async -> [Result<[LeafIndex], any Error>] {
        await withTaskGroup(of: (Int, Result<[LeafIndex], any Error>).self) { group in
            for (place, request) in requests.enumerated() {
                group.addTask {
                    defer { answered() }
                    do { return (place, .success(try await self.writer.append(request))) } catch {
                        return (place, .failure(error))
                    }
                }
            }
            let outcomes = await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            return requests.indices.compactMap { outcomes[$0] }
        }
    }

    /// Appends by another opening of the same store, as nothing may: the writer's next batch does not fit.
    func appendBehindTheWritersBack(in stream: Int) throws {
        let other = try reopened()
        let request = AppendRequest([draft(in: stream)])
        let context = Sequencer.Context(
            streams: try other.streamHeads([streams[stream]]), recorded: [:], seen: nil, now: time.now())
        let sequencing = try other.verifyRightEdge().sequencer(origin: origin).sequence(
            [request], in: context, statementSigner: signer, logSigner: signer)
        try other.append(try #require(sequencing.batch))
    }

    /// The same store, opened anew.
    func reopened() throws -> NodeStore { try NodeStore.open(in: directory + "/node") }

    /// Each stream's statements must be numbered without gaps, each naming the one before it.
    func checkStreams(_ log: [SequencedStatement]) throws {
        var heads: [StreamID: StreamHead] = [:]
        for (place, placed) in log.enumerated() {
            let payload = placed.statement.payload
            let before = heads[payload.stream]
            #expect(placed.index == LeafIndex(UInt64(place)))
            #expect(payload.sequence == (before.map { $0.sequence + 1 } ?? 0))
            #expect(payload.previous == before?.hash)
            heads[payload.stream] = StreamHead(sequence: payload.sequence, hash: placed.statement.hash)
        }
    }
}
