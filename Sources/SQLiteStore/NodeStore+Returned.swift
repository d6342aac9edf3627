public import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeStore {
    /// Notes own statements that come back from others: whoever had this log's keys may have written them elsewhere.
    public func noteReturned(_ indexes: some Sequence<LeafIndex>) throws(EventStoreError) {
        try connection.write("note what came back") { database in
            for index in indexes { try NodeStore.noteReturned(index, in: database) }
        }
    }

    /// The own statements that came back from others, ascending.
    public func returnedIndexes() throws(EventStoreError) -> [LeafIndex] {
        try connection.read("read what came back") { database in
            var found: [LeafIndex] = []
            try database.forEachRow("SELECT idx FROM returned ORDER BY idx", []) { row in
                found.append(LeafIndex(try row.number(0)))
            }
            return found
        }
    }

    static func noteReturned(_ index: LeafIndex, in database: Database) throws {
        try database.run("INSERT INTO returned (idx) VALUES (?) ON CONFLICT DO NOTHING", [index.value.stored])
    }
}
