import GRDB
import GRDBSQLite
import TallystickPrimitives

/// Writes rows with one prepared statement, value by value and without a box for each: for what is written by the
/// thousand in one transaction.
struct RowWriter {
    private let database: Database
    private let statement: GRDB.Statement
    private let sql: String
    private var column: Int32 = 0
    private var failure: Int32 = SQLITE_OK

    /// Tells SQLite to take its own copy.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Prepares a statement, once for each connection.
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
    mutating func add(_ text: String?) {
        column += 1
        guard var text else { return note(sqlite3_bind_null(statement.sqliteStatement, column)) }
        let code = text.withUTF8 { units in
            sqlite3_bind_text(
                statement.sqliteStatement, column, units.baseAddress, Int32(units.count), RowWriter.copied)
        }
        note(code)
    }

    /// States the next value of the row.
    mutating func add(_ bytes: [UInt8]?) {
        column += 1
        guard let bytes else { return note(sqlite3_bind_null(statement.sqliteStatement, column)) }
        guard !bytes.isEmpty else { return note(sqlite3_bind_zeroblob(statement.sqliteStatement, column, 0)) }
        let code = bytes.withUnsafeBytes { raw in
            sqlite3_bind_blob(
                statement.sqliteStatement, column, raw.baseAddress, Int32(raw.count), RowWriter.copied)
        }
        note(code)
    }

    /// Writes the row; the next value is the first of the next row.
    mutating func write() throws {
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
    }

    private mutating func note(_ code: Int32) { if failure == SQLITE_OK { failure = code } }
}
