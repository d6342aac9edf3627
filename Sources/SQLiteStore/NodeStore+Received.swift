public import EventLogs
import GRDB
import SignedStatements
public import TallystickPrimitives
import TransparencyLog

extension NodeStore {
    /// Saves verified statements of other agencies, all of them or none.
    ///
    /// Saving the same again changes nothing. What has been purged stays out.
    /// - Throws: `.damaged` with part `received` when other bytes are stored at that place of the
    ///   register or of the author's log; `.damaged` with part `compartment` likewise. Nothing was
    ///   written then.
    public func saveReceived(_ statements: [ReceivedStatement]) throws(EventStoreError) {
        try connection.write("save received statements") { database in
            for statement in statements { try NodeStore.save(statement, in: database) }
        }
    }

    /// Adds compartments that come after their statements.
    public func addCompartments(_ arrivals: [LateCompartment]) throws(EventStoreError) {
        try connection.write("add compartments") { database in
            for arrival in arrivals {
                try CarriedParts.add(
                    arrival.compartment, origin: arrival.origin, index: arrival.index, to: database)
            }
        }
    }

    /// Received statements in order of the register.
    public func received(
        from position: UInt64, limit: Int
    ) throws(EventStoreError) -> [ReceivedStatement] {
        try received(
            "WHERE register_position >= ? ORDER BY register_position LIMIT ?",
            [position.bound, Int64(max(0, limit))])
    }

    /// Received statements of one stream in order of the register.
    ///
    /// An author may name any stream in its own log, so look at the origin too.
    public func received(stream: StreamID) throws(EventStoreError) -> [ReceivedStatement] {
        try received("WHERE stream = ? ORDER BY register_position", [stream.blob])
    }

    /// One received statement; nil if it has not come.
    public func received(
        origin: Origin, index: LeafIndex
    ) throws(EventStoreError) -> ReceivedStatement? {
        try received("WHERE origin = ? AND idx = ?", [origin.text, index.value.stored]).first
    }

    private func received(
        _ condition: String, _ arguments: StatementArguments
    ) throws(EventStoreError) -> [ReceivedStatement] {
        try connection.read("read received statements") { database in
            var found: [ReceivedStatement] = []
            try database.forEachRow(
                """
                SELECT register_position, origin, idx, bytes, leaf_hash FROM received
                \(condition)
                """, arguments
            ) { row in found.append(try NodeStore.received(row, in: database)) }
            return found
        }
    }

    private static func received(_ row: Row, in database: Database) throws -> ReceivedStatement {
        let index = LeafIndex(try row.number(2))
        let bytes = try row.bytes(3)
        guard try row.hash(4, part: "received", index: index.value) == MerkleTree.leafHash(bytes)
        else { throw damage("received", index.value) }
        let origin = try row.origin(1, part: "received", index: index.value)
        return ReceivedStatement(
            registerPosition: try row.number(0), origin: origin, index: index, bytes: bytes,
            compartments: try CarriedParts.compartments(origin: origin, index: index, in: database),
            grants: try CarriedParts.grants(origin: origin, index: index, in: database))
    }

    private static func save(_ statement: ReceivedStatement, in database: Database) throws {
        let (origin, index) = (statement.origin, statement.index)
        // Statements of kinds that this program does not know yet are kept too, so only the header
        // is read.
        guard let signed = try? SignedStatement(decoding: statement.bytes),
            signed.header.issuer == origin
        else { throw damage("received", index.value) }
        try database.run(
            """
            INSERT INTO received (register_position, origin, idx, stream, bytes, leaf_hash)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [
                statement.registerPosition.stored, origin.text, index.value.stored,
                signed.header.subject.blob, statement.bytes.blob,
                MerkleTree.leafHash(statement.bytes).blob,
            ])
        if database.changesCount == 0 {
            let row = try database.row(
                """
                SELECT 1 FROM received
                WHERE register_position = ? AND origin = ? AND idx = ? AND bytes = ?
                """,
                [
                    statement.registerPosition.stored, origin.text, index.value.stored,
                    statement.bytes.blob,
                ])
            guard row != nil else { throw damage("received", index.value) }
        }
        for compartment in statement.compartments {
            try CarriedParts.add(compartment, origin: origin, index: index, to: database)
        }
        for grant in statement.grants {
            try CarriedParts.add(
                grant: grant, recipient: nil, origin: origin, index: index, to: database)
        }
    }
}
