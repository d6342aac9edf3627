import EventLogs
import GRDB
import TallystickPrimitives

/// Writes what travels beside statements, in one transaction.
struct CarriedPartRows {
    private let database: Database
    private var numbers: LogNumbers
    private var compartments: RowWriter
    private var grants: RowWriter

    init(_ database: Database) throws {
        self.database = database
        numbers = LogNumbers(database)
        compartments = try RowWriter(
            """
            INSERT INTO compartments (log, idx, compartment, content, wrap)
            SELECT ?1, ?2, ?3, ?4, ?5
            WHERE NOT EXISTS (SELECT 1 FROM purged WHERE log = ?1 AND idx = ?2 AND compartment = ?3)
            ON CONFLICT (log, idx, compartment) DO NOTHING
            """, in: database)
        grants = try RowWriter(
            """
            INSERT INTO grants (log, idx, hash, recipient, bytes)
            SELECT ?1, ?2, ?3, ?4, ?5
            WHERE NOT EXISTS (SELECT 1 FROM purged WHERE log = ?1 AND idx = ?2 AND compartment = zeroblob(16))
            ON CONFLICT (log, idx, hash) DO NOTHING
            """, in: database)
    }

    /// Stores a compartment, unless it was purged. Storing the same one again changes nothing.
    ///
    /// - Throws: `.damaged` when another content or wrap is stored under this name.
    mutating func add(_ compartment: CarriedCompartment, of address: CompartmentAddress) throws {
        compartments.add(try numbers.number(of: address.origin))
        compartments.add(address.index.value.stored)
        compartments.add(address.compartment.bytes)
        compartments.add(compartment.content)
        compartments.add(compartment.wrap)
        try compartments.write()
        if database.changesCount == 0 { try checkSame(compartment, address) }
    }

    /// What was not stored is stored already, or destroyed.
    private func checkSame(_ compartment: CarriedCompartment, _ address: CompartmentAddress) throws {
        guard try !CarriedParts.isPurged(address, in: database) else { return }
        guard try CarriedParts.compartment(address, in: database) == compartment else {
            throw damage("compartment", address.index.value)
        }
    }

    /// Stores a grant. The hash is computed here, so that the same bytes are stored once.
    mutating func add(
        grant: [UInt8], recipient: AgencyCode?, origin: Origin, index: LeafIndex
    ) throws {
        grants.add(try numbers.number(of: origin))
        grants.add(index.value.stored)
        grants.add(Hash256(hashing: grant).bytes)
        grants.add(recipient?.text)
        grants.add(grant)
        try grants.write()
    }
}
