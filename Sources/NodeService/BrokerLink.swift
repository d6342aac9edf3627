import DeterministicCBOR
import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import ServiceLifecycle
import Synchronization
import TallystickPrimitives

/// The node's connection to the broker: pushes what is not registered, pulls the feed, backs off when nobody answers.
///
/// The decisions are `NodeReplicator`'s; this only performs them. Outbound connections only.
struct BrokerLink: Sendable {
    let core: NodeCore
    let client: any BrokerExchange
    let directory: LiveDirectory
    let time: any TimeSource
    let logger: Logger
    private let connection: ConnectionState

    init(
        core: NodeCore, client: any BrokerExchange, directory: LiveDirectory, time: any TimeSource, logger: Logger
    ) {
        self.core = core
        self.client = client
        self.directory = directory
        self.time = time
        self.logger = logger
        connection = ConnectionState(begunAt: time.now())
    }

    /// Whether the broker answered last time.
    var isConnected: Bool { connection.isConnected.withLock { $0 } }

    /// When it answered last, or when this node began to ask it.
    var answeredAt: Timestamp { connection.answeredAt.withLock { $0 } }

    /// Why it did not, by code.
    var fault: String? { connection.fault.withLock { $0 } }

    /// Runs until the task is cancelled.
    func run() async throws {
        let (inputs, feed) = AsyncStream<NodeReplicator.Input>.makeStream()
        let logSize = await core.writer.size
        let unadmitted = try core.store.firstUnadmitted()
        var replicator = NodeReplicator(logSize: logSize, pushedSize: TreeSize(unadmitted.value))
        await withDiscardingTaskGroup { group in
            group.addTask { await announceGrowth(to: feed) }
            feed.yield(.tick)
            for await input in inputs {
                for effect in replicator.handle(input, at: time.now()) {
                    group.addTask { await perform(effect, feed) }
                }
                let isConnected = replicator.isConnected
                connection.isConnected.withLock { $0 = isConnected }
                if isConnected { connection.answeredAt.withLock { $0 = time.now() } }
            }
            group.cancelAll()
        }
        await client.shutdown()
        if let failure = connection.failure.withLock({ $0 }) { throw failure }
    }

    private func announceGrowth(to feed: AsyncStream<NodeReplicator.Input>.Continuation) async {
        for await size in core.writer.growth { feed.yield(.appended(size)) }
    }

    private func perform(
        _ effect: NodeReplicator.Effect, _ feed: AsyncStream<NodeReplicator.Input>.Continuation
    ) async {
        switch effect {
        case .push(let index):
            do { feed.yield(.pushed(try await push(from: index))) } catch {
                report(error, "A push failed")
                feed.yield(.pushFailed)
                stopIfLost(error, feed)
            }
        case .pull(let wait):
            do {
                try await pull(wait: wait)
                connection.fault.withLock { $0 = nil }
                feed.yield(.pulled)
            } catch let broken as BrokenViews {
                logger.critical("The views broke", metadata: ["error.code": "views-broken"])
                stop(broken, feed)
            } catch let refused as OtherKeys {
                logger.critical("Other keys are in force: start again", metadata: ["error.code": "keys-changed"])
                stop(refused, feed)
            } catch {
                report(error, "A pull failed")
                feed.yield(.pullFailed)
                stopIfLost(error, feed)
            }
            do { try await core.warnOfOverdue(answeredAt: answeredAt) } catch {
                report(error, "Nothing is watched for")
            }
        case .wake(let instant):
            let milliseconds = max(1, instant.milliseconds - time.now().milliseconds)
            try? await Task.sleep(for: .milliseconds(milliseconds))
            feed.yield(.tick)
        }
    }

    /// A store that does not know what is on its disk writes nothing more: only a start that verifies it goes on.
    private func stopIfLost(_ error: any Error, _ feed: AsyncStream<NodeReplicator.Input>.Continuation) {
        if error as? EventStoreError == .outcomeUnknown || error is KeptNotSettled { stop(error, feed) }
    }

    private func stop(_ error: any Error, _ feed: AsyncStream<NodeReplicator.Input>.Continuation) {
        connection.failure.withLock { $0 = error }
        feed.finish()
    }

    private func report(_ error: any Error, _ message: Logger.Message) {
        logger.log(level: .notice, message, fault: NodeFault(error))
        if let code = BrokerLink.code(of: error) { connection.fault.withLock { $0 = code } }
    }

