import GRDB

/// What every connection must be set to; each setting is read back, because SQLite ignores what it
/// does not know.
enum StoreSettings {
    /// Seconds that a connection waits for another one's lock: a checkpoint takes well under one.
    static let busySeconds = 5.0
    /// Connections that read at the same time.
    static let readerCount = 4

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

    /// Sets the connection that writes: how much work it saves up, never what a commit promises.
    ///
    /// Identifiers are random, so neighbours in time touch other pages of every index. A page that
    /// stays in memory is not read again, and one that changes often goes into the main file once
    /// for many commits.
    static func applyToWriter(_ database: Database) throws {
        try database.execute(
            sql: """
                PRAGMA cache_size = -\(writerCacheKibibytes);
                PRAGMA wal_autocheckpoint = \(checkpointPageCount);
                """)
    }

    /// Memory of the writer's pages at most.
    static let writerCacheKibibytes = 16 << 10
    /// Pages of 4 KiB in the write-ahead log before they go into the main file: 32 MiB.
    static let checkpointPageCount = 8 << 10

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
