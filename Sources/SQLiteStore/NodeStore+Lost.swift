public import EventLogs
import GRDB
public import TallystickPrimitives

/// A part of an own statement that did not come back when the log did.
public struct LostPart: Hashable, Sendable {
    /// What did not come back.
    public enum Loss: String, CaseIterable, Sendable {
        /// Its bytes: it never left this node.
        case content
        /// The key that opens it: its bytes are here, sealed.
        case key
    }

    /// The statement.
    public let index: LeafIndex
    /// The compartment.
    public let compartment: CompartmentID
    /// Its label.
    public let label: Label
    /// What of it.
    public let loss: Loss

    /// States a loss.
    public init(index: LeafIndex, compartment: CompartmentID, label: Label, loss: Loss) {
        self.index = index
        self.compartment = compartment
        self.label = label
        self.loss = loss
    }
}

extension NodeStore {
    /// Notes what did not come back; noting it again changes nothing.
    public func noteLost(_ parts: [LostPart]) throws(EventStoreError) {
        try connection.write("note what is lost") { database in
            for part in parts {
                try database.run(
                    "INSERT INTO lost (idx, compartment, label, loss) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    [part.index.value.stored, part.compartment.blob, part.label.text, part.loss.rawValue])
            }
        }
    }

    /// What did not come back, in order of the log. What has been destroyed since, because the log says so, is no loss.
    ///
    /// - Parameter origin: the agency's own log.
    public func lostParts(of origin: Origin, limit: Int) throws(EventStoreError) -> [LostPart] {
        try connection.read("read what is lost") { database in
            var found: [LostPart] = []
            try database.forEachRow(
                "SELECT idx, compartment, label, loss FROM lost \(NodeStore.notPurged) ORDER BY idx, compartment LIMIT ?",
                [origin.text, Int64(max(0, limit))]
            ) { row in
                let index = try row.number(0)
                guard let label = Label(try row.text(2)), let loss = LostPart.Loss(rawValue: try row.text(3)) else {
                    throw damage("lost", index)
                }
                found.append(
                    LostPart(
                        index: LeafIndex(index), compartment: try row.id(1, part: "lost", index: index), label: label,
                        loss: loss))
            }
            return found
        }
    }

    /// How many parts did not come back and have not been destroyed since; see `lostParts(of:limit:)`.
    public func lostCount(of origin: Origin) throws(EventStoreError) -> Int {
        try connection.read("count what is lost") { database in
            let row = try database.row("SELECT count(*) FROM lost \(NodeStore.notPurged)", [origin.text])
            return Int(clamping: try row?.number(0) ?? 0)
        }
    }

    /// The next argument is the own log.
    private static let notPurged = """
        WHERE NOT EXISTS (
            SELECT 1 FROM purged WHERE purged.log = \(LogNumbers.query) AND purged.idx = lost.idx
                AND purged.compartment = lost.compartment)
        """

    static func isLost(_ address: CompartmentAddress, in database: Database) throws -> Bool {
        try database.row(
            "SELECT 1 FROM lost WHERE idx = ? AND compartment = ? AND loss = 'content'",
            [address.index.value.stored, address.compartment.blob]) != nil
    }
}
