import CommandLineSupport
import Foundation
import Testing

/// Practitioners meet their own words, not the machine's (PRACTICE P34).
@Suite("Words of practitioners' commands")
struct WordingTests {
    private static let sources = URL(filePath: #filePath)
        .appending(path: "../../../Sources").standardized
    private static var inWords: Regex<(Substring, Substring, Substring?)> {
        /\b(epoch|grant|compartment|hash|statement|witness)(e?s)?\b/.ignoresCase()
    }

    private static func texts(in folder: String) throws -> [(file: String, text: String)] {
        let directory = sources.appending(path: folder)
        let files = try FileManager.default.contentsOfDirectory(atPath: directory.path)
            .filter { $0.hasSuffix(".swift") }.sorted()
        return try files.map {
            ($0, try String(contentsOf: directory.appending(path: $0), encoding: .utf8))
        }
    }

    /// What stands between quotation marks, in one line or in a block.
    private static func quoted(_ source: String) -> [String] {
        let blocks = source.components(separatedBy: "\"\"\"")
        return blocks.enumerated().flatMap { number, part in
            number.isMultiple(of: 2)
                ? part.matches(of: /"([^"\n]*)"/).map { String($0.output.1) } : [part]
        }
    }

    @Test("No command of practitioners speaks of the machinery", arguments: ["tallystick/Practice"])
    func practice(folder: String) throws {
        let texts = try WordingTests.texts(in: folder)
        #expect(!texts.isEmpty)
        for (file, source) in texts {
            for text in WordingTests.quoted(source) {
                #expect(text.firstMatch(of: WordingTests.inWords) == nil, "\(file): \(text)")
            }
        }
    }

    @Test("No answer shown to practitioners does either")
    func answers() throws {
        let answers = try WordingTests.texts(in: "CommandLineSupport").filter { file, _ in
            file.hasPrefix("Answers+") || ["Line", "Text", "Page"].contains(where: file.contains)
        }
        let refusals = try WordingTests.texts(in: "NodeService").filter { $0.file.hasPrefix("NodeProblem") }
        #expect(answers.count >= 25 && refusals.count >= 5)
        let texts = answers + refusals
        for (file, source) in texts {
            for text in WordingTests.quoted(source) {
                #expect(text.firstMatch(of: WordingTests.inWords) == nil, "\(file): \(text)")
            }
        }
    }

    @Test("The test would see such a word")
    func seesThem() {
        let source = "let a = \"the Grants\"\nlet b = \"\"\"\n  two epochs\n  \"\"\""
        let found = WordingTests.quoted(source).filter {
            $0.firstMatch(of: WordingTests.inWords) != nil
        }
        #expect(found.count == 2)
    }

    @Test("Every command has an abstract and an example")
    func everyCommand() throws {
        for folder in ["Practice", "Board", "Protocols", "Audit"].map({ "tallystick/" + $0 })
            + ["tallystick-node", "tallystick-broker"]
        {
            for (file, source) in try WordingTests.texts(in: folder) {
                let count = source.components(separatedBy: "CommandConfiguration(").count - 1
                #expect(source.components(separatedBy: "abstract:").count - 1 == count, "\(file)")
                #expect(
                    source.components(separatedBy: "discussion:").count - 1 == count, "\(file)")
                let examples = source.matches(of: /Examples?: tallystick|  tallystick-\w+ init/)
                    .count
                #expect(examples >= count, "\(file)")
            }
        }
    }
}
