import Casework
package import DeterministicCBOR
package import TallystickPrimitives

/// The opened fields as the one blob that the views keep of an event.
package enum OpenedFields {
    static func encode(_ fields: EventFields) -> [UInt8] {
        CBOR.map(
            of: fields.map { label, values in
                (.code(label), .map(of: values.map { (.code($0), $1) }))
            }
        ).encoded
    }

    static func decode(_ bytes: [UInt8]) throws -> EventFields {
        var fields: EventFields = [:]
        for labelled in try CBOR(decoding: bytes).entries().pairs {
            var values: [FieldCode: CBOR] = [:]
            for pair in try labelled.value.entries().pairs {
                values[try pair.key.code()] = pair.value
            }
            fields[try labelled.key.code()] = values
        }
        return fields
    }

    /// The words that a search finds, in the order of labels and fields.
    ///
    /// How the victim is reached is not for finding people by, and neither is that they asked for their own data.
    static func searchText(_ fields: EventFields) -> String {
        var words = ""
        for label in fields.keys.sorted() where !unsearchedLabels.contains(label) {
            guard let values = fields[label] else { continue }
            for field in values.keys.sorted() where !unsearched.contains(field) {
                guard case .text(let text) = values[field] else { continue }
                words += text
                words += "\n"
            }
        }
        return words
    }

    /// The value of a field in words for a page.
    package static func words(_ item: CBOR, in field: FieldCode) -> String {
        if case .unsigned(let seconds) = item, instants.contains(field) {
            return Timestamp(wholeSeconds: seconds).description
        }
        return words(item)
    }

    private static func words(_ item: CBOR) -> String {
        switch item {
        case .unsigned(let value): String(value)
        case .negative(let value): value == .max ? "-18446744073709551616" : "-\(value + 1)"
        case .bytes(let bytes): Hex.encode(bytes)
        case .text(let text): text
        case .array(let items): items.map(words).joined(separator: ", ")
        case .map(let map):
            map.pairs.map { "\(words($0.key)): \(words($0.value))" }.joined(separator: ", ")
        case .bool(let value): value ? "yes" : "no"
        case .null: ""
        case .tag18(let inner): words(inner)
        }
    }

    /// The fields that hold an instant in whole seconds.
    private static let instants: Set<FieldCode> = [
        "assessed-at", "contact-confirmed-at", "contact-expires", "aware-at", "hidden-at", "stopped-at", "kept-until",
    ]
    /// The type under which what is left of an entry is shown that was taken back.
    package static let recalledType: EventTypeCode = "recalled"

    /// What is left of a record that was taken back: the case that it belongs to.
    package static func recalled(_ record: [FieldCode: CBOR]) -> [FieldCode: CBOR] {
        var left = record.filter { ["case-agency", "case-stream"].contains($0.key) }
        left["event-type"] = .code(recalledType)
        return left
    }

    private static let unsearchedLabels: Set<Label> = ["safe-contact", "reading", "subject-access"]
    private static let unsearched: Set<FieldCode> = [
        "event-type", "happened-at", "actor", "case-agency", "case-stream", "matrix",
        "computed-band", "judged-band", "consent-state", "access-state", "access-case",
        "access-role", "outcome", "status", "stage",
    ]
}
