public import TallystickPrimitives

/// When a node pushes, pulls and waits: a machine without I/O, driven by the service (ENGINEERING §5, sans-IO).
///
/// At most one push and one pull are under way. Failures back off from one second to a minute; success begins afresh.
public struct NodeReplicator: Sendable {
    /// What happened.
    public enum Input: Hashable, Sendable {
        /// The log has grown to this size.
        case appended(TreeSize)
        /// The broker has answered a push: everything below this size has a receipt.
        case pushed(TreeSize)
        /// A push failed.
        case pushFailed
        /// A page was taken in.
        case pulled
        /// A pull failed.
        case pullFailed
        /// The earliest wake that was asked for has come; at first, the service begins.
        case tick
    }

    /// What the service does next.
    public enum Effect: Hashable, Sendable {
        /// Push statements from this index on.
        case push(from: LeafIndex)
        /// Ask for the feed from where the node stands; the broker holds the answer until there is something.
        ///
        /// Where that is, whoever performs this asks the node: a page may have been taken in although what followed it
        /// failed.
        case pull(waitSeconds: Int)
        /// Call again with `tick` at this instant. It is asked for only where no earlier one is still to come, so that an
        /// outage leaves none behind for everything that happens in it.
        case wake(at: Timestamp)
    }

    /// Whether the broker answered last time: people are shown this.
    public private(set) var isConnected = false
    private var logSize: TreeSize
    private var pushedSize: TreeSize
    private var push = Attempt()
    private var pull = Attempt()
    /// The wakes that were asked for and have not come, in order.
    private var wakes: [Timestamp] = []
    /// Wakes on their way at the most.
    private static let wakeCount = 4

    private struct Attempt: Hashable, Sendable {
        var isUnderWay = false
        var failures = 0
        var notBefore = Timestamp(milliseconds: 0)

        /// Whether to try again. An instant further off than any wait was set before the clock went back.
        func isDue(at now: Timestamp) -> Bool {
            notBefore <= now || notBefore > now.adding(seconds: Int64(Limits.retrySecondsMax))
        }

        mutating func fail(at now: Timestamp) {
            isUnderWay = false
            let seconds = min(Limits.retrySecondsMax, 1 << min(failures, 6))
            failures += 1
            notBefore = now.adding(seconds: Int64(seconds))
        }
    }

    /// Resumes where the store stands.
    public init(logSize: TreeSize, pushedSize: TreeSize) {
        self.logSize = logSize
        self.pushedSize = pushedSize
    }

    /// Takes in what happened and says what to do; runs to completion, never waits.
    public mutating func handle(_ input: Input, at now: Timestamp) -> [Effect] {
        switch input {
        case .appended(let size): logSize = max(logSize, size)
        case .pushed(let size):
            pushedSize = max(pushedSize, size)
            push = Attempt()
            isConnected = true
        case .pushFailed:
            push.fail(at: now)
            isConnected = false
        case .pulled:
            pull = Attempt()
            isConnected = true
        case .pullFailed:
            pull.fail(at: now)
            isConnected = false
        case .tick: if !wakes.isEmpty { wakes.removeFirst() }
        }
        return next(at: now)
    }

    private mutating func next(at now: Timestamp) -> [Effect] {
        var effects: [Effect] = []
        var due: Timestamp?
        if !push.isUnderWay, pushedSize < logSize {
            if push.isDue(at: now) {
                push.isUnderWay = true
                effects.append(.push(from: pushedSize.nextIndex))
            } else {
                due = push.notBefore
            }
        }
        if !pull.isUnderWay {
            if pull.isDue(at: now) {
                pull.isUnderWay = true
                effects.append(.pull(waitSeconds: isConnected ? Limits.feedWaitSeconds : 0))
            } else {
                due = min(due ?? pull.notBefore, pull.notBefore)
            }
        }
        // One that should have come by now may be far off: the clock has moved, and not the time it waits. However often
        // that happens, one of a few comes within a minute.
        if let due, wakes.count < NodeReplicator.wakeCount, !wakes.contains(where: { $0 > now && $0 <= due }) {
            wakes = (wakes + [due]).sorted()
            effects.append(.wake(at: due))
        }
        return effects
    }
}

extension Limits {
    /// Seconds for which the broker holds a feed request that has nothing to answer: below common proxies' limits.
    public static let feedWaitSeconds = 25
    /// Seconds between two tries at the most.
    public static let retrySecondsMax = 60
}
