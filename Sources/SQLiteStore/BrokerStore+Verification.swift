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
            var check = LogTreeCheck(BrokerStore.register)
            try database.forEachRow(
                "SELECT position, bytes, leaf_hash FROM register_leaves ORDER BY position", []
            ) { row in
                let position = try row.number(0)
                let leafHash = MerkleTree.leafHash(try row.bytes(1))
                let isWhole = try row.bytes(2) == leafHash.bytes
                if position != check.frontier.size.value || !isWhole {
                    check.name("register-leaf", position)
                }
                try check.take(leafHash, in: database)
                if position.isMultiple(of: 1024) { progress(position) }
            }
            try check.finish(database)
            try BrokerStore.verifyLogs(&check, in: database, progress: progress)
            return try database.damageToTheFile() + check.found
        }
    }

    private static func verifyLogs(
        _ check: inout LogTreeCheck, in database: Database, progress: (UInt64) -> Void
    ) throws {
        var logs: [String] = []
        try database.forEachRow(
            """
            SELECT origin FROM origins
            WHERE log IN (SELECT log FROM logs UNION SELECT log FROM statements) ORDER BY 1
            """, []
        ) { row in logs.append(try row.text(0)) }
        let nameless = try Int64.fetchOne(
            database, sql: "SELECT count(*) FROM statements WHERE log NOT IN (SELECT log FROM origins)")
        if nameless != 0 { check.name("log", nil) }
        for log in logs {
            var frontier = TreeFrontier()
            try database.forEachRow(
                "SELECT \(columns) FROM \(source) WHERE log = \(LogNumbers.query) ORDER BY idx", [log]
            ) { row in
                let index = try row.number(2)
                let leafHash = MerkleTree.leafHash(try row.bytes(3))
                if index != frontier.size.value || !isWhole(row, leafHash: leafHash) {
                    check.name("statement", index)
                }
                try verifyParts(of: row, &check, in: database)
                frontier.append(leafHash)
            }
            let state = Origin(log).flatMap { try? logState($0, in: database) }
            guard let state, state.frontier == frontier,
                let claimed = try? UnverifiedTreeHead(parsing: state.headNote).claimed,
                claimed.origin.text == log, claimed.size >= frontier.size
            else {
                check.name("log", nil)
                continue
            }
            // A head may be newer than what has been admitted, and then says nothing of this edge.
            if claimed.size == frontier.size, claimed.root != frontier.root {
                check.name("log", nil)
            }
            progress(frontier.size.value)
        }
    }

    /// Whether the columns of a row are what its bytes say; a statement of an unknown kind only has
    /// its leaf.
    private static func isWhole(_ row: Row, leafHash: Hash256) -> Bool {
        guard let stored = try? statement(row), stored.leafHash == leafHash else { return false }
        guard let read = try? EventLogs.Statement(decoding: stored.bytes)
        else { return stored.refusal != nil }
        return read.origin == stored.origin
    }

    private static func verifyParts(
        of row: Row, _ check: inout LogTreeCheck, in database: Database
    ) throws {
        guard let stored = try? statement(row),
            let read = try? EventLogs.Statement(decoding: stored.bytes)
        else { return }
        let parts = try CarriedParts.compartments(
            origin: stored.origin, index: stored.index, in: database)
        for part in parts {
            let fits = read.payload.compartments.contains { part.mismatch(with: $0) == nil }
            if !fits { check.name("compartment", stored.index.value) }
        }
    }
}
