import GRDB

/// What every connection must be set to; each setting is read back, because SQLite ignores what it
/// does not know.
enum StoreSettings {
    /// Seconds that a connection waits for another one's lock: a checkpoint takes well under one.
    static let busySeconds = 5.0
    /// Connections that read at the same time.
    static let readerCount = 4

    /// KiB of pages that the writing connection keeps: what one transaction changes, so that it is not written out
    /// before it commits and read again.
    static let writerCacheKiB = 32 << 10
    /// Pages in the write-ahead log before it is copied into the main file: pages that many transactions change are
    /// copied once.
    static let checkpointPageCount = 8192

    /// How a pool's connections are made.
    static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "tallystick.store"
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busySeconds)
        configuration.maximumReaderCount = readerCount
        configuration.prepareDatabase { database in
            try apply(to: database)
            // The pool gives the writer its journal mode only after this hook.
            if database.configuration.readonly { try check(database) }
        }
        return configuration
    }

    /// Sets one connection.
    static func apply(to database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA synchronous = FULL;
                PRAGMA temp_store = MEMORY;
                PRAGMA secure_delete = ON;
                PRAGMA cell_size_check = ON;
                """)
    }

    /// Sets the connection that writes, besides. Neither setting touches what is durable when.
    static func applyToWriter(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA cache_size = -\(writerCacheKiB);
                PRAGMA wal_autocheckpoint = \(checkpointPageCount);
                """)
    }

    /// Reads back every setting of one connection.
    static func check(_ database: Database) throws {
        let connection = database.configuration.readonly ? "reading" : "writing"
        let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        guard journal == "wal" else {
            throw StoreOpeningError.setting(
                name: "journal_mode", expected: "wal", actual: journal ?? "unknown",
                connection: connection)
        }
        for (name, expected) in expectedNumbers {
            let actual = try Int64.fetchOne(database, sql: "PRAGMA \(name)")
            guard actual == expected else {
                throw StoreOpeningError.setting(
                    name: name, expected: String(expected),
                    actual: actual.map { String($0) } ?? "unknown", connection: connection)
            }
        }
        let wait = try Int64.fetchOne(database, sql: "PRAGMA busy_timeout") ?? 0
        guard wait > 0 else {
            throw StoreOpeningError.setting(
                name: "busy_timeout", expected: "more than 0", actual: String(wait),
                connection: connection)
        }
    }

    /// FULL is 2, MEMORY is 2 (sqlite.org/pragma.html).
    private static let expectedNumbers: [(String, Int64)] = [
        ("synchronous", 2), ("temp_store", 2), ("secure_delete", 1), ("foreign_keys", 1),
        ("cell_size_check", 1),
    ]
}
