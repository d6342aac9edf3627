public import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeStore {
    /// Records what the register says of our own statements. Recording the same verdict again
    /// changes nothing.
    ///
    /// - Throws: `.damaged` with part `admission` when another verdict or place is recorded: one of
    ///   the two is evidence against the broker. `.unavailable` for a statement that is not ours.
    ///   Nothing was written then.
    public func recordAdmissions(_ admissions: [Admission]) throws(EventStoreError) {
        try connection.write("record admissions") { database in
            for admission in admissions { try NodeStore.record(admission, in: database) }
        }
    }

    /// What the register says of one statement; nil as long as nothing is known.
    public func admission(of index: LeafIndex) throws(EventStoreError) -> Admission? {
        try connection.read("read an admission") { try NodeStore.admission(of: index, in: $0) }
    }

    /// Admissions in index order; statements not yet admitted are left out.
    public func admissions(
        from: LeafIndex, limit: Int
    ) throws(EventStoreError) -> [Admission] {
        try connection.read("read admissions") { database in
            var found: [Admission] = []
            try database.forEachRow(
                """
                SELECT idx, register_position, accepted, reason, proof FROM admissions
                WHERE idx >= ? ORDER BY idx LIMIT ?
                """,
                [from.value.bound, Int64(max(0, limit))]
            ) { row in found.append(try NodeStore.admission(row)) }
            return found
        }
    }

    /// The oldest statement without an admission; the next index when all have one.
    public func firstUnadmitted() throws(EventStoreError) -> LeafIndex {
        try connection.read("find unadmitted statements") { database in
            let row = try database.row("SELECT idx FROM unadmitted ORDER BY idx LIMIT 1", [])
            guard let row else { return try NodeStore.tree.head(database).size.nextIndex }
            return LeafIndex(try row.number(0))
        }
    }

    /// The oldest statements without an admission, in index order: what is to be pushed.
    public func unadmitted(limit: Int) throws(EventStoreError) -> [SequencedStatement] {
        try connection.read("read unadmitted statements") { database in
            try NodeStore.statements(
                """
                SELECT statements.idx, bytes, leaf_hash FROM unadmitted
                JOIN statements USING (idx) ORDER BY unadmitted.idx LIMIT ?
                """,
                [Int64(max(0, limit))], in: database)
        }
    }

    private static func record(_ admission: Admission, in database: Database) throws {
        if let known = try NodeStore.admission(of: admission.index, in: database) {
            guard known.hasSameVerdict(as: admission) else {
                throw damage("admission", admission.index.value)
            }
            return
        }
        try database.run(
            """
            INSERT INTO admissions (idx, register_position, accepted, reason, proof)
            VALUES (?, ?, ?, ?, ?)
            """,
            [
                admission.index.value.stored, admission.registerPosition.stored,
                admission.isAccepted, admission.reason?.text, admission.proof.blob,
            ])
        try database.run("DELETE FROM unadmitted WHERE idx = ?", [admission.index.value.stored])
    }

    private static func admission(of index: LeafIndex, in database: Database) throws -> Admission? {
        try database.row(
            """
            SELECT idx, register_position, accepted, reason, proof FROM admissions WHERE idx = ?
            """, [index.value.bound]
        ).map(admission)
    }

    private static func admission(_ row: Row) throws -> Admission {
        let index = LeafIndex(try row.number(0))
        let text = try row.optionalText(3)
        let reason = text.flatMap { ReasonCode($0) }
        guard (text == nil) == (reason == nil) else { throw damage("admission", index.value) }
        return Admission(
            index: index, registerPosition: try row.number(1),
            isAccepted: try row.number(2) == 1, reason: reason, proof: try row.bytes(4))
    }
}
