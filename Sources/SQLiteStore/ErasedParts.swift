public import EventLogs
import GRDB
public import TallystickPrimitives

/// What an erasure destroys of one stream in a store.
public struct ErasedParts: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// The stream.
    public let stream: StreamID
    /// The compartments whose content, wraps and kept keys go.
    public let compartments: [CompartmentAddress]
    /// The statements whose grants go.
    public let grants: [LeafIndex]

    /// States what is destroyed.
    public init(origin: Origin, stream: StreamID, compartments: [CompartmentAddress], grants: [LeafIndex]) {
        self.origin = origin
        self.stream = stream
        self.compartments = compartments
        self.grants = grants
    }

    func destroy(in database: Database) throws {
        try CarriedParts.purge(compartments, from: database)
        for index in grants { try CarriedParts.eraseGrants(of: index, origin: origin, from: database) }
    }

    /// Whether all of it is marked as destroyed.
    func isDestroyed(in database: Database) throws -> Bool {
        for address in compartments where try !CarriedParts.isPurged(address, in: database) { return false }
        for index in grants where try !CarriedParts.areGrantsErased(of: index, origin: origin, in: database) {
            return false
        }
        return true
    }
}

extension NodeStore {
    /// Destroys what a node has of streams: content, wraps, kept keys, grants and the circles' keys, in this file and in the
    /// log beside it. It is never taken in again. The same call may be repeated. What backups and the disk's own spare blocks
    /// hold is beyond this program; the keys there are under a local key that the caller destroys.
    ///
    /// - Throws: `.unavailable` also when the deletion is done and the log beside the file could not be emptied; repeat the
    ///   call then.
    public func erase(_ parts: [ErasedParts]) throws(EventStoreError) {
        try connection.write("erase") { database in
            for part in parts {
                try part.destroy(in: database)
                try NodeStore.dropKeys(of: part.compartments, in: database)
                try database.run(
                    "DELETE FROM circle_keys WHERE origin = ? AND stream = ?", [part.origin.text, part.stream.blob])
            }
        }
        try connection.emptyWriteAheadLog()
    }

    /// Whether everything of these parts has been destroyed here.
    public func isErased(_ parts: [ErasedParts]) throws(EventStoreError) -> Bool {
        try connection.read("look for what is erased") { database in
            try parts.allSatisfy { try $0.isDestroyed(in: database) }
        }
    }

    /// Every statement of some streams that is here, its own log's and others', in the order of each log: also those that the
    /// register refused, whose content lies here all the same.
    ///
    /// No index leads to them, as people erase now and then: each statement's bytes are looked through once.
    public func statements(
        of streams: Set<StreamID>
    ) throws(EventStoreError) -> [(statement: EventLogs.Statement, index: LeafIndex)] {
        try connection.read("read streams") { database in
            var found: [(EventLogs.Statement, LeafIndex)] = []
            for sql in [
                "SELECT idx, bytes FROM statements ORDER BY idx", "SELECT idx, bytes FROM received ORDER BY log, idx",
            ] {
                try database.forEachRow(sql, []) { row in
                    let bytes = try row.bytes(1)
                    guard let statement = try? EventLogs.Statement(decoding: bytes),
                        streams.contains(statement.payload.stream)
                    else { return }
                    found.append((statement, LeafIndex(try row.number(0))))
                }
            }
            return found
        }
    }
}

extension BrokerStore {
    /// Destroys what authors have destroyed of their own: content, wraps and grants, in this file and in the log beside it.
    /// It is never taken in again. The same call may be repeated.
    ///
    /// - Throws: as `NodeStore.erase(_:)`.
    public func erase(_ parts: [ErasedParts]) throws(EventStoreError) {
        guard !parts.isEmpty else { return }
        try connection.write("erase") { database in
            for part in parts { try part.destroy(in: database) }
        }
        try connection.emptyWriteAheadLog()
    }

    /// Those of a statement's parts that are not here because their author destroyed them, as the hashes that the statement
    /// has of them.
    public func erasedHashes(
        of statement: EventLogs.Statement, at index: LeafIndex
    ) throws(EventStoreError) -> Set<Hash256> {
        try connection.read("look for what is erased") { database in
            var found: Set<Hash256> = []
            for descriptor in statement.payload.compartments {
                let address = CompartmentAddress(
                    origin: statement.origin, index: index, compartment: descriptor.id)
                if try CarriedParts.isPurged(address, in: database) { found.insert(descriptor.contentHash) }
            }
            if !statement.payload.grants.isEmpty,
                try CarriedParts.areGrantsErased(of: index, origin: statement.origin, in: database)
            {
                found.formUnion(statement.payload.grants)
            }
            return found
        }
    }
}

extension NodeStore {
    /// Those of the compartments of which something is here, or was destroyed here for good.
    public func known(_ addresses: [CompartmentAddress]) throws(EventStoreError) -> [CompartmentAddress] {
        try connection.read("look for compartments") { database in
            try addresses.filter { address in
                try database.row(
                    """
                    SELECT 1 FROM compartments WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
                    UNION ALL
                    SELECT 1 FROM content_keys WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
                    UNION ALL
                    SELECT 1 FROM purged WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?
                    LIMIT 1
                    """, address.arguments + address.arguments + address.arguments) != nil
            }
        }
    }
}
