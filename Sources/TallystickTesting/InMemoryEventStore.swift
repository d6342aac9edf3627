public import EventLogs
import Synchronization
public import TallystickPrimitives
public import TransparencyLog

/// The reference for every store: keeps the port's promises in memory, and nothing after the
/// process ends.
public final class InMemoryEventStore: EventStore, Sendable {
    private struct State {
        var statements: [SequencedStatement] = []
        var nodes: [NodeCoordinate: Hash256] = [:]
        var events: [EventID: LeafIndex] = [:]
        var streams: [StreamID: [Int]] = [:]
        var head: SignedTreeHead?

        var size: TreeSize { head?.head.size ?? .empty }
    }

    private let state = Mutex(State())

    /// Makes an empty store.
    public init() {}

    /// Appends a batch, or nothing of it.
    public func append(_ batch: SequencedBatch) throws(EventStoreError) {
        try state.withLock { state throws(EventStoreError) in
            guard state.size == batch.previousSize else {
                throw .headConflict(expected: batch.previousSize, actual: state.size)
            }
            var next = state
            for placed in batch.statements {
                let (payload, event) = (placed.statement.payload, placed.statement.eventID)
                let isNext = payload.sequence == UInt64(next.streams[payload.stream]?.count ?? 0)
                guard next.events[event] == nil, isNext else { throw .duplicate }
                next.events[event] = placed.index
                next.streams[payload.stream, default: []].append(next.statements.count)
                next.statements.append(placed)
            }
            for node in batch.nodes { next.nodes[node.coordinate] = node.hash }
            next.head = batch.head
            state = next
        }
    }

    /// Statements in index order.
    public func readLog(
        from: LeafIndex, limit: Int
    ) throws(EventStoreError) -> [SequencedStatement] {
        state.withLock { state in
            Array(state.statements.dropFirst(Int(clamping: from.value)).prefix(max(0, limit)))
        }
    }

    /// The newest statement of each stream that exists.
    public func streamHeads(
        _ streams: Set<StreamID>
    ) throws(EventStoreError) -> [StreamID: StreamHead] {
        state.withLock { state in
            var heads: [StreamID: StreamHead] = [:]
            for stream in streams {
                guard let last = state.streams[stream]?.last else { continue }
                let statement = state.statements[last].statement
                heads[stream] = StreamHead(
                    sequence: statement.payload.sequence, hash: statement.hash)
            }
            return heads
        }
    }

    /// The indexes of those events that are recorded.
    public func recorded(
        _ events: Set<EventID>
    ) throws(EventStoreError) -> [EventID: LeafIndex] {
        state.withLock { state in state.events.filter { events.contains($0.key) } }
    }

    /// The head's note; nil for an empty log.
    public func headNote() throws(EventStoreError) -> [UInt8]? {
        state.withLock { state in state.head?.note }
    }

    /// The node at a place of the tree.
    public func node(_ coordinate: NodeCoordinate) throws(EventStoreError) -> Hash256 {
        guard let hash = state.withLock({ $0.nodes[coordinate] }) else {
            throw .damaged(
                StoredDamage(part: "tree-node", index: LeafIndex(coordinate.index)))
        }
        return hash
    }
}
