import EventLogs
import GRDB
import TallystickPrimitives
import TransparencyLog

extension BrokerStore {
    /// Checks the statements of every log, in its order, with what travels beside them.
    static func verifyLogs(
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
            let frontier = try verifyStatements(of: log, &check, in: database)
            try verifyEdge(of: log, frontier, &check, in: database)
            progress(frontier?.size.value ?? 0)
        }
    }

    /// Checks one log's statements; nil when the tree that they make says nothing, because one of them is wrong.
    private static func verifyStatements(
        of log: String, _ check: inout LogTreeCheck, in database: Database
    ) throws -> TreeFrontier? {
        let origin = Origin(log)
        var frontier = TreeFrontier()
        var next: UInt64 = 0
        var isWhole = true
        func name(_ part: String, _ index: UInt64, count: UInt64 = 1) {
            check.name(part, index, log: origin, count: count)
            isWhole = false
        }
        try database.forEachRow(
            "SELECT \(columns) FROM \(source) WHERE log = \(LogNumbers.query) ORDER BY idx", [log]
        ) { row in
            let index = try row.number(2)
            if index > next { name("statement-missing", next, count: index - next) }
            next = index &+ 1
            let leafHash = MerkleTree.leafHash(try row.bytes(3))
            if let part = fault(of: row, leafHash: leafHash) { name(part, index) }
            try verifyParts(of: row, &check, in: database)
            frontier.append(leafHash)
        }
        if let state = origin.flatMap({ try? logState($0, in: database) }), state.size.value > next,
            let claimed = try? UnverifiedTreeHead(parsing: state.headNote).claimed, claimed.size >= state.size
        {
            name("statement-missing", next, count: state.size.value - next)
        }
        return isWhole ? frontier : nil
    }

    private static func verifyEdge(
        of log: String, _ frontier: TreeFrontier?, _ check: inout LogTreeCheck, in database: Database
    ) throws {
        let origin = Origin(log)
        guard let state = origin.flatMap({ try? logState($0, in: database) }),
            let claimed = try? UnverifiedTreeHead(parsing: state.headNote).claimed,
            claimed.origin.text == log, claimed.size >= state.size
        else { return check.name("log", nil, log: origin) }
        guard let frontier else { return }
        // A head may be newer than what has been admitted, and then says nothing of this edge.
        if state.frontier != frontier || (claimed.size == frontier.size && claimed.root != frontier.root) {
            check.name("log", nil, log: origin)
        }
    }

    /// What is wrong with a row by its own bytes; a statement of an unknown kind only has its leaf.
    private static func fault(of row: Row, leafHash: Hash256) -> String? {
        guard let stored = try? statement(row), stored.leafHash == leafHash else { return "statement" }
        guard let read = try? EventLogs.Statement(decoding: stored.bytes)
        else { return stored.refusal == nil ? "statement" : nil }
        return read.origin == stored.origin ? nil : "statement-foreign"
    }

    private static func verifyParts(
        of row: Row, _ check: inout LogTreeCheck, in database: Database
    ) throws {
        guard let stored = try? statement(row),
            let read = try? EventLogs.Statement(decoding: stored.bytes)
        else { return }
        let (origin, index) = (stored.origin, stored.index)
        for part in try CarriedParts.compartments(origin: origin, index: index, in: database) {
            let descriptor = read.payload.compartments.first { $0.id == part.id }
            switch descriptor.map(part.mismatch) ?? .otherCompartment {
            case nil: break
            case .wrap: check.name("wrap", index.value, log: origin)
            case .content, .otherCompartment: check.name("compartment", index.value, log: origin)
            }
        }
        let grants = try CarriedParts.grants(origin: origin, index: index, in: database)
        if !grants.allSatisfy({ read.payload.grants.contains(Hash256(hashing: $0)) }) {
            check.name("grant", index.value, log: origin)
        }
    }
}
