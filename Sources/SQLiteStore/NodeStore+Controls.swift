public import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeStore {
    /// The statements of the log's own control stream, in index order, without what travels with them.
    ///
    /// They are few, and no index leads to them: each statement's bytes are looked through once, for a start of a node and
    /// for a change of its keys.
    public func controlStatements() throws(EventStoreError) -> [(index: LeafIndex, statement: EventLogs.Statement)] {
        try connection.read("read the control stream") { database in
            var found: [(index: LeafIndex, statement: EventLogs.Statement)] = []
            // Every statement names its stream in its header, in hexadecimal digits.
            try database.forEachRow(
                "SELECT idx, bytes FROM statements WHERE instr(bytes, ?) > 0 ORDER BY idx",
                [Array(StreamID.control.hex.utf8).blob]
            ) { row in
                let index = LeafIndex(try row.number(0))
                guard let statement = try? EventLogs.Statement(decoding: try row.bytes(1)) else {
                    throw damage("statement", index.value)
                }
                if statement.payload.stream == .control { found.append((index, statement)) }
            }
            return found
        }
    }

    /// The control statements of another log that came here, with their register positions, in the order of that log.
    public func receivedControls(
        of origin: Origin
    ) throws(EventStoreError) -> [(index: LeafIndex, position: UInt64, statement: EventLogs.Statement)] {
        try connection.read("read a control stream") { database in
            var found: [(index: LeafIndex, position: UInt64, statement: EventLogs.Statement)] = []
            try database.forEachRow(
                """
                SELECT idx, register_position, bytes FROM received
                WHERE log = \(LogNumbers.query) AND instr(bytes, ?) > 0 ORDER BY idx
                """, [origin.text, Array(StreamID.control.hex.utf8).blob]
            ) { row in
                let index = LeafIndex(try row.number(0))
                guard let statement = try? EventLogs.Statement(decoding: try row.bytes(2)) else {
                    throw damage("received", index.value)
                }
                if statement.payload.stream == .control { found.append((index, try row.number(1), statement)) }
            }
            return found
        }
    }
}
