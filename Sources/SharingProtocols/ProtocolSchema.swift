import TallystickPrimitives

/// The schema of protocol files for editors, made from the same tables as the parser.
///
/// It knows what may stand where, and every closed list. Whether names that a file declares are used rightly, and whether
/// its parts fit each other, only `SharingProtocol(parsing:file:)` can tell.
public enum ProtocolSchema {
    /// The schema as JSON text (draft 2020-12), with a line feed at the end.
    public static var json: String {
        let head: [(String, SchemaValue)] = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("Tallystick sharing protocol, format 2")),
            ("description", .text("See docs/protocols.md. Made by `tallystick protocol schema`.")),
        ]
        return SchemaValue.object(head + SectionGrammar.file.schemaMembers).text(indent: 0) + "\n"
    }
}

extension SectionGrammar {
    fileprivate var schemaMembers: [(String, SchemaValue)] {
        let properties = keys.map { key in
            (key.name, SchemaValue.object([("description", .text(key.meaning))] + key.shape.schemaMembers))
        }
        return [
            ("type", .text("object")), ("additionalProperties", .truth(false)),
            ("required", .list(keys.filter(\.isRequired).map { .text($0.name) })),
            ("properties", .object(properties)),
        ]
    }
}

extension ValueShape {
    private static var codeMembers: [(String, SchemaValue)] {
        [
            ("type", .text("string")), ("pattern", .text("^[a-z0-9-]{1,\(Limits.codeLength)}$")),
        ]
    }

    fileprivate var schemaMembers: [(String, SchemaValue)] {
        switch self {
        case .text:
            [
                ("type", .text("string")), ("minLength", .number(1)),
                ("maxLength", .number(Limits.protocolTextLength)),
            ]
        case .code, .named: ValueShape.codeMembers
        case .known: [("enum", .list((knownCodes ?? []).map { .text($0) }))]
        case .choice(let words): [("enum", .list(words.map { .text($0) }))]
        case .number(let range):
            [
                ("type", .text("integer")), ("minimum", .number(range.lowerBound)),
                ("maximum", .number(range.upperBound)),
            ]
        case .date: [("type", .text("string")), ("pattern", .text("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
        case .roles:
            [
                (
                    "oneOf",
                    .list([
                        .object([("const", .text("all"))]),
                        .object(ValueShape.list(of: .known("role")).schemaMembers),
                    ])
                )
            ]
        case .list(let entry, let mayBeEmpty):
            [
                ("type", .text("array")), ("minItems", .number(mayBeEmpty ? 0 : 1)),
                ("maxItems", .number(Limits.protocolListCount)), ("uniqueItems", .truth(true)),
                ("items", .object(entry.schemaMembers)),
            ]
        case .section(let grammar): grammar.schemaMembers
        }
    }
}

/// A piece of JSON whose members keep their order, so that the schema's text is always the same.
private indirect enum SchemaValue {
    case text(String)
    case number(Int)
    case truth(Bool)
    case list([SchemaValue])
    case object([(String, SchemaValue)])

    func text(indent: Int) -> String {
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .text(let words): return SchemaValue.quoted(words)
        case .number(let value): return String(value)
        case .truth(let value): return value ? "true" : "false"
        case .list(let values):
            let parts = values.map { $0.text(indent: indent + 2) }
            let line = "[" + parts.joined(separator: ", ") + "]"
            guard line.count + indent > 100 || parts.contains(where: { $0.contains("\n") }) else { return line }
            return "[\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n\(outer)]"
        case .object(let members):
            let lines = members.map { "\(inner)\(SchemaValue.quoted($0)): \($1.text(indent: indent + 2))" }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        }
    }

    private static func quoted(_ words: String) -> String {
        let escaped = words.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"\(escaped)\""
    }
}
