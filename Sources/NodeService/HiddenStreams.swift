import EventLogs
import Synchronization
import TallystickPrimitives

/// What is hidden of one stream.
struct HiddenPart: Hashable, Sendable {
    /// Everything up to an entry; nil for nothing but single entries.
    var through: LeafIndex?
    /// Single entries.
    var entries: Set<LeafIndex> = []

    func contains(_ index: LeafIndex) -> Bool { entries.contains(index) || through.map { index <= $0 } ?? false }
}

/// What an erasure hides: of each stream, all up to an entry of its log. Whoever opens content asks here first, so that nothing
/// of it is shown, given or made anew while it can still be brought back. What is written later is not hidden.
final class HiddenStreams: Sendable {
    private let streams = Mutex<[StreamAddress: HiddenPart]>([:])

    /// Whether a statement is hidden.
    func contains(_ statement: Statement, at index: LeafIndex) -> Bool {
        streams.withLock { streams in
            guard !streams.isEmpty else { return false }
            let stream = StreamAddress(origin: statement.origin, stream: statement.payload.stream)
            return streams[stream]?.contains(index) ?? false
        }
    }

    /// Hides this and nothing else; gives the streams of which more or less is hidden now.
    func hide(_ wanted: [StreamAddress: HiddenPart]) -> Set<StreamAddress> {
        streams.withLock { streams in
            let changed = Set(streams.keys).union(wanted.keys).filter { streams[$0] != wanted[$0] }
            streams = wanted
            return changed
        }
    }
}
