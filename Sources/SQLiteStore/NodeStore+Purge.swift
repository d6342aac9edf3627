public import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeStore {
    /// Destroys compartments: content, wraps and kept keys, in this file and in the log beside it.
    ///
    /// They are never taken in again. The same call may be repeated. What backups and the disk's
    /// own spare blocks hold is beyond this program; the keys there are under a local key that the
    /// caller destroys.
    /// - Throws: `.unavailable` also when the deletion is done and the log beside the file could
    ///   not be emptied; repeat the call then.
    public func purge(
        _ compartments: [CompartmentAddress]
    ) throws(EventStoreError) {
        try connection.write("purge") { database in
            try CarriedParts.purge(compartments, from: database)
            try NodeStore.dropKeys(of: compartments, in: database)
        }
        try connection.emptyWriteAheadLog()
    }

    /// Destroys what was given until a day and is over: compartments with their wraps and kept keys,
    /// and the grants of the shares that brought them.
    ///
    /// Unlike what is purged, it is taken in again when its author gives it again.
    /// - Parameter shares: where those shares stand in their author's log, `origin`.
    /// - Throws: as `purge(_:)`.
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
    /// - Throws: as `purge(_:)`.
    public func purgeGrants(of index: LeafIndex, origin: Origin) throws(EventStoreError) {
        try connection.write("purge grants") { database in
            try CarriedParts.purgeGrants(of: index, origin: origin, from: database)
        }
        try connection.emptyWriteAheadLog()
    }
}
