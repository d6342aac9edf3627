public import EventLogs
import GRDB
import TallystickPrimitives

/// One kept key, for whoever tries which local key opens it.
public enum KeptSample: Sendable {
    /// A content key, wrapped.
    case content([UInt8])
    /// A circle key, wrapped.
    case circle([UInt8])
}

extension NodeStore {
    /// Some of the kept keys, for whoever tries which local key opens them: more than one, because one may be damaged.
    public func keptSamples() throws(EventStoreError) -> [KeptSample] {
        try connection.read("read kept keys") { database in
            var samples: [KeptSample] = []
            try database.forEachRow("SELECT wrapped FROM content_keys LIMIT ?", [NodeStore.sampleCount]) { row in
                samples.append(.content(try row.bytes(0)))
            }
            try database.forEachRow("SELECT wrapped FROM circle_keys LIMIT ?", [NodeStore.sampleCount]) { row in
                samples.append(.circle(try row.bytes(0)))
            }
            return samples
        }
    }

    private static let sampleCount: Int64 = 4

    /// Wraps every kept key anew, all of them or none.
    ///
    /// - Parameters:
    ///   - content: gives a content key's new wrap for its former one.
    ///   - circle: gives a circle key's.
    /// - Returns: how many there were.
    /// - Throws: `.damaged` with part `kept-key` where one does not open; nothing has changed then.
    public func rewrapKeys(
        content: ([UInt8]) throws -> [UInt8], circle: ([UInt8]) throws -> [UInt8]
    ) throws(EventStoreError) -> Int {
        try connection.write("wrap keys anew") { database in
            try NodeStore.rewrap("content_keys", key: "log, idx, compartment", in: database, content)
                + NodeStore.rewrap("circle_keys", key: "origin, stream, label, epoch", in: database, circle)
        }
    }

    private static func rewrap(
        _ table: String, key: String, in database: Database, _ wrap: ([UInt8]) throws -> [UInt8]
    ) throws -> Int {
        let columns = key.split(separator: ", ")
        let place = columns.map { "\($0) = ?" }.joined(separator: " AND ")
        let rows = try Row.fetchAll(database, sql: "SELECT wrapped, \(key) FROM \(table)")
        for row in rows {
            guard let wrapped = try? wrap(try row.bytes(0)) else { throw damage("kept-key", nil) }
            let values: [DatabaseValue] = [wrapped.blob.databaseValue] + (1...columns.count).map { row[$0] }
            try database.run("UPDATE \(table) SET wrapped = ? WHERE \(place)", StatementArguments(values))
        }
        return rows.count
    }
}
