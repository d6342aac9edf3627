import TallystickPrimitives
import Yams

/// Turns the YAML of a mapping file into a mapping, or into everything that is wrong with it.
struct MappingReader {
    var walk: MappingWalk
    let knownFields: Set<FieldCode>?
    /// Filled first: every other section names columns.
    var columns: [String] = []

    init(file: String, knownFields: Set<FieldCode>?) {
        walk = MappingWalk(file: file)
        self.knownFields = knownFields
    }

    /// The mapping; nil when `walk.problems` says why not.
    mutating func read(_ yaml: [UInt8]) -> ImportMapping? {
        guard yaml.count <= ImportLimits.mappingByteCount else { return refuse(.tooLarge) }
        guard let text = String(validating: yaml, as: UTF8.self) else { return refuse(.notUTF8) }
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            // Nodes hold their anchors weakly: without the parser, none would be seen.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    return refuse(.wrongShape(expected: "keys with values"))
                }
                return walk.refuseAnchors(root) ? nil : mapping(root)
            }
        } catch let error as YamlError {
            walk.report(error)
        } catch {
            walk.report(.syntax("the parser gave no reason"), at: Mark?.none)
        }
        return nil
    }
}

private extension MappingReader {
    mutating func refuse(_ fault: ImportMappingProblem.Fault) -> ImportMapping? {
        walk.report(fault, at: Mark?.none)
        return nil
    }

    mutating func mapping(_ root: Node) -> ImportMapping? {
        guard let top = walk.section(root, keys: topKeys) else { return nil }
        for key in ["name", "format", "columns", "fields"] where top[key] == nil {
            walk.report(.missingKey(key), at: root)
        }
        let name = top["name"].flatMap { walk.text($0) }
        let layout = layout(top)
        let rules = rules(top)
        guard walk.problems.isEmpty, let name else { return nil }
        return ImportMapping(name: name, layout: layout, rules: rules)
    }

    mutating func layout(_ top: MappingWalk.Section) -> FileLayout {
        let format: ImportMapping.Format? = top["format"].flatMap { walk.word($0) }
        columns = top["columns"].map { walk.texts($0) } ?? []
        if let node = top["columns"] { checkColumns(node) }
        var layout = FileLayout(format: format ?? .csv, columns: columns)
        if let node = top["delimiter"] { layout.delimiter = delimiter(node) }
        if let node = top["encoding"] { layout.encoding = walk.word(node) ?? .utf8 }
        if let node = top["spaces"] {
            layout.trimsSpaces = (walk.word(node) as Spaces?) == .trimmed
        }
        if let node = top["line-breaks"] {
            layout.allowsLineBreaks = (walk.word(node) as Permission?) == .allowed
        }
        if layout.format == .json {
            let fault = "JSON leaves nothing to choose here (RFC 8259); remove the key"
            for key in ["delimiter", "encoding", "line-breaks"] {
                if let node = top[key] { walk.report(.contradiction(fault), at: node) }
            }
        }
        return layout
    }

    mutating func checkColumns(_ node: Node) {
        let isSound = columns.allSatisfy {
            (1...ImportLimits.columnNameByteCount).contains($0.utf8.count)
        }
        if !isSound || !(1...ImportLimits.columnCount).contains(columns.count) {
            let lengths = "of 1 to \(ImportLimits.columnNameByteCount) bytes each"
            let expected = "1 to \(ImportLimits.columnCount) column names \(lengths)"
            walk.report(.wrongShape(expected: expected), at: node)
        }
    }

    mutating func delimiter(_ node: Node) -> UInt8 {
        let units = walk.text(node).map { Array($0.utf8) } ?? []
        guard units.count == 1, delimiters.contains(units[0]) else {
            walk.report(.wrongShape(expected: #"one of "," ";" "|" "\t""#), at: node)
            return UInt8(ascii: ",")
        }
        return units[0]
    }

    mutating func rules(_ top: MappingWalk.Section) -> RowRules {
        var rules = RowRules()
        rules.missingMarkers = Set(top["missing-markers"].map { walk.texts($0) } ?? [])
        rules.conditions = top["where"].map { conditions($0) } ?? []
        rules.checks = top["checks"].map { checks($0) } ?? []
        rules.coordinates = top["coordinates"].flatMap { coordinates($0) }
        rules.fields = top["fields"].map { fields($0) } ?? []
        let hasPoint = rules.coordinates != nil
        var codes: Set<FieldCode> = hasPoint ? [.latitude, .longitude] : []
        for rule in rules.fields {
            for code in [rule.code, rule.givenCode].compactMap(\.self) {
                let isNew = codes.insert(code).inserted
                if !isNew { walk.report(.repeated(code.text), at: top.node) }
            }
        }
        if let node = top["required"] { rules.requiredFields = required(node, among: codes) }
        return rules
    }

    mutating func required(_ node: Node, among codes: Set<FieldCode>) -> Set<FieldCode> {
        var required: Set<FieldCode> = []
        for text in walk.texts(node) {
            if let code = FieldCode(text), codes.contains(code) {
                required.insert(code)
            } else {
                let names = codes.map(\.text).sorted()
                let suggestion = Suggestion.nearest(to: text, among: names)
                walk.report(.badFieldCode(text, suggestion: suggestion), at: node, choices: names)
            }
        }
        return required
    }
}

private extension MappingWalk {
    /// The parser's own finding, without the text around it.
    mutating func report(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            report(.syntax(problem), at: mark)
        case .duplicatedKeysInMapping(let duplicates, let context):
            report(.repeated(duplicates.first ?? ""), at: context.mark)
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
            .representer(let problem):
            report(.syntax(problem), at: Mark?.none)
        case .no, .memory, .dataCouldNotBeDecoded:
            report(.syntax("the parser could not read it"), at: Mark?.none)
        }
    }
}

private enum Spaces: String, CaseIterable { case kept, trimmed }

enum Permission: String, CaseIterable { case allowed, refused }

private let delimiters = Set(",;|\t".utf8)

private let topKeys = [
    "name", "format", "delimiter", "encoding", "spaces", "line-breaks", "columns",
    "missing-markers", "where", "checks", "coordinates", "required", "fields",
]
