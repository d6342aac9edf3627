import EventLogs
import GRDB
import TallystickPrimitives

/// The tables of what travels beside statements: it can be purged, and what is purged is never
/// taken in again.
enum CarriedParts {
    static let schema = """
        CREATE TABLE compartments (
            id INTEGER PRIMARY KEY,
            origin TEXT NOT NULL,
            idx INTEGER NOT NULL,
            compartment BLOB NOT NULL CHECK (length(compartment) = 16),
            content BLOB NOT NULL,
            wrap BLOB,
            UNIQUE (origin, idx, compartment)
        ) STRICT;
        CREATE INDEX compartments_by_name ON compartments (compartment);
        CREATE TABLE purged (
            origin TEXT NOT NULL,
            compartment BLOB NOT NULL CHECK (length(compartment) = 16),
            PRIMARY KEY (origin, compartment)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE grants (
            id INTEGER PRIMARY KEY,
            origin TEXT NOT NULL,
            idx INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            recipient TEXT,
            bytes BLOB NOT NULL,
            UNIQUE (origin, idx, hash)
        ) STRICT;

        """

    /// Stores a compartment, unless it was purged. Storing the same one again changes nothing.
    ///
    /// - Throws: `.damaged` when another content or wrap is stored under this name.
    static func add(
        _ compartment: CarriedCompartment, origin: Origin, index: LeafIndex, to database: Database
    ) throws {
        try add(
            [
                AdmittedCompartment(
                    address: CompartmentAddress(origin: origin, index: index, compartment: compartment.id),
                    content: compartment.content, wrap: compartment.wrap)
            ], to: database)
    }

    /// Stores compartments as `add(_:origin:index:to:)` stores one.
    static func add(_ compartments: [AdmittedCompartment], to database: Database) throws {
        var rows = try RowWriter(
            """
            INSERT INTO compartments (origin, idx, compartment, content, wrap)
            SELECT ?1, ?2, ?3, ?4, ?5
            WHERE NOT EXISTS (SELECT 1 FROM purged WHERE origin = ?1 AND compartment = ?3)
            ON CONFLICT (origin, idx, compartment) DO NOTHING
            """, in: database)
        for compartment in compartments {
            rows.add(compartment.address.origin.text)
            rows.add(compartment.address.index.value.stored)
            rows.add(compartment.address.compartment.bytes)
            rows.add(compartment.content)
            rows.add(compartment.wrap)
            try rows.write()
            if database.changesCount == 0 { try checkSame(compartment, in: database) }
        }
    }

    /// What was not stored is stored already, or destroyed.
    private static func checkSame(_ compartment: AdmittedCompartment, in database: Database) throws {
        let address = compartment.address
        guard try !isPurged(address.compartment, of: address.origin, in: database) else { return }
        guard try CarriedParts.compartment(address, in: database) == compartment.carried else {
            throw damage("compartment", address.index.value)
        }
    }

    /// Whether a compartment's content has been destroyed here.
    static func isPurged(
        _ compartment: CompartmentID, of origin: Origin, in database: Database
    ) throws -> Bool {
        try database.row(
            "SELECT 1 FROM purged WHERE origin = ? AND compartment = ?",
            [origin.text, compartment.blob]) != nil
    }

    /// One compartment, by name.
    static func compartment(
        _ address: CompartmentAddress, in database: Database
    ) throws -> CarriedCompartment? {
        let row = try database.row(
            """
            SELECT content, wrap FROM compartments
            WHERE origin = ? AND idx = ? AND compartment = ?
            """,
            [address.origin.text, address.index.value.stored, address.compartment.blob])
        return try row.map { row in
            CarriedCompartment(
                id: address.compartment, content: try row.bytes(0), wrap: try row.optionalBytes(1))
        }
    }

    /// The compartments of one statement that are here, in the order in which they came.
    static func compartments(
        origin: Origin, index: LeafIndex, in database: Database
    ) throws -> [CarriedCompartment] {
        var found: [CarriedCompartment] = []
        try database.forEachRow(
            """
            SELECT compartment, content, wrap FROM compartments
            WHERE origin = ? AND idx = ? ORDER BY id
            """,
            [origin.text, index.value.stored]
        ) { row in
            found.append(
                CarriedCompartment(
                    id: try row.id(0, part: "compartment", index: index.value),
                    content: try row.bytes(1), wrap: try row.optionalBytes(2)))
        }
        return found
    }

    /// Stores a grant. The hash is computed here, so that the same bytes are stored once.
    static func add(
        grant: [UInt8], recipient: AgencyCode?, origin: Origin, index: LeafIndex,
        to database: Database
    ) throws {
        try database.run(
            """
            INSERT INTO grants (origin, idx, hash, recipient, bytes) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (origin, idx, hash) DO NOTHING
            """,
            [
                origin.text, index.value.stored, Hash256(hashing: grant).blob, recipient?.text,
                grant.blob,
            ])
    }

    /// The grants of one statement that are here, in the order in which they came.
    static func grants(
        origin: Origin, index: LeafIndex, in database: Database
    ) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        try database.forEachRow(
            "SELECT bytes FROM grants WHERE origin = ? AND idx = ? ORDER BY id",
            [origin.text, index.value.stored]
        ) { row in found.append(try row.bytes(0)) }
        return found
    }

    /// Destroys compartments of one log, for good.
    static func purge(
        _ compartments: [CompartmentID], of origin: Origin, from database: Database
    ) throws {
        for compartment in compartments {
            try database.run(
                "INSERT INTO purged (origin, compartment) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [origin.text, compartment.blob])
        }
        try drop(compartments, of: origin, from: database)
    }

    /// Destroys what is here of compartments of one log; they may be given again.
    static func drop(
        _ compartments: [CompartmentID], of origin: Origin, from database: Database
    ) throws {
        for compartment in compartments {
            try database.run(
                "DELETE FROM compartments WHERE compartment = ? AND origin = ?",
                [compartment.blob, origin.text])
        }
    }

    /// Destroys the grants of one statement.
    static func purgeGrants(of index: LeafIndex, origin: Origin, from database: Database) throws {
        try database.run(
            "DELETE FROM grants WHERE origin = ? AND idx = ?", [origin.text, index.value.stored])
    }
}
