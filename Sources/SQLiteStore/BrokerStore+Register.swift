public import EventLogs
import GRDB
public import TallystickPrimitives
public import TransparencyLog

extension BrokerStore {
    /// The register's head note; nil before the first leaf.
    public func registerHeadNote() throws(EventStoreError) -> [UInt8]? {
        try connection.read("read the register head") { try BrokerStore.register.headNote($0) }
    }

    /// A node of the register, for proofs.
    public func registerNode(_ coordinate: NodeCoordinate) throws(EventStoreError) -> Hash256 {
        try connection.read("read a node") { try BrokerStore.register.node(coordinate, in: $0) }
    }

    /// Register leaves in order of position.
    public func registerLeaves(from: UInt64, limit: Int) throws(EventStoreError) -> [[UInt8]] {
        try connection.read("read the register") { database in
            var found: [[UInt8]] = []
            try database.forEachRow(
                """
                SELECT bytes FROM register_leaves WHERE position >= ? ORDER BY position LIMIT ?
                """,
                [from.bound, Int64(max(0, limit))]
            ) { row in found.append(try row.bytes(0)) }
            return found
        }
    }

    /// One log; nil if nothing of it has been admitted.
    public func logState(_ origin: Origin) throws(EventStoreError) -> LogState? {
        try connection.read("read a log's state") { try BrokerStore.logState(origin, in: $0) }
    }

    /// All logs, in order of origin.
    public func allLogs() throws(EventStoreError) -> [LogState] {
        try connection.read("read all logs") { database in
            var found: [LogState] = []
            try database.forEachRow(
                "SELECT origin, size, frontier, note FROM logs JOIN origins USING (log) ORDER BY origin", []
            ) { row in found.append(try BrokerStore.logState(row)) }
            return found
        }
    }

    static func logState(_ origin: Origin, in database: Database) throws -> LogState? {
        try database.row(
            """
            SELECT origin, size, frontier, note FROM logs JOIN origins USING (log) WHERE origin = ?
            """, [origin.text]
        ).map(logState)
    }

    private static func logState(_ row: Row) throws -> LogState {
        let nodes = try row.bytes(2).hashes
        let size = TreeSize(try row.number(1))
        guard let frontier = try? TreeFrontier(size: size, nodes: nodes) else {
            throw damage("log", nil)
        }
        return LogState(
            origin: try row.origin(0, part: "log"), frontier: frontier, headNote: try row.bytes(3))
    }
}

extension BrokerStore {
    /// One compartment; nil if it never came or has been purged.
    public func compartment(
        _ address: CompartmentAddress
    ) throws(EventStoreError) -> CarriedCompartment? {
        try connection.read("read a compartment") {
            try CarriedParts.compartment(address, in: $0)
        }
    }

    /// Those of the compartments that are here, by address.
    public func compartments(
        _ addresses: [CompartmentAddress]
    ) throws(EventStoreError) -> [CompartmentAddress: CarriedCompartment] {
        try connection.read("read compartments") { database in
            var found: [CompartmentAddress: CarriedCompartment] = [:]
            for address in addresses {
                found[address] = try CarriedParts.compartment(address, in: database)
            }
            return found
        }
    }

    /// All compartments of one statement that are here.
    public func compartments(
        origin: Origin, index: LeafIndex
    ) throws(EventStoreError) -> [CarriedCompartment] {
        try connection.read("read compartments") {
            try CarriedParts.compartments(origin: origin, index: index, in: $0)
        }
    }

    /// Every grant of one statement, in the order in which they were admitted.
    public func grants(origin: Origin, index: LeafIndex) throws(EventStoreError) -> [[UInt8]] {
        try connection.read("read grants") { database in
            try CarriedParts.grants(origin: origin, index: index, in: database)
        }
    }

    /// The grants of one statement that are for one recipient.
    public func grants(
        origin: Origin, index: LeafIndex, recipient: AgencyCode
    ) throws(EventStoreError) -> [[UInt8]] {
        try connection.read("read grants") { database in
            var found: [[UInt8]] = []
            try database.forEachRow(
                """
                SELECT bytes FROM grants
                WHERE log = \(LogNumbers.query) AND idx = ? AND recipient = ? ORDER BY id
                """,
                [origin.text, index.value.stored, recipient.text]
            ) { row in found.append(try row.bytes(0)) }
            return found
        }
    }
}
