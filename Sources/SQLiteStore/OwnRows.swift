import EventLogs
import GRDB
import TallystickPrimitives

/// Writes the agency's own statements and what travels with them, in one transaction.
struct OwnRows {
    private let database: Database
    private var numbers: LogNumbers
    private var statements: RowWriter
    private var newStreams: RowWriter
    private var grownStreams: RowWriter
    private var unadmitted: RowWriter
    private var keys: RowWriter
    private var carried: CarriedPartRows

    init(_ database: Database) throws {
        self.database = database
        numbers = LogNumbers(database)
        statements = try RowWriter(
            "INSERT INTO statements (idx, event_id, bytes, leaf_hash) VALUES (?, ?, ?, ?)", in: database)
        newStreams = try RowWriter(
            "INSERT INTO streams (stream, sequence, hash) VALUES (?, 0, ?)", in: database)
        grownStreams = try RowWriter(
            "UPDATE streams SET sequence = ?1, hash = ?2 WHERE stream = ?3 AND sequence = ?1 - 1", in: database)
        unadmitted = try RowWriter("INSERT INTO unadmitted (idx) VALUES (?)", in: database)
        keys = try RowWriter(
            "INSERT INTO content_keys (log, idx, compartment, wrapped) VALUES (?, ?, ?, ?)", in: database)
        carried = try CarriedPartRows(database)
    }

    mutating func add(_ placed: SequencedStatement) throws {
        let (statement, index) = (placed.statement, placed.index)
        statements.add(index.value.stored)
        statements.add(statement.eventID.bytes)
        statements.add(statement.bytes)
        statements.add(statement.leafHash.bytes)
        try statements.write()
        try extend(statement)
        unadmitted.add(index.value.stored)
        try unadmitted.write()
        for compartment in placed.compartments {
            let address = CompartmentAddress(
                origin: statement.origin, index: index, compartment: compartment.id)
            try carried.add(compartment, of: address)
        }
        for grant in placed.grants {
            try carried.add(grant: grant, recipient: nil, origin: statement.origin, index: index)
        }
        for kept in placed.localWraps {
            keys.add(try numbers.number(of: statement.origin))
            keys.add(index.value.stored)
            keys.add(kept.compartment.bytes)
            keys.add(kept.wrapped)
            try keys.write()
        }
    }

    /// Moves the statement's stream on by one; a place that is taken, or that leaves a gap, is refused.
    private mutating func extend(_ statement: EventLogs.Statement) throws {
        let payload = statement.payload
        if payload.sequence == 0 {
            newStreams.add(payload.stream.bytes)
            newStreams.add(statement.hash.bytes)
            return try newStreams.write()
        }
        grownStreams.add(payload.sequence.stored)
        grownStreams.add(statement.hash.bytes)
        grownStreams.add(payload.stream.bytes)
        try grownStreams.write()
        guard database.changesCount == 1 else { throw EventStoreError.duplicate }
    }
}
