/// One thing wrong with a mapping file, and where.
public struct ImportMappingProblem: Hashable, Sendable {
    /// The file as the caller named it.
    public let file: String
    /// The line, counted from 1; 0 when the fault lies in the file as a whole.
    public let line: Int
    /// The column, counted from 1; 0 when the fault lies in the file as a whole.
    public let column: Int
    /// What is wrong.
    public let fault: Fault
    /// What may stand there instead, where there is a list of it.
    public let choices: [String]

    /// The kinds of fault.
    public enum Fault: Hashable, Sendable {
        /// The file is longer than `ImportLimits.mappingByteCount`.
        case tooLarge
        /// The bytes are not UTF-8.
        case notUTF8
        /// The text is not YAML; the parser's own words say why.
        case syntax(String)
        /// An anchor, and with it every alias, is refused: a mapping must read as it is written.
        case anchor
        /// An explicit tag such as `!!binary` is refused.
        case explicitTag
        /// A plain word that YAML may read as a truth value, a number, a date or nothing.
        case needsQuotes(String)
        /// Something else must stand here.
        case wrongShape(expected: String)
        /// The key means nothing here.
        case unknownKey(String, suggestion: String?)
        /// The word is none of those that may stand here.
        case unknownWord(String, suggestion: String?)
        /// The key must be there.
        case missingKey(String)
        /// Keys that cannot stand together, or of which exactly one must be there.
        case exactlyOne(of: [String])
        /// The same name stands twice.
        case repeated(String)
        /// The column is not listed under `columns`.
        case unlistedColumn(String, suggestion: String?)
        /// A name that is no field code, or is none of the known ones.
        case badFieldCode(String, suggestion: String?)
        /// A date pattern that cannot be used.
        case badDatePattern(String)
        /// The lower bound lies above the upper one.
        case emptyRange
        /// Two keys of the file contradict each other.
        case contradiction(String)
    }
}

extension ImportMappingProblem: CustomStringConvertible {
    /// `file:line:column: what is wrong; what to do`.
    public var description: String {
        let place = line > 0 ? "\(file):\(line):\(column)" : file
        guard !choices.isEmpty, !fault.hasSuggestion else { return "\(place): \(fault)" }
        return "\(place): \(fault). Here may stand: \(choices.joined(separator: ", "))"
    }
}

extension ImportMappingProblem.Fault: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .tooLarge:
            "the mapping is longer than \(ImportLimits.mappingByteCount) bytes; split it"
        case .notUTF8: "the mapping is not UTF-8; save it as UTF-8"
        case .syntax(let reason): "this is not YAML: \(reason)"
        case .anchor: "anchors and aliases are refused; write the value out"
        case .explicitTag: "tags are refused; remove the word that starts with '!'"
        case .needsQuotes(let text):
            "YAML may read \(text) as something other than text; write \"\(text)\""
        case .wrongShape(let expected): "expected \(expected) here\(example(of: expected))"
        case .unknownKey(let key, let suggestion):
            "the key '\(key)' means nothing here\(hint(suggestion))"
        case .unknownWord(let word, let suggestion):
            "the word '\(word)' means nothing here\(hint(suggestion))"
        case .missingKey(let key): "the key '\(key)' is missing; add it, such as \(example(under: key))"
        case .exactlyOne(let keys): "write exactly one of: \(keys.joined(separator: ", "))"
        case .repeated(let name): "'\(name)' stands twice; remove one"
        case .unlistedColumn(let name, let suggestion):
            "the column '\(name)' is not listed under 'columns'\(hint(suggestion))"
        case .badFieldCode(let text, let suggestion):
            "'\(text)' is no field code we know\(hint(suggestion))"
        case .badDatePattern(let text):
            "'\(text)' is no date pattern; write one such as YYYY-MM, DD/MM/YYYY, M/D/YY H:MM"
        case .emptyRange: "the lower bound lies above the upper one; swap them"
        case .contradiction(let reason): reason
        }
    }

    /// Whether the words name what was probably meant.
    fileprivate var hasSuggestion: Bool {
        switch self {
        case .unknownKey(_, let suggestion), .unknownWord(_, let suggestion), .unlistedColumn(_, let suggestion),
            .badFieldCode(_, let suggestion):
            suggestion != nil
        default: false
        }
    }

    private func example(of expected: String) -> String {
        switch expected {
        case "keys with values": ", such as {column: Reference}"
        case "a list": ", such as [Reference, Date]"
        case "two numbers": ", such as [1, 99]"
        case "a number": ", such as 52.6, without quotation marks"
        default: ""
        }
    }

    private func example(under key: String) -> String {
        switch key {
        case "name": "name: noise-complaints"
        case "format": "format: csv"
        case "columns": "columns: [Reference, Date, Complaint]"
        case "fields": "fields: {summary: {column: Complaint}}"
        case "table": "table: {Noise: noise}"
        case "within": "within: {latitudes: [49.8, 60.9], longitudes: [-8.7, 1.8]}"
        case "latitudes": "latitudes: [49.8, 60.9]"
        case "longitudes": "longitudes: [-8.7, 1.8]"
        case "column": "column: Reference"
        default: "\(key): …"
        }
    }

    private func hint(_ suggestion: String?) -> String {
        suggestion.map { "; did you mean '\($0)'?" } ?? "; remove or correct it"
    }
}

/// Everything wrong with a mapping file; never empty.
public struct ImportMappingProblems: Error, Hashable, Sendable {
    /// The problems, in the order of the file.
    public let problems: [ImportMappingProblem]
}

extension ImportMappingProblems: CustomStringConvertible {
    /// One line for each problem.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}
