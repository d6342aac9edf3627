import TallystickPrimitives
import Yams

extension ProtocolReader {
    /// The text of a key that must be there.
    mutating func text(_ section: YAMLSection?, _ key: String) -> String? {
        guard let section, let node = section.values[key] else { return nil }
        return text(node, "`\(key)`")
    }

    /// One text; a word that YAML takes for something else is refused with its quoted form.
    mutating func text(_ node: Node, _ what: String) -> String? {
        guard let scalar = scalar(node, what) else { return nil }
        let tag = node.tagName
        guard tag == .str else {
            let kind = ProtocolReader.kinds[tag] ?? "something else"
            if tag == .null {
                report(node.mark, "nothing is written at \(what)", "write a text, or drop the line")
            } else if scalar.style == .plain {
                report(
                    node.mark, "YAML reads `\(scalar.string)` at \(what) as \(kind), not as text",
                    "write it in quotes: \"\(scalar.string)\"")
            } else {
                report(node.mark, "\(what) must be a text without a tag", "take the tag away")
            }
            return nil
        }
        let length = scalar.string.unicodeScalars.count
        guard (1...Limits.protocolTextLength).contains(length) else {
            report(node.mark, "\(what) must have 1 to \(Limits.protocolTextLength) characters")
            return nil
        }
        return scalar.string
    }

    /// A whole number in a range.
    mutating func number(
        _ section: YAMLSection?, _ key: String, in range: ClosedRange<Int>
    ) -> Int? {
        guard let section, let node = section.values[key] else { return nil }
        guard let scalar = scalar(node, "`\(key)`") else { return nil }
        let isDecimal = scalar.string.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard node.tagName == .int, scalar.style == .plain, isDecimal,
            scalar.string == "0" || !scalar.string.hasPrefix("0"), let value = Int(scalar.string)
        else {
            report(
                node.mark, "`\(key)` must be a whole number without quotes",
                "write \(key): \(range.lowerBound)")
            return nil
        }
        guard range.contains(value) else {
            let limits = "\(range.lowerBound) to \(range.upperBound)"
            report(node.mark, "`\(key)` is \(value), but must be \(limits)")
            return nil
        }
        return value
    }

    /// A day, `YYYY-MM-DD`, with or without quotes.
    mutating func date(_ section: YAMLSection?, _ key: String) -> CivilDate? {
        guard let section, let node = section.values[key] else { return nil }
        guard let scalar = scalar(node, "`\(key)`") else { return nil }
        let tag = node.tagName
        guard tag == .str || tag == .timestamp, let date = CivilDate(scalar.string) else {
            report(node.mark, "`\(key)` must be a day of the calendar", "write it as 2027-03-31")
            return nil
        }
        return date
    }

    /// A code, from a closed list where there is one.
    mutating func code<Tag>(
        _ section: YAMLSection?, _ key: String, _ type: Code<Tag>.Type, among known: [String]? = nil
    ) -> Code<Tag>? {
        guard let section, let node = section.values[key] else { return nil }
        return code(node, key, type, among: known)
    }

    /// A code, from a closed list where there is one.
    mutating func code<Tag>(
        _ node: Node, _ what: String, _ type: Code<Tag>.Type, among known: [String]? = nil
    ) -> Code<Tag>? {
        guard let text = text(node, "`\(what)`") else { return nil }
        guard let code = Code<Tag>(text) else {
            report(
                node.mark, "`\(text.prefix(40))` at `\(what)` is not a code",
                "1 to 32 characters a-z, 0-9 and -")
            return nil
        }
        if let known, !known.contains(text) {
            let hint = Suggestions.hint(for: text, among: known)
            report(node.mark, "unknown code `\(text)` at `\(what)`", hint)
            return nil
        }
        return code
    }

    /// The codes of a list, none twice.
    mutating func codes<Tag>(
        _ section: YAMLSection?, _ key: String, _ type: Code<Tag>.Type, among known: [String]? = nil
    ) -> [Code<Tag>] {
        var result: [Code<Tag>] = []
        for node in list(section, key) {
            guard let code = code(node, key, type, among: known) else { continue }
            if result.contains(code) {
                report(node.mark, "`\(code)` stands twice at `\(key)`", "keep one")
            } else {
                result.append(code)
            }
        }
        return result
    }

    /// One of the cases of an enumeration with text values.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ section: YAMLSection?, _ key: String, _ type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let section, let node = section.values[key] else { return nil }
        return choice(node, key, type)
    }

    /// One of the cases of an enumeration with text values.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ node: Node, _ what: String, _ type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let text = text(node, "`\(what)`") else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue)
            let hint = Suggestions.hint(for: text, among: known)
            report(node.mark, "unknown value `\(text.prefix(40))` at `\(what)`", hint)
            return nil
        }
        return choice
    }

    /// A single value whose tag is what its look says.
    private mutating func scalar(_ node: Node, _ what: String) -> Node.Scalar? {
        guard isPlain(node) else { return nil }
        guard case .scalar(let scalar) = node else {
            report(node.mark, "\(what) must be one value, not a list or section")
            return nil
        }
        let looks: Tag.Name = scalar.style == .plain ? Node(scalar.string).tagName : .str
        guard node.tagName == looks else {
            report(node.mark, "a tag (`!`) at \(what) is not allowed", "take the tag away")
            return nil
        }
        return scalar
    }

    private static let kinds: [Tag.Name: String] = [
        .bool: "true or false", .int: "a number", .float: "a number", .null: "nothing",
        .timestamp: "a date", .merge: "a merge key", .value: "a default value",
    ]
}

extension Node {
    /// The tag as YAML resolves it; only its text is public in the library.
    var tagName: Tag.Name { Tag.Name(rawValue: tag.rawValue) }
}
