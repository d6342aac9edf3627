import TallystickPrimitives
import Yams

/// The sections that name columns and fields.
extension MappingReader {
    mutating func conditions(_ node: Node) -> [RowCondition] {
        var conditions: [RowCondition] = []
        for item in walk.items(node) ?? [] {
            guard let section = walk.section(item, keys: ["column", "equals"]) else { continue }
            let column = requiredColumn("column", of: section)
            let word = requiredNode("equals", of: section).flatMap { walk.text($0) }
            guard let column, let word else { continue }
            conditions.append(RowCondition(column: column, word: word))
        }
        return conditions
    }

    mutating func checks(_ node: Node) -> [ColumnCheck] {
        var checks: [ColumnCheck] = []
        for entry in walk.entries(node) ?? [] {
            guard let column = place(of: entry.key, at: entry.keyNode) else { continue }
            let section = walk.section(entry.value, keys: checkKeys + ["missing"])
            guard let section, let key = single(of: checkKeys, in: section),
                let value = section[key], let rule = checkRule(key, value)
            else { continue }
            let missing: Permission? = section["missing"].flatMap { walk.word($0) }
            let refusesMissing = missing == .refused
            checks.append(ColumnCheck(column: column, rule: rule, refusesMissing: refusesMissing))
        }
        return checks
    }

    mutating func coordinates(_ node: Node) -> CoordinateRule? {
        let keys = ["latitude", "longitude", "within"]
        guard let section = walk.section(node, keys: keys) else { return nil }
        let latitude = requiredColumn("latitude", of: section)
        let longitude = requiredColumn("longitude", of: section)
        guard let box = requiredNode("within", of: section),
            let edges = walk.section(box, keys: ["latitudes", "longitudes"])
        else { return nil }
        let latitudes = requiredNode("latitudes", of: edges).flatMap { walk.range($0) }
        let longitudes = requiredNode("longitudes", of: edges).flatMap { walk.range($0) }
        guard let latitude, let longitude, let latitudes, let longitudes else { return nil }
        return CoordinateRule(
            latitude: latitude, longitude: longitude, latitudes: latitudes, longitudes: longitudes)
    }

    mutating func fields(_ node: Node) -> [FieldRule] {
        var rules: [FieldRule] = []
        for entry in walk.entries(node) ?? [] {
            guard let code = fieldCode(entry.key, at: entry.keyNode),
                let section = walk.section(entry.value, keys: fieldKeys),
                let source = source(section), let transform = transform(section, for: code)
            else { continue }
            let markers = section["missing-markers"].map { walk.texts($0) } ?? []
            let most = ImportLimits.valueByteCount
            let bytesMax = section["most-bytes"].flatMap { walk.count($0, upTo: most) } ?? most
            rules.append(
                FieldRule(
                    code: code, source: source, missingMarkers: Set(markers), transform: transform,
                    bytesMax: bytesMax))
        }
        return rules
    }
}

private extension MappingReader {
    mutating func checkRule(_ key: String, _ node: Node) -> ColumnCheck.Rule? {
        switch key {
        case "one-of": .words(Set(walk.texts(node)))
        case "integer": walk.range(node).map { .integer($0) }
        case "decimal": walk.range(node).map { .decimal($0) }
        case "date": datePattern(node).map { .date($0) }
        case "shapes": .shapes(walk.texts(node).map(ShapePattern.init))
        case "hexadecimal": walk.count(node, upTo: 1024).map { .hexadecimal(digits: $0) }
        default:
            walk.count(node, upTo: ImportLimits.valueByteCount).map { .text(bytesMax: $0) }
        }
    }

    mutating func source(_ section: MappingWalk.Section) -> FieldRule.Source? {
        guard let key = single(of: ["column", "columns", "constant"], in: section),
            let node = section[key]
        else { return nil }
        switch key {
        case "constant":
            return walk.text(node).map { .constant($0) }
        case "column":
            return requiredColumn("column", of: section).map { .columns([$0], joiner: "") }
        default:
            let places = walk.texts(node).compactMap { place(of: $0, at: node) }
            let joiner = section["joined-by"].flatMap { walk.text($0) } ?? ", "
            return .columns(places, joiner: joiner)
        }
    }

    mutating func transform(
        _ section: MappingWalk.Section, for code: FieldCode
    ) -> FieldRule.Transform? {
        let keys = ["date", "shapes", "table"].filter { section[$0] != nil }
        guard let key = keys.first, let node = section[key] else {
            if section["otherwise"] != nil { walk.report(.missingKey("table"), at: section.node) }
            return FieldRule.Transform.none
        }
        guard keys.count == 1 else {
            walk.report(.exactlyOne(of: keys), at: section.node)
            return nil
        }
        switch key {
        case "date": return datePattern(node).map { .date($0) }
        case "shapes": return .shapes(walk.texts(node).map(ShapePattern.init))
        default: return table(node, otherwise: section["otherwise"], for: code)
        }
    }

    mutating func table(
        _ node: Node, otherwise: Node?, for code: FieldCode
    ) -> FieldRule.Transform? {
        guard let given = FieldCode(code.text + "-as-given") else {
            walk.report(.badFieldCode(code.text + "-as-given", suggestion: nil), at: node)
            return nil
        }
        var words: [String: String] = [:]
        for entry in walk.entries(node) ?? [] { words[entry.key] = walk.text(entry.value) }
        return .table(words, otherwise: otherwise.flatMap { walk.text($0) }, given: given)
    }

    mutating func datePattern(_ node: Node) -> DatePattern? {
        guard let text = walk.text(node) else { return nil }
        if let pattern = DatePattern(text) { return pattern }
        walk.report(.badDatePattern(text), at: node)
        return nil
    }

    mutating func fieldCode(_ text: String, at node: Node) -> FieldCode? {
        guard let code = FieldCode(text), knownFields?.contains(code) ?? true else {
            let names = knownFields?.map(\.text) ?? []
            let suggestion = Suggestion.nearest(to: text, among: names)
            walk.report(.badFieldCode(text, suggestion: suggestion), at: node, choices: names.sorted())
            return nil
        }
        return code
    }

    mutating func requiredNode(_ key: String, of section: MappingWalk.Section) -> Node? {
        if section[key] == nil { walk.report(.missingKey(key), at: section.node) }
        return section[key]
    }

    mutating func requiredColumn(_ key: String, of section: MappingWalk.Section) -> Int? {
        guard let node = requiredNode(key, of: section), let name = walk.text(node) else {
            return nil
        }
        return place(of: name, at: node)
    }

    mutating func place(of column: String, at node: Node) -> Int? {
        if let place = columns.firstIndex(of: column) { return place }
        let suggestion = Suggestion.nearest(to: column, among: columns)
        walk.report(.unlistedColumn(column, suggestion: suggestion), at: node, choices: columns)
        return nil
    }

    /// The one key of `keys` that stands in the section.
    mutating func single(of keys: [String], in section: MappingWalk.Section) -> String? {
        let present = keys.filter { section[$0] != nil }
        if present.count != 1 { walk.report(.exactlyOne(of: keys), at: section.node) }
        return present.count == 1 ? present.first : nil
    }
}

private let checkKeys = [
    "one-of", "integer", "decimal", "date", "shapes", "hexadecimal", "most-bytes",
]

private let fieldKeys = [
    "column", "columns", "joined-by", "constant", "date", "shapes", "table", "otherwise",
    "missing-markers", "most-bytes",
]
