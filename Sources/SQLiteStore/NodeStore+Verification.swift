public import EventLogs
import GRDB
public import SignedStatements
public import TallystickPrimitives
public import TransparencyLog

/// Where a log can be taken up again.
public struct RightEdge: Sendable {
    /// The right edge of the tree.
    public let frontier: TreeFrontier
    /// The newest statement; nil for an empty log.
    public let newest: EventLogs.Statement?

    /// The sequencer that goes on from here.
    public func sequencer(origin: Origin) -> Sequencer {
        Sequencer(
            origin: origin, frontier: frontier,
            lastIssuedAt: newest?.issuedAt ?? Timestamp(milliseconds: 0),
            seen: newest?.payload.seen)
    }
}

extension Limits {
    /// Statements whose bytes are hashed again at every start: more than one batch, and still a few
    /// milliseconds.
    public static let recheckedStatementCount = 512
}

extension NodeStore {
    /// Checks the end of the log: the edge against the head's note, the newest statements against
    /// the edge.
    ///
    /// No signature is checked; `verifyHeadSignature` checks the head's.
    /// - Throws: `.damaged`, naming the first part that is not what it must be.
    public func verifyRightEdge(
        recheck count: Int = Limits.recheckedStatementCount
    ) throws(EventStoreError) -> RightEdge {
        try connection.read("verify the right edge") { database in
            let frontier = try NodeStore.tree.checkedFrontier(database)
            let first = frontier.size.value - min(frontier.size.value, UInt64(max(1, count)))
            var expected = first
            var newest: EventLogs.Statement?
            for placed in try NodeStore.statements(
                "SELECT idx, bytes, leaf_hash FROM statements WHERE idx >= ? ORDER BY idx",
                [first.bound], in: database)
            {
                guard placed.index.value == expected else { throw damage("statement", expected) }
                expected += 1
                newest = placed.statement
            }
            guard expected == frontier.size.value else { throw damage("statement", expected) }
            try NodeStore.verifyRegisterEdge(database)
            return RightEdge(frontier: frontier, newest: newest)
        }
    }

    /// The edge of the own log at a size that it has had.
    public func frontier(at size: TreeSize) throws -> TreeFrontier {
        try connection.read("read an edge") { try NodeStore.tree.frontier($0, size: size) }
    }

    /// Checks that a key of the log's own signed the head: whoever rewrites a log can make every hash fit, and not this.
    /// - Throws: `.damaged` with part `head-signature`.
    public func verifyHeadSignature(origin: Origin, keys: [VerificationKey]) throws(EventStoreError) {
        guard let note = try headNote() else { return }
        let isSigned = keys.contains { (try? SignedTreeHead(verifying: note, origin: origin, key: $0)) != nil }
        guard isSigned else { throw damage("head-signature", nil) }
    }

    /// Recomputes everything that hashes cover and names all damage; empty when there is none.
    ///
    /// - Parameter progress: called with the number of statements and leaves gone through, now and
    ///   then.
    public func verifyAll(
        progress: (UInt64) -> Void = { _ in }
    ) throws(EventStoreError) -> [StoredDamage] {
        try connection.read("verify everything") { database in
            try database.damageToTheFile() + NodeStore.verifyAll(database, progress: progress)
        }
    }

    static func verifyAll(
        _ database: Database, progress: (UInt64) -> Void
    ) throws -> [StoredDamage] {
        var statements = try OwnStatementCheck(database)
        try statements.run(progress: progress)
        var check = statements.check
        try verifyReceived(&check, in: database, progress: progress)
        try verifyRegister(&check, in: database, progress: progress)
        return check.found
    }
}

extension NodeStore {
    private static func verifyReceived(
        _ check: inout LogTreeCheck, in database: Database, progress: (UInt64) -> Void
    ) throws {
        var count: UInt64 = 0
        try database.forEachRow(
            """
            SELECT origin, idx, bytes, leaf_hash FROM received LEFT JOIN origins USING (log)
            ORDER BY register_position
            """, []
        ) { row in
            let (index, bytes) = (try row.number(1), try row.bytes(2))
            let origin = try row.optionalText(0).flatMap { Origin($0) }
            let isWhole = try row.bytes(3) == MerkleTree.leafHash(bytes).bytes
            if !isWhole { check.name("received", index, log: origin) }
            if let statement = try? EventLogs.Statement(decoding: bytes), isWhole {
                if statement.origin != origin { check.name("received", index, log: origin) }
                try verifyCame(with: statement, index: LeafIndex(index), &check, in: database)
            }
            count += 1
            if count.isMultiple(of: 1024) { progress(count) }
        }
    }

    /// What came with a received statement must be what it describes; not everything need have
    /// come.
    private static func verifyCame(
        with statement: EventLogs.Statement, index: LeafIndex, _ check: inout LogTreeCheck,
        in database: Database
    ) throws {
        let (origin, described) = (statement.origin, statement.payload.compartments)
        for compartment in try CarriedParts.compartments(origin: origin, index: index, in: database) {
            let descriptor = described.first { $0.id == compartment.id }
            switch descriptor.map(compartment.mismatch) ?? .otherCompartment {
            case nil: break
            case .wrap: check.name("received-wrap", index.value, log: origin)
            case .content, .otherCompartment: check.name("received-compartment", index.value, log: origin)
            }
        }
        let grants = try CarriedParts.grants(origin: origin, index: index, in: database)
        if !grants.allSatisfy({ statement.payload.grants.contains(Hash256(hashing: $0)) }) {
            check.name("received-grant", index.value, log: origin)
        }
    }

    private static func verifyRegisterEdge(_ database: Database) throws {
        guard let head = try registerHead(database), head.frontier.size != .empty else { return }
        guard let claimed = try? UnverifiedTreeHead(parsing: head.note).claimed,
            claimed.size == head.frontier.size, claimed.root == head.frontier.root
        else { throw damage("register-head", nil) }
        let last = try database.row(
            "SELECT position FROM register_leaves ORDER BY position DESC LIMIT 1", [])
        guard try last?.number(0) == head.frontier.size.value - 1 else {
            throw damage("register-leaf", head.frontier.size.value - 1)
        }
    }

    private static func verifyRegister(
        _ check: inout LogTreeCheck, in database: Database, progress: (UInt64) -> Void
    ) throws {
        let count = check.found.count
        var frontier = TreeFrontier()
        var next: UInt64 = 0
        try database.forEachRow(
            "SELECT position, bytes FROM register_leaves ORDER BY position", []
        ) { row in
            let position = try row.number(0)
            if position != next { check.name("register-leaf-missing", next, count: position &- next) }
            next = position &+ 1
            frontier.append(MerkleTree.leafHash(try row.bytes(1)))
            if frontier.size.value.isMultiple(of: 1024) { progress(frontier.size.value) }
        }
        do { try verifyRegisterEdge(database) } catch let error as EventStoreError {
            guard case .damaged(let damage) = error else { throw error }
            check.name(damage.part, damage.index?.value)
        }
        guard let head = try? registerHead(database) else {
            if frontier.size != .empty { check.name("register-head", nil) }
            return
        }
        // Nothing is stored beside a leaf by which it could be told which one differs.
        if head.frontier != frontier, check.found.count == count { check.name("register-leaf", nil) }
    }
}
