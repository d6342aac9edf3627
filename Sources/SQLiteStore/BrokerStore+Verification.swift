public import EventLogs
import GRDB
public import TallystickPrimitives
public import TransparencyLog

extension BrokerStore {
    /// Checks the end of the register: its edge against the head's note, the newest leaves and
    /// statements.
    ///
    /// No signature is checked: the register's keys are known only when it has been read again.
    /// - Throws: `.damaged`, naming the first part that is not what it must be.
    public func verifyRightEdge(
        recheck count: Int = Limits.recheckedStatementCount
    ) throws(EventStoreError) -> TreeFrontier {
        try connection.read("verify the right edge") { database in
            let frontier = try BrokerStore.register.checkedFrontier(database)
            let first = frontier.size.value - min(frontier.size.value, UInt64(max(1, count)))
            var expected = first
            try database.forEachRow(
                """
                SELECT position, bytes, leaf_hash FROM register_leaves
                WHERE position >= ? ORDER BY position
                """, [first.bound]
            ) { row in
                let isWhole = try row.bytes(2) == MerkleTree.leafHash(try row.bytes(1)).bytes
                guard try row.number(0) == expected, isWhole else {
                    throw damage("register-leaf", expected)
                }
                expected += 1
            }
            guard expected == frontier.size.value else { throw damage("register-leaf", expected) }
            try database.forEachRow(
                """
                SELECT \(BrokerStore.columns) FROM \(BrokerStore.source) WHERE register_position >= ?
                ORDER BY register_position
                """, [first.bound]
            ) { row in
                let statement = try BrokerStore.statement(row)
                guard statement.leafHash == MerkleTree.leafHash(statement.bytes) else {
                    throw damage("statement", statement.index.value)
                }
            }
            return frontier
        }
    }

    /// Recomputes the register and the edge of every log and names all damage; empty when there is
    /// none.
    ///
    /// - Parameter progress: called with the number of leaves or statements gone through, now and
    ///   then.
    public func verifyAll(
        progress: (UInt64) -> Void = { _ in }
    ) throws(EventStoreError) -> [StoredDamage] {
        try connection.read("verify everything") { database in
            var check = try LogTreeCheck(BrokerStore.register, leaf: "register-leaf", in: database)
            try database.forEachRow(
                "SELECT position, bytes, leaf_hash FROM register_leaves ORDER BY position", []
            ) { row in
                let position = try row.number(0)
                let leafHash = MerkleTree.leafHash(try row.bytes(1))
                let stored = Hash256(bytes: try row.bytes(2))
                guard try check.reach(position, in: database) else { return }
                if stored != leafHash { check.name("register-leaf", position) }
                try check.take(leafHash, stored: stored, in: database)
                if position.isMultiple(of: 1024) { progress(position) }
            }
            try check.finish(database)
            try BrokerStore.verifyLogs(&check, in: database, progress: progress)
            return try database.damageToTheFile() + check.found
        }
    }
}
