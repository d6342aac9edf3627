import Synchronization
import TallystickPrimitives
import TallystickTesting

/// A party's clock: the world's time, and how far this clock is from it.
final class SimulatedClock: TimeSource {
    private let truth: ManualTime
    private let offsetSeconds = Mutex<Int64>(0)

    init(_ truth: ManualTime) { self.truth = truth }

    func now() -> Timestamp { truth.now().adding(seconds: offsetSeconds.withLock { $0 }) }

    /// The clock is set so many seconds away from the world's time.
    func set(offsetSeconds seconds: Int64) { offsetSeconds.withLock { $0 = seconds } }
}
