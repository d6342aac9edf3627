public import EventLogs
import GRDB
public import TallystickPrimitives

/// The leaves of one volume, in a store.
public struct VolumeLeaves: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// Its leaves of this volume.
    public let leaves: Range<UInt64>

    /// Names them.
    public init(origin: Origin, leaves: Range<UInt64>) {
        self.origin = origin
        self.leaves = leaves
    }
}

/// Takes the bytes out of the rows of a volume. The row stays with its hash, so that trees, counts and proofs stay what they
/// are; entries of the control stream stay whole, because nothing of the log verifies without them.
enum VolumeRows {
    /// A table of statements as a volume's rows are found in it.
    struct Table {
        let name: String
        /// What names the rows of one log; nil where the table has one log alone.
        let condition: String?
        /// What is put in the place of whatever else names a statement.
        let blanks: String

        static let own = Table(name: "statements", condition: nil, blanks: ", event_id = \(VolumeRows.blankEvent)")
        static let received = Table(name: "received", condition: "log = ?", blanks: "")
        static let admitted = Table(name: "statements", condition: "log = ?", blanks: "")

        fileprivate var place: String { (condition.map { $0 + " AND " } ?? "") + "idx >= ? AND idx < ?" }

        fileprivate func arguments(_ log: Int64, _ leaves: Range<UInt64>) -> StatementArguments {
            let bounds: StatementArguments = [leaves.lowerBound.bound, leaves.upperBound.bound]
            return condition == nil ? bounds : [log] + bounds
        }
    }

    /// Sixteen bytes that are nobody's event: the index in digits, so that no two rows are the same.
    fileprivate static let blankEvent = "CAST(printf('%016d', idx) AS BLOB)"

    /// What of a volume a table still has, but for the control stream: indexes and streams.
    static func found(
        _ volume: VolumeLeaves, in table: Table, _ database: Database
    ) throws -> [(index: LeafIndex, stream: StreamID)] {
        let log = try log(of: volume, in: database)
        var found: [(LeafIndex, StreamID)] = []
        try database.forEachRow(
            "SELECT idx, bytes FROM \(table.name) WHERE \(table.place) AND length(bytes) > 0 ORDER BY idx",
            table.arguments(log, volume.leaves)
        ) { row in
            let index = LeafIndex(try row.number(0))
            // What does not read is in nobody's circle, and goes too.
            let stream = (try? EventLogs.Statement(decoding: try row.bytes(1)))?.payload.stream
            if stream != .control { found.append((index, stream ?? .control)) }
        }
        return found
    }

    /// Takes the bytes out of rows, and everything that lies beside them.
    static func empty(
        _ indexes: [LeafIndex], of volume: VolumeLeaves, in table: Table, isNode: Bool, _ database: Database
    ) throws {
        let log = try log(of: volume, in: database)
        // Nothing else ever changes a statement: the trigger is away for these rows, and is back before the transaction ends.
        try without("\(table.name)_update", in: database) {
            for index in indexes {
                try database.run(
                    """
                    UPDATE \(table.name) SET bytes = x''\(table.blanks)
                    WHERE \(table.condition.map { $0 + " AND " } ?? "")idx = ?
                    """, (table.condition == nil ? [] : [log]) + [index.value.stored])
            }
        }
        let beside = ["compartments", "grants", "purged"] + (isNode ? ["content_keys"] : [])
        for index in indexes {
            for name in beside {
                try database.run("DELETE FROM \(name) WHERE log = ? AND idx = ?", [log, index.value.stored])
            }
        }
    }

    /// Runs a change without one trigger, which is as it was before the transaction ends.
    static func without(_ trigger: String, in database: Database, _ body: () throws -> Void) throws {
        let row = try database.row("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", [trigger])
        guard let sql = try row?.text(0) else { throw damage("database", nil) }
        try database.execute(sql: "DROP TRIGGER \(trigger)")
        try body()
        try database.execute(sql: sql)
    }

    /// The number of the volume's log; none has a row beside it where it is 0.
    private static func log(of volume: VolumeLeaves, in database: Database) throws -> Int64 {
        try LogNumbers.find(volume.origin, in: database) ?? 0
    }
}

