/// One JSON object on one line, written member by member (RFC 8259).
struct JSONLine {
    private var members: [String] = []

    mutating func add(_ name: String, _ value: String) {
        members.append("\(JSONLine.quoted(name)):\(JSONLine.quoted(value))")
    }

    mutating func add(_ name: String, count: Int) {
        members.append("\(JSONLine.quoted(name)):\(count)")
    }

    var text: String { "{\(members.joined(separator: ","))}" }

    /// The text in quotation marks, cut to the permitted length, with nothing in it that could end
    /// the line or steer a terminal.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars.prefix(TelemetryLimits.valueLength) {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where isUnsafe(scalar): result += escaped(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        String(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
