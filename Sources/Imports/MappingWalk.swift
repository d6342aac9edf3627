import Yams

/// Walks the nodes of a mapping file and gathers what is wrong, each with its place.
struct MappingWalk {
    let file: String
    private(set) var problems: [ImportMappingProblem] = []

    init(file: String) { self.file = file }

    mutating func report(_ fault: ImportMappingProblem.Fault, at mark: Mark?, choices: [String] = []) {
        problems.append(
            ImportMappingProblem(
                file: file, line: mark?.line ?? 0, column: mark?.column ?? 0, fault: fault, choices: choices))
    }

    mutating func report(_ fault: ImportMappingProblem.Fault, at node: Node, choices: [String] = []) {
        report(fault, at: node.mark, choices: choices)
    }

    /// The entries of a mapping whose keys are all among `keys`; nil when it is no mapping.
    mutating func section(_ node: Node, keys: [String]) -> Section? {
        guard let entries = entries(node) else { return nil }
        for entry in entries where !keys.contains(entry.key) {
            let suggestion = Suggestion.nearest(to: entry.key, among: keys)
            report(.unknownKey(entry.key, suggestion: suggestion), at: entry.keyNode, choices: keys)
        }
        return Section(node: node, entries: entries)
    }

    /// All entries of a mapping, whose keys the agency or the mapping's author chooses.
    mutating func entries(_ node: Node) -> [Entry]? {
        guard case .mapping(let mapping) = node, node.tag == Tag(.map) else {
            report(.wrongShape(expected: "keys with values"), at: node)
            return nil
        }
        var entries: [Entry] = []
        for (keyNode, value) in mapping {
            guard let key = text(keyNode) else { continue }
            entries.append(Entry(key: key, keyNode: keyNode, value: value))
        }
        return entries
    }

    /// The items of a list; nil when it is no list.
    mutating func items(_ node: Node) -> [Node]? {
        guard case .sequence(let sequence) = node, node.tag == Tag(.seq) else {
            report(.wrongShape(expected: "a list"), at: node)
            return nil
        }
        return Array(sequence)
    }

    /// A text that no reader of YAML takes for anything else; nil when it is something else.
    mutating func text(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node else {
            report(.wrongShape(expected: "one word or text"), at: node)
            return nil
        }
        guard node.tag == Tag(.str) else {
            let fault = ImportMappingProblem.Fault.needsQuotes(scalar.string)
            report(scalar.style == .plain ? fault : .explicitTag, at: node)
            return nil
        }
        // YAML 1.1 has y and n as truth values; our parser does not, another one may.
        if scalar.style == .plain, ["y", "n"].contains(scalar.string.lowercased()) {
            report(.needsQuotes(scalar.string), at: node)
            return nil
        }
        return scalar.string
    }

    /// A list of different texts.
    mutating func texts(_ node: Node) -> [String] {
        var texts: [String] = []
        for item in items(node) ?? [] {
            guard let text = text(item) else { continue }
            if texts.contains(text) { report(.repeated(text), at: item) }
            texts.append(text)
        }
        return texts
    }

    /// One of the words of a closed list.
    mutating func word<Word>(_ node: Node) -> Word?
    where Word: RawRepresentable<String> & CaseIterable {
        guard let text = text(node) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        let suggestion = Suggestion.nearest(to: text, among: words)
        report(.unknownWord(text, suggestion: suggestion), at: node, choices: words)
        return nil
    }

    /// A plain decimal number, the only place where quotes are not wanted.
    mutating func number(_ node: Node) -> Double? {
        guard case .scalar(let scalar) = node, scalar.style == .plain,
            let value = DecimalText.value(of: scalar.string)
        else {
            report(.wrongShape(expected: "a number"), at: node)
            return nil
        }
        return value
    }

    /// A plain whole number above zero.
    mutating func count(_ node: Node, upTo maximum: Int) -> Int? {
        guard case .scalar(let scalar) = node, scalar.style == .plain,
            let value = DecimalText.integer(of: scalar.string), value > 0, value <= maximum
        else {
            report(.wrongShape(expected: "a whole number from 1 to \(maximum)"), at: node)
            return nil
        }
        return Int(value)
    }

    /// `[lower, upper]`.
    mutating func range(_ node: Node) -> ClosedRange<Double>? {
        guard let items = items(node) else { return nil }
        guard items.count == 2 else {
            report(.wrongShape(expected: "two numbers"), at: node)
            return nil
        }
        guard let lower = number(items[0]), let upper = number(items[1]) else { return nil }
        guard lower <= upper else {
            report(.emptyRange, at: node)
            return nil
        }
        return lower...upper
    }

    /// Whether the tree holds an anchor; looks no deeper, since an alias may repeat without end.
    mutating func refuseAnchors(_ node: Node) -> Bool {
        guard node.anchor == nil else {
            report(.anchor, at: node)
            return true
        }
        switch node {
        case .scalar, .alias: return false
        case .sequence(let sequence): return sequence.contains { refuseAnchors($0) }
        case .mapping(let mapping):
            return mapping.contains { refuseAnchors($0.key) || refuseAnchors($0.value) }
        }
    }

    struct Entry {
        let key: String
        let keyNode: Node
        let value: Node
    }

    struct Section {
        let node: Node
        let entries: [Entry]

        subscript(key: String) -> Node? { entries.first { $0.key == key }?.value }
    }
}
