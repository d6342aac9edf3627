import Foundation
import GRDB
import TallystickPrimitives

extension Database {
    /// Runs a statement that is prepared once.
    func run(_ sql: String, _ arguments: StatementArguments = []) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The first row of a query that is prepared once.
    func row(_ sql: String, _ arguments: StatementArguments = []) throws -> Row? {
        try Row.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
    }

    /// A number from a query that is prepared once.
    func number(_ sql: String, _ arguments: StatementArguments = []) throws -> Int64? {
        try Int64.fetchOne(try cachedStatement(sql: sql), arguments: arguments)
    }

    /// Calls `body` for each row; it may run other queries, not this one.
    func forEachRow(
        _ sql: String, _ arguments: StatementArguments = [], _ body: (Row) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(try cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() { try body(row) }
    }
}

extension Array where Element == UInt8 {
    var blob: Data { Data(self) }
}

extension RandomID {
    var blob: Data { Data(bytes) }
}

extension UInt64 {
    /// The same 64 bits, so that no number from outside can stop the program.
    var stored: Int64 { Int64(bitPattern: self) }
}

extension Row {
    func bytes(_ column: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: column) { data in data.map { Array($0) } ?? [] }
    }

    func optionalBytes(_ column: Int) throws -> [UInt8]? {
        try withUnsafeData(atIndex: column) { data in data.map { Array($0) } }
    }

    func unsigned(_ column: Int) -> UInt64 {
        let value: Int64 = self[column]
        return UInt64(bitPattern: value)
    }

    func optionalUnsigned(_ column: Int) -> UInt64? {
        let value: Int64? = self[column]
        return value.map(UInt64.init(bitPattern:))
    }

    func id<Tag>(_ column: Int) throws -> RandomID<Tag> {
        guard let id = RandomID<Tag>(bytes: try bytes(column)) else {
            throw NodeViewsError.damaged(part: "identifier")
        }
        return id
    }

    func code<Tag>(_ column: Int) throws -> Code<Tag> {
        let text: String = self[column]
        guard let code = Code<Tag>(text) else { throw NodeViewsError.damaged(part: "code") }
        return code
    }
}
