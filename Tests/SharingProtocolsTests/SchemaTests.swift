import Foundation
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing
import Yams

/// The schema for editors and the parser are made from the same tables; these tests hold them to each other.
@Suite struct SchemaTests {
    @Test func theFileInTheRepositoryIsTheOneThatIsMade() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "protocols/protocol.schema.json")
        let written = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(
            written == ProtocolSchema.json, "make it again: tallystick protocol schema > protocols/protocol.schema.json"
        )
    }

    @Test(arguments: ProtocolFiles.names)
    func everyProtocolFitsTheSchema(name: String) throws {
        let schema = try Schema()
        #expect(schema.faults(in: try node(ProtocolFiles.text(name))) == [])
    }

    /// Spoils one place of a file in a hundred ways: what the schema refuses the parser refuses, and where the parser
    /// complains of shape, spelling or range, the schema does too.
    @Test(arguments: ["mappa", "victim-first"])
    func schemaAndParserRefuseTheSame(name: String) throws {
        let schema = try Schema()
        let whole = try node(ProtocolFiles.text(name))
        var generator = Generator(seed: 77)
        var refused = 0
        for _ in 0..<120 {
            let (spoilt, what) = Spoiling.spoil(whole, &generator)
            let text = try Yams.serialize(node: spoilt)
            let faults = schema.faults(in: try node(text))
            let problems = problems(of: text)
            let shapes = problems.filter { problem in Self.ofShape.contains { problem.contains($0) } }
            #expect(faults.isEmpty || !problems.isEmpty, "\(what): only the schema refuses: \(faults)")
            #expect(shapes.isEmpty || !faults.isEmpty, "\(what): only the parser refuses: \(shapes)")
            if !faults.isEmpty { refused += 1 }
        }
        #expect(refused > 40, "\(refused)")
    }

    /// What a schema can know.
    private static let ofShape = [
        "lacks `", "unknown key", "unknown value", "must be a list", "must be a section", "must be one value",
        "lists nothing", "must be a whole number", "but must be", "is not a code", "must be a day",
    ]

    private func problems(of text: String) -> [String] {
        do {
            _ = try SharingProtocol(parsing: Array(text.utf8), file: "spoilt.yaml")
            return []
        } catch { return error.diagnostics.map(\.description) }
    }

    private func node(_ text: String) throws -> Node { try #require(try Yams.compose(yaml: text)) }

    @Test func everyKeyIsExplainedOnThePage() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/protocols.md")
        let text = String(decoding: try Data(contentsOf: page), as: UTF8.self)
        var missing: [String] = []
        try Schema().eachKey { key in if !text.contains("\(key):"), !text.contains("`\(key)`") { missing.append(key) } }
        #expect(Set(missing).sorted() == [])
    }
}

/// Changes one thing somewhere in a document.
private enum Spoiling {
    static func spoil(_ node: Node, _ generator: inout Generator) -> (Node, String) {
        var path = ""
        return (descend(node, &generator, &path), path)
    }

    private static func descend(_ node: Node, _ generator: inout Generator, _ path: inout String) -> Node {
        if let mapping = node.mapping, !mapping.isEmpty, generator.int(in: 0...5) > 0 {
            let number = generator.int(in: 0...mapping.count - 1)
            let pairs = mapping.enumerated().map { place, pair -> (Node, Node) in
                guard place == number else { return (pair.key, pair.value) }
                path += "/\(pair.key.string ?? "")"
                return (pair.key, descend(pair.value, &generator, &path))
            }
            return Node(pairs)
        }
        if let sequence = node.sequence, !sequence.isEmpty, generator.int(in: 0...5) > 0 {
            let number = generator.int(in: 0...sequence.count - 1)
            path += "/\(number)"
            return Node(
                sequence.enumerated().map { $0.offset == number ? descend($0.element, &generator, &path) : $0.element })
        }
        return replaced(node, &generator, &path)
    }

