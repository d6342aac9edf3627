package import EventLogs
package import Logging
import Replication
package import SQLiteStore
package import SignedStatements
import Synchronization
package import TallystickPrimitives
import TransparencyLog

/// Why an append did not happen.
package enum AppendFailure: Error, Hashable {
    /// The request does not fit; nothing was written.
    case refused(AppendRefusal)
    /// The store did not do it.
    case store(EventStoreError)
    /// The log's key did not sign; nothing was written.
    case notSigned
    /// The node is stopping.
    case stopping
}

/// The one writer of this agency's log: many callers, one transaction for all that wait (group commit, ENGINEERING §4).
///
/// A caller that goes away stops waiting; whether its append commits is not its to decide.
package actor LogWriter {
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

    package init(
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
    package func append(_ request: AppendRequest) async throws -> [LeafIndex] {
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
    package func run() async throws {
        for await _ in wakeUps {
            await writeAll()
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

    // MARK: Writing

    /// A batch on its way to the disk, and who waits for it.
    private struct Underway {
        let waiting: [Waiting]
        let sequencing: Sequencing
        /// Nil when nothing is to be written.
        let writing: PendingWrite<Void>?
    }

    /// Writes what waits. While one batch goes to the disk the next is signed on top of it; nobody is answered, and no
    /// head leaves this actor, before the disk has what it says.
    private func writeAll() async {
        var underway: Underway?
        while !queue.isEmpty || underway != nil {
            let waiting = takeBatch(besides: underway?.waiting.count ?? 0)
            let attempt = waiting.isEmpty ? nil : Result { try sequence(waiting, after: underway) }
            let written = underway
            let isWritten = await finish(written)
            underway = nil
            if isStopped {
                for waiting in waiting { waiting.continuation.resume(throwing: AppendFailure.stopping) }
                return
            }
            if !waiting.isEmpty {
                do {
                    // What was signed on top of a batch that is not on the disk is worth nothing.
                    let sequencing = try isWritten ? attempt?.get() : nil
                    underway = begin(try sequencing ?? sequence(waiting, after: nil), for: waiting)
                } catch { refuse(waiting, error) }
            }
            // The disk is at work again before anybody is answered.
            if isWritten, let written { answer(written) }
        }
    }

    /// Takes at most half of those who wait, written for or not: while one half is on its way to the disk, the other is
    /// signed. All in one batch would have signing and writing wait for each other.
    private func takeBatch(besides underwayCount: Int) -> [Waiting] {
        let share = (queue.count + underwayCount + 1) / 2
        var count = 0
        var drafts = 0
        while count < min(queue.count, share) {
            drafts += queue[count].request.drafts.count
            guard drafts <= Limits.batchEventCount || count == 0 else { break }
            count += 1
        }
        defer { queue.removeFirst(count) }
        return Array(queue.prefix(count))
    }

    private func sequence(_ waiting: [Waiting], after underway: Underway?) throws -> Sequencing {
        let requests = waiting.map(\.request)
        let drafts = requests.flatMap(\.drafts)
        var streams = try store.streamHeads(Set(drafts.map(\.stream)))
        var recorded = try store.recorded(Set(drafts.map(\.eventID)))
        var edge = sequencer
        if let batch = underway?.sequencing.batch {
            // The store may or may not have it by now; it says the same either way.
            for placed in batch.statements {
                let payload = placed.statement.payload
                streams[payload.stream] = StreamHead(sequence: payload.sequence, hash: placed.statement.hash)
                recorded[placed.statement.eventID] = placed.index
            }
            edge.advance(past: batch)
        }
        let context = Sequencer.Context(
            streams: streams, recorded: recorded, seen: seen.withLock { $0 }, now: time.now())
        return try edge.sequence(requests, in: context, statementSigner: statementSigner, logSigner: logSigner)
    }

    private func begin(_ sequencing: Sequencing, for waiting: [Waiting]) -> Underway {
        Underway(waiting: waiting, sequencing: sequencing, writing: sequencing.batch.map(store.beginAppend))
    }

    /// Waits until a batch is on the disk and moves on; tells whether it is there.
    private func finish(_ underway: Underway?) async -> Bool {
        guard let underway else { return true }
        do throws(EventStoreError) { try await underway.writing?.value.get() } catch {
            fail(underway.waiting, error)
            return false
        }
        if let batch = underway.sequencing.batch {
            sequencer.advance(past: batch)
            if batch.clockSteppedBack {
                logger.warning("The clock went back", metadata: ["error.code": "clock-stepped-back"])
            }
            grown.yield(sequencer.frontier.size)
        }
        return true
    }

    private func answer(_ underway: Underway) {
        for (waiting, outcome) in zip(underway.waiting, underway.sequencing.outcomes) {
            switch outcome {
            case .appended(let indexes), .alreadyRecorded(let indexes):
                waiting.continuation.resume(returning: indexes)
            case .refused(let refusal):
                waiting.continuation.resume(throwing: AppendFailure.refused(refusal))
            }
        }
    }

    /// Nothing of theirs was handed to the store: they are told, and the log goes on from where it is.
    private func refuse(_ waiting: [Waiting], _ error: any Error) {
        let failure = (error as? EventStoreError).map(AppendFailure.store) ?? .notSigned
        for waiting in waiting { waiting.continuation.resume(throwing: failure) }
    }

    private func fail(_ waiting: [Waiting], _ failure: EventStoreError) {
        // Nothing was written, or nobody knows: the end comes from the disk before anything else is written, and where
        // it is not known, from the next start.
        if failure == .outcomeUnknown { isStopped = true } else { reload() }
        for waiting in waiting { waiting.continuation.resume(throwing: AppendFailure.store(failure)) }
    }

    private func reload() {
        do { sequencer = try store.verifyRightEdge().sequencer(origin: sequencer.origin) } catch {
            isStopped = true
        }
    }
}
