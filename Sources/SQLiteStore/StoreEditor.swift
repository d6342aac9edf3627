public import EventLogs
import GRDB
public import TallystickPrimitives
public import TransparencyLog

/// Puts single rows of a copy right. What is right already is not touched.
public struct StoreEditor {
    let database: Database
    var numbers: LogNumbers
    private var parts: CarriedPartRows

    init(_ database: Database) throws {
        self.database = database
        numbers = LogNumbers(database)
        parts = try CarriedPartRows(database)
    }

    // MARK: The own log

    /// Puts a statement of the own log in its place.
    public mutating func put(_ statement: EventLogs.Statement, at index: LeafIndex) throws {
        let row: StatementArguments = [
            index.value.stored, statement.eventID.blob, statement.bytes.blob, statement.leafHash.blob,
        ]
        let isRight = try database.row(
            "SELECT 1 FROM statements WHERE idx = ? AND event_id = ? AND bytes = ? AND leaf_hash = ?", row)
        guard isRight == nil else { return }
        // What belongs at another index comes back there.
        try database.run(
            "DELETE FROM statements WHERE idx = ? OR event_id = ?", [index.value.stored, statement.eventID.blob])
        try database.run("INSERT INTO statements (idx, event_id, bytes, leaf_hash) VALUES (?, ?, ?, ?)", row)
    }

    /// Notes that a statement of the own log came from others and was not here before.
    public mutating func noteReturned(_ index: LeafIndex) throws { try NodeStore.noteReturned(index, in: database) }

    /// Replaces what follows from the statements: the inner nodes, each stream's end, the head.
    public mutating func put(
        nodes: [TreeNode], streams: [StreamID: StreamHead], size: TreeSize, note: [UInt8]
    ) throws {
        try database.execute(sql: "DELETE FROM tree_nodes; DELETE FROM streams; DELETE FROM tree_head")
        try NodeStore.tree.add(nodes, to: database)
        for (stream, head) in streams {
            try database.run(
                "INSERT INTO streams (stream, sequence, hash) VALUES (?, ?, ?)",
                [stream.blob, head.sequence.stored, head.hash.blob])
        }
        try database.run(
            "INSERT INTO tree_head (id, size, note, note_hash) VALUES (1, ?, ?, ?)",
            [size.value.stored, note.blob, Hash256(hashing: note).blob])
        try database.run("DELETE FROM statements WHERE idx >= ?", [size.value.stored])
        try database.run("DELETE FROM unadmitted WHERE idx >= ?", [size.value.stored])
        try database.run(
            """
            INSERT INTO unadmitted (idx) SELECT idx FROM statements
            WHERE idx NOT IN (SELECT idx FROM admissions) AND idx NOT IN (SELECT idx FROM unadmitted)
            """, [])
    }

    /// Keeps a receipt that the register contradicts: evidence is never deleted.
    public mutating func keep(_ receipt: Admission) throws { try NodeStore.keep(receipt, in: database) }

    /// States what the register says of a statement, in place of what was recorded. The register counts; a receipt that
    /// says otherwise is for `keep`.
    public mutating func put(_ admission: Admission) throws {
        try database.run("DELETE FROM admissions WHERE idx = ?", [admission.index.value.stored])
        try database.run("DELETE FROM unadmitted WHERE idx = ?", [admission.index.value.stored])
        try database.run(
            "INSERT INTO admissions (idx, register_position, accepted, reason, proof) VALUES (?, ?, ?, ?, ?)",
            [
                admission.index.value.stored, admission.registerPosition.stored, admission.isAccepted,
                admission.reason?.text, admission.proof.blob,
            ])
    }

    // MARK: What travels beside statements

    /// Puts right what is stored beside a statement, from what somebody else has of it.
    ///
    /// - Parameter addsGrants: whether grants that are not here come back; what was given until a day does not.
    public mutating func putParts(
        of statement: EventLogs.Statement, at index: LeafIndex, compartments: [CarriedCompartment], grants: [[UInt8]],
        addsGrants: Bool
    ) throws {
        let origin = statement.origin
        for descriptor in statement.payload.compartments {
            let address = CompartmentAddress(origin: origin, index: index, compartment: descriptor.id)
            let stored = try CarriedParts.compartment(address, in: database)
            guard stored.map({ $0.mismatch(with: descriptor) != nil }) ?? true,
                let right = compartments.first(where: { $0.mismatch(with: descriptor) == nil })
            else { continue }
            guard stored != nil else {
                try parts.add(right, of: address)
                continue
            }
            try database.run(
                """
                UPDATE compartments SET content = ?, wrap = ?
                WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
                """, [right.content.blob, right.wrap?.blob] + address.arguments)
        }
        try putGrants(grants, of: statement, at: index, adds: addsGrants)
    }

