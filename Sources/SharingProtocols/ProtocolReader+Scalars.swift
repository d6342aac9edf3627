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

    /// A whole number in the range of its key.
    mutating func number(_ section: YAMLSection?, _ key: String) -> Int? {
        guard let section, let node = section.values[key], case .number(let range)? = section.grammar.shape(of: key)
        else { return nil }
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

    /// The codes that may stand at a key, where they are known; nil where any may.
    private func known(_ shape: ValueShape?) -> [String]? {
        switch shape {
        case .known: shape?.knownCodes
        case .named(let scope): names[scope] ?? []
        case .list(let entry, _): known(entry)
        case .roles: names[.roles] ?? []
        case .text, .code, .choice, .number, .date, .section, nil: nil
        }
    }

    /// The code of a key, of the sort that its grammar says.
    mutating func code<Tag>(_ section: YAMLSection?, _ key: String, _ type: Code<Tag>.Type) -> Code<Tag>? {
        guard let section, let node = section.values[key] else { return nil }
        return code(node, key, type, among: known(section.grammar.shape(of: key)))
    }

    private mutating func code<Tag>(
        _ node: Node, _ what: String, _ type: Code<Tag>.Type, among known: [String]?
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

    /// The codes of a list, none twice, each with its place.
    mutating func placedCodes<Tag>(
        _ section: YAMLSection?, _ key: String, _ type: Code<Tag>.Type
    ) -> [(code: Code<Tag>, node: Node)] {
        let known = known(section?.grammar.shape(of: key))
        var result: [(code: Code<Tag>, node: Node)] = []
        for node in list(section, key) {
            guard let code = code(node, key, type, among: known) else { continue }
            if result.contains(where: { $0.code == code }) {
                report(node.mark, "`\(code)` stands twice at `\(key)`", "keep one")
            } else {
                result.append((code, node))
            }
        }
        return result
    }

    /// The codes of a list, none twice.
    mutating func codes<Tag>(_ section: YAMLSection?, _ key: String, _ type: Code<Tag>.Type) -> [Code<Tag>] {
        placedCodes(section, key, type).map(\.code)
    }

    /// The codes of a list; nil where the key is left out.
    mutating func codesIfAny<Tag>(_ section: YAMLSection?, _ key: String, _ type: Code<Tag>.Type) -> Set<Code<Tag>>? {
        section?.values[key] == nil ? nil : Set(codes(section, key, type))
    }

    /// The roles of a list, or of the word `all`; only roles that a party has.
    mutating func roles(_ section: YAMLSection?, _ key: String) -> Set<PartyRole> {
        if let node = section?.values[key], case .scalar(let scalar) = node, scalar.string == "all",
            node.tagName == .str
        {
            return Set((names[.roles] ?? []).compactMap { PartyRole($0) })
        }
        return Set(codes(section, key, PartyRole.self))
    }

    /// The cases of a list, none twice, each with its place.
    mutating func placedChoices<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ section: YAMLSection?, _ key: String, _ type: Choice.Type
    ) -> [(choice: Choice, node: Node)] where Choice.RawValue == String {
        var result: [(choice: Choice, node: Node)] = []
        for node in list(section, key) {
            guard let choice = choice(node, key, type) else { continue }
            if result.contains(where: { $0.choice == choice }) {
                report(node.mark, "`\(choice.rawValue)` stands twice at `\(key)`", "keep one")
            } else {
                result.append((choice, node))
            }
        }
        return result
    }

    /// The cases of a list; nil where the key is left out.
    mutating func choicesIfAny<Choice: RawRepresentable & CaseIterable & Hashable>(
        _ section: YAMLSection?, _ key: String, _ type: Choice.Type
    ) -> Set<Choice>? where Choice.RawValue == String {
        guard section?.values[key] != nil else { return nil }
        return Set(placedChoices(section, key, type).map(\.choice))
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
