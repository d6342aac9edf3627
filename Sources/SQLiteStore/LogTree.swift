import EventLogs
import GRDB
import TallystickPrimitives
import TransparencyLog

/// The head of a tree as stored; size 0 before the first.
struct StoredHead {
    let size: TreeSize
    let note: [UInt8]
    let noteHash: Hash256

    /// The head that the note states, if it is the one that belongs to this size; no signature is
    /// checked.
    func checked() throws(EventStoreError) -> TreeHead {
        guard noteHash == Hash256(hashing: note),
            let claimed = try? UnverifiedTreeHead(parsing: note).claimed, claimed.size == size
        else { throw damage("head", nil) }
        return claimed
    }
}

/// The tables of the one log that a store is the writer of: inner nodes and head. The leaves are
/// the store's own.
struct LogTree {
    /// Selects `leaf_hash` by index.
    let leafQuery: String
    /// Counts the leaves.
    let leafCountQuery: String

    /// Makes both tables; nodes never change, and the head never goes back.
    static let schema = """
        CREATE TABLE tree_nodes (
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 63),
            idx INTEGER NOT NULL CHECK (idx >= 0),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            PRIMARY KEY (level, idx)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE tree_head (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            size INTEGER NOT NULL CHECK (size >= 0),
            note BLOB NOT NULL,
            note_hash BLOB NOT NULL CHECK (length(note_hash) = 32)
        ) STRICT;
        CREATE TRIGGER tree_nodes_update BEFORE UPDATE ON tree_nodes
            BEGIN SELECT RAISE(ABORT, 'a node never changes'); END;
        CREATE TRIGGER tree_nodes_delete BEFORE DELETE ON tree_nodes
            BEGIN SELECT RAISE(ABORT, 'a node is never deleted'); END;
        CREATE TRIGGER tree_head_update BEFORE UPDATE ON tree_head
            WHEN NEW.size < OLD.size OR NEW.id <> OLD.id
            BEGIN SELECT RAISE(ABORT, 'a head never goes back'); END;
        CREATE TRIGGER tree_head_delete BEFORE DELETE ON tree_head
            BEGIN SELECT RAISE(ABORT, 'a head is never deleted'); END;
        INSERT INTO tree_head (id, size, note, note_hash) VALUES
            (1, 0, x'', x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');

        """

    /// Replaces the head if the log still has the size that the new head was made for.
    func replaceHead(
        _ database: Database, previousSize: TreeSize, size: TreeSize, note: [UInt8]
    ) throws {
        try database.run(
            "UPDATE tree_head SET size = ?, note = ?, note_hash = ? WHERE id = 1 AND size = ?",
            [size.value.stored, note.blob, Hash256(hashing: note).blob, previousSize.value.stored])
        guard database.changesCount == 1 else {
            let actual = try head(database).size
            throw EventStoreError.headConflict(expected: previousSize, actual: actual)
        }
    }

    /// Adds the inner nodes; the leaves among them are stored with what they hash.
    func add(_ nodes: [TreeNode], to database: Database) throws {
        var rows = try RowWriter("INSERT INTO tree_nodes (level, idx, hash) VALUES (?, ?, ?)", in: database)
        for node in nodes where node.coordinate.level > 0 {
            rows.add(Int64(node.coordinate.level))
            rows.add(node.coordinate.index.stored)
            rows.add(node.hash.bytes)
            try rows.write()
        }
    }

    /// The head.
    func head(_ database: Database) throws -> StoredHead {
        guard let row = try database.row("SELECT size, note, note_hash FROM tree_head", []) else {
            throw damage("head", nil)
        }
        return StoredHead(
            size: TreeSize(try row.number(0)), note: try row.bytes(1),
            noteHash: try row.hash(2, part: "head"))
    }

    /// The note of the head; nil for an empty log.
    func headNote(_ database: Database) throws -> [UInt8]? {
        let head = try head(database)
        return head.size == .empty ? nil : head.note
    }

    /// The hash of one node.
    func node(_ coordinate: NodeCoordinate, in database: Database) throws -> Hash256 {
        let row =
            if coordinate.level == 0 {
                try database.row(leafQuery, [coordinate.index.bound])
            } else {
                try database.row(
                    "SELECT hash FROM tree_nodes WHERE level = ? AND idx = ?",
                    [Int64(coordinate.level), coordinate.index.bound])
            }
        guard let row else { throw damage("tree-node", coordinate.index) }
        return try row.hash(0, part: "tree-node", index: coordinate.index)
    }

    /// The right edge, read from the nodes.
    func frontier(_ database: Database, size: TreeSize) throws -> TreeFrontier {
        let nodes = try TreeFrontier.coordinates(for: size).map { try node($0, in: database) }
        return try TreeFrontier(size: size, nodes: nodes)
    }

    /// The right edge, whose root must be the one that the head's note states.
    func checkedFrontier(_ database: Database) throws -> TreeFrontier {
        let head = try head(database)
        guard head.size != .empty else { return TreeFrontier() }
        let claimed = try head.checked()
        let frontier = try frontier(database, size: head.size)
        guard frontier.root == claimed.root else { throw damage("tree-node", nil) }
        return frontier
    }
}

extension Database {
    /// Damage that the database itself sees, such as an index that disagrees with its table.
    func damageToTheFile() throws -> [StoredDamage] {
        let result = try String.fetchOne(self, sql: "PRAGMA integrity_check(1)")
        return result == "ok" ? [] : [StoredDamage(part: "database", index: nil)]
    }
}
