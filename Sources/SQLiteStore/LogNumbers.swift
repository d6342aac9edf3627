import EventLogs
import GRDB
import TallystickPrimitives

/// The small numbers that a store gives the logs it has rows of: a row and its index entries name their log in one byte.
///
/// Made for one transaction and gone with it, so that a number whose making was rolled back is never used.
struct LogNumbers {
    static let schema = """
        CREATE TABLE origins (
            log INTEGER PRIMARY KEY,
            origin TEXT NOT NULL UNIQUE
        ) STRICT;
        CREATE TRIGGER origins_update BEFORE UPDATE ON origins
            BEGIN SELECT RAISE(ABORT, 'a log keeps its number'); END;
        CREATE TRIGGER origins_delete BEFORE DELETE ON origins
            BEGIN SELECT RAISE(ABORT, 'a log keeps its number'); END;

        """

    /// The number of the log whose origin is the next argument; NULL when no row of it is here.
    static let query = "(SELECT log FROM origins WHERE origin = ?)"

    private let database: Database
    private var known: [Origin: Int64] = [:]

    init(_ database: Database) { self.database = database }

    /// The number of a log; one is made if it has none.
    mutating func number(of origin: Origin) throws -> Int64 {
        if let number = known[origin] { return number }
        let number =
            try LogNumbers.find(origin, in: database)
            ?? LogNumbers.make(origin, in: database)
        known[origin] = number
        return number
    }

    /// The number of a log; nil when no row of it is here.
    static func find(_ origin: Origin, in database: Database) throws -> Int64? {
        let row = try database.row("SELECT log FROM origins WHERE origin = ?", [origin.text])
        return try row.map { Int64(bitPattern: try $0.number(0)) }
    }

    private static func make(_ origin: Origin, in database: Database) throws -> Int64 {
        try database.run("INSERT INTO origins (origin) VALUES (?)", [origin.text])
        return database.lastInsertedRowID
    }
}
