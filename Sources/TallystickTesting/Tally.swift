import Synchronization

/// Counts what happens in several tasks.
public final class Tally: Sendable {
    private let total = Mutex(0)

    /// Begins at nothing.
    public init() {}

    /// How often so far.
    public var count: Int { total.withLock { $0 } }

    /// Once more.
    public func add() { total.withLock { $0 += 1 } }
}
