import Disclosures
import EventLogs
import Synchronization

/// The streams that an erasure hides. Whoever opens content asks here first, so that nothing of them is shown, given or made
/// anew while it can still be brought back.
final class HiddenStreams: Sendable {
    private let streams = Mutex<Set<ErasureStream>>([])

    /// Whether a statement is of a hidden stream.
    func contains(_ statement: Statement) -> Bool {
        streams.withLock { streams in
            !streams.isEmpty
                && streams.contains(ErasureStream(origin: statement.origin, stream: statement.payload.stream))
        }
    }

    /// Those that are hidden.
    var all: Set<ErasureStream> { streams.withLock { $0 } }

    /// Hides streams; those that were not hidden before.
    func hide(_ more: Set<ErasureStream>) -> Set<ErasureStream> {
        streams.withLock { streams in
            let new = more.subtracting(streams)
            streams.formUnion(new)
            return new
        }
    }

    /// Shows streams again.
    func show(_ again: Set<ErasureStream>) { streams.withLock { $0.subtract(again) } }
}
