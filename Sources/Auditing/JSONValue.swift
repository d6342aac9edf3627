/// A value of JSON (RFC 8259) with its keys in the order in which they are given, so that a report
/// is the same bytes every time.
enum JSONValue {
    case text(String)
    case number(UInt64)
    case flag(Bool)
    case list([JSONValue])
    case object([(String, JSONValue)])
    case null

    /// The text, without spaces, with a line feed at the end.
    var document: String { rendered + "\n" }

    private var rendered: String {
        switch self {
        case .text(let text): JSONValue.quoted(text)
        case .number(let number): String(number)
        case .flag(let flag): flag ? "true" : "false"
        case .list(let values): "[" + values.map(\.rendered).joined(separator: ",") + "]"
        case .object(let pairs):
            "{" + pairs.map { "\(JSONValue.quoted($0.0)):\($0.1.rendered)" }.joined(separator: ",")
                + "}"
        case .null: "null"
        }
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }
}

extension JSONValue {
    /// A value's description as text.
    static func text(of value: some CustomStringConvertible) -> JSONValue {
        .text(value.description)
    }

    /// A value, or null.
    static func optional<Value>(_ value: Value?, _ render: (Value) -> JSONValue) -> JSONValue {
        value.map(render) ?? .null
    }
}