    private static func replaced(_ node: Node, _ generator: inout Generator, _ path: inout String) -> Node {
        if let mapping = node.mapping, generator.bool() {
            var pairs = mapping.map { ($0.key, $0.value) }
            if generator.bool() {
                path += " without a key"
                pairs.remove(at: generator.int(in: 0...pairs.count - 1))
            } else {
                path += " with a key more"
                pairs.append((Node("surprise"), Node("x")))
            }
            return Node(pairs)
        }
        let others: [(String, Node)] = [
            ("a list of nothing", Node([Node]())), ("a list", Node([Node("x")])),
            ("a section", Node([(Node("a"), Node("b"))])),
            ("a word", Node("surprise")), ("a capital", Node("Surprise Me")), ("a number", Node("99999999", Tag(.int))),
        ]
        let (name, other) = generator.element(of: others)
        path += " as \(name)"
        return other
    }
}

/// As much of JSON Schema as the schema uses.
private struct Schema {
    private let root: [String: Any]

    init() throws {
        let object = try JSONSerialization.jsonObject(with: Data(ProtocolSchema.json.utf8))
        root = try #require(object as? [String: Any])
    }

    func faults(in node: Node) -> [String] { faults(node, root, "") }

    func eachKey(_ body: (String) -> Void) { eachKey(root, body) }

    private func eachKey(_ schema: [String: Any], _ body: (String) -> Void) {
        for (key, value) in schema["properties"] as? [String: [String: Any]] ?? [:] {
            body(key)
            eachKey(value, body)
        }
        if let items = schema["items"] as? [String: Any] { eachKey(items, body) }
    }

    private func faults(_ node: Node, _ schema: [String: Any], _ path: String) -> [String] {
        if let choices = schema["oneOf"] as? [[String: Any]] {
            let fitting = choices.filter { faults(node, $0, path).isEmpty }
            return fitting.count == 1 ? [] : ["\(path): \(fitting.count) of the choices fit"]
        }
        if let constant = schema["const"] as? String {
            return text(of: node) == constant ? [] : ["\(path): not \(constant)"]
        }
        if let words = schema["enum"] as? [String] {
            return text(of: node).map(words.contains) == true ? [] : ["\(path): none of the words"]
        }
        switch schema["type"] as? String {
        case "object": return objectFaults(node, schema, path)
        case "array": return arrayFaults(node, schema, path)
        case "integer":
            guard node.tag.rawValue == Tag.Name.int.rawValue, let value = node.int, let low = schema["minimum"] as? Int,
                let high = schema["maximum"] as? Int, (low...high).contains(value)
            else { return ["\(path): no such number"] }
            return []
        case "string":
            guard let words = text(of: node) else { return ["\(path): no text"] }
            if let pattern = schema["pattern"] as? String, let regex = try? Regex(pattern) {
                return words.contains(regex) ? [] : ["\(path): \(words) does not fit \(pattern)"]
            }
            return words.isEmpty ? ["\(path): empty"] : []
        default: return ["\(path): a type this test does not know"]
        }
    }

    /// Text as an editor takes it: a bare day is one too.
    private func text(of node: Node) -> String? {
        let isText = [Tag.Name.str, .timestamp].contains { node.tag.rawValue == $0.rawValue }
        return node.scalar.flatMap { isText ? $0.string : nil }
    }

    private func objectFaults(_ node: Node, _ schema: [String: Any], _ path: String) -> [String] {
        guard let mapping = node.mapping, let properties = schema["properties"] as? [String: [String: Any]],
            let required = schema["required"] as? [String]
        else { return ["\(path): no section"] }
        let keys = mapping.keys.compactMap(\.string)
        let lacking = required.filter { !keys.contains($0) }.map { "\(path): lacks \($0)" }
        return lacking
            + mapping.flatMap { key, value -> [String] in
                let name = key.string ?? "?"
                guard let inner = properties[name] else { return ["\(path): has \(name)"] }
                return faults(value, inner, "\(path)/\(name)")
            }
    }

    private func arrayFaults(_ node: Node, _ schema: [String: Any], _ path: String) -> [String] {
        guard let sequence = node.sequence, let items = schema["items"] as? [String: Any],
            let least = schema["minItems"] as? Int
        else { return ["\(path): no list"] }
        let short = sequence.count < least ? ["\(path): lists nothing"] : []
        return short + sequence.enumerated().flatMap { faults($0.element, items, "\(path)/\($0.offset)") }
    }
}
