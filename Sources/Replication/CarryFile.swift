import DeterministicCBOR
import EventLogs
public import TallystickPrimitives

/// What one agency's node gives another's by file while the broker is away: statements of its log, with what of them is
/// for that agency alone (`docs/carry-file.md`).
///
/// Nothing in it is believed because it is in it: every statement bears its author's signature, and none of them is
/// admitted yet.
public struct CarryFile: Hashable, Sendable {
    /// A statement with its place in its log.
    public struct Entry: Hashable, Sendable {
        /// Its index.
        public let index: LeafIndex
        /// The statement and what travels with it to this recipient.
        public let statement: CarriedStatement

        /// States an entry.
        public init(index: LeafIndex, statement: CarriedStatement) {
            self.index = index
            self.statement = statement
        }
    }

    /// Whom it is for.
    public let recipient: AgencyCode
    /// The log.
    public let origin: Origin
    /// The statements, in ascending order of their indexes; there may be gaps between them.
    public let entries: [Entry]

    private static let form = "tallystick/carry/v1"

    /// States a file.
    public init(recipient: AgencyCode, origin: Origin, entries: [Entry]) {
        self.recipient = recipient
        self.origin = origin
        self.entries = entries
    }

    /// The file's bytes.
    public var encoded: [UInt8] {
        CBOR.array([
            .text(CarryFile.form), .code(recipient), .origin(origin),
            .array(entries.map { .array([.unsigned($0.index.value), $0.statement.item]) }),
        ]).encoded
    }

    /// Decodes a file; nothing in it is verified yet.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let items = try wireItems(bytes, limit: Limits.requestByteCount)
        guard items.count == 4, items[0] == .text(CarryFile.form) else { throw .shape("a carry file of form 1") }
        (recipient, origin, entries) = try wireShape { () throws(CBORShapeError) in
            var entries: [Entry] = []
            for item in try items[3].items(atMost: Limits.pageStatementCount) {
                let parts = try item.items(count: 2)
                let entry = Entry(
                    index: LeafIndex(try parts[0].unsigned()), statement: try CarriedStatement(parts[1]))
                guard entries.last.map({ $0.index < entry.index }) ?? true else {
                    throw CBORShapeError("statements in ascending order")
                }
                entries.append(entry)
            }
            guard !entries.isEmpty else { throw CBORShapeError("at least one statement") }
            return (try items[1].code(), try items[2].origin(), entries)
        }
    }
}
