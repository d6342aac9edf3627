import Foundation
import HTTPTransport
import NodeInterface
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// What is recorded is what was said to be, and names only what is there.
@Suite("Recording at a node") struct RecordingTests {
    private static let mapping = """
        name: counted
        format: csv
        columns: [ref, what]
        required: [summary]
        checks:
          ref: {integer: [1, 100]}
        fields:
          source-reference: {column: ref}
          summary: {column: what}
        """

    @Test("Rows set aside are not counted as recorded, the first time or again")
    func importCounts() async throws {
        let scene = try await SharedCase()
        let rows = ["1,Shouting", "x,Noise", "x,Noise", "2,Threats", "x,a", "x,b", "x,c", "x,d"]
        let form = ImportForm(
            officer: "h1", mapping: RecordingTests.mapping, mappingName: "m.yaml",
            data: Data((["ref,what"] + rows).joined(separator: "\n").utf8).base64EncodedString(), dataName: "d.csv")
        let first = try await scene.harbour.core.importFile(form)
        #expect(counts(first) == [2, 0, 6])
        let again = try await scene.harbour.core.importFile(form)
        #expect(counts(again) == [0, 2, 6])
    }

    private func counts(_ answer: ImportAnswer) -> [Int] {
        [answer.recorded, answer.alreadyThere, answer.rejected.count]
    }

    @Test("A case does not open from a report that is not here, and the refusal names it")
    func unknownReport() async throws {
        let scene = try await SharedCase()
        let known = try await scene.harbour.core.record(ReportForm(officer: "h1", summary: "Noise"))
        let missing = String(repeating: "0", count: 32)
        let problem = await #expect(throws: ProblemDetails.self) {
            try await scene.harbour.core.openCase(
                CaseForm(officer: "h1", reports: known.events + [missing], summary: "Noise"))
        }
        #expect(problem?.detail.contains(missing) == true)
        #expect(problem?.code == "report-unknown")
    }

    @Test("An action is for an enrolled agency, and due no earlier than today")
    func actions() async throws {
        let scene = try await SharedCase()
        let today = CivilDate(daysSinceEpoch: Int64(scene.world.time.now().wholeSeconds / 86_400))
        func record(owner: String, dueIn days: Int64?) async throws -> Int {
            var form = ActionForm(
                officer: "h1", caseReference: scene.reference, action: "Visit", owner: owner)
            form.due = days.map { CivilDate(daysSinceEpoch: today.daysSinceEpoch + $0).description }
            return try await scene.harbour.core.record(form).events.count
        }
        for (owner, days, field) in [("nobody", nil, "--owner"), ("northshire-fire", -1, "--due")]
            as [(String, Int64?, String)]
        {
            let problem = await #expect(throws: ProblemDetails.self) { try await record(owner: owner, dueIn: days) }
            #expect(problem?.detail.hasPrefix("'\(field)'") == true)
        }
        #expect(try await record(owner: "northshire-fire", dueIn: 0) == 1)
        #expect(try await record(owner: "northshire-fire", dueIn: nil) == 1)
    }

    @Test("An answer says how much of the matrix is unknown, and how grave it may be")
    func incomplete() async throws {
        let scene = try await SharedCase()
        var form = AssessmentForm(officer: "f1", caseReference: scene.reference)
        form.marks = ["frequency": 1]
        let answer = try await scene.fire.core.assess(form)
        #expect(answer.questions == answer.unknown + 1)
        #expect(answer.couldReach == "high")
    }

    @Test("An answer is due in working days")
    func workingDays() async throws {
        let scene = try await SharedCase()
        // From Sunday 2026-03-01 to Thursday; five working days later is the next Thursday.
        scene.world.time.advance(seconds: 4 * 86_400)
        let form = RequestForm(
            officer: "f1", caseReference: scene.reference, asked: SharedCase.owner.text, labels: ["risk"],
            protocolCode: "jag", purpose: "prevent-fire-harm", reason: "To protect her from fire")
        let due = try await scene.fire.core.make(form).due
        #expect(due.hasPrefix("2026-03-12T"))
    }

    @Test("A report is shown whole, and that it was displayed is recorded")
    func shownReport() async throws {
        let scene = try await SharedCase()
        var form = ReportForm(officer: "h7", summary: "Noise")
        form.narrative = "The full account"
        form.telephone = "01632 960123"
        let id = try #require(try await scene.harbour.core.record(form).events.first)
        let before = await scene.harbour.core.writer.size
        let page = try await scene.harbour.core.showReport(ReportQuery(officer: "h8", report: id))
        #expect(page.content == form)
        #expect(await scene.harbour.core.writer.size > before)
        let problem = await #expect(throws: ProblemDetails.self) {
            try await scene.harbour.core.showReport(
                ReportQuery(officer: "h8", report: String(repeating: "0", count: 32)))
        }
        #expect(problem?.code == "report-unknown")
    }
}
