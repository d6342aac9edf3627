import Synchronization
public import TallystickPrimitives

/// A time source that always tells the same instant.
public struct FixedTime: TimeSource {
    /// The instant.
    public let instant: Timestamp

    /// Stops the clock at `instant`.
    public init(_ instant: Timestamp) { self.instant = instant }

    /// The instant given at the start.
    public func now() -> Timestamp { instant }
}

/// A time source that moves only when a test moves it, forwards or backwards.
public final class ManualTime: TimeSource, Sendable {
    private let instant: Mutex<Timestamp>

    /// Starts the clock at `instant`.
    public init(_ instant: Timestamp) { self.instant = Mutex(instant) }

    /// The instant the clock was last moved to.
    public func now() -> Timestamp { instant.withLock { $0 } }

    /// Moves the clock by a number of seconds.
    public func advance(seconds: Int64) {
        instant.withLock { $0 = $0.adding(seconds: seconds) }
    }

    /// Moves the clock to `instant`.
    public func set(_ instant: Timestamp) { self.instant.withLock { $0 = instant } }
}
