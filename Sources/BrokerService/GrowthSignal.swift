import Synchronization

/// Tells waiting feed requests that the register has grown. Holds no data: whoever is woken asks again.
final class GrowthSignal: Sendable {
    private struct Waiters {
        var next = 0
        var continuations: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let waiters = Mutex(Waiters())

    /// A stream that yields at each growth from now on, until it is let go of.
    func subscribe() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = waiters.withLock { waiters in
            waiters.next += 1
            waiters.continuations[waiters.next] = continuation
            return waiters.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.waiters.withLock { _ = $0.continuations.removeValue(forKey: number) }
        }
        return stream
    }

    /// Wakes everybody.
    func announce() {
        let all = waiters.withLock { Array($0.continuations.values) }
        for continuation in all { continuation.yield() }
    }
}
