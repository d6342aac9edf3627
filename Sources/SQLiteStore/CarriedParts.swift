import EventLogs
import GRDB
import TallystickPrimitives

/// The tables of what travels beside statements: it can be purged, and what is purged is never
/// taken in again.
///
/// Every row is named by its place, so that what is appended together lies together in the file.
enum CarriedParts {
    static let schema = """
        CREATE TABLE compartments (
            id INTEGER PRIMARY KEY,
            log INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            compartment BLOB NOT NULL CHECK (length(compartment) = 16),
            content BLOB NOT NULL,
            wrap BLOB,
            UNIQUE (log, idx, compartment)
        ) STRICT;
        CREATE TABLE purged (
            log INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            compartment BLOB NOT NULL CHECK (length(compartment) = 16),
            PRIMARY KEY (log, idx, compartment)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE grants (
            id INTEGER PRIMARY KEY,
            log INTEGER NOT NULL,
            idx INTEGER NOT NULL,
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            recipient TEXT,
            bytes BLOB NOT NULL,
            UNIQUE (log, idx, hash)
        ) STRICT;

        """

    /// Whether a compartment's content has been destroyed here.
    static func isPurged(_ address: CompartmentAddress, in database: Database) throws -> Bool {
        try database.row(
            """
            SELECT 1 FROM purged WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
            """, address.arguments) != nil
    }

    /// One compartment, by name.
    static func compartment(
        _ address: CompartmentAddress, in database: Database
    ) throws -> CarriedCompartment? {
        let row = try database.row(
            """
            SELECT content, wrap FROM compartments
            WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
            """, address.arguments)
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
            WHERE log = \(LogNumbers.query) AND idx = ? ORDER BY id
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

    /// The grants of one statement that are here, in the order in which they came.
    static func grants(
        origin: Origin, index: LeafIndex, in database: Database
    ) throws -> [[UInt8]] {
        var found: [[UInt8]] = []
        try database.forEachRow(
            "SELECT bytes FROM grants WHERE log = \(LogNumbers.query) AND idx = ? ORDER BY id",
            [origin.text, index.value.stored]
        ) { row in found.append(try row.bytes(0)) }
        return found
    }

    /// Destroys compartments, for good.
    static func purge(_ compartments: [CompartmentAddress], from database: Database) throws {
        var numbers = LogNumbers(database)
        for address in compartments {
            try database.run(
                "INSERT INTO purged (log, idx, compartment) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [
                    try numbers.number(of: address.origin), address.index.value.stored,
                    address.compartment.blob,
                ])
        }
        try drop(compartments, from: database)
    }

    /// Destroys what is here of compartments; they may be given again.
    static func drop(_ compartments: [CompartmentAddress], from database: Database) throws {
        for address in compartments {
            try database.run(
                """
                DELETE FROM compartments
                WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
                """, address.arguments)
        }
    }

    /// Stands in the place of a compartment where the grants of a statement are destroyed for good.
    static let grantsMark = Array(repeating: UInt8(0), count: 16)

    /// Whether the grants of a statement have been destroyed for good.
    static func areGrantsErased(of index: LeafIndex, origin: Origin, in database: Database) throws -> Bool {
        try database.row(
            "SELECT 1 FROM purged WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?",
            [origin.text, index.value.stored, grantsMark.blob]) != nil
    }

    /// Destroys the grants of one statement, for good.
    static func eraseGrants(of index: LeafIndex, origin: Origin, from database: Database) throws {
        var numbers = LogNumbers(database)
        try database.run(
            "INSERT INTO purged (log, idx, compartment) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [try numbers.number(of: origin), index.value.stored, grantsMark.blob])
        try purgeGrants(of: index, origin: origin, from: database)
    }

    /// Destroys the grants of one statement.
    static func purgeGrants(of index: LeafIndex, origin: Origin, from database: Database) throws {
        try database.run(
            "DELETE FROM grants WHERE log = \(LogNumbers.query) AND idx = ?",
            [origin.text, index.value.stored])
    }
}

extension CompartmentAddress {
    /// What `log = LogNumbers.query AND idx = ? AND compartment = ?` asks for.
    var arguments: StatementArguments { [origin.text, index.value.stored, compartment.blob] }
}
