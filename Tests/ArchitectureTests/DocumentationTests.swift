import Testing

/// Whoever uses a declaration reads what it promises where it is declared.
@Suite struct DocumentationTests {
    private let sources: [SourceFile]

    init() throws { sources = try SourceTree.sources.get() }

    @Test func publicDeclarationsHaveADocComment() {
        let all = sources.flatMap { file in
            PublicDeclaration.all(in: file).map { (path: file.path, declaration: $0) }
        }
        let promised = Set(
            all.filter { $0.declaration.isRequirement && $0.declaration.isDocumented }
                .map(\.declaration.signature)
        ).union(DocumentationTests.foreignRequirements)
        for (path, declaration) in all where !declaration.isDocumented {
            // What fulfils a requirement is described where the requirement is.
            let isPromised = !declaration.isRequirement && promised.contains(declaration.signature)
            #expect(isPromised, "\(path):\(declaration.line) \(declaration.text)")
        }
        #expect(all.count > 2000, "the scan has gone blind")
    }

    /// Requirements of protocols of other packages and of the standard library.
    private static let foreignRequirements: Set = [
        "func ==", "func <", "func hash(into hasher: inout Hasher)", "var description",
        "var debugDescription", "var customMirror", "func log(event: LogEvent)", "var logLevel",
        "var metadata", "var metadataProvider", "subscript(metadataKey key: String)",
    ]

    @Test func theScanSeesEveryKindOfPublicDeclaration() {
        let file = SourceFile(
            path: "Sources/X/X.swift",
            text: """
                /// A.
                @Attribute
                public struct A {
                    public let b: Int
                    private let c: Int
                    /// D.
                    public private(set) var d: Int
                    public static func == (left: A, right: A) -> Bool { true }
                    func e() {}
                }
                /// F.
                public enum F {
                    case g, h
                    /// I.
                    case i(Int)
                    var j: Int { switch self { case .g: 1 default: 2 } }
                }
                /// K.
                public protocol K {
                    func l()
                    /// M.
                    var m: Int { get }
                }
                struct N { case o }
                """)
        let all = PublicDeclaration.all(in: file)
        #expect(all.count == 10)
        #expect(all.filter { !$0.isDocumented }.map(\.line) == [4, 8, 13, 20])
        #expect(all.filter(\.isRequirement).map(\.signature) == ["func l()", "var m"])
        #expect(all[1].signature == "var b")
        #expect(all[3].signature == "func ==")
    }
}

/// A public declaration, or a case or requirement of a public type.
struct PublicDeclaration {
    let line: Int
    let text: String
    let isDocumented: Bool

    /// Whether it stands in a public protocol.
    let isRequirement: Bool

    /// Keyword, name and parameters, by which what fulfils a requirement is known.
    var signature: String {
        let words = text.split(separator: " ")
        let isKeyword = { (word: Substring) in
            word.contains(#/^(?:func|var|let|case|typealias|associatedtype)$|^init|^subscript/#)
        }
        let plain = words.drop { !isKeyword($0) }.joined(separator: " ")
            .replacing("let ", with: "var ", maxReplacements: 1)
        if plain.hasPrefix("func =="), !plain.hasPrefix("func ===") { return "func ==" }
        if plain.hasPrefix("func <") { return "func <" }
        var depth = 0
        for index in plain.indices {
            switch plain[index] {
            case "(": depth += 1
            case ")":
                depth -= 1
                if depth == 0 { return String(plain[...index]) }
            case ":" where depth == 0, "=" where depth == 0:
                return plain[..<index].split(separator: " ").joined(separator: " ")
            default: break
            }
        }
        return plain
    }

    static func all(in file: SourceFile) -> [PublicDeclaration] {
        var found: [PublicDeclaration] = []
        // The depth of braces inside each public enumeration or protocol that is open.
        var open: [(depth: Int, isProtocol: Bool)] = []
        var depth = 0
        for (number, line) in file.code.enumerated() {
            let inside = open.last.map { $0.depth == depth ? $0.isProtocol : nil } ?? nil
            if declares(line, inProtocol: inside) {
                found.append(
                    PublicDeclaration(
                        line: number + 1, text: line.trimmingPrefix(#/\s*/#).description,
                        isDocumented: isDocumented(file, number), isRequirement: inside == true))
            }
            let opensType =
                line.contains("public ")
                ? line.firstMatch(of: #/^\s*public (?:indirect )?(enum|protocol) /#) : nil
            depth += line.count { $0 == "{" } - line.count { $0 == "}" }
            while let last = open.last, depth < last.depth { open.removeLast() }
            if let opensType, line.contains("{"), !line.contains("}") {
                open.append((depth, opensType.1 == "protocol"))
            }
        }
        return found
    }

    private static func declares(_ line: Substring, inProtocol: Bool?) -> Bool {
        let mayDeclare = line.contains("public") || line.contains("open")
        guard mayDeclare || inProtocol != nil else { return false }
        let attributes = #/^\s*(?:@\w+(?:\([^)]*\))? )*/#
        let rest = line.trimmingPrefix(attributes)
        let isPublic = rest.contains(
            #/^(?:(?:static|final|nonisolated) )*(?:public|open) (?!import\b|extension\b)/#)
        switch inProtocol {
        case nil: return isPublic
        case false?: return isPublic || rest.contains(#/^(?:indirect )?case /#)
        case true?:
            return rest.contains(
                #/^(?:(?:static|mutating) )*(?:func|var|init|subscript|associatedtype)\b/#)
        }
    }

    /// Whether the line above, attributes left out, is a doc comment.
    private static func isDocumented(_ file: SourceFile, _ number: Int) -> Bool {
        var above = number - 1
        while above >= 0 {
            let line = file.lines[above].trimmingPrefix(#/\s*/#)
            if line.hasPrefix("///") { return true }
            guard line.hasPrefix("@") || line.hasPrefix("#") else { return false }
            above -= 1
        }
        return false
    }
}
