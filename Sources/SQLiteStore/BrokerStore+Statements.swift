public import EventLogs
import GRDB
public import TallystickPrimitives

extension BrokerStore {
    /// One statement of one log; nil if it has not been admitted.
    public func statement(
        origin: Origin, index: LeafIndex
    ) throws(EventStoreError) -> AdmittedStatement? {
        try connection.read("read a statement") { database in
            try BrokerStore.statements(
                "WHERE origin = ? AND idx = ?", [origin.text, index.value.stored], in: database
            ).first
        }
    }

    /// Statements in register order from a position on; register leaves of other kinds are left
    /// out.
    public func statements(
        from position: UInt64, limit: Int
    ) throws(EventStoreError) -> [AdmittedStatement] {
        try connection.read("read statements") { database in
            try BrokerStore.statements(
                "WHERE register_position >= ? ORDER BY register_position LIMIT ?",
                [position.bound, Int64(max(0, limit))], in: database)
        }
    }

    /// The statements at these register positions, in the order given; positions without one are
    /// left out.
    public func statementsAt(
        positions: [UInt64]
    ) throws(EventStoreError) -> [AdmittedStatement] {
        try connection.read("read statements") { database in
            try positions.flatMap { position in
                try BrokerStore.statements(
                    "WHERE register_position = ?", [position.bound], in: database)
            }
        }
    }

    /// The statements of one log in index order: what its tree is made of.
    public func statements(
        origin: Origin, from: LeafIndex, limit: Int
    ) throws(EventStoreError) -> [AdmittedStatement] {
        try connection.read("read a log") { database in
            try BrokerStore.statements(
                "WHERE origin = ? AND idx >= ? ORDER BY idx LIMIT ?",
                [origin.text, from.value.bound, Int64(max(0, limit))], in: database)
        }
    }

    /// The indexes of those events of a log that have been admitted or refused.
    public func recorded(
        _ events: Set<EventID>, origin: Origin
    ) throws(EventStoreError) -> [EventID: LeafIndex] {
        try connection.read("look up events") { database in
            var found: [EventID: LeafIndex] = [:]
            for event in events {
                let row = try database.row(
                    "SELECT idx FROM statements WHERE origin = ? AND event_id = ?",
                    [origin.text, event.blob])
                if let row { found[event] = LeafIndex(try row.number(0)) }
            }
            return found
        }
    }

    /// The statement at a place of a stream of a log; nil if that place is free.
    public func statement(
        origin: Origin, stream: StreamID, sequence: UInt64
    ) throws(EventStoreError) -> AdmittedStatement? {
        try connection.read("look up a place") { database in
            try BrokerStore.statements(
                "WHERE origin = ? AND stream = ? AND sequence = ?",
                [origin.text, stream.blob, sequence.stored], in: database
            ).first
        }
    }

    /// The newest statement of each stream of a log, accepted or refused.
    public func streamHeads(
        _ streams: Set<StreamID>, origin: Origin
    ) throws(EventStoreError) -> [StreamID: StreamHead] {
        try connection.read("read stream heads") { database in
            var heads: [StreamID: StreamHead] = [:]
            for stream in streams {
                let row = try database.row(
                    """
                    SELECT sequence, bytes FROM statements WHERE origin = ? AND stream = ?
                    ORDER BY sequence DESC LIMIT 1
                    """, [origin.text, stream.blob])
                guard let row else { continue }
                heads[stream] = StreamHead(
                    sequence: try row.number(0), hash: Hash256(hashing: try row.bytes(1)))
            }
            return heads
        }
    }

    static let columns = """
        register_position, origin, idx, bytes, leaf_hash, refusal, stream, sequence, event_id, kind
        """

    static func statement(_ row: Row) throws -> AdmittedStatement {
        let index = try row.number(2)
        let text = try row.optionalText(5)
        let refusal = text.flatMap { ReasonCode($0) }
        guard (text == nil) == (refusal == nil) else { throw damage("statement", index) }
        var place: StatementPlace?
        if try row.optionalBytes(6) != nil {
            place = StatementPlace(
                stream: try row.id(6, part: "statement", index: index), sequence: try row.number(7),
                eventID: try row.id(8, part: "statement", index: index), kind: try row.number(9))
        }
        return AdmittedStatement(
            origin: try row.origin(1, part: "statement", index: index), index: LeafIndex(index),
            registerPosition: try row.number(0), bytes: try row.bytes(3),
            leafHash: try row.hash(4, part: "statement", index: index), refusal: refusal,
            place: place)
    }

    private static func statements(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [AdmittedStatement] {
        var found: [AdmittedStatement] = []
        let sql = "SELECT \(columns) FROM statements \(condition)"
        try database.forEachRow(sql, arguments) { row in
            found.append(try statement(row))
        }
        return found
    }
}
