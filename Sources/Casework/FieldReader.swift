package import DeterministicCBOR
import SharingProtocols
package import TallystickPrimitives

/// Takes values from under their labels: strict about what is present, patient about what is not.
package struct FieldReader {
    private var left: EventFields
    private let received: Set<Label>

    /// Starts with everything that was opened.
    package init(_ opened: EventFields) {
        left = opened
        received = Set(opened.keys)
    }

    /// Whether a compartment of this label was opened.
    package func has(_ label: Label) -> Bool { received.contains(label) }

    /// A value, if the field is present.
    package mutating func optional<Value>(
        _ field: FieldCode, _ label: Label, _ read: (CBOR) throws(CBORShapeError) -> Value
    ) throws(EventDecodingError) -> Value? {
        guard let item = left[label]?.removeValue(forKey: field) else { return nil }
        do { return try read(item) } catch {
            throw .wrongShape(field, label, expected: error.expected)
        }
    }

    /// A value that must be present.
    package mutating func required<Value>(
        _ field: FieldCode, _ label: Label, _ read: (CBOR) throws(CBORShapeError) -> Value
    ) throws(EventDecodingError) -> Value {
        guard let value = try optional(field, label, read) else { throw .missing(field, label) }
        return value
    }

    /// Text, if present.
    package mutating func text(
        _ field: FieldCode, _ label: Label
    ) throws(EventDecodingError) -> String? {
        try optional(field, label) { (item) throws(CBORShapeError) in try item.string() }
    }

    /// A code, if present.
    package mutating func code<Tag>(
        _ field: FieldCode, _ label: Label, _ type: Code<Tag>.Type = Code<Tag>.self
    ) throws(EventDecodingError) -> Code<Tag>? {
        try optional(field, label) { (item) throws(CBORShapeError) in try item.code() }
    }

    /// An instant in whole seconds, if present.
    package mutating func seconds(
        _ field: FieldCode, _ label: Label
    ) throws(EventDecodingError) -> Timestamp? {
        try optional(field, label) { (item) throws(CBORShapeError) in try item.seconds() }
    }

    /// A whole number, if present.
    package mutating func count(
        _ field: FieldCode, _ label: Label
    ) throws(EventDecodingError) -> UInt64? {
        try optional(field, label) { (item) throws(CBORShapeError) in try item.unsigned() }
    }

    /// A list; an absent one is empty.
    package mutating func list<Value>(
        _ field: FieldCode, _ label: Label, _ read: (CBOR) throws(CBORShapeError) -> Value
    ) throws(EventDecodingError) -> [Value] {
        let values = try optional(field, label) { (item) throws(CBORShapeError) in
            var values: [Value] = []
            for item in try item.items(atMost: CaseworkLimits.listCount) {
                values.append(try read(item))
            }
            return values
        }
        return values ?? []
    }

    /// One of a closed list of words, if present.
    package mutating func word<Word: RawRepresentable & CaseIterable>(
        _ field: FieldCode, _ label: Label, _ type: Word.Type = Word.self
    ) throws(EventDecodingError) -> Word? where Word.RawValue == String {
        try optional(field, label) { (item) throws(CBORShapeError) in try item.word() }
    }

    /// The part that every event has; nil when the record was not received.
    package mutating func common() throws(EventDecodingError) -> EventCommon? {
        guard has(.record) else { return nil }
        guard let type = try code("event-type", .record, EventTypeCode.self) else {
            throw .missing("event-type", .record)
        }
        let agency = try code("case-agency", .record, AgencyCode.self)
        let stream = try optional("case-stream", .record) { (item) throws(CBORShapeError) in
            try item.id(StreamID.self)
        }
        if agency != nil, stream == nil { throw .missing("case-stream", .record) }
        if stream != nil, agency == nil { throw .missing("case-agency", .record) }
        var reference: CaseReference?
        if let agency, let stream { reference = CaseReference(agency: agency, stream: stream) }
        return EventCommon(
            type: type, happenedAt: try text("happened-at", .record),
            actor: try text("actor", .record), caseReference: reference,
            derivedFrom: try list("derived-from", .record) { (item) throws(CBORShapeError) in
                try item.id(EventID.self)
            })
    }

    /// Refuses any field that nobody took.
    package func finish() throws(EventDecodingError) {
        for label in left.keys.sorted() {
            if let field = left[label]?.keys.min() { throw .unknownField(field, label) }
        }
    }
}

extension CBOR {
    /// One of a closed list of words.
    package func word<Word: RawRepresentable & CaseIterable>(
        _ type: Word.Type = Word.self
    ) throws(CBORShapeError) -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: try string()) else {
            let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw CBORShapeError("one of \(words)")
        }
        return word
    }
}
