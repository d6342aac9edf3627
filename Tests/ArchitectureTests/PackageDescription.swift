import Testing

/// `Package.swift` as text: the targets in their order, with layer and dependencies.
struct PackageDescription {
    enum Kind: String {
        case library = "target"
        case executable = "executableTarget"
        case test = "testTarget"
    }

    struct Target {
        let name: String
        let kind: Kind
        /// The number in the comment above; nil below `// Testing`.
        let layer: Int?
        /// Targets of this package.
        let own: [String]
        /// Modules of other packages.
        let external: [String]
    }

    let targets: [Target]

    static let read = Result { try PackageDescription(SourceTree.package.text("Package.swift")) }

    init(_ text: String) throws {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var named: [String: String] = [:]
        for line in lines {
            if let match = line.firstMatch(of: /^let (\w+) = external\("([^"]+)"/) {
                named[String(match.1)] = String(match.2)
            }
        }
        var targets: [Target] = []
        var layer: Int?
        var open: (kind: Kind, text: String)?
        var depth = 0
        for line in lines.drop(while: { !$0.hasPrefix("    targets: [") }) {
            if let match = line.firstMatch(of: /^\s*\/\/ (?:Layer (\d+)|Testing)/) {
                layer = match.1.flatMap { Int($0) }
            }
            if open == nil, let match = line.firstMatch(of: /^\s*\.(\w*[tT]arget)\(/) {
                open = (try #require(Kind(rawValue: String(match.1))), "")
                depth = 0
            }
            guard let begun = open else { continue }
            open?.text = begun.text + line + "\n"
            depth += line.count { $0 == "(" } - line.count { $0 == ")" }
            if depth == 0 {
                targets.append(
                    try PackageDescription.target(
                        begun.kind, begun.text + line, layer: layer, named: named))
                open = nil
            }
        }
        self.targets = targets
    }

    private static func target(
        _ kind: Kind, _ text: String, layer: Int?, named: [String: String]
    ) throws -> Target {
        let name = try #require(text.firstMatch(of: /name: "([^"]+)"/)?.1)
        let list = text.firstMatch(of: /dependencies: \[([^\]]*)\]/)?.1 ?? ""
        var external: [String] = []
        var rest = String(list)
        for match in list.matches(of: /external\("([^"]+)", "[^"]+"\)/) {
            external.append(String(match.1))
            rest = rest.replacing(match.0, with: "")
        }
        let own = rest.matches(of: /"([^"]+)"/).map { String($0.1) }
        for word in rest.replacing(/"[^"]+"/, with: "").matches(of: /\w+/) {
            external.append(try #require(named[String(word.0)], "\(name) depends on \(word.0)"))
        }
        return Target(name: String(name), kind: kind, layer: layer, own: own, external: external)
    }

    subscript(name: String) -> Target? { targets.first { $0.name == name } }

    /// Everything of this package that a target is built from.
    func closure(of name: String) -> Set<String> {
        var reached: Set<String> = []
        var waiting = self[name]?.own ?? []
        while let next = waiting.popLast() {
            if reached.insert(next).inserted { waiting += self[next]?.own ?? [] }
        }
        return reached
    }
}
