public import EventLogs
import GRDB
public import TallystickPrimitives
public import TransparencyLog

/// The newest register head that a node has stored, with the right edge that its root is made of.
public struct RegisterHead: Hashable, Sendable {
    /// The right edge: size and nodes.
    public let frontier: TreeFrontier
    /// The signed note.
    public let note: [UInt8]
}

extension NodeStore {
    /// Adds verified leaves to the copy of the register and replaces its head, together.
    ///
    /// Without leaves it replaces the note alone, for instance by one with more cosignatures.
    /// - Parameters:
    ///   - leaves: the leaves from position `from` on, in order.
    ///   - from: the size that the copy must have.
    ///   - frontier: the nodes of the right edge after the leaves; see
    ///     `TreeFrontier.coordinates(for:)`.
    ///   - headNote: the signed head at that size.
    /// - Throws: `.headConflict` when the copy has another size; nothing was written then.
    public func appendRegister(
        leaves: [[UInt8]], from: TreeSize, frontier: [Hash256], headNote: [UInt8]
    ) throws(EventStoreError) {
        let size = TreeSize(from.value + UInt64(leaves.count))
        precondition(
            frontier.count == size.value.nonzeroBitCount,
            "an edge has one node for each 1 of its size")
        try connection.write("append to the register") { database in
            try database.run(
                """
                UPDATE register_head SET size = ?, frontier = ?, note = ?
                WHERE id = 1 AND size = ?
                """,
                [
                    size.value.stored, frontier.flatMap(\.bytes).blob, headNote.blob,
                    from.value.stored,
                ])
            if database.changesCount == 0 {
                try NodeStore.startRegister(
                    from: from, size: size, frontier: frontier, note: headNote, in: database)
            }
            for (offset, leaf) in leaves.enumerated() {
                try database.run(
                    "INSERT INTO register_leaves (position, bytes) VALUES (?, ?)",
                    [(from.value + UInt64(offset)).stored, leaf.blob])
            }
        }
    }

    /// The newest register head; nil before the first.
    public func registerHead() throws(EventStoreError) -> RegisterHead? {
        try connection.read("read the register head") { try NodeStore.registerHead($0) }
    }

    /// Register leaves in order of position.
    public func registerLeaves(from: UInt64, limit: Int) throws(EventStoreError) -> [[UInt8]] {
        try connection.read("read the register") { database in
            var found: [[UInt8]] = []
            try database.forEachRow(
                """
                SELECT bytes FROM register_leaves WHERE position >= ? ORDER BY position LIMIT ?
                """,
                [from.bound, Int64(max(0, limit))]
            ) { row in found.append(try row.bytes(0)) }
            return found
        }
    }

    static func registerHead(_ database: Database) throws -> RegisterHead? {
        let stored = try database.row("SELECT size, frontier, note FROM register_head", [])
        guard let row = stored else { return nil }
        let nodes = try row.bytes(1).hashes
        let size = TreeSize(try row.number(0))
        guard let frontier = try? TreeFrontier(size: size, nodes: nodes) else {
            throw damage("register-head", nil)
        }
        return RegisterHead(frontier: frontier, note: try row.bytes(2))
    }

    private static func startRegister(
        from: TreeSize, size: TreeSize, frontier: [Hash256], note: [UInt8], in database: Database
    ) throws {
        if let head = try registerHead(database) {
            throw EventStoreError.headConflict(expected: from, actual: head.frontier.size)
        }
        guard from == .empty else {
            throw EventStoreError.headConflict(expected: from, actual: .empty)
        }
        try database.run(
            "INSERT INTO register_head (id, size, frontier, note) VALUES (1, ?, ?, ?)",
            [size.value.stored, frontier.flatMap(\.bytes).blob, note.blob])
    }
}
