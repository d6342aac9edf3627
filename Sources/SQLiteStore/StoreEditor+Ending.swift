public import EventLogs
import GRDB
public import TallystickPrimitives

/// A registered statement of a log that ends.
public struct RegisteredStatement: Sendable {
    /// Its index in its log.
    public let index: LeafIndex
    /// Where the register has it.
    public let position: UInt64
    /// The statement.
    public let statement: EventLogs.Statement

    /// States its place.
    public init(index: LeafIndex, position: UInt64, statement: EventLogs.Statement) {
        self.index = index
        self.position = position
        self.statement = statement
    }
}

extension StoreEditor {
    /// Empties the own log, for another that goes on in its place. What the register has of it stays, beside what others
    /// wrote; what the register does not have goes, with everything that was kept for it.
    ///
    /// - Parameters:
    ///   - origin: the log that ends.
    ///   - registered: all that the register has of it.
    public mutating func endOwnLog(_ origin: Origin, keeping registered: [RegisteredStatement]) throws {
        let log = try numbers.number(of: origin)
        let kept = Dictionary(registered.map { ($0.index, $0.statement.leafHash) }) { first, _ in first }
        var dropped: [Int64] = []
        try database.forEachRow("SELECT idx, leaf_hash FROM statements", []) { row in
            let index = LeafIndex(try row.number(0))
            if try kept[index]?.bytes != row.bytes(1) { dropped.append(index.value.bound) }
        }
        for index in dropped {
            for table in ["compartments", "grants", "content_keys", "purged"] {
                try database.run("DELETE FROM \(table) WHERE log = ? AND idx = ?", [log, index])
            }
        }
        try database.execute(
            sql: """
                DELETE FROM contradictions; DELETE FROM admissions; DELETE FROM unadmitted; DELETE FROM lost;
                DELETE FROM returned; DELETE FROM streams; DELETE FROM tree_nodes; DELETE FROM tree_head;
                DELETE FROM statements
                """)
        try database.run(
            "INSERT INTO tree_head (id, size, note, note_hash) VALUES (1, 0, ?, ?)",
            [[UInt8]().blob, Hash256(hashing: [UInt8]()).blob])
        for registered in registered {
            try putReceived(registered.statement, at: registered.index, position: registered.position)
        }
    }
}
