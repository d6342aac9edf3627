import GRDB
import GRDBSQLite
import TallystickPrimitives

/// An insert that is prepared once and bound value by value, without a box for each: every entry of a log goes through
/// two of these.
struct ViewInsert {
    private let database: Database
    private let statement: Statement
    private let sql: String
    private var column: Int32 = 0
    private var failure: Int32 = SQLITE_OK

    /// Tells SQLite to take its own copy.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    init(_ sql: String, in database: Database) throws {
        self.database = database
        self.sql = sql
        statement = try database.cachedStatement(sql: sql)
    }

    /// States the next value of the row.
    mutating func add(_ number: Int64?) {
        column += 1
        guard let number else { return note(sqlite3_bind_null(statement.sqliteStatement, column)) }
        note(sqlite3_bind_int64(statement.sqliteStatement, column, number))
    }

    /// States the next value of the row.
    mutating func add(_ bytes: [UInt8]?) {
        column += 1
        guard let bytes else { return note(sqlite3_bind_null(statement.sqliteStatement, column)) }
        guard !bytes.isEmpty else { return note(sqlite3_bind_zeroblob(statement.sqliteStatement, column, 0)) }
        bytes.withUnsafeBytes { raw in
            note(
                sqlite3_bind_blob(
                    statement.sqliteStatement, column, raw.baseAddress, Int32(raw.count), ViewInsert.copied))
        }
    }

    /// States the next value of the row, as text.
    mutating func add(text: [UInt8]) {
        column += 1
        text.withUnsafeBytes { raw in
            note(
                sqlite3_bind_text(
                    statement.sqliteStatement, column, raw.baseAddress?.assumingMemoryBound(to: CChar.self),
                    Int32(raw.count), ViewInsert.copied))
        }
    }

    /// Inserts the row; the next value is the first of the next row.
    ///
    /// - Returns: whether there is a new row; there is none where a conflict is resolved by doing nothing.
    mutating func insert() throws -> Bool {
        let handle = statement.sqliteStatement
        if failure == SQLITE_OK { failure = sqlite3_step(handle) }
        defer {
            column = 0
            failure = SQLITE_OK
        }
        guard failure == SQLITE_DONE else {
            let message = database.lastErrorMessage
            sqlite3_reset(handle)
            throw DatabaseError(resultCode: ResultCode(rawValue: failure), message: message, sql: sql)
        }
        sqlite3_reset(handle)
        return database.changesCount > 0
    }

    private mutating func note(_ code: Int32) { if failure == SQLITE_OK { failure = code } }
}