    /// A broker that is not there, and one that does not let this node in, need different people to act.
    private static func code(of error: any Error) -> String? {
        switch error as? TransportFailure {
        case .refusedByPeer, .status(401, _), .status(403, _): "not-accepted"
        case .serverNotTrusted, .serverNotEnrolled: "other-certificate"
        case .unreachable, .timedOut, .interrupted: "unreachable"
        default:
            switch error {
            case is TwoStories: "two-stories"
            case is PartyFileError, is HeadStoreChanged: "head-store"
            case is FollowFault: "not-believed"
            default: nil
            }
        }
    }

    /// Pushes what follows an index, as much as one request takes.
    func push(from index: LeafIndex) async throws -> TreeSize {
        guard await !core.isRegisterRefused else { throw TwoStories() }
        let statements = try PushBatch(store: core.store).statements(from: index)
        let end = TreeSize(index.value + UInt64(statements.count))
        let batch = PushRequest(
            origin: core.origin, firstIndex: index, statements: statements,
            headNote: try await core.writer.headNote(at: end))
        let response = try await client.send(method: .post, path: "/v1/push", query: [:], body: batch.encoded)
        let answer = try PushAnswer(decoding: response.successBody())
        // Fewer would be a success without progress, and the same push again at once.
        guard answer.receipts.count == statements.count else { throw ReceiptFault.missing }
        try await core.takeReceipts(answer.receipts, from: index)
        return TreeSize(index.value + UInt64(answer.receipts.count))
    }

    /// Takes in what the feed has from where this node stands, and reports what was received, now or before.
    ///
    /// - Throws: also when a page was taken in and could not be reported; the next pull reports it.
    func pull(wait: Int) async throws {
        let isFollowed: Bool
        do {
            guard await !core.isRegisterRefused else { throw TwoStories() }
            try await CatchUp(core: core, client: client).attempt()
            isFollowed = try await takePage(wait: wait)
        } catch {
            // Where the log is certain, what was kept waits for nobody: neither for a broker that has gone again nor for
            // one that is not believed. A node that must start again first records nothing.
            if !(error is OtherKeys), error as? EventStoreError != .outcomeUnknown { try await core.recordKept() }
            throw error
        }
        if isFollowed { try await core.recordKept() }
    }

    /// Takes in one page; whether there was nothing left to take in.
    private func takePage(wait: Int) async throws -> Bool {
        let size = await core.follower.size
        // Whoever owes a report, or has commands waiting, does not wait for news first.
        let isWaiting = core.certainty.standing == .settling
        let wait = await core.owesReports || isWaiting ? 0 : wait
        let response = try await client.send(
            method: .get, path: "/v1/feed", query: ["from": "\(size.value)", "wait": "\(wait)"], body: [])
        let page = try FeedPage(decoding: response.successBody())
        if !page.leaves.isEmpty {
            try await core.take(page)
            directory.update(await core.roster)
        }
        try await core.report()
        try await core.answerRecalls()
        try await core.settleWithdrawals()
        try await core.tellOwedCorrections()
        try await core.sendReadingReports()
        try await core.meetErasureDuties()
        return page.leaves.isEmpty
    }

    /// Asks the broker what is held in an area; the broker registers the look-up.
    func visibility(_ form: VisibilityForm) async throws -> [VisibilityRow] {
        var query: [String: String] = [:]
        query["area"] = form.area
        query["category"] = form.category
        let response = try await client.send(method: .get, path: "/v1/visibility", query: query, body: [])
        return try VisibilityPage(decoding: response.successBody()).entries.map { entry in
            VisibilityRow(agency: entry.agency, area: entry.area, category: entry.category, week: entry.week)
        }
    }
}

/// The register has told two stories, as evidence shows: nothing more goes to this broker or comes from it.
struct TwoStories: Error {}

/// What the status page shows of the connection.
private final class ConnectionState: Sendable {
    let isConnected = Mutex(false)
    let answeredAt: Mutex<Timestamp>
    /// Why the node cannot go on.
    let failure = Mutex<(any Error)?>(nil)
    let fault = Mutex<String?>(nil)

    init(begunAt: Timestamp) { answeredAt = Mutex(begunAt) }
}
