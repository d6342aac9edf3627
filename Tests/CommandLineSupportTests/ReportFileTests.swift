import CommandLineSupport
import NodeInterface
import Testing

@Suite("A report's form in a file")
struct ReportFileTests {
    private func decode(_ json: String, officer: String? = "h1") throws(CommandFailure) -> ReportForm {
        try ReportFile.decode(Array(json.utf8), named: "f.json") { () throws(CommandFailure) in
            guard let officer else { throw CommandFailure("it is not said who you are", status: .usage) }
            return officer
        }
    }

    private func failure(_ json: String) throws -> CommandFailure {
        try #require(#expect(throws: CommandFailure.self) { try decode(json) })
    }

    @Test("The officer is the one of the command line where the form names none")
    func officer() throws {
        #expect(try decode(#"{"summary": "Noise"}"#).officer == "h1")
        #expect(try decode(#"{"summary": "Noise", "officer": null}"#).officer == "h1")
        #expect(try decode(#"{"summary": "Noise", "officer": "h2"}"#).officer == "h2")
        #expect(try decode(#"{"summary": "Noise", "officer": "h2"}"#, officer: nil).officer == "h2")
        #expect(throws: CommandFailure.self) { try decode(#"{"summary": "Noise"}"#, officer: nil) }
    }

    @Test("Every member arrives")
    func everyMember() throws {
        let members = ReportForm.memberNames.map { "\"\($0)\": \"<\($0)>\"" }.joined(separator: ", ")
        let form = try decode("{\(members)}")
        let written = try CommandJSON.text(form)
        #expect(ReportForm.memberNames.count == 18)
        for name in ReportForm.memberNames { #expect(written.contains("\"\(name)\" : \"<\(name)>\"")) }
    }

    @Test("A fault is named with its member, and never with what it holds")
    func faults() throws {
        let unknown = try failure(#"{"summary": "Noise", "victim": "Ada Lovelace"}"#)
        #expect(unknown.message == "the form f.json has 'victim', which no report has")
        #expect(unknown.hint?.contains("victimName") == true)
        #expect(try failure(#"{"narrative": "Ada Lovelace"}"#).message == "the form f.json has no 'summary'")
        #expect(
            try failure(#"{"summary": "x", "telephone": 1632}"#).message == "'telephone' in the form f.json is no text")
        #expect(try failure("[]").message == "the form f.json is no JSON object")
        for text in ["", "{", #"{"summary": "Ada Lovelace",}}"#, #"{"summary" "Ada Lovelace"}"#] {
            let words = try failure(text).message
            #expect(words.hasPrefix("the form f.json is not JSON: "))
            #expect(!words.contains("Lovelace"))
        }
    }
}
