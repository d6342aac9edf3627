import EventLogs
import GRDB
import GRDBSQLite
import Synchronization

/// What a kind of store is made of.
struct StoreKind: Sendable {
    /// The file's name in its directory.
    let fileName: String
    /// Marks the file as ours (sqlite.org/pragma.html, `application_id`).
    let applicationID: Int64
    /// The version of the tables.
    let version: Int64
    /// Makes the tables.
    let schema: String
    /// What brings the tables of an earlier version to the next one, by that earlier version, without a gap; nothing
    /// where there is no earlier version that can be brought here.
    var steps: [Int64: String] = [:]
}

/// One store's connections: the only place that begins transactions and that names database errors.
final class StoreConnection: Sendable {
    let pool: DatabasePool
    private let hasUnknownOutcome = Mutex(false)

    /// Makes a new, empty store.
    static func create(
        _ kind: StoreKind, in directory: String
    ) throws(StoreOpeningError) -> StoreConnection {
        let file = StoreFile(directory: directory, name: kind.fileName)
        try file.create()
        let connection = try StoreConnection(file)
        try opening("create the tables") {
            try connection.pool.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try database.execute(sql: kind.schema)
                    try database.execute(sql: "PRAGMA application_id = \(kind.applicationID)")
                    try database.execute(sql: "PRAGMA user_version = \(kind.version)")
                    return .commit
                }
            }
        }
        return connection
    }

    /// Opens a store that is there.
    static func open(
        _ kind: StoreKind, in directory: String
    ) throws(StoreOpeningError) -> StoreConnection {
        let (connection, version) = try openAnyVersion(of: kind, in: directory)
        guard version == kind.version else {
            throw .otherVersion(
                path: directory + "/" + kind.fileName, expected: kind.version, actual: version)
        }
        return connection
    }

    /// Opens a store that is there, of whatever version of the tables, and tells which.
    static func openAnyVersion(
        of kind: StoreKind, in directory: String
    ) throws(StoreOpeningError) -> (connection: StoreConnection, version: Int64) {
        let file = StoreFile(directory: directory, name: kind.fileName)
        try file.checkExisting()
        let connection = try StoreConnection(file)
        let version = try opening("read the version") {
            let (applicationID, version) = try connection.pool.read { database in
                (
                    try Int64.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                    try Int64.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                )
            }
            guard applicationID == kind.applicationID else {
                throw StoreOpeningError.otherKind(path: file.path, applicationID: applicationID)
            }
            return version
        }
        return (connection, version)
    }

    /// Copies a store, page by page and as it is, into another directory, which is made.
    static func copy(
        _ kind: StoreKind, from source: StoreConnection, to directory: String
    ) throws(StoreOpeningError) -> StoreConnection {
        let file = StoreFile(directory: directory, name: kind.fileName)
        try file.create()
        let connection = try StoreConnection(file)
        try opening("copy") { try source.pool.backup(to: connection.pool) }
        return connection
    }

    /// Closes every file; nothing may be asked of it afterwards.
    func close() throws(StoreOpeningError) { try StoreConnection.opening("close") { try pool.close() } }

    private init(_ file: StoreFile) throws(StoreOpeningError) {
        pool = try StoreConnection.opening("open") {
            let pool = try DatabasePool(
                path: file.path, configuration: StoreSettings.configuration())
            try pool.writeWithoutTransaction { database in
                // WAL mode came with synchronous = NORMAL, after the configuration's own hook.
                try StoreSettings.apply(to: database)
                try StoreSettings.applyToWriter(database)
                try StoreSettings.check(database)
            }
            return pool
        }
    }

    private static func opening<Value>(
        _ operation: String, _ body: () throws -> Value
    ) throws(StoreOpeningError) -> Value {
        do { return try body() } catch let error as StoreOpeningError { throw error } catch {
            throw .database(StoreFailure.text(operation, error))
        }
    }
}

extension StoreConnection {
    /// Reads in one snapshot.
    func read<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(EventStoreError) -> Value {
        do { return try pool.read(body) } catch { throw StoreFailure.reading(operation, error) }
    }

    /// Writes in one transaction; on return it survives power loss.
    ///
    /// - Throws: `.outcomeUnknown` when COMMIT failed, and from then on for every write: what is on
    ///   the disk is no longer known, so the store must be opened anew. Any other error: nothing
    ///   was written.
    func write<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(EventStoreError) -> Value {
        do {
            return try pool.writeWithoutTransaction { database in
                transaction(operation, in: database, body)
            }.get()
        } catch { throw StoreFailure.writing(operation, error) }
    }

    /// Begins to write at once, on the database's own thread, where `completion` hears the outcome, which is `write`'s.
    ///
    /// No thread of the tasks' pool waits for the disk or stands before the write, and cancelling a caller does not
    /// interrupt it.
    func begin<Value: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (Database) throws -> Value,
        completion: @escaping @Sendable (Result<Value, EventStoreError>) -> Void
    ) {
        pool.asyncWriteWithoutTransaction { [self] in completion(transaction(operation, in: $0, body)) }
    }

    private func transaction<Value>(
        _ operation: String, in database: Database, _ body: (Database) throws -> Value
    ) -> Result<Value, EventStoreError> {
        guard !hasUnknownOutcome.withLock({ $0 }) else { return .failure(.outcomeUnknown) }
        var isCommitting = false
        do {
            return .success(try database.inTransaction(.immediate, returning: body) { isCommitting = true })
        } catch {
            guard isCommitting, !StoreFailure.isKnownAtCommit(error) || database.isInsideTransaction else {
                return .failure(StoreFailure.writing(operation, error))
            }
            hasUnknownOutcome.withLock { $0 = true }
            return .failure(.outcomeUnknown)
        }
    }

    /// Moves everything into the main file and empties the log beside it, so that nothing deleted
    /// stays there.
    func emptyWriteAheadLog() throws(EventStoreError) {
        do {
            try pool.barrierWriteWithoutTransaction { database in
                _ = try database.checkpoint(.truncate)
                try database.synchroniseWriteAheadLog()
            }
        } catch { throw .unavailable(StoreFailure.text("empty the write-ahead log", error)) }
    }
}

extension Database {
    /// SQLite cuts the write-ahead log to nothing and does not wait for the disk: a power loss would bring back what it
    /// held.
    fileprivate func synchroniseWriteAheadLog() throws {
        var file: UnsafeMutablePointer<sqlite3_file>?
        var code = sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file)
        if code == SQLITE_OK, let file, let synchronise = file.pointee.pMethods?.pointee.xSync {
            code = synchronise(file, SQLITE_SYNC_FULL)
        }
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    fileprivate func inTransaction<Value>(
        _ kind: TransactionKind, returning body: (Database) throws -> Value, willCommit: () -> Void
    ) throws -> Value {
        try beginTransaction(kind)
        do {
            let value = try body(self)
            willCommit()
            try commit()
            return value
        } catch {
            // The first error says what happened; a rollback that fails leaves nothing committed
            // either.
            try? rollback()
            throw error
        }
    }
}
