import Foundation
import GRDB

/// The file of the views: readable by its owner alone, thrown away when it is of another version.
enum ViewsFile {
    static let name = "views.sqlite"
    private static let mode: UInt32 = 0o600
    /// "TSbv", so that no other database is taken for ours (sqlite.org/pragma.html,
    /// `application_id`).
    private static let applicationID: Int64 = 0x5453_6276
    private static let version: Int64 = 2

    /// Opens the views of a directory, made empty if they are missing.
    static func open(in directory: String) throws(BrokerViewsError) -> DatabasePool {
        let path = directory + "/" + name
        try createIfMissing(path)
        try checkMode(path)
        return try Failure.wrapping("open") {
            let pool = try DatabasePool(path: path, configuration: configuration())
            let isReady = try pool.read { try isCurrent($0, path: path) }
            if !isReady {
                try pool.erase()
                try pool.write { database in
                    try database.execute(sql: ViewsSchema.text)
                    try database.execute(sql: "PRAGMA application_id = \(applicationID)")
                    try database.execute(sql: "PRAGMA user_version = \(version)")
                }
            }
            return pool
        }
    }

    /// NORMAL loses at most the newest folds on power loss, and the checkpoint with them.
    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "tallystick.views"
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            try database.execute(
                sql: """
                    PRAGMA synchronous = NORMAL;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA secure_delete = ON;
                    """)
        }
        return configuration
    }

    private static func isCurrent(_ database: Database, path: String) throws -> Bool {
        let kind = try Int64.fetchOne(database, sql: "PRAGMA application_id")
        let found = try Int64.fetchOne(database, sql: "PRAGMA user_version")
        if kind == applicationID { return found == version }
        guard try Int64.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 else {
            throw BrokerViewsError.otherKind(path: path)
        }
        return false
    }

    /// SQLite would give a new file the mode that the process happens to have; its companions take
    /// that of the file.
    private static func createIfMissing(_ path: String) throws(BrokerViewsError) {
        let file = Foundation.open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode_t(mode))
        guard file >= 0 else {
            if errno == EEXIST { return }
            throw .system(path: path, code: errno)
        }
        close(file)
    }

    private static func checkMode(_ path: String) throws(BrokerViewsError) {
        var information = stat()
        guard stat(path, &information) == 0 else { throw .system(path: path, code: errno) }
        let actual = UInt32(information.st_mode) & 0o7777
        guard actual & ~mode == 0, information.st_uid == geteuid() else {
            throw .permissions(path: path, mode: actual)
        }
    }
}

/// Turns the database's errors into ours, without any content.
enum Failure {
    static func wrapping<Value>(
        _ operation: String, _ body: () throws -> Value
    ) throws(BrokerViewsError) -> Value {
        do { return try body() } catch let error as BrokerViewsError { throw error } catch let error
            as DatabaseError
        {
            throw .database("\(operation): SQLite code \(error.extendedResultCode.rawValue)")
        } catch { throw .database("\(operation): \(type(of: error))") }
    }
}
