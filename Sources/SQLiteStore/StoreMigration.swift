import EventLogs
import GRDB

/// Brings the tables of a node's store to this program's version: copied, brought up in the copy, checked, and put in the
/// store's place (DESIGN §9).
///
/// Until `switchOver` the store is as the earlier program left it, which can go on with it.
public struct StoreMigration: Sendable {
    /// The copy, with this version's tables, for whoever checks it.
    public let copy: NodeStore
    /// The version that the store had.
    public let from: Int64
    private let files: StoreCopy

    /// The version of this program's tables.
    public static var version: Int64 { NodeSchema.kind.version }

    /// The directory in which a migration makes its copy.
    public static func copies(in directory: String) -> String { directory + "/migrating" }

    /// Whether the store of a directory has an earlier version of the tables.
    ///
    /// - Throws: `StoreOpeningError`, also for a later version: only a later program knows what is in it.
    public static func isNeeded(in directory: String) throws(StoreOpeningError) -> Bool {
        let kind = NodeSchema.kind
        let (connection, version) = try StoreConnection.openAnyVersion(of: kind, in: directory)
        try connection.close()
        guard version <= kind.version else {
            throw .otherVersion(path: directory + "/" + kind.fileName, expected: kind.version, actual: version)
        }
        return version < kind.version
    }

    /// Copies the store of a directory, in which no process may be at work, and brings the copy to this version.
    ///
    /// - Throws: `StoreOpeningError.otherTables` when the copy does not come to have this version's tables: a program
    ///   between two versions wrote it. The store is unchanged then.
    public init(of directory: String) throws {
        let kind = NodeSchema.kind
        files = try StoreCopy(of: kind, in: directory, to: StoreMigration.copies(in: directory))
        copy = NodeStore(connection: files.copy)
        from = files.version
        do { try bringUp(to: kind, path: directory + "/" + kind.fileName) } catch {
            try? files.discard()
            throw error
        }
    }

    private func bringUp(to kind: StoreKind, path: String) throws {
        var steps: [String] = []
        for version in from..<max(from, kind.version) {
            guard let step = kind.steps[version] else {
                throw StoreOpeningError.otherVersion(path: path, expected: kind.version, actual: from)
            }
            steps.append(step)
        }
        do throws(EventStoreError) {
            try files.copy.write("migrate") { database in
                for step in steps { try database.execute(sql: step) }
            }
        } catch .diskFull { throw EventStoreError.diskFull } catch {
            // A step makes what an earlier version has not; where it is there already, this is none of them.
            throw StoreOpeningError.otherTables(path: path)
        }
        let found = try files.copy.read("read the tables") { try StoreMigration.tables(of: $0) }
        guard try found == StoreMigration.tables(of: kind) else { throw StoreOpeningError.otherTables(path: path) }
        try files.copy.write("name the version") { try $0.execute(sql: "PRAGMA user_version = \(kind.version)") }
    }

    /// Puts the copy in the store's place, once it is checked.
    public func switchOver() throws { try files.switchOver() }

    /// Throws the copy away; the store is as it was.
    public func discard() throws { try files.discard() }

    private static func tables(of kind: StoreKind) throws -> Set<String> {
        try DatabaseQueue().write { database in
            try database.execute(sql: kind.schema)
            return try tables(of: database)
        }
    }

    /// Everything that makes the tables, as it was written.
    private static func tables(of database: Database) throws -> Set<String> {
        Set(try String.fetchAll(database, sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"))
    }
}