extension NodeStore {
    /// Destroys what a node has of a volume of any log: entries, what lies beside them, keys, and the links to streams that
    /// end with it. Hashes stay. The same call may be repeated.
    ///
    /// - Parameter isOwn: whether it is a volume of the node's own log.
    /// - Returns: whether anything was there.
    /// - Throws: `.unavailable` also when the deletion is done and the log beside the file could not be emptied; repeat the
    ///   call then.
    @discardableResult
    public func destroy(_ volume: VolumeLeaves, isOwn: Bool) throws(EventStoreError) -> Bool {
        let table = isOwn ? VolumeRows.Table.own : .received
        let count = try connection.write("destroy a volume") { database in
            let found = try VolumeRows.found(volume, in: table, database)
            try VolumeRows.empty(found.map(\.index), of: volume, in: table, isNode: true, database)
            let streams = Set(found.map(\.stream)).subtracting([.control])
            for stream in streams {
                try database.run(
                    "DELETE FROM circle_keys WHERE origin = ? AND stream = ?", [volume.origin.text, stream.blob])
            }
            if isOwn { try NodeStore.forget(streams, in: volume, database) }
            return found.count
        }
        if count > 0 { try connection.emptyWriteAheadLog() }
        return count > 0
    }

    /// Whether nothing of a volume is here that is to be destroyed.
    public func isDestroyed(_ volume: VolumeLeaves, isOwn: Bool) throws(EventStoreError) -> Bool {
        try connection.read("look for a volume") {
            try VolumeRows.found(volume, in: isOwn ? .own : .received, $0).isEmpty
        }
    }

    /// Whether the bytes of an own entry are away while its row is here.
    public func isEmptied(_ index: LeafIndex) throws(EventStoreError) -> Bool {
        try connection.read("look for an entry") { database in
            try database.row("SELECT 1 FROM statements WHERE idx = ? AND length(bytes) = 0", [index.value.stored])
                != nil
        }
    }

    /// Streams of which nothing is left are forgotten with their names; what was lost of the volume's entries too.
    private static func forget(_ streams: Set<StreamID>, in volume: VolumeLeaves, _ database: Database) throws {
        var ended = streams
        try database.forEachRow("SELECT bytes FROM statements WHERE length(bytes) > 0", []) { row in
            guard !ended.isEmpty, let statement = try? EventLogs.Statement(decoding: try row.bytes(0)) else { return }
            ended.remove(statement.payload.stream)
        }
        try VolumeRows.without("streams_delete", in: database) {
            for stream in ended { try database.run("DELETE FROM streams WHERE stream = ?", [stream.blob]) }
        }
        try database.run(
            "DELETE FROM lost WHERE idx >= ? AND idx < ?",
            [volume.leaves.lowerBound.bound, volume.leaves.upperBound.bound])
    }
}

extension BrokerStore {
    /// Destroys what the broker has of a volume; hashes stay. The same call may be repeated.
    ///
    /// - Returns: whether anything was there.
    /// - Throws: as `NodeStore.destroy(_:isOwn:)`.
    @discardableResult
    public func destroy(_ volume: VolumeLeaves) throws(EventStoreError) -> Bool {
        let count = try connection.write("destroy a volume") { database in
            let found = try VolumeRows.found(volume, in: .admitted, database)
            try VolumeRows.empty(found.map(\.index), of: volume, in: .admitted, isNode: false, database)
            return found.count
        }
        if count > 0 { try connection.emptyWriteAheadLog() }
        return count > 0
    }

    /// Whether nothing of a volume is here that is to be destroyed.
    public func isDestroyed(_ volume: VolumeLeaves) throws(EventStoreError) -> Bool {
        try connection.read("look for a volume") { try VolumeRows.found(volume, in: .admitted, $0).isEmpty }
    }
}

/// The volumes that the board's acts in a store let go, for whoever goes through the store by itself. Who signed the acts is
/// checked with every other signature.
struct VolumesOnRecord {
    private var volumes: [Origin: [Range<UInt64>]] = [:]

    init(_ table: String, in database: Database) throws {
        // Every statement names its stream in its header, in hexadecimal digits.
        try database.forEachRow(
            "SELECT bytes FROM \(table) WHERE instr(bytes, ?) > 0", [Array(StreamID.control.hex.utf8).blob]
        ) { row in
            guard let statement = try? EventLogs.Statement(decoding: try row.bytes(0)),
                case .destroy(let act) = statement.payload.control
            else { return }
            let facts = act.decision.facts
            let (first, isTooLarge) = facts.number.multipliedReportingOverflow(by: facts.size)
            let (end, isBeyond) = first.addingReportingOverflow(facts.size)
            if !isTooLarge, !isBeyond { volumes[act.decision.origin, default: []].append(first..<end) }
        }
    }

    func covers(_ index: UInt64, of origin: Origin?) -> Bool {
        origin.flatMap { volumes[$0] }?.contains { $0.contains(index) } ?? false
    }
}

extension VolumeDestruction {
    /// The leaves that go; nil for a volume beyond every log.
    public var leaves: VolumeLeaves? {
        VolumeWidth(facts.size)?.leaves(of: facts.number).map { VolumeLeaves(origin: origin, leaves: $0) }
    }
}
