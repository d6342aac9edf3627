import EventLogs
import GRDB
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// Writes statements of other agencies and what came with them, in one transaction.
struct ReceivedRows {
    private let database: Database
    private var numbers: LogNumbers
    private var statements: RowWriter
    private var carried: CarriedPartRows

    init(_ database: Database) throws {
        self.database = database
        numbers = LogNumbers(database)
        statements = try RowWriter(
            """
            INSERT INTO received (register_position, log, idx, bytes, leaf_hash) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """, in: database)
        carried = try CarriedPartRows(database)
    }

    /// Saves one statement; saving the same again changes nothing.
    ///
    /// - Throws: `.damaged` with part `received` for bytes that are not of the log they are said to be of, and when other
    ///   bytes are stored at that place of the register or of the author's log.
    mutating func save(_ statement: ReceivedStatement) throws {
        let (origin, index) = (statement.origin, statement.index)
        // Statements of kinds that this program does not know yet are kept too, so only the header
        // is read.
        guard let signed = try? SignedStatement(decoding: statement.bytes),
            signed.header.issuer == origin
        else { throw damage("received", index.value) }
        let log = try numbers.number(of: origin)
        statements.add(statement.registerPosition.stored)
        statements.add(log)
        statements.add(index.value.stored)
        statements.add(statement.bytes)
        statements.add(MerkleTree.leafHash(statement.bytes).bytes)
        try statements.write()
        if database.changesCount == 0 { try checkSame(statement, log: log) }
        for compartment in statement.compartments {
            let address = CompartmentAddress(origin: origin, index: index, compartment: compartment.id)
            try carried.add(compartment, of: address)
        }
        for grant in statement.grants {
            try carried.add(grant: grant, recipient: nil, origin: origin, index: index)
        }
    }

    private func checkSame(_ statement: ReceivedStatement, log: Int64) throws {
        let row = try database.row(
            "SELECT 1 FROM received WHERE register_position = ? AND log = ? AND idx = ? AND bytes = ?",
            [
                statement.registerPosition.stored, log, statement.index.value.stored,
                statement.bytes.blob,
            ])
        guard row != nil else { throw damage("received", statement.index.value) }
    }
}
