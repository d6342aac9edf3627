public import EventLogs
import GRDB
public import TallystickPrimitives

extension BrokerStore {
    /// The leaf hashes of one log in order, for its proofs.
    public func leafHashes(
        of origin: Origin, from index: LeafIndex, limit: Int
    ) throws(EventStoreError) -> [Hash256] {
        try connection.read("read leaf hashes") { database in
            var found: [Hash256] = []
            try database.forEachRow(
                """
                SELECT leaf_hash FROM statements
                WHERE log = \(LogNumbers.query) AND idx >= ? ORDER BY idx LIMIT ?
                """,
                [origin.text, index.value.bound, Int64(max(0, limit))]
            ) { row in found.append(try row.hash(0, part: "leaf-hash")) }
            return found
        }
    }
}
