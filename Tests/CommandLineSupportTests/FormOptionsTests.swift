import ArgumentParser
import CommandLineSupport
import Foundation
import Testing

/// Names and free text are for a file, not for a command line that others see.
@Suite("Words from a form") struct FormOptionsTests {
    private static func options(_ form: String?) throws -> (FormOptions, path: String) {
        let path = NSTemporaryDirectory() + "tallystick-form-\(UUID().uuidString).json"
        if let form { try Data(form.utf8).write(to: URL(filePath: path)) }
        return (try FormOptions.parse(form == nil ? [] : ["--form", path]), path)
    }

    @Test("They come from the form or from the options, and never from both")
    func merged() throws {
        let (options, path) = try Self.options(#"{"how": "Her mother told us", "scope": null}"#)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let texts = try options.texts(["how": nil, "scope": nil, "by": "her mother"], needed: ["how"])
        #expect(texts == ["how": "Her mother told us", "by": "her mother"])
        let twice = #expect(throws: CommandFailure.self) { try options.texts(["how": "x", "scope": nil, "by": nil]) }
        #expect(twice?.status == .usage && twice?.message == "'how' stands in the form and on the command line")
        let missing = #expect(throws: CommandFailure.self) {
            try options.texts(["how": nil, "scope": nil, "by": nil], needed: ["by"])
        }
        #expect(missing?.status == .usage && missing?.hint?.contains("--form") == true)
        let (none, _) = try Self.options(nil)
        #expect(try none.texts(["how": nil]) == [:])
    }

    @Test(
        "A fault names the member, and never what it holds",
        arguments: [
            (#"{"hwo": "secret"}"#, "which no form of this command has"), (#"{"how": 7}"#, "is no text"),
            ("[]", "is no JSON object"), ("", "it is empty"), (#"{"how": "secret""#, "is not JSON"),
        ])
    func faults(form: String, says: String) throws {
        let (options, path) = try Self.options(form)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let failure = #expect(throws: CommandFailure.self) { try options.texts(["how": nil]) }
        let words = (failure?.message ?? "") + (failure?.hint ?? "")
        #expect(words.contains(says) && !words.contains("secret"), "\(words)")
    }

    /// The commands are a program and cannot be imported: what they declare is read from their text.
    @Test("Every command that takes words of people takes them from a form too")
    func everyCommand() throws {
        let folder = URL(filePath: #filePath).appending(path: "../../../Sources/tallystick/Practice").standardized
        let free: Set = [
            "summary", "because", "how", "scope", "by", "instruction", "without", "action", "changedFact", "looked",
            "narrative",
        ]
        var found: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            for command in text.components(separatedBy: "\nstruct ").dropFirst() {
                let names = command.matches(of: /var (\w+): (?:String\??|\[String\])/).map { String($0.output.1) }
                let words = free.intersection(names)
                found.formUnion(words)
                let takesForm = command.contains("FormOptions") || command.contains("var form: String?")
                #expect(words.isEmpty || takesForm, "\(file): \(words.sorted()) only on the command line")
                for word in words {
                    #expect(!command.contains("var \(word): String\n"), "\(file): \(word) is not optional")
                }
            }
        }
        #expect(found == free, "the scan has gone blind")
    }
}
