package import DeterministicCBOR
import SharingProtocols
package import TallystickPrimitives

/// Puts values under their labels; absent values leave no field, and no field leaves no label.
package struct FieldWriter {
    /// What was put.
    package private(set) var fields: EventFields = [:]

    /// Starts with the part that every event has.
    package init(_ common: EventCommon) {
        put("event-type", .record, .code(common.type))
        text("happened-at", .record, common.happenedAt)
        text("actor", .record, common.actor)
        code("case-agency", .record, common.caseReference?.agency)
        put("case-stream", .record, common.caseReference.map { .id($0.stream) })
        list("derived-from", .record, common.derivedFrom.map(CBOR.id))
    }

    /// Puts a value, if there is one.
    package mutating func put(_ field: FieldCode, _ label: Label, _ value: CBOR?) {
        if let value { fields[label, default: [:]][field] = value }
    }

    /// Puts text, if there is some.
    package mutating func text(_ field: FieldCode, _ label: Label, _ value: String?) {
        put(field, label, value.map(CBOR.text))
    }

    /// Puts a code, if there is one.
    package mutating func code<Tag>(_ field: FieldCode, _ label: Label, _ value: Code<Tag>?) {
        put(field, label, value.map(CBOR.code))
    }

    /// Puts a whole number, if there is one.
    package mutating func count(_ field: FieldCode, _ label: Label, _ value: UInt64?) {
        put(field, label, value.map(CBOR.unsigned))
    }

    /// Puts a list; an empty one leaves no field.
    package mutating func list(_ field: FieldCode, _ label: Label, _ values: [CBOR]) {
        put(field, label, values.isEmpty ? nil : .array(values))
    }
}
