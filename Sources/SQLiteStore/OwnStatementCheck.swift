import EventLogs
import GRDB
import TallystickPrimitives
import TransparencyLog

/// Checks the statements of the own log, one by one and against the tree, and what travels beside them.
struct OwnStatementCheck {
    private(set) var check: LogTreeCheck
    private let database: Database
    private let origin: Origin?
    private var (streamCount, headCount): (Int64, Int64) = (0, 0)

    init(_ database: Database) throws {
        self.database = database
        check = try LogTreeCheck(NodeStore.tree, leaf: "statement", in: database)
        let note = try? NodeStore.tree.headNote(database)
        origin = note.flatMap { try? UnverifiedTreeHead(parsing: $0).claimed.origin }
    }

    mutating func run(progress: (UInt64) -> Void) throws {
        try database.forEachRow("SELECT idx, bytes, leaf_hash, event_id FROM statements ORDER BY idx", []) { row in
            let index = try row.number(0)
            guard try check.reach(index, in: database) else { return }
            try take(row, at: index)
            if check.size.value.isMultiple(of: 1024) { progress(check.size.value) }
        }
        try check.finish(database)
        check.forgetParts(["compartment", "wrap", "grant", "stream"])
        let stored = try Int64.fetchOne(database, sql: "SELECT count(*) FROM streams")
        // Where statements are missing or wrong, streams seem to lack their ends as well.
        let isCounted = !check.found.contains { $0.part.hasPrefix("statement") || $0.part == "stream" }
        if isCounted, stored != streamCount || stored != headCount { check.name("stream", nil) }
        progress(check.size.value)
    }

    private mutating func take(_ row: Row, at index: UInt64) throws {
        let bytes = try row.bytes(1)
        let leafHash = MerkleTree.leafHash(bytes)
        let stored = Hash256(bytes: try row.bytes(2))
        guard let statement = try? EventLogs.Statement(decoding: bytes) else {
            check.name("statement", index)
            return try check.take(nil, stored: stored, in: database)
        }
        if stored != leafHash {
            check.name("statement", index)
            return try check.take(leafHash, stored: stored, in: database)
        }
        if let part = try misplaced(statement, in: row, at: index) {
            check.name(part, index)
            return try check.take(part == "statement" ? leafHash : nil, in: database)
        }
        if statement.payload.sequence == 0 { streamCount += 1 }
        switch try place(of: statement) {
        case .newest: headCount += 1
        case .earlier: break
        case .unknown: check.name("stream", index)
        }
        try checkParts(of: statement, at: LeafIndex(index))
        try check.take(leafHash, in: database)
    }

    /// What a statement is that is whole in itself and is not of this log, or not of this row.
    private func misplaced(_ statement: EventLogs.Statement, in row: Row, at index: UInt64) throws -> String? {
        if let origin, statement.origin != origin { return "statement-foreign" }
        let column = try row.bytes(3)
        guard column != statement.eventID.bytes else { return nil }
        let other = try database.row(
            "SELECT bytes FROM statements WHERE event_id = ? AND idx <> ?", [statement.eventID.blob, index.bound])
        guard let other else { return "statement" }
        let found = try? EventLogs.Statement(decoding: try other.bytes(0))
        return found?.eventID.bytes == column ? "statement-order" : "statement-replayed"
    }

    private enum StreamPlace { case newest, earlier, unknown }

    /// Where the stored head of its stream leaves a statement. Every stream has one first statement and one newest, so
    /// their numbers are that of the streams.
    private func place(of statement: EventLogs.Statement) throws -> StreamPlace {
        let payload = statement.payload
        let row = try database.row("SELECT sequence, hash FROM streams WHERE stream = ?", [payload.stream.blob])
        guard let row else { return .unknown }
        let sequence = try row.number(0)
        if sequence > payload.sequence { return .earlier }
        let isHead = try sequence == payload.sequence && row.bytes(1) == statement.hash.bytes
        return isHead ? .newest : .unknown
    }

    /// Everything that a statement of ours describes must be here, unless it was purged.
    private mutating func checkParts(of statement: EventLogs.Statement, at index: LeafIndex) throws {
        for descriptor in statement.payload.compartments {
            let address = CompartmentAddress(origin: statement.origin, index: index, compartment: descriptor.id)
            if let stored = try CarriedParts.compartment(address, in: database) {
                let mismatch = stored.mismatch(with: descriptor)
                if let mismatch { check.name(mismatch == .wrap ? "wrap" : "compartment", index.value) }
            } else if try !CarriedParts.isPurged(address, in: database),
                try !NodeStore.isLost(address, in: database)
            {
                check.name("compartment", index.value)
            }
        }
        let grants = try CarriedParts.grants(origin: statement.origin, index: index, in: database)
        if !grants.allSatisfy({ statement.payload.grants.contains(Hash256(hashing: $0)) }) {
            check.name("grant", index.value)
        }
    }
}
