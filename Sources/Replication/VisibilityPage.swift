import DeterministicCBOR
import TallystickPrimitives

/// The answer to `GET /v1/visibility`: coded pointers, never a stream, a name or a day.
public struct VisibilityPage: Hashable, Sendable {
    /// One pointer.
    public struct Entry: Hashable, Sendable {
        /// Who holds something, or `ask the contact`.
        public let agency: String
        /// Ward or LSOA.
        public let area: String?
        /// The kind of behaviour.
        public let category: String?
        /// The week, by its Monday.
        public let week: String?

        /// States a pointer.
        public init(agency: String, area: String?, category: String?, week: String?) {
            self.agency = agency
            self.area = area
            self.category = category
            self.week = week
        }
    }

    /// The pointers.
    public let entries: [Entry]

    /// States a page.
    public init(entries: [Entry]) { self.entries = entries }

    /// The body's bytes.
    public var encoded: [UInt8] {
        CBOR.array(
            entries.map { entry in
                .array([
                    .text(entry.agency), .optional(entry.area, CBOR.text), .optional(entry.category, CBOR.text),
                    .optional(entry.week, CBOR.text),
                ])
            }
        ).encoded
    }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let items = try wireItems(bytes, limit: Limits.requestByteCount)
        entries = try wireShape { () throws(CBORShapeError) in
            var list: [Entry] = []
            for item in items {
                let parts = try item.items(count: 4)
                list.append(
                    Entry(
                        agency: try parts[0].string(), area: try parts[1].orNil?.string(),
                        category: try parts[2].orNil?.string(), week: try parts[3].orNil?.string()))
            }
            return list
        }
    }
}
