import EventLogs
import Foundation
import GRDB
import TallystickPrimitives

extension Array where Element == UInt8 {
    /// The bytes as a database value.
    var blob: Data { Data(self) }

    /// The hashes that stand one after the other in these bytes.
    var hashes: [Hash256] {
        stride(from: 0, to: count, by: Hash256.byteCount).compactMap { start in
            Hash256(bytes: self[start..<Swift.min(start + Hash256.byteCount, count)])
        }
    }
}

extension Hash256 {
    /// The hash as a database value.
    var blob: Data { Data(bytes) }
}

extension RandomID {
    /// The identifier as a database value.
    var blob: Data { Data(bytes) }
}

extension UInt64 {
    /// The number as stored: the same 64 bits, so that no number from outside can stop the program.
    ///
    /// Numbers beyond 2⁶³ become negative; columns that are ours to number refuse those.
    var stored: Int64 { Int64(bitPattern: self) }

    /// The number as the bound of a search.
    var bound: Int64 { Int64(clamping: self) }
}

extension Row {
    /// The blob in a column; empty when it is NULL.
    func bytes(_ column: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: column) { data in data.map { Array($0) } ?? [] }
    }

    /// The blob in a column; nil when it is NULL.
    func optionalBytes(_ column: Int) throws -> [UInt8]? {
        try withUnsafeData(atIndex: column) { data in data.map { Array($0) } }
    }

    /// The number in a column. A damaged file can hold anything there, whatever the table says.
    func number(_ column: Int) throws -> UInt64 {
        let value: DatabaseValue = self[column]
        guard case .int64(let number) = value.storage else { throw damage("database", nil) }
        return UInt64(bitPattern: number)
    }

    /// The text in a column; nil when it is NULL.
    func optionalText(_ column: Int) throws -> String? {
        let value: DatabaseValue = self[column]
        switch value.storage {
        case .null: return nil
        case .string(let text): return text
        case .int64, .double, .blob: throw damage("database", nil)
        }
    }

    /// The text in a column.
    func text(_ column: Int) throws -> String {
        guard let text = try optionalText(column) else { throw damage("database", nil) }
        return text
    }

    /// The hash in a column.
    func hash(_ column: Int, part: String, index: UInt64? = nil) throws -> Hash256 {
        guard let hash = Hash256(bytes: try bytes(column)) else { throw damage(part, index) }
        return hash
    }

    /// The identifier in a column.
    func id<Tag>(_ column: Int, part: String, index: UInt64? = nil) throws -> RandomID<Tag> {
        guard let id = RandomID<Tag>(bytes: try bytes(column)) else { throw damage(part, index) }
        return id
    }

    /// The origin in a column.
    func origin(_ column: Int, part: String, index: UInt64? = nil) throws -> Origin {
        guard let origin = Origin(try text(column)) else { throw damage(part, index) }
        return origin
    }
}

/// The error that names damage in one part of a store.
func damage(_ part: String, _ index: UInt64?) -> EventStoreError {
    .damaged(StoredDamage(part: part, index: index.map { LeafIndex($0) }))
}

extension Database {
    /// Runs a statement that is prepared once for each connection.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The first row of a query that is prepared once for each connection.
    func row(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
        try Row.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
    }

    /// Calls `body` for each row; it may run other queries, not this one.
    func forEachRow(
        _ sql: String, _ arguments: StatementArguments, _ body: (Row) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(try cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() { try body(row) }
    }
}
