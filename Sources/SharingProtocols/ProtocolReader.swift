import TallystickPrimitives
import Yams

/// One mapping of the file, its keys checked.
struct YAMLSection {
    /// The keys it may have, and what may stand at each.
    let grammar: SectionGrammar
    /// What the section is, for diagnostics.
    var name: String { grammar.name }
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
    /// What the file has declared so far, for the keys that name it.
    var names: [NameScope: [String]] = [:]

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

    /// A mapping with all the keys that its grammar requires, any of the others, and nothing else.
    mutating func section(_ node: Node, _ grammar: SectionGrammar) -> YAMLSection? {
        guard isPlain(node) else { return nil }
        guard case .mapping(let mapping) = node, node.tagName == .map else {
            report(node.mark, "\(grammar.name) must be a section of `key: value` lines")
            return nil
        }
        var values: [String: Node] = [:]
        for (keyNode, value) in mapping {
            guard let key = key(keyNode, in: grammar) else { continue }
            if values[key] != nil {
                report(keyNode.mark, "the key `\(key)` stands twice in \(grammar.name)", "keep one")
            }
            values[key] = value
        }
        for key in grammar.keys where key.isRequired && values[key.name] == nil {
            report(mapping.mark, "\(grammar.name) lacks `\(key.name)`", "add a line `\(key.name): …`")
        }
        return YAMLSection(grammar: grammar, mark: mapping.mark, values: values)
    }

    /// The section at a key.
    mutating func section(_ outer: YAMLSection?, _ key: String) -> YAMLSection? {
        guard let outer, let node = outer.values[key], case .section(let grammar)? = outer.grammar.shape(of: key)
        else { return nil }
        return section(node, grammar)
    }

    /// The sections of a list, each with its place.
    mutating func sections(_ outer: YAMLSection?, _ key: String) -> [(node: Node, section: YAMLSection)] {
        guard case .list(.section(let grammar), _)? = outer?.grammar.shape(of: key) else { return [] }
        return list(outer, key).compactMap { node in section(node, grammar).map { (node, $0) } }
    }

    private mutating func key(_ node: Node, in grammar: SectionGrammar) -> String? {
        let name = grammar.name
        let known = grammar.keys.map(\.name)
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
        if sequence.isEmpty, case .list(_, mayBeEmpty: false)? = section.grammar.shape(of: key) {
            report(node.mark, "`\(key)` in \(section.name) lists nothing", "write what belongs there, or drop the line")
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
