public import EventLogs
import GRDB
public import TallystickPrimitives

extension NodeStore {
    /// Queues what was found wrong in received statements, for the next RECEIVED; the same finding
    /// once.
    public func queueFindings(_ findings: [ReceivedFinding]) throws(EventStoreError) {
        try connection.write("queue findings") { database in
            for finding in findings {
                try database.run(
                    """
                    INSERT INTO findings (origin, idx, finding) VALUES (?, ?, ?)
                    ON CONFLICT DO NOTHING
                    """,
                    [finding.origin.text, finding.index.value.stored, finding.finding.text])
            }
        }
    }

    /// The queued findings about one author's log, oldest statement first; they stay queued.
    public func queuedFindings(
        author: Origin, limit: Int = Limits.findingCount
    ) throws(EventStoreError) -> [ReceivedFinding] {
        try connection.read("read findings") { database in
            var found: [ReceivedFinding] = []
            try database.forEachRow(
                "SELECT idx, finding FROM findings WHERE origin = ? ORDER BY idx, finding LIMIT ?",
                [author.text, Int64(max(0, limit))]
            ) { row in
                let index = LeafIndex(try row.number(0))
                guard let code = ReasonCode(try row.text(1)) else {
                    throw damage("finding", index.value)
                }
                found.append(ReceivedFinding(origin: author, index: index, finding: code))
            }
            return found
        }
    }

    /// Takes findings from the queue, once the RECEIVED that carries them is durable.
    public func removeFindings(_ findings: [ReceivedFinding]) throws(EventStoreError) {
        try connection.write("remove findings") { database in
            for finding in findings {
                try database.run(
                    "DELETE FROM findings WHERE origin = ? AND idx = ? AND finding = ?",
                    [finding.origin.text, finding.index.value.stored, finding.finding.text])
            }
        }
    }
}