    private mutating func putGrants(
        _ grants: [[UInt8]], of statement: EventLogs.Statement, at index: LeafIndex, adds: Bool
    ) throws {
        let described = Set(statement.payload.grants)
        let log = try numbers.number(of: statement.origin)
        var wrong: [Int64] = []
        var known: Set<Hash256> = []
        try database.forEachRow(
            "SELECT id, hash, bytes FROM grants WHERE log = ? AND idx = ?", [log, index.value.stored]
        ) { row in
            let hash = Hash256(hashing: try row.bytes(2))
            if described.contains(hash), try row.bytes(1) == hash.bytes {
                known.insert(hash)
            } else {
                wrong.append(Int64(bitPattern: try row.number(0)))
            }
        }
        for grant in grants {
            let hash = Hash256(hashing: grant)
            guard described.contains(hash), !known.contains(hash), adds || !wrong.isEmpty else { continue }
            guard let place = wrong.popLast() else {
                try parts.add(grant: grant, recipient: nil, origin: statement.origin, index: index)
                continue
            }
            try database.run("UPDATE grants SET hash = ?, bytes = ? WHERE id = ?", [hash.blob, grant.blob, place])
        }
    }

    /// Destroys compartments that no statement describes at their place: rows whose name was damaged.
    public mutating func removeStray(of statement: EventLogs.Statement, at index: LeafIndex) throws {
        let described = Set(statement.payload.compartments.map(\.id))
        let parts = try CarriedParts.compartments(origin: statement.origin, index: index, in: database)
        let stray = parts.map(\.id).filter { !described.contains($0) }
        try CarriedParts.drop(
            stray.map { CompartmentAddress(origin: statement.origin, index: index, compartment: $0) }, from: database)
    }

    // MARK: The register and what others wrote

    /// Puts a leaf of the register in its place.
    public mutating func put(leaf: [UInt8], at position: UInt64) throws {
        let row = try database.row("SELECT bytes FROM register_leaves WHERE position = ?", [position.stored])
        if let row, try row.bytes(0) == leaf { return }
        try database.run(
            "INSERT OR REPLACE INTO register_leaves (position, bytes) VALUES (?, ?)", [position.stored, leaf.blob])
    }

    /// Puts the register's head right and drops what lies beyond it.
    public mutating func putRegister(_ frontier: TreeFrontier, note: [UInt8]) throws {
        try database.run("DELETE FROM register_head", [])
        try database.run(
            "INSERT INTO register_head (id, size, frontier, note) VALUES (1, ?, ?, ?)",
            [frontier.size.value.stored, frontier.nodes.flatMap(\.bytes).blob, note.blob])
        try database.run("DELETE FROM register_leaves WHERE position >= ?", [frontier.size.value.stored])
        try database.run("DELETE FROM received WHERE register_position >= ?", [frontier.size.value.stored])
    }

    /// Puts a statement of another agency in its place.
    public mutating func putReceived(_ statement: EventLogs.Statement, at index: LeafIndex, position: UInt64) throws {
        let log = try numbers.number(of: statement.origin)
        let row: StatementArguments = [
            position.stored, log, index.value.stored, statement.bytes.blob, statement.leafHash.blob,
        ]
        let isRight = try database.row(
            """
            SELECT 1 FROM received
            WHERE register_position = ? AND log = ? AND idx = ? AND bytes = ? AND leaf_hash = ?
            """, row)
        guard isRight == nil else { return }
        try database.run(
            "DELETE FROM received WHERE register_position = ? OR (log = ? AND idx = ?)",
            [position.stored, log, index.value.stored])
        try database.run(
            "INSERT INTO received (register_position, log, idx, bytes, leaf_hash) VALUES (?, ?, ?, ?, ?)", row)
    }
}
