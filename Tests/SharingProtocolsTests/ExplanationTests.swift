import Foundation
import SharingProtocols
import TallystickPrimitives
import Testing

@Suite struct ExplanationTests {
    private func table(_ title: String) throws -> PlainTable {
        let explanation = ProtocolExplanation(try ProtocolFiles.terms("jag"))
        return try #require(explanation.tables.first { $0.title.hasPrefix(title) })
    }

    @Test func whoReceivesWhatIsReadOffATable() throws {
        let receipts = try table("Who receives what")
        #expect(
            receipts.columns == [
                "Information", "police", "district-council", "county-council", "landlord", "fire",
                "victim-service",
            ])
        func row(_ label: String) -> [String]? { receipts.rows.first { $0.first == label } }
        #expect(row("risk") == ["risk", "f d", "f d", "f d", "f d", "d", "f"])
        #expect(row("safe-contact") == ["safe-contact", "f", "f", "-", "f", "d", "f"])
        #expect(row("reporter") == ["reporter", "-", "-", "-", "-", "-", "-"])
        #expect(row("account") == ["account", "d", "d", "-", "-", "-", "-"])
    }

    @Test(arguments: ["jag", "victim-first", "mappa"])
    func theTableAgreesWithTheDecision(name: String) throws {
        let terms = try ProtocolFiles.terms(name)
        let explanation = ProtocolExplanation(terms)
        let table = try #require(explanation.tables.first { $0.columns.first == "Information" })
        for row in table.rows {
            for (column, cell) in zip(table.columns, row).dropFirst() {
                let label = try #require(Label(row[0]))
                let reaches = canReach(terms, label, column)
                #expect(reaches == cell.contains("f"), "\(label) to \(column): \(cell)")
            }
        }
    }

    /// Asks the decision itself, for every sender, purpose and gateway.
    private func canReach(_ terms: SharingProtocol, _ label: Label, _ role: String) -> Bool {
        let all = Set(terms.parties.map(\.agency))
        let recipients = terms.parties.filter { $0.role.text == role }.map(\.agency)
        for recipient in recipients {
            for sender in all where sender != recipient {
                for purpose in terms.purposes {
                    for gateway in terms.gateways {
                        let question = ShareQuestion(
                            sender: sender, recipient: recipient, label: label, sealed: nil,
                            purpose: purpose.code, gateway: gateway.code, basis: "public-task",
                            circle: all, at: Questions.now)
                        let decision = ShareDecisions.decideShare(question, under: terms)
                        if decision.isPermitted { return true }
                    }
                }
            }
        }
        return false
    }

    @Test(arguments: ["jag", "victim-first", "mappa"])
    func theTextSaysWhatTheFileSays(name: String) throws {
        let terms = try ProtocolFiles.terms(name)
        let explanation = ProtocolExplanation(terms)
        let text = explanation.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        func says(_ words: String) -> Bool {
            text.contains(words.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        }
        #expect(says(terms.title))
        for rule in terms.rules { #expect(says(rule.text), "\(rule.code)") }
        for never in terms.nevers { #expect(says(never.text), "\(never.code)") }
        for rule in terms.consents { #expect(says(rule.text), "\(rule.code)") }
        for rule in terms.retention { #expect(says(rule.because), "\(rule.role)") }
        for block in terms.hardBlocks { #expect(says(block.sentence), "\(block.code)") }
        for party in terms.parties { #expect(says(party.entity), "\(party.agency)") }
        let words = ["epoch", "compartment", "grant", "circle", "statement", "hash"]
        // A witness to what happened is an ordinary word; one of heads is not, and stands nowhere here.
        let practice = text.replacing("witness", with: "").lowercased()
        for word in words { #expect(!practice.contains(word), "\(word)") }
    }

    @Test func linesStayReadable() throws {
        let text = ProtocolExplanation(try ProtocolFiles.terms("jag")).text
        let lines = text.split(separator: "\n")
        #expect(
            lines.allSatisfy { $0.count <= Limits.protocolLineWidth },
            "\(lines.max { $0.count < $1.count } ?? "")")
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func everyRowHasACellForEachColumn() throws {
        for name in ["jag", "victim-first", "mappa"] {
            for table in ProtocolExplanation(try ProtocolFiles.terms(name)).tables {
                #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.title)")
            }
        }
    }

    @Test func itIsJSONToo() throws {
        let explanation = ProtocolExplanation(try ProtocolFiles.terms("jag"))
        let data = try JSONEncoder().encode(explanation)
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        #expect((object?["tables"] as? [Any])?.count == explanation.tables.count)
    }

    // MARK: Check

    @Test func aValidFileIsValidWithNotes() throws {
        let bytes = try ProtocolFiles.bytes("jag")
        let check = ProtocolCheck(yaml: bytes, file: "jag.yaml")
        #expect(check.isValid)
        #expect(check.bundleHash == RulesBundle.current(yaml: bytes).hash.hex)
        #expect(check.notes.contains("no clause shares for `statutory-return`"))
        #expect(check.text.hasPrefix("valid; rules bundle "))
    }

    @Test func anOpenChoiceIsNamed() throws {
        let text = try ProtocolFiles.edited("jag", [("    value: 28 days\n", "")])
        let check = ProtocolCheck(yaml: Array(text.utf8), file: "jag.yaml")
        #expect(check.isValid)
        #expect(!check.canBeAdopted)
        #expect(
            check.notes.first
                == "cannot be adopted yet: the local choice `fire-share-days` lacks a value; "
                + "it settles clause fire-safety-visit")
    }

    @Test func anInvalidFileHasDiagnosticsAndNoHash() throws {
        let text = try ProtocolFiles.edited("jag", [("code: jag", "code: no")])
        let check = ProtocolCheck(yaml: Array(text.utf8), file: "jag.yaml")
        #expect(!check.isValid)
        #expect(check.bundleHash == nil)
        let expected = """
            jag.yaml:7:7: YAML reads `no` at `code` as true or false, not as text; \
            hint: write it in quotes: "no"

            """
        #expect(check.text == expected)
    }
}
