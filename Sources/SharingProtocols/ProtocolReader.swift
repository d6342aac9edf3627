import TallystickPrimitives
import Yams

/// One mapping of the file, its keys checked.
struct YAMLSection {
    /// What the section is, for diagnostics.
    let name: String
    /// Where it begins.
    let mark: Mark?
    /// The values by key.
    let values: [String: Node]
}

/// Reads values out of nodes, and collects what is wrong instead of stopping at the first fault.
///
/// A method that returns nil has reported why; the caller carries on to find the next fault.
struct ProtocolReader {
    let file: String
    private(set) var diagnostics: [ProtocolDiagnostic] = []

    init(file: String) { self.file = file }

    mutating func report(_ mark: Mark?, _ message: String, _ hint: String? = nil) {
        guard diagnostics.count < Limits.protocolDiagnosticCount else { return }
        diagnostics.append(
            ProtocolDiagnostic(
                file: file, line: mark?.line ?? 1, column: mark?.column ?? 1, message: message,
                suggestion: hint))
    }

    /// The problems found so far, in the order of the file; nil if there are none.
    var problems: ProtocolProblems? {
        guard !diagnostics.isEmpty else { return nil }
        return ProtocolProblems(
            diagnostics: diagnostics.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }

    /// A mapping with all of `required`, any of `optional`, and nothing else.
    mutating func section(
        _ node: Node, _ name: String, required: [String], optional: [String] = []
    ) -> YAMLSection? {
        guard isPlain(node) else { return nil }
        guard case .mapping(let mapping) = node, node.tagName == .map else {
            report(node.mark, "\(name) must be a section of `key: value` lines")
            return nil
        }
        var values: [String: Node] = [:]
        for (keyNode, value) in mapping {
            guard let key = key(keyNode, in: name, known: required + optional) else { continue }
            if values[key] != nil {
                report(keyNode.mark, "the key `\(key)` stands twice in \(name)", "keep one")
            }
            values[key] = value
        }
        for key in required where values[key] == nil {
            report(mapping.mark, "\(name) lacks `\(key)`", "add a line `\(key): …`")
        }
        return YAMLSection(name: name, mark: mapping.mark, values: values)
    }

    private mutating func key(_ node: Node, in name: String, known: [String]) -> String? {
        guard isPlain(node) else { return nil }
        guard case .scalar(let scalar) = node else {
            report(node.mark, "a key in \(name) must be one word")
            return nil
        }
        if node.tagName == .merge {
            report(node.mark, "merge keys (`<<`) are not allowed", "write the values out again")
            return nil
        }
        guard known.contains(scalar.string) else {
            let key = String(scalar.string.prefix(40))
            report(
                node.mark, "unknown key `\(key)` in \(name)",
                Suggestions.hint(for: key, among: known))
            return nil
        }
        return scalar.string
    }

    /// The entries of a list; a missing one is empty.
    mutating func list(_ section: YAMLSection?, _ key: String) -> [Node] {
        guard let section, let node = section.values[key] else { return [] }
        guard isPlain(node) else { return [] }
        guard case .sequence(let sequence) = node, node.tagName == .seq else {
            report(node.mark, "`\(key)` in \(section.name) must be a list", "write `- ` or `[…]`")
            return []
        }
        guard sequence.count <= Limits.protocolListCount else {
            let limit = Limits.protocolListCount
            report(node.mark, "`\(key)` has \(sequence.count) entries, more than \(limit)")
            return []
        }
        return Array(sequence)
    }

    /// Refuses anchors; true where the node has none.
    mutating func isPlain(_ node: Node) -> Bool {
        guard node.anchor == nil else {
            let hint = "write the value out again where it is needed"
            report(node.mark, "anchors (`&`) and aliases (`*`) are not allowed", hint)
            return false
        }
        return true
    }
}
