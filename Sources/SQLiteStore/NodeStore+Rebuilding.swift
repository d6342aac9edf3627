public import EventLogs
import GRDB
public import TallystickPrimitives

/// A stored statement with everything that is needed to open it, for reading many in order.
public struct StoredStatement: Sendable {
    /// Its index in its author's log.
    public let index: LeafIndex
    /// The place of its leaf in the register; nil for this agency's own.
    public let registerPosition: UInt64?
    /// The statement.
    public let statement: EventLogs.Statement
    /// The compartments that are here.
    public internal(set) var compartments: [CarriedCompartment] = []
    /// The direct grants that came; none of this agency's own.
    public internal(set) var grants: [[UInt8]] = []
    /// The kept content keys, wrapped.
    public internal(set) var contentKeys: [CompartmentID: [UInt8]] = [:]
}

extension NodeStore {
    /// This agency's own statements from an index on, in order, with their kept keys.
    public func ownStatements(
        of origin: Origin, from first: LeafIndex, limit: Int
    ) throws(EventStoreError) -> [StoredStatement] {
        let end = first.value.bound.addingReportingOverflow(Int64(max(0, limit)))
        let bounds = [first.value.bound, end.overflow ? .max : end.partialValue]
        return try connection.read("read the log") { database in
            var found: [StoredStatement] = []
            try database.forEachRow(
                "SELECT idx, bytes, leaf_hash FROM statements WHERE idx >= ? AND idx < ? ORDER BY idx",
                StatementArguments(bounds)
            ) { row in
                let index = LeafIndex(try row.number(0))
                found.append(
                    StoredStatement(
                        index: index, registerPosition: nil,
                        statement: try NodeStore.statement(row, bytes: 1, hash: 2, part: "statement", index)))
            }
            try NodeStore.addCompartments(
                """
                SELECT idx, compartment, content, wrap, wrapped
                FROM compartments LEFT JOIN content_keys USING (log, idx, compartment)
                WHERE log = \(LogNumbers.query) AND idx >= ? AND idx < ? ORDER BY idx, id
                """, [origin.text] + StatementArguments(bounds), to: &found, by: \.index.value, in: database)
            return found
        }
    }

    /// The statements of other agencies in a part of the register, in its order, with their kept keys.
    public func receivedStatements(in positions: Range<UInt64>) throws(EventStoreError) -> [StoredStatement] {
        let bounds: StatementArguments = [positions.lowerBound.bound, positions.upperBound.bound]
        return try connection.read("read received statements") { database in
            var found: [StoredStatement] = []
            try database.forEachRow(
                """
                SELECT register_position, idx, bytes, leaf_hash, origin
                FROM received JOIN origins USING (log)
                WHERE register_position >= ? AND register_position < ? ORDER BY register_position
                """, bounds
            ) { row in
                let index = LeafIndex(try row.number(1))
                let statement = try NodeStore.statement(row, bytes: 2, hash: 3, part: "received", index)
                guard try row.text(4) == statement.origin.text else { throw damage("received", index.value) }
                found.append(
                    StoredStatement(index: index, registerPosition: try row.number(0), statement: statement))
            }
            try NodeStore.addCompartments(
                """
                SELECT received.register_position, compartments.compartment, content, wrap, wrapped
                FROM received CROSS JOIN compartments USING (log, idx)
                LEFT JOIN content_keys ON content_keys.log = received.log
                    AND content_keys.idx = received.idx
                    AND content_keys.compartment = compartments.compartment
                WHERE received.register_position >= ? AND received.register_position < ?
                ORDER BY received.register_position, compartments.id
                """, bounds, to: &found, by: \.place, in: database)
            var place = 0
            try database.forEachRow(
                """
                SELECT received.register_position, grants.bytes
                FROM received CROSS JOIN grants USING (log, idx)
                WHERE received.register_position >= ? AND received.register_position < ?
                ORDER BY received.register_position, grants.id
                """, bounds
            ) { row in
                let position = try row.number(0)
                while place < found.count, found[place].place < position { place += 1 }
                guard place < found.count, found[place].place == position else { return }
                found[place].grants.append(try row.bytes(1))
            }
            return found
        }
    }

    /// The indexes of this agency's own statements that a register of some size does not hold and did not refuse: those
    /// without an admission, and those admitted beyond it.
    public func pendingIndexes(beyond size: TreeSize) throws(EventStoreError) -> [LeafIndex] {
        try connection.read("read unadmitted statements") { database in
            var found: [LeafIndex] = []
            try database.forEachRow(
                """
                SELECT idx FROM unadmitted
                UNION SELECT idx FROM admissions WHERE register_position >= ? AND accepted = 1 ORDER BY idx
                """, [size.value.bound]
            ) { row in found.append(LeafIndex(try row.number(0))) }
            return found
        }
    }

    private static func statement(
        _ row: Row, bytes: Int, hash: Int, part: String, _ index: LeafIndex
    ) throws -> EventLogs.Statement {
        guard let statement = try? EventLogs.Statement(decoding: try row.bytes(bytes)),
            try row.hash(hash, part: part, index: index.value) == statement.leafHash
        else { throw damage(part, index.value) }
        return statement
    }

    /// Adds compartments and keys to statements; both come in the same order.
    private static func addCompartments(
        _ sql: String, _ arguments: StatementArguments, to found: inout [StoredStatement],
        by key: KeyPath<StoredStatement, UInt64>, in database: Database
    ) throws {
        var place = 0
        try database.forEachRow(sql, arguments) { row in
            let number = try row.number(0)
            while place < found.count, found[place][keyPath: key] < number { place += 1 }
            guard place < found.count, found[place][keyPath: key] == number else { return }
            let id: CompartmentID = try row.id(1, part: "compartment", index: number)
            found[place].compartments.append(
                CarriedCompartment(id: id, content: try row.bytes(2), wrap: try row.optionalBytes(3)))
            if let wrapped = try row.optionalBytes(4) { found[place].contentKeys[id] = wrapped }
        }
    }
}

extension StoredStatement {
    fileprivate var place: UInt64 { registerPosition ?? index.value }
}
