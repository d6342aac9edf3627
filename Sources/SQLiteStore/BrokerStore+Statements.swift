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
                "WHERE log = \(LogNumbers.query) AND idx = ?", [origin.text, index.value.stored], in: database
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
                "WHERE log = \(LogNumbers.query) AND idx >= ? ORDER BY idx LIMIT ?",
                [origin.text, from.value.bound, Int64(max(0, limit))], in: database)
        }
    }

    /// What `statement(_:)` reads, from `statements` and `origins`.
    static let columns = "register_position, origin, idx, bytes, leaf_hash, refusal"
    static let source = "statements JOIN origins USING (log)"

    static func statement(_ row: Row) throws -> AdmittedStatement {
        let index = try row.number(2)
        let text = try row.optionalText(5)
        let refusal = text.flatMap { ReasonCode($0) }
        guard (text == nil) == (refusal == nil) else { throw damage("statement", index) }
        return AdmittedStatement(
            origin: try row.origin(1, part: "statement", index: index), index: LeafIndex(index),
            registerPosition: try row.number(0), bytes: try row.bytes(3),
            leafHash: try row.hash(4, part: "statement", index: index), refusal: refusal)
    }

    private static func statements(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [AdmittedStatement] {
        var found: [AdmittedStatement] = []
        let sql = "SELECT \(columns) FROM \(source) \(condition)"
        try database.forEachRow(sql, arguments) { row in
            found.append(try statement(row))
        }
        return found
    }
}
