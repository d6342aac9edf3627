public import EventLogs
import GRDB
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
            var rows = try ReceivedRows(database)
            for statement in statements { try rows.save(statement) }
        }
    }

    /// Adds compartments that come after their statements.
    public func addCompartments(_ arrivals: [LateCompartment]) throws(EventStoreError) {
        try connection.write("add compartments") { database in
            var rows = try CarriedPartRows(database)
            for arrival in arrivals {
                let address = CompartmentAddress(
                    origin: arrival.origin, index: arrival.index, compartment: arrival.compartment.id)
                try rows.add(arrival.compartment, of: address)
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

    /// One received statement; nil if it has not come.
    public func received(
        origin: Origin, index: LeafIndex
    ) throws(EventStoreError) -> ReceivedStatement? {
        try received(
            "WHERE log = \(LogNumbers.query) AND idx = ?", [origin.text, index.value.stored]
        ).first
    }

    private func received(
        _ condition: String, _ arguments: StatementArguments
    ) throws(EventStoreError) -> [ReceivedStatement] {
        try connection.read("read received statements") { database in
            var found: [ReceivedStatement] = []
            try database.forEachRow(
                """
                SELECT register_position, origin, idx, bytes, leaf_hash
                FROM received JOIN origins USING (log) \(condition)
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
}
