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
        var check = LogTreeCheck(tree)
        try verifyStatements(&check, in: database, progress: progress)
        try check.finish(database)
        try verifyReceived(&check, in: database, progress: progress)
        try verifyRegister(&check, in: database, progress: progress)
        return check.found
    }

    private static func verifyStatements(
        _ check: inout LogTreeCheck, in database: Database, progress: (UInt64) -> Void
    ) throws {
        var (streamCount, headCount): (Int64, Int64) = (0, 0)
        try database.forEachRow(
            """
            SELECT idx, bytes, leaf_hash, event_id FROM statements ORDER BY idx
            """, []
        ) { row in
            let index = try row.number(0)
            if index != check.frontier.size.value {
                check.name("statement", check.frontier.size.value)
            }
            let bytes = try row.bytes(1)
            let leafHash = MerkleTree.leafHash(bytes)
            if try row.bytes(2) != leafHash.bytes { check.name("statement", index) }
            if let statement = try? EventLogs.Statement(decoding: bytes) {
                if try row.bytes(3) != statement.eventID.bytes { check.name("statement", index) }
                if statement.payload.sequence == 0 { streamCount += 1 }
                switch try place(of: statement, in: database) {
                case .newest: headCount += 1
                case .earlier: break
                case .unknown: check.name("stream", index)
                }
                try verifyParts(
                    of: statement.payload, origin: statement.origin, index: LeafIndex(index),
                    &check, in: database)
            } else {
                check.name("statement", index)
            }
            try check.take(leafHash, in: database)
            let count = check.frontier.size.value
            if count.isMultiple(of: 1024) { progress(count) }
        }
        let stored = try Int64.fetchOne(database, sql: "SELECT count(*) FROM streams")
        if stored != streamCount || stored != headCount { check.name("stream", nil) }
        progress(check.frontier.size.value)
    }

    private enum StreamPlace { case newest, earlier, unknown }

    /// Where the stored head of its stream leaves a statement. Every stream has one first statement and one newest, so
    /// their numbers are that of the streams.
    private static func place(
        of statement: EventLogs.Statement, in database: Database
    ) throws -> StreamPlace {
        let payload = statement.payload
        let row = try database.row(
            "SELECT sequence, hash FROM streams WHERE stream = ?", [payload.stream.blob])
        guard let row else { return .unknown }
        let sequence = try row.number(0)
        if sequence > payload.sequence { return .earlier }
        let isHead = try sequence == payload.sequence && row.bytes(1) == statement.hash.bytes
        return isHead ? .newest : .unknown
    }

    /// Everything that a statement of ours describes must be here, unless it was purged.
    private static func verifyParts(
        of payload: StatementPayload, origin: Origin, index: LeafIndex, _ check: inout LogTreeCheck,
        in database: Database
    ) throws {
        for descriptor in payload.compartments {
            let address = CompartmentAddress(
                origin: origin, index: index, compartment: descriptor.id)
            if let stored = try CarriedParts.compartment(address, in: database) {
                if stored.mismatch(with: descriptor) != nil {
                    check.name("compartment", index.value)
                }
            } else if try !CarriedParts.isPurged(address, in: database) {
                check.name("compartment", index.value)
            }
        }
        let grants = try CarriedParts.grants(origin: origin, index: index, in: database)
        if !grants.allSatisfy({ payload.grants.contains(Hash256(hashing: $0)) }) {
            check.name("grant", index.value)
        }
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
            if !isWhole { check.name("received", index) }
            if let statement = try? EventLogs.Statement(decoding: bytes), isWhole {
                if statement.origin != origin { check.name("received", index) }
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
        let stored = try CarriedParts.compartments(
            origin: statement.origin, index: index, in: database)
        for compartment in stored {
            let fits = statement.payload.compartments.contains { descriptor in
                compartment.mismatch(with: descriptor) == nil
            }
            if !fits { check.name("received-compartment", index.value) }
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
        var frontier = TreeFrontier()
        try database.forEachRow(
            "SELECT position, bytes FROM register_leaves ORDER BY position", []
        ) { row in
            if try row.number(0) != frontier.size.value {
                check.name("register-leaf", frontier.size.value)
            }
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
        if head.frontier != frontier { check.name("register-leaf", nil) }
    }
}
