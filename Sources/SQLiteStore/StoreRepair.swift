public import EventLogs
import GRDB
public import TallystickPrimitives
import TransparencyLog

/// A copy of a damaged node store in which everything is put right, and which takes the store's place when it is whole.
///
/// The store itself is only read until then. The copy may be written part by part, since nobody uses it yet.
public struct StoreRepair: Sendable {
    /// The copy, for reading what is there.
    public let copy: NodeStore
    private let files: StoreCopy

    /// The rules that the tables enforce are off while the copy is repaired: they come back with `finish`.
    private static let triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"

    /// Copies the store of a directory, in which no process may be at work, into a directory inside of it.
    ///
    /// - Throws: `StoreOpeningError`, `EventStoreError`.
    public init(of directory: String) throws {
        // Of another version nothing is copied.
        try StoreConnection.open(NodeSchema.kind, in: directory).close()
        files = try StoreCopy(of: NodeSchema.kind, in: directory, to: StoreRepair.copies(in: directory))
        copy = NodeStore(connection: files.copy)
        try copy.connection.write("begin a repair") { database in
            for name in try String.fetchAll(database, sql: StoreRepair.triggers) {
                try database.execute(sql: "DROP TRIGGER \"\(name.replacing("\"", with: "\"\""))\"")
            }
            try database.execute(sql: "REINDEX")
        }
    }

    /// The directory in which a repair makes its copy.
    public static func copies(in directory: String) -> String { directory + "/repairing" }

    /// Changes the copy, all of it or nothing.
    public func write(_ body: (inout StoreEditor) throws -> Void) throws(EventStoreError) {
        try copy.connection.write("repair") { database in
            try database.execute(sql: "PRAGMA defer_foreign_keys = ON")
            var editor = try StoreEditor(database)
            try body(&editor)
        }
    }

    /// Puts the tables' rules back, after the last change.
    public func finish() throws {
        let rules = try DatabaseQueue()
        let triggers = try rules.write { database in
            try database.execute(sql: NodeSchema.kind.schema)
            return try String.fetchAll(database, sql: "SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
        }
        try copy.connection.write("finish a repair") { database in
            for sql in triggers { try database.execute(sql: sql) }
        }
    }

    /// Puts the copy in the store's place.
    public func switchOver() throws { try files.switchOver() }

    /// Throws the copy away; the store is as it was.
    public func discard() throws { try files.discard() }
}

/// A row of the own log as it is stored, right or wrong.
public struct StoredRow: Sendable {
    /// Its index.
    public let index: LeafIndex
    /// Its bytes.
    public let bytes: [UInt8]
    /// Whether the columns beside the bytes are what the bytes say, and the bytes are a statement.
    public let statement: EventLogs.Statement?
}

extension StoreRepair {
    /// Rows of the own log from an index on, damaged ones too.
    public func rows(from index: LeafIndex, limit: Int) throws(EventStoreError) -> [StoredRow] {
        try copy.connection.read("read rows") { database in
            var found: [StoredRow] = []
            try database.forEachRow(
                "SELECT idx, bytes, leaf_hash, event_id FROM statements WHERE idx >= ? ORDER BY idx LIMIT ?",
                [index.value.bound, Int64(limit)]
            ) { row in
                let bytes = try row.bytes(1)
                let statement = try? EventLogs.Statement(decoding: bytes)
                let fits = try statement.map {
                    try row.bytes(2) == $0.leafHash.bytes && row.bytes(3) == $0.eventID.bytes
                }
                found.append(
                    StoredRow(
                        index: LeafIndex(try row.number(0)), bytes: bytes, statement: fits == true ? statement : nil))
            }
            return found
        }
    }

    /// The note of the register's head, whatever the edge beside it is; nil where there is none.
    public func registerNote() throws(EventStoreError) -> [UInt8]? {
        try copy.connection.read("read the register's note") { database in
            try database.row("SELECT note FROM register_head", []).map { try $0.bytes(0) }
        }
    }

    /// The size that the head's row states, and its note; neither need be right.
    public func head() throws(EventStoreError) -> (size: TreeSize, note: [UInt8]) {
        try copy.connection.read("read the head") { database in
            let head = try NodeStore.tree.head(database)
            return (head.size, head.noteHash == Hash256(hashing: head.note) ? head.note : [])
        }
    }
}
