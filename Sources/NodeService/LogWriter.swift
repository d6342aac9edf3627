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
    /// The log may be older here than at others: nothing is signed.
    case uncertain
}

/// The one writer of this agency's log: many callers, one transaction for all that wait (group commit, ENGINEERING §4).
///
/// While one batch goes to the disk the next is signed on top of it, request by request as they come; nobody is
/// answered, and no head leaves this actor, before the disk has what it says. A caller that goes away stops waiting;
/// whether its append commits is not its to decide.
package actor LogWriter {
    private struct Waiting {
        let request: AppendRequest
        let continuation: CheckedContinuation<[LeafIndex], any Error>
    }

    /// What others leave for the writer; it looks in whenever it is woken, and between requests.
    private struct Inbox {
        var requests: [Waiting] = []
        /// What became of the batch that was on its way to the disk.
        var landed: Result<Void, EventStoreError>?
        var isClosed = false
    }

    /// A batch in the making, and who waits for it with which answer.
    private struct Assembly {
        var round: SequencingRound
        var answers: [(waiting: Waiting, outcome: AppendOutcome)] = []
    }

    /// A batch on its way to the disk.
    private struct Underway {
        let batch: SequencedBatch
        let answers: [(waiting: Waiting, outcome: AppendOutcome)]
    }

    let store: NodeStore
    /// Whether the log may be written.
    nonisolated let certainty: LogCertainty
    private nonisolated let origin: Origin
    private nonisolated let statementSigner: any Signer
    private nonisolated let logSigner: any Signer
    private nonisolated let formerLogSigners: [FormerLogSigner]
    /// Every key that may have signed a head of this log.
    nonisolated let headKeys: [VerificationKey]
    private let time: any TimeSource
    private let logger: Logger
    private var sequencer: Sequencer
    private var assembly: Assembly?
    private var underway: Underway?
    private var hasUnknownOutcome = false
    private let inbox = Mutex(Inbox())
    private let wakeUp: AsyncStream<Void>.Continuation
    private let wakeUps: AsyncStream<Void>
    private let seen = Mutex<SeenHead?>(nil)
    /// Yields the log's size after each write; one listener.
    nonisolated let growth: AsyncStream<TreeSize>
    private let grown: AsyncStream<TreeSize>.Continuation

    package init(
        store: NodeStore, sequencer: Sequencer, statementSigner: any Signer, logSigner: any Signer,
        formerLogSigners: [FormerLogSigner] = [], headKeys: [VerificationKey] = [], time: any TimeSource,
        logger: Logger,
        certainty: LogCertainty = .unguarded()
    ) {
        self.store = store
        self.certainty = certainty
        self.headKeys = [logSigner.publicKey] + headKeys
        origin = sequencer.origin
        self.sequencer = sequencer
        self.statementSigner = statementSigner
        self.logSigner = logSigner
        self.formerLogSigners = formerLogSigners
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
    package nonisolated func append(_ request: AppendRequest) async throws -> [LeafIndex] {
        guard certainty.mayAppend else { throw AppendFailure.uncertain }
        return try await withCheckedThrowingContinuation { continuation in
            let isTaken = inbox.withLock { inbox in
                if !inbox.isClosed { inbox.requests.append(Waiting(request: request, continuation: continuation)) }
                return !inbox.isClosed
            }
            guard isTaken else { return continuation.resume(throwing: AppendFailure.stopping) }
            wakeUp.yield()
        }
    }

    /// Writes what comes, until the task is cancelled; what was asked for before that is written still.
    ///
    /// - Throws: `EventStoreError.outcomeUnknown` when it can no longer be known what is on disk: only a start that
    ///   verifies the log's end may write again.
    package func run() async throws {
        let writing = Task { await write() }
        await withTaskCancellationHandler {
            await writing.value
        } onCancel: {
            close()
        }
        if hasUnknownOutcome { throw EventStoreError.outcomeUnknown }
    }

    /// A signed head of the log at a size it has, for others: it is on the second store when this returns. It is by the
    /// key that was in force there: a long backlog is pushed in parts, each under its own head.
    ///
    /// Off the actor: who appends does not wait for that disk.
    /// - Throws: `LogUncertain` while nothing may leave.
    @concurrent nonisolated func headNote(at size: TreeSize) async throws -> [UInt8] {
        let head = TreeHead(origin: origin, size: size, root: try store.frontier(at: size).root)
        try certainty.keep(head)
        let signer = formerLogSigners.first { size <= $0.limit }?.signer ?? logSigner
        return try SignedTreeHead.sign(head, with: signer).note
    }

    /// The keys that sign this log's statements and heads.
    nonisolated var keys: (statement: VerificationKey, log: VerificationKey) {
        (statementSigner.publicKey, logSigner.publicKey)
    }

    /// Puts back statements that this log wrote before and has lost here, and moves on past them.
    ///
    /// - Precondition: they are proved to be the log's own, and nothing is appended meanwhile.
    func putBack(_ statements: [SequencedStatement]) throws {
        guard !certainty.mayAppend, underway == nil, assembly == nil else { throw LogUncertain() }
        let batch = try SequencedBatch(returning: statements, after: sequencer.frontier) { edge in
            try SignedTreeHead.sign(TreeHead(origin: origin, size: edge.size, root: edge.root), with: logSigner)
        }
        guard let batch else { throw LogUncertain() }
        do throws(EventStoreError) { try store.append(batch) } catch {
            if error == .outcomeUnknown {
                hasUnknownOutcome = true
                wakeUp.yield()
            }
            throw error
        }
        sequencer.advance(past: batch)
        grown.yield(sequencer.frontier.size)
    }

    /// The edge of the log.
    var frontier: TreeFrontier { sequencer.frontier }

    // MARK: Writing

    private nonisolated func close() {
        inbox.withLock { $0.isClosed = true }
        wakeUp.yield()
    }

    private func write() async {
        for await _ in wakeUps {
            repeat {
                land()
                if underway == nil { begin() }
            } while !hasUnknownOutcome && place()
            if hasUnknownOutcome { close() }
            let isClosed = inbox.withLock { $0.isClosed }
            if isClosed && underway == nil { break }
        }
        let left = inbox.withLock { inbox in
            defer { inbox.requests = [] }
            return inbox.requests
        }
        for waiting in left { waiting.continuation.resume(throwing: AppendFailure.stopping) }
    }

    /// Places some of what waits on top of what is on its way to the disk; tells whether there may be more to do at
    /// once. Only some, because the disk may be done in the meantime.
    private func place() -> Bool {
        let waiting = takeRequests(atMost: LogWriter.placedTogetherCount)
        guard !waiting.isEmpty else { return false }
        do {
            let drafts = waiting.flatMap(\.request.drafts)
            // The store may or may not have what is on its way to it by now; the round knows, whatever the store says.
            let known = try store.known(streams: Set(drafts.map(\.stream)), events: Set(drafts.map(\.eventID)))
            var taken =
                assembly.take()
                ?? Assembly(
                    round: SequencingRound(
                        after: underway?.batch, of: sequencer, seen: seen.withLock { $0 }, now: time.now()))
            taken.round.learn(streams: known.streams, recorded: known.events)
            for waiting in waiting { place(waiting, in: &taken) }
            assembly = taken
        } catch { refuse(waiting, error) }
        return true
    }

    /// How many requests are placed before the writer looks whether the disk is done.
    private static let placedTogetherCount = 16

    private func place(_ waiting: Waiting, in assembly: inout Assembly) {
        do {
            let outcome = try assembly.round.place(waiting.request, statementSigner: statementSigner)
            assembly.answers.append((waiting, outcome))
        } catch { refuse([waiting], error) }
    }

    private func takeRequests(atMost limit: Int) -> [Waiting] {
        let room = Limits.batchEventCount - (assembly?.round.statementCount ?? 0)
        return inbox.withLock { inbox in
            var count = 0
            var drafts = 0
            while count < min(inbox.requests.count, limit) {
                drafts += inbox.requests[count].request.drafts.count
                guard drafts <= room || (count == 0 && room == Limits.batchEventCount) else { break }
                count += 1
            }
            defer { inbox.requests.removeFirst(count) }
            return Array(inbox.requests.prefix(count))
        }
    }

    /// Hands what has been placed to the disk.
    private func begin() {
        guard let taken = assembly.take() else { return }
        do {
            guard let batch = try taken.round.batch(logSigner: logSigner) else { return answer(taken.answers) }
            underway = Underway(batch: batch, answers: taken.answers)
            store.beginAppend(batch) { [self] outcome in
                inbox.withLock { $0.landed = outcome }
                wakeUp.yield()
            }
        } catch { refuse(taken.answers.map(\.waiting), error) }
    }

    /// Moves on past a batch that is on the disk.
    private func land() {
        guard let outcome = inbox.withLock({ $0.landed.take() }), let landed = underway.take() else { return }
        do throws(EventStoreError) { try outcome.get() } catch {
            return fail(landed.answers.map(\.waiting), error)
        }
        sequencer.advance(past: landed.batch)
        if landed.batch.clockSteppedBack {
            logger.warning("The clock went back", metadata: ["error.code": "clock-stepped-back"])
        }
        grown.yield(sequencer.frontier.size)
        // The disk is at work again before anybody is answered.
        begin()
        answer(landed.answers)
    }

    private func answer(_ answers: [(waiting: Waiting, outcome: AppendOutcome)]) {
        for (waiting, outcome) in answers {
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
        // What was signed on top of a batch that is not on the disk is worth nothing: it is placed anew, first of all.
        if let above = assembly.take() {
            inbox.withLock { $0.requests.insert(contentsOf: above.answers.map(\.waiting), at: 0) }
        }
        // Nothing was written, or nobody knows: the end comes from the disk before anything else is written, and where
        // it is not known, from the next start.
        if failure == .outcomeUnknown { hasUnknownOutcome = true } else { reload() }
        for waiting in waiting { waiting.continuation.resume(throwing: AppendFailure.store(failure)) }
    }

    private func reload() {
        do { sequencer = try store.verifyRightEdge().sequencer(origin: sequencer.origin) } catch {
            hasUnknownOutcome = true
        }
    }
}
