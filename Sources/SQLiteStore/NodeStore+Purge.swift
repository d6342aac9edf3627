public import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeStore {
    /// Destroys what was given until a day and is over: compartments with their wraps and kept keys,
    /// and the grants of the shares that brought them.
    ///
    /// Unlike what is erased, it is taken in again when its author gives it again.
    /// - Parameter shares: where those shares stand in their author's log, `origin`.
    /// - Throws: as `erase(_:)`.
    public func drop(
        _ compartments: [CompartmentAddress], of origin: Origin, givenBy shares: Set<LeafIndex>
    ) throws(EventStoreError) {
        try connection.write("drop") { database in
            try CarriedParts.drop(compartments, from: database)
            try NodeStore.dropKeys(of: compartments, in: database)
            for index in shares {
                try CarriedParts.purgeGrants(of: index, origin: origin, from: database)
            }
        }
        try connection.emptyWriteAheadLog()
    }

    static func dropKeys(
        of compartments: [CompartmentAddress], in database: Database
    ) throws {
        for address in compartments {
            try database.run(
                """
                DELETE FROM content_keys
                WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
                """, address.arguments)
        }
    }

    /// Destroys the direct grants that came with one statement.
    ///
    /// - Throws: as `erase(_:)`.
    public func purgeGrants(of index: LeafIndex, origin: Origin) throws(EventStoreError) {
        try connection.write("purge grants") { database in
            try CarriedParts.purgeGrants(of: index, origin: origin, from: database)
        }
        try connection.emptyWriteAheadLog()
    }
}
