import CommandLineSupport
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// What people at the holder say they did with it, and what its author owes the regulator (PRACTICE P14, UK GDPR Art 33).
@Suite("A recall is answered, and its clock runs") struct RecallAnswerTests {
    private static let day: Int64 = 86_400

    @Test("Whoever was shown it is asked, by name of nobody; its author sees what was done with it and no name")
    func asksWhoeverWasShownIt() async throws {
        let scene = try await SharedCase()
        let entry = try await RecallTests.opening(scene)  // shown to f0
        _ = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        _ = try await scene.fire.core.listCases(by: "f2")
        let made = try await scene.harbour.core.recall(RecallTests.form(entry))
        #expect(try await scene.harbour.core.listRecalls(by: "h1").map(\.standing) == ["sent"])
        try await scene.world.settle([scene.harbour, scene.fire])
        let waiting = try #require(try await scene.harbour.core.listRecalls(by: "h1").first)
        #expect(waiting.standing == "hidden" && waiting.hiddenAt != nil)
        #expect(waiting.shownCount == 2 && waiting.saidCount == 0)
        #expect(try await scene.fire.core.status(isConnected: true).recallsToAnswer == 1)
        for (officer, isAsked) in [("f0", true), ("f1", true), ("f2", false), ("h1", false)] {
            #expect(try await scene.fire.core.listRecalls(by: officer).map(\.asksYou) == [isAsked], "\(officer)")
        }
        // Looking at it once it is hidden is no reading of it.
        _ = try await scene.fire.core.showCase(CaseQuery(officer: "f3", caseReference: scene.reference))
        let recall = try #require(made.recalls[SharedCase.asker.text])
        var told = RecallAnswerForm(officer: "f1", recall: recall, use: "passed-on")
        told.words = "Told the crew commander"
        scene.world.time.advance(seconds: 2 * Self.day)
        _ = try await scene.fire.core.answer(told)
        #expect(try await scene.fire.core.listRecalls(by: "f1").map(\.asksYou) == [false])
        var other = RecallAnswerForm(officer: "f9", recall: recall, use: "not-read")
        other.onBehalfOf = "f0"
        let last = try #require(try await scene.fire.core.answer(other).events.last.flatMap { EventID(hex: $0) })
        await #expect(throws: ProblemDetails.self) { try await scene.fire.core.answer(told) }
        try await scene.world.settle([scene.harbour, scene.fire])
        let answered = try #require(try await scene.harbour.core.listRecalls(by: "h1").first)
        #expect(answered.standing == "answered" && answered.saidCount == 2 && answered.shownCount == 2)
        #expect(answered.uses == ["not-read", "passed-on"] && answered.useWords == ["Told the crew commander"])
        #expect(answered.hiddenAt == waiting.hiddenAt)
        #expect(try await scene.fire.core.status(isConnected: true).recallsToAnswer == 0)
        let sent = try #require(try scene.harbour.core.views.openedFields(last)?["record"])
        #expect(sent["event-type"] != nil && sent["actor"] == nil)
        // Who was asked stays in this agency; who acted is in no search at all.
        for name in ["f0", "f1"] {
            #expect(try scene.harbour.core.views.search(name).isEmpty, "\(name)")
            #expect(try !scene.fire.core.views.search(name).isEmpty, "\(name)")
        }
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await scene.fire.refusedCount() == 0)
    }

    @Test("Nobody was shown it: answered at once. Somebody may answer for all who are left")
    func nobodyOrEverybody() async throws {
        let scene = try await SharedCase()
        let here = try await scene.harbour.core.showCase(CaseQuery(officer: "h1", caseReference: scene.reference))
        let entry = try #require(here.timeline.last { $0.type == "case-opened" }).eventID
        _ = try await scene.harbour.core.recall(RecallTests.form(entry))
        try await scene.world.settle([scene.harbour, scene.fire])
        let row = try #require(try await scene.harbour.core.listRecalls(by: "h1").first)
        #expect(row.standing == "answered" && row.shownCount == 0)

        let second = try await SharedCase(seed: 2)
        let made = try await second.harbour.core.recall(RecallTests.form(try await RecallTests.opening(second)))
        try await second.world.settle([second.harbour, second.fire])
        var rest = RecallAnswerForm(officer: "f9", recall: made.recalls[SharedCase.asker.text] ?? "", use: "not-asked")
        rest.isForTheRest = true
        rest.words = "Left the service"
        _ = try await second.fire.core.answer(rest)
        try await second.world.settle([second.harbour, second.fire])
        #expect(try await second.harbour.core.listRecalls(by: "h1").map(\.standing) == ["answered"])
    }

    @Test("Seventy-two hours from when somebody was aware; a decision ends it; late answers are named on both sides")
    func clocks() async throws {
        let scene = try await SharedCase()
        let entry = try await RecallTests.opening(scene)
        var form = RecallTests.form(entry)
        form.awareAt = scene.world.time.now().adding(seconds: -Self.day).description
        let made = try await scene.harbour.core.recall(form)
        let due = scene.world.time.now().adding(seconds: 2 * Self.day)
        #expect(made.reportDue == due.description)
        try await scene.world.settle([scene.harbour, scene.fire])
        var status = try await scene.harbour.core.status(isConnected: true)
        #expect(status.breachDue == due.description && status.text.contains("tell the data protection officer now"))
        #expect(!status.overdue.contains { [.breach, .recall].contains($0.kind) })
        scene.world.time.advance(seconds: Limits.recallAnswerSeconds)
        #expect(try await scene.fire.core.status(isConnected: true).overdue.isEmpty, "to the second")
        scene.world.time.advance(seconds: 1)
        status = try await scene.harbour.core.status(isConnected: true)
        #expect(status.overdue.contains { $0.kind == .recall && $0.who == SharedCase.asker.text })
        #expect(try await scene.fire.core.status(isConnected: true).overdue.contains { $0.kind == .recallAnswer })
        #expect(!status.overdue.contains { $0.kind == .breach })
        scene.world.time.advance(seconds: Self.day)
        status = try await scene.harbour.core.status(isConnected: true)
        #expect(status.overdue.contains { $0.kind == .breach && $0.since == due.description })
        let recall = try #require(made.recalls[SharedCase.asker.text])
        let decision = RecallDecisionForm(
            officer: "dpo", recall: recall, decision: "not-reportable", words: "Read by one officer, and destroyed")
        await #expect(throws: ProblemDetails.self) { try await scene.fire.core.decideBreach(decision) }
        _ = try await scene.harbour.core.decideBreach(decision)
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.decideBreach(decision) }
        status = try await scene.harbour.core.status(isConnected: true)
        #expect(status.breachDue == nil && !status.overdue.contains { $0.kind == .breach })
    }

    @Test("What was never given, is not ours, or is still to come is refused, and nothing is recorded")
    func refused() async throws {
        let scene = try await SharedCase()
        let entry = try await RecallTests.opening(scene)
        let report = try #require(try await scene.harbour.core.listReports().first).eventID
        let size = await scene.harbour.core.writer.size
        var forms: [RecallForm] = [
            RecallTests.form(report), RecallTests.form(String(repeating: "0", count: 32)),
        ]
        func add(_ change: (inout RecallForm) -> Void) {
            var form = RecallTests.form(entry)
            change(&form)
            forms.append(form)
        }
        add { $0.agencies = ["northshire-police"] }
        add { $0.labels = ["health"] }
        add { $0.reason = "regret" }
        add { $0.awareAt = scene.world.time.now().adding(seconds: 5).description }
        add { $0.awareAt = "yesterday" }
        add { $0.words = " " }
        for form in forms {
            await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.recall(form) }
        }
        #expect(await scene.harbour.core.writer.size == size)
        await #expect(throws: ProblemDetails.self) { try await scene.fire.core.recall(RecallTests.form(entry)) }
    }
}
