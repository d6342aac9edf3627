import Testing

/// Nothing grows past what one person can hold in mind (ENGINEERING §5).
@Suite struct SizeTests {
    private static let fileLines = 400
    private static let functionLines = 70
    private let sources: [SourceFile]

    init() throws { sources = try SourceTree.sources.get() }

    @Test func filesAreShort() {
        for file in sources {
            let count = file.lines.count - (file.lines.last == "" ? 1 : 0)
            #expect(count <= SizeTests.fileLines, "\(file.path) has \(count) lines")
        }
    }

    @Test func functionsAreShort() {
        var found = 0
        for file in sources {
            for function in Function.all(in: file) {
                found += 1
                #expect(
                    function.lineCount <= SizeTests.functionLines,
                    "\(file.path):\(function.line) \(function.name) has \(function.lineCount) lines")
            }
        }
        #expect(found > 1000, "the scan has gone blind")
    }

    @Test func theScanCountsFromTheFirstLineToTheClosingBrace() {
        let file = SourceFile(
            path: "Sources/X/X.swift",
            text: """
                protocol P { func a() -> Int
                    init(b: Int) }
                struct S: P {
                    func a(_ f: (Int) -> Int = { $0 }) -> Int
                    {
                        [1].map { $0 }[0]
                    }
                    init<T>(b: T) where T: P { }
                    let run = { (x: Int) in x }
                }
                """)
        let found = Function.all(in: file)
        #expect(found.map(\.name) == ["a", "init"])
        #expect(found.map(\.lineCount) == [4, 1])
    }
}

/// A function or initialiser with a body.
struct Function {
    let name: String
    let line: Int
    let lineCount: Int

    static func all(in file: SourceFile) -> [Function] {
        let opening = /(?:^|\s)(?:func (\S+?)|(init)[?!]?)\s*[<(]/
        return file.code.enumerated().compactMap { number, line in
            guard line.contains("func ") || line.contains("init"),
                let match = line.firstMatch(of: opening), !line.contains(".init("),
                !isCall(line[..<match.range.lowerBound])
            else { return nil }
            let start = match.range.lowerBound
            guard let count = bodyLineCount(from: number, in: file, at: start) else { return nil }
            return Function(
                name: String(match.1 ?? match.2 ?? ""), line: number + 1, lineCount: count)
        }
    }

    /// What stands before a declaration is modifiers and attributes, or the end of another scope.
    private static func isCall(_ before: Substring) -> Bool {
        before.contains("=") || before.contains("return")
    }

    /// Lines from the declaration to the end of its body; nil for one without.
    private static func bodyLineCount(
        from first: Int, in file: SourceFile, at start: Substring.Index
    ) -> Int? {
        var round = 0
        var braces = 0
        for (number, whole) in file.code.enumerated().dropFirst(first) {
            let line = number == first ? whole[start...] : whole
            if number > first, braces == 0, round == 0, startsDeclaration(line) { return nil }
            for character in line {
                switch character {
                case "(", "[": round += 1
                case ")", "]": round -= 1
                case "{" where round == 0: braces += 1
                case "}" where round == 0:
                    braces -= 1
                    if braces < 0 { return nil }
                    if braces == 0 { return number - first + 1 }
                default: break
                }
            }
        }
        return nil
    }

    private static func startsDeclaration(_ line: Substring) -> Bool {
        let modifiers = #/^\s*(?:@\w+ )?(?:(?:public|static|mutating|private) )*/#
        return line.trimmingPrefix(modifiers).contains(#/^(?:func|var|let|init|case)\b/#)
    }
}
