public import EventLogs
import GRDB
public import TallystickPrimitives
public import TransparencyLog

/// Everything one agency's node keeps: its own log, its copy of the register, what it received, and
/// its kept keys.
///
/// The file is `log.sqlite` in the given directory. One process at a time may have it open. Every
/// write is one transaction that survives power loss when the call returns; cancelling a task never
/// interrupts one.
public struct NodeStore: EventStore {
    let connection: StoreConnection

    static let tree = LogTree(
        leafQuery: "SELECT leaf_hash FROM statements WHERE idx = ?",
        leafCountQuery: "SELECT count(*) FROM statements")

    /// Makes an empty store, and the directory if there is none.
    ///
    /// - Throws: `StoreOpeningError.alreadyExists` and others; see there.
    public static func create(in directory: String) throws(StoreOpeningError) -> NodeStore {
        NodeStore(connection: try .create(NodeSchema.kind, in: directory))
    }

    /// Opens a store that is there; verify it with `verifyRightEdge` before anything is appended.
    ///
    /// - Throws: `StoreOpeningError.missing` and others; a misspelt path never starts a second log.
    public static func open(in directory: String) throws(StoreOpeningError) -> NodeStore {
        NodeStore(connection: try .open(NodeSchema.kind, in: directory))
    }

    /// Appends a batch; see `EventStore`.
    public func append(_ batch: SequencedBatch) throws(EventStoreError) {
        try connection.write("append statements") { try NodeStore.append(batch, to: $0) }
    }

    /// Begins to append a batch as `append(_:)` does; batches are written in the order in which they were begun.
    ///
    /// - Parameter completion: hears the outcome, on the store's own thread.
    public func beginAppend(
        _ batch: SequencedBatch, completion: @escaping @Sendable (Result<Void, EventStoreError>) -> Void
    ) {
        connection.begin("append statements", { try NodeStore.append(batch, to: $0) }, completion: completion)
    }

    private static func append(_ batch: SequencedBatch, to database: Database) throws {
        try tree.replaceHead(
            database, previousSize: batch.previousSize, size: batch.head.head.size, note: batch.head.note)
        var rows = try OwnRows(database)
        for statement in batch.statements { try rows.add(statement) }
        try tree.add(batch.nodes, to: database)
    }
}

extension NodeStore {
    /// Statements in index order; see `EventStore`. What has been purged is absent from their
    /// compartments.
    public func readLog(
        from: LeafIndex, limit: Int
    ) throws(EventStoreError) -> [SequencedStatement] {
        try connection.read("read the log") { database in
            try NodeStore.statements(
                """
                SELECT idx, bytes, leaf_hash FROM statements WHERE idx >= ?
                ORDER BY idx LIMIT ?
                """,
                [from.value.bound, Int64(max(0, limit))], in: database)
        }
    }

    /// The newest statement of each stream; see `EventStore`.
    public func streamHeads(
        _ streams: Set<StreamID>
    ) throws(EventStoreError) -> [StreamID: StreamHead] {
        try connection.read("read stream heads") { try NodeStore.streamHeads(streams, in: $0) }
    }

    /// The indexes of those events that are recorded; see `EventStore`.
    public func recorded(
        _ events: Set<EventID>
    ) throws(EventStoreError) -> [EventID: LeafIndex] {
        try connection.read("look up events") { try NodeStore.recorded(events, in: $0) }
    }

    /// What an append must know, read at once: `streamHeads(_:)` and `recorded(_:)`.
    public func known(
        streams: Set<StreamID>, events: Set<EventID>
    ) throws(EventStoreError) -> (streams: [StreamID: StreamHead], events: [EventID: LeafIndex]) {
        try connection.read("read stream heads and look up events") { database in
            (try NodeStore.streamHeads(streams, in: database), try NodeStore.recorded(events, in: database))
        }
    }

    private static func streamHeads(
        _ streams: Set<StreamID>, in database: Database
    ) throws -> [StreamID: StreamHead] {
        var heads: [StreamID: StreamHead] = [:]
        for stream in streams {
            let row = try database.row("SELECT sequence, hash FROM streams WHERE stream = ?", [stream.blob])
            guard let row else { continue }
            heads[stream] = StreamHead(sequence: try row.number(0), hash: try row.hash(1, part: "stream"))
        }
        return heads
    }

    private static func recorded(_ events: Set<EventID>, in database: Database) throws -> [EventID: LeafIndex] {
        var found: [EventID: LeafIndex] = [:]
        for event in events {
            let row = try database.row("SELECT idx FROM statements WHERE event_id = ?", [event.blob])
            if let row { found[event] = LeafIndex(try row.number(0)) }
        }
        return found
    }

    /// The committed head's note; see `EventStore`.
    public func headNote() throws(EventStoreError) -> [UInt8]? {
        try connection.read("read the head") { try NodeStore.tree.headNote($0) }
    }

    /// A stored node; see `EventStore`.
    public func node(_ coordinate: NodeCoordinate) throws(EventStoreError) -> Hash256 {
        try connection.read("read a node") { try NodeStore.tree.node(coordinate, in: $0) }
    }

    static func statements(
        _ sql: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [SequencedStatement] {
        var found: [SequencedStatement] = []
        try database.forEachRow(sql, arguments) { row in
            let index = LeafIndex(try row.number(0))
            let statement = try decode(row, index: index)
            found.append(
                SequencedStatement(
                    index: index, statement: statement,
                    compartments: try CarriedParts.compartments(
                        origin: statement.origin, index: index, in: database),
                    grants: try CarriedParts.grants(
                        origin: statement.origin, index: index, in: database)))
        }
        return found
    }

    /// Decodes `bytes` and compares them with `leaf_hash`, the second and third columns.
    private static func decode(_ row: Row, index: LeafIndex) throws -> EventLogs.Statement {
        guard let statement = try? EventLogs.Statement(decoding: try row.bytes(1)),
            try row.hash(2, part: "statement", index: index.value) == statement.leafHash
        else { throw damage("statement", index.value) }
        return statement
    }
}
