public import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeStore {
    /// Records what receipts say of our own statements. Recording the same verdict again changes
    /// nothing; what says otherwise than what is recorded is kept as a contradiction: one of the two
    /// is evidence against the broker.
    ///
    /// - Returns: how many of them contradict.
    /// - Throws: `.unavailable` for a statement that is not ours. Nothing was written then.
    @discardableResult
    public func recordAdmissions(_ admissions: [Admission]) throws(EventStoreError) -> Int {
        try connection.write("record admissions") { database in
            try admissions.count { try !NodeStore.record($0, in: database) }
        }
    }

    /// Records what the followed register says of one of our own statements. It counts, whatever a
    /// receipt said before; that receipt is kept as a contradiction.
    ///
    /// - Returns: whether there was such a receipt.
    @discardableResult
    public func recordFollowed(_ admission: Admission) throws(EventStoreError) -> Bool {
        try connection.write("record an admission") { database in
            if try NodeStore.record(admission, keeping: false, in: database) { return false }
            if let known = try NodeStore.admission(of: admission.index, in: database) {
                try NodeStore.keep(known, in: database)
            }
            try database.run(
                "UPDATE admissions SET register_position = ?, accepted = ?, reason = ?, proof = ? WHERE idx = ?",
                [
                    admission.registerPosition.stored, admission.isAccepted, admission.reason?.text,
                    admission.proof.blob, admission.index.value.stored,
                ])
            return true
        }
    }

    /// Keeps receipts that contradict the followed register and say nothing else.
    public func keepContradictions(_ receipts: [Admission]) throws(EventStoreError) {
        try connection.write("keep contradictions") { database in
            for receipt in receipts { try NodeStore.keep(receipt, in: database) }
        }
    }

    /// What receipts said otherwise than what counts, as it came in.
    public func contradictions() throws(EventStoreError) -> [Admission] {
        try connection.read("read contradictions") { database in
            var found: [Admission] = []
            try database.forEachRow(
                "SELECT idx, register_position, accepted, reason, proof FROM contradictions ORDER BY id", []
            ) { row in found.append(try NodeStore.admission(row)) }
            return found
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

    static func keep(_ receipt: Admission, in database: Database) throws {
        try database.run(
            """
            INSERT INTO contradictions (idx, register_position, accepted, reason, proof)
            VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
            """,
            [
                receipt.index.value.stored, receipt.registerPosition.stored, receipt.isAccepted,
                receipt.reason?.text, receipt.proof.blob,
            ])
    }

    /// Records an admission unless another is recorded; whether what is recorded then says the same.
    ///
    /// - Parameter keeping: whether one that says otherwise is kept as a contradiction.
    private static func record(
        _ admission: Admission, keeping: Bool = true, in database: Database
    ) throws -> Bool {
        if let known = try NodeStore.admission(of: admission.index, in: database) {
            if known.hasSameVerdict(as: admission) { return true }
            if keeping { try keep(admission, in: database) }
            return false
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
        return true
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
