import Foundation

/// The files of this package, read as text: these tests know no module of the product.
struct SourceTree {
    let root: URL

    /// The package that this file belongs to, whichever package it is built in.
    static let package = SourceTree(
        root: URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent())

    /// Every Swift file of `Sources` and `Benchmarks`, read once.
    static let sources = Result {
        try package.swiftFiles(under: "Sources") + package.swiftFiles(under: "Benchmarks")
    }
    /// Every Swift file of `Tests`, read once.
    static let tests = Result { try package.swiftFiles(under: "Tests") }

    func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    func swiftFiles(under folder: String) throws -> [SourceFile] {
        let start = root.appending(path: folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: start.path)
        return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
            SourceFile(path: "\(folder)/\(name)", text: try text("\(folder)/\(name)"))
        }
    }
}

/// One file with its comments and literals told apart from its code.
struct SourceFile {
    let path: String
    let lines: [Substring]
    /// The lines with comments and the insides of literals blanked.
    let code: [Substring]
    let literals: [SwiftText.Literal]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let parsed = SwiftText(text)
        code = parsed.code.split(separator: "\n", omittingEmptySubsequences: false)
        literals = parsed.literals
    }

    /// The target or test target that the file belongs to.
    var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// The modules it imports, with the line of each.
    var imports: [(module: String, line: Int)] {
        let modifiers = #/^\s*(?:@\w+ )*(?:(?:public|package|internal|fileprivate|private) )?/#
        let pattern = #/^import (?:(?:struct|class|enum|func|protocol|let|var) )?(\w+)/#
        return code.enumerated().compactMap { number, line in
            line.trimmingPrefix(modifiers).firstMatch(of: pattern)
                .map { (String($0.1), number + 1) }
        }
    }
}
