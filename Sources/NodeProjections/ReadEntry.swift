import Casework
import DeterministicCBOR
import EventLogs
import GRDB
import TallystickPrimitives

/// An entry as it was read back.
struct ReadEntry {
    let id: Int64
    let entry: StoredEntry
    let reference: CaseReference?
    let isRefused: Bool

    /// The columns that `init(_:)` reads, in order.
    static let columns = """
        entry.id, origin.text, entry.leaf, entry.position, agency.text, entry.stream,
        entry.sequence, entry.event, entry.kind, entry.issued, entry.opened, entry.withheld,
        entry.control, matter.agency, matter.stream, refused.event IS NOT NULL
        """

    /// Where they come from.
    static let source = """
        entry JOIN name AS origin ON origin.id = entry.origin
        JOIN name AS agency ON agency.id = entry.agency
        LEFT JOIN matter ON matter.id = entry.matter
        LEFT JOIN refused ON refused.event = entry.event
        """

    init(_ row: Row) throws {
        id = row[0]
        let text: String = row[1]
        guard let origin = Origin(text), let kind = StatementKind(rawValue: row.unsigned(8)) else {
            throw NodeViewsError.damaged(part: "entry")
        }
        let milliseconds: Int64 = row[9]
        let withheld: [Label]
        let control: KeptControl
        do {
            withheld = try ReadEntry.labels(try row.optionalBytes(11))
            control = try KeptControl(try row.optionalBytes(12).map { try CBOR(decoding: $0) })
        } catch { throw NodeViewsError.damaged(part: "entry") }
        entry = StoredEntry(
            origin: origin, leaf: row.unsigned(2), position: row.optionalUnsigned(3),
            agency: try row.code(4), stream: try row.id(5), sequence: row.unsigned(6),
            eventID: try row.id(7), kind: kind, issuedAt: Timestamp(milliseconds: milliseconds),
            opened: try row.bytes(10), withheld: withheld, control: control)
        let opener: String? = row[13]
        reference = try opener.map { _ in
            CaseReference(agency: try row.code(13), stream: try row.id(14))
        }
        isRefused = row[15]
    }

    static func labels(_ bytes: [UInt8]?) throws -> [Label] {
        guard let bytes else { return [] }
        return try CBOR(decoding: bytes).items().map { try $0.code() }
    }
}
