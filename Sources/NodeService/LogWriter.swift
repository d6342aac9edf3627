import EventLogs
import Logging
import Replication
import SQLiteStore
import SignedStatements
import Synchronization
import TallystickPrimitives
import TransparencyLog

/// Why an append did not happen.
enum AppendFailure: Error, Hashable {
    /// The request does not fit; nothing was written.
    case refused(AppendRefusal)
    /// The store did not do it.
    case store(EventStoreError)
    /// The node is stopping.
    case stopping
}

/// The one writer of this agency's log: many callers, one transaction for all that wait (group commit, ENGINEERING §4).
///
/// A caller that goes away stops waiting; whether its append commits is not its to decide.
actor LogWriter {
    private struct Waiting {
        let request: AppendRequest
        let continuation: CheckedContinuation<[LeafIndex], any Error>
    }

    let store: NodeStore
    private let statementSigner: any Signer
    private let logSigner: any Signer
    private let time: any TimeSource
    private let logger: Logger
    private var sequencer: Sequencer
    private var queue: [Waiting] = []
    private var isStopped = false
    private let wakeUp: AsyncStream<Void>.Continuation
    private let wakeUps: AsyncStream<Void>
    private let seen = Mutex<SeenHead?>(nil)
    /// Yields the log's size after each write; one listener.
    nonisolated let growth: AsyncStream<TreeSize>
    private let grown: AsyncStream<TreeSize>.Continuation

    init(
        store: NodeStore, sequencer: Sequencer, statementSigner: any Signer, logSigner: any Signer,
        time: any TimeSource, logger: Logger
    ) {
        self.store = store
        self.sequencer = sequencer
        self.statementSigner = statementSigner
        self.logSigner = logSigner
        self.time = time
        self.logger = logger
        (wakeUps, wakeUp) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        (growth, grown) = AsyncStream<TreeSize>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// How many statements the log has.
    var size: TreeSize { sequencer.frontier.size }

    /// The newest register head that statements written from now on name.
    nonisolated func see(_ head: SeenHead) { seen.withLock { $0 = head } }

    /// Appends, and returns when the statements survive power loss.
    ///
    /// - Returns: their indexes; those of an earlier append of the same events if there was one.
    func append(_ request: AppendRequest) async throws -> [LeafIndex] {
        guard !isStopped else { throw AppendFailure.stopping }
        return try await withCheckedThrowingContinuation { continuation in
            queue.append(Waiting(request: request, continuation: continuation))
            wakeUp.yield()
        }
    }

    /// Writes what waits, until the task is cancelled.
    ///
    /// - Throws: `EventStoreError.outcomeUnknown` when it can no longer be known what is on disk: only a start that
    ///   verifies the log's end may write again.
    func run() async throws {
        for await _ in wakeUps {
            writeAll()
            if isStopped { break }
        }
        let hasFailed = isStopped
        isStopped = true
        for waiting in queue { waiting.continuation.resume(throwing: AppendFailure.stopping) }
        queue = []
        if hasFailed { throw EventStoreError.outcomeUnknown }
    }

    /// A signed head of the log as it was at an earlier size: a long backlog is pushed in parts, each under its own.
    func headNote(at size: TreeSize) throws -> [UInt8] {
        let nodes = try TreeFrontier.coordinates(for: size).map { try store.node($0) }
        let frontier = try TreeFrontier(size: size, nodes: nodes)
        return try SignedTreeHead.sign(
            TreeHead(origin: sequencer.origin, size: size, root: frontier.root), with: logSigner
        ).note
    }

    private func writeAll() {
        while !queue.isEmpty {
            var count = 0
            var drafts = 0
            while count < queue.count {
                drafts += queue[count].request.drafts.count
                guard drafts <= Limits.batchEventCount || count == 0 else { break }
                count += 1
            }
            let batch = Array(queue.prefix(count))
            queue.removeFirst(count)
            write(batch)
        }
    }

    private func write(_ waiting: [Waiting]) {
        do {
            let sequencing = try sequence(waiting.map(\.request))
            if let batch = sequencing.batch {
                try store.append(batch)
                sequencer.advance(past: batch)
                if batch.clockSteppedBack {
                    logger.warning("The clock went back", metadata: ["error.code": "clock-stepped-back"])
                }
                grown.yield(sequencer.frontier.size)
            }
            for (waiting, outcome) in zip(waiting, sequencing.outcomes) {
                switch outcome {
                case .appended(let indexes), .alreadyRecorded(let indexes):
                    waiting.continuation.resume(returning: indexes)
                case .refused(let refusal):
                    waiting.continuation.resume(throwing: AppendFailure.refused(refusal))
                }
            }
        } catch {
            let failure = (error as? EventStoreError) ?? .outcomeUnknown
            // Nothing was written, or nobody knows: the end comes from the disk before anything else is written, and
            // where it is not known, from the next start.
            if failure == .outcomeUnknown { isStopped = true } else { reload() }
            for waiting in waiting { waiting.continuation.resume(throwing: AppendFailure.store(failure)) }
        }
    }

    private func sequence(_ requests: [AppendRequest]) throws -> Sequencing {
        let drafts = requests.flatMap(\.drafts)
        let context = Sequencer.Context(
            streams: try store.streamHeads(Set(drafts.map(\.stream))),
            recorded: try store.recorded(Set(drafts.map(\.eventID))), seen: seen.withLock { $0 }, now: time.now())
        return try sequencer.sequence(
            requests, in: context, statementSigner: statementSigner, logSigner: logSigner)
    }

    private func reload() {
        do { sequencer = try store.verifyRightEdge().sequencer(origin: sequencer.origin) } catch {
            isStopped = true
        }
    }
}
