import TallystickPrimitives
import Yams

/// The top mapping of a protocol file, parsed by the YAML library and not yet trusted.
struct YAMLDocument {
    /// The top mapping.
    let root: Node
    /// Keeps the anchors alive, which nodes hold weakly, so that the reader can refuse them.
    private let parser: Parser

    /// Checks size and encoding first, then the text, then parses it.
    /// - Throws: `ProtocolProblems` with at least one diagnostic.
    init(_ bytes: [UInt8], file: String) throws(ProtocolProblems) {
        func problem(_ message: String, _ hint: String?) -> ProtocolProblems {
            let found = ProtocolDiagnostic(
                file: file, line: 1, column: 1, message: message, suggestion: hint)
            return ProtocolProblems(diagnostics: [found])
        }
        guard bytes.count <= Limits.protocolByteCount else {
            let limit = Limits.protocolByteCount
            throw problem("the file has \(bytes.count) bytes, more than \(limit)", "shorten it")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw problem("the file is not UTF-8 text", "save it again as UTF-8")
        }
        let findings = YAMLScan(text).findings
        guard findings.isEmpty else {
            throw ProtocolProblems(
                diagnostics: findings.map {
                    ProtocolDiagnostic(
                        file: file, line: $0.line, column: $0.column, message: $0.message,
                        suggestion: $0.hint)
                })
        }
        do {
            parser = try Parser(yaml: text, encoding: .utf8)
            guard let node = try parser.singleRoot() else {
                throw problem("the file is empty", "start from a protocol in `protocols/`")
            }
            root = node
        } catch let error as ProtocolProblems {
            throw error
        } catch {
            throw ProtocolProblems(diagnostics: [YAMLDocument.diagnose(error, file: file)])
        }
    }

    private static func diagnose(_ error: any Error, file: String) -> ProtocolDiagnostic {
        func diagnostic(_ mark: Mark?, _ message: String, _ hint: String?) -> ProtocolDiagnostic {
            ProtocolDiagnostic(
                file: file, line: max(1, mark?.line ?? 1), column: max(1, mark?.column ?? 1),
                message: message, suggestion: hint)
        }
        switch error {
        case YamlError.scanner(_, let problem, let mark, _),
            YamlError.parser(_, let problem, let mark, _):
            return diagnostic(mark, "this is not YAML: \(problem)", advice(for: problem))
        case YamlError.composer(_, let problem, let mark, _):
            return diagnostic(mark, "this is not YAML we accept: \(problem)", advice(for: problem))
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.map { "`\($0)`" }.joined(separator: ", ")
            return diagnostic(
                context.mark, "the key \(keys) stands twice in one section", "keep one of the two")
        default:
            return diagnostic(nil, "this is not YAML", "compare with a protocol in `protocols/`")
        }
    }

    private static func advice(for problem: String) -> String? {
        switch problem {
        case let text where text.contains("alias"): "write the value out again"
        case let text where text.contains("another document"):
            "keep one protocol in a file, without `---` lines between"
        case let text where text.contains("mapping values are not allowed"):
            "put quotes round a text that holds a colon"
        default: "check quotes, colons and the indentation of this line and the one before"
        }
    }
}
