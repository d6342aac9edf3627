import Casework
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import SQLiteStore
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Requests to their end: chosen powers, reminders, the ladder, what was told by voice, and answers that tell nothing.
@Suite("A request to its end") struct RequestStepTests {
    private static func asked(_ scene: SharedCase) async throws -> RequestView {
        try #require(try await scene.fire.core.listRequests(by: "f1").asked.first)
    }

    private static func toAnswer(_ scene: SharedCase) async throws -> RequestView {
        try #require(try await scene.harbour.core.listRequests(by: "h1").toAnswer.first)
    }

    @Test("The node proposes the step that the protocol states, a person takes it, and both agencies see it")
    func ladder() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        let nodes = [scene.harbour, scene.fire]
        try await scene.world.settle(nodes)
        let first = try await Self.asked(scene)
        #expect(first.proposed == nil && first.contact?.contact == "Anti-social behaviour team")
        #expect(first.contact?.deputy == "Head of housing")
        await #expect(throws: ProblemDetails.self, "before its time") {
            try await scene.fire.core.step(StepForm(officer: "f1", request: request, step: "contact"))
        }
        _ = try await scene.fire.core.step(StepForm(officer: "f1", request: request, words: "Please, today"))
        // Five working days from a Sunday; one more to the first step.
        scene.world.time.advance(seconds: 9 * 86_400)
        let size = await scene.fire.core.writer.size
        let late = try await scene.fire.core.status(isConnected: true).overdue
        #expect(late.contains { $0.kind == .request && $0.who == "harbour-homes" })
        #expect(await scene.fire.core.writer.size == size, "nothing is sent by itself")
        let proposed = try #require(try await Self.asked(scene).proposed)
        #expect(proposed.step == "contact")
        #expect(proposed.office == "The agency's single point of contact and deputy")
        _ = try await scene.fire.core.step(StepForm(officer: "f1", request: request))
        scene.world.time.advance(seconds: 2 * 86_400)
        _ = try await scene.fire.core.step(StepForm(officer: "f1", request: request, step: "manager"))
        try await scene.world.settle(nodes)
        #expect(try await scene.fire.refusedCount() == 0)
        for view in [try await Self.asked(scene), try await Self.toAnswer(scene)] {
            #expect(view.steps.map(\.step) == ["reminder", "contact", "manager"])
            #expect(view.steps.first?.words == "Please, today")
        }
        #expect(try await Self.toAnswer(scene).proposed == nil, "only whoever asked goes up the ladder")
        let owed = try await scene.harbour.core.status(isConnected: true).overdue
        #expect(owed.contains { $0.kind == .answer && $0.who == "northshire-fire" })
        await #expect(throws: ProblemDetails.self) {
            try await scene.harbour.core.step(StepForm(officer: "h1", request: request))
        }
        try await scene.answer(request, days: 7)
        try await scene.world.settle(nodes)
        let answered = try await Self.asked(scene)
        #expect(answered.lateDays > 0 && answered.proposed == nil)
        #expect(try await scene.fire.core.status(isConnected: true).overdue.allSatisfy { $0.kind != .request })
        await #expect(throws: ProblemDetails.self, "it is answered") {
            try await scene.fire.core.step(StepForm(officer: "f1", request: request, step: "partnership"))
        }
    }

    @Test("An answer told by voice counts from when it was told, and is entered late without penalty")
    func told() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        scene.world.time.advance(seconds: 20 * 86_400)
        var form = AnswerForm(officer: "h1", request: request, outcome: "full", reason: "She was rung at once")
        form.labels = ["risk", "safe-contact"]
        form.toldHow = "by-voice"
        form.toldAt = "2026-02-01T10:00:00Z"
        await #expect(throws: ProblemDetails.self, "before it was asked for") {
            try await scene.harbour.core.answer(form)
        }
        form.toldAt = "2026-03-02T10:00:00Z"
        let made = try await scene.harbour.core.answer(form)
        #expect(made.disclosed == 0)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await scene.harbour.refusedCount() == 0)
        let view = try await Self.asked(scene)
        #expect(view.outcome == "full" && view.lateDays == 0 && view.told == "by-voice")
        #expect(view.answeredAt == "2026-03-02T10:00:00Z" && view.enteredAt != view.answeredAt)
        #expect(view.disclosedLabels == ["risk", "safe-contact"])
        #expect(try await !scene.labels(at: scene.fire).contains("risk"), "what was told is not given a second time")
    }

    @Test("What was told without a request is entered for whom it was told")
    func toldUnasked() async throws {
        let scene = try await SharedCase()
        var form = ToldForm(
            officer: "h1", caseReference: scene.reference, agency: SharedCase.asker.text, labels: ["risk"],
            how: "on-paper", at: "2026-03-01", protocolCode: "jag", purpose: "prevent-fire-harm")
        _ = try await scene.harbour.core.enterTold(form)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await scene.harbour.refusedCount() == 0)
        let there = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        let fields = there.timeline.filter { $0.type == "disclosure-made" }.flatMap(\.fields)
        #expect(fields.contains { $0.field == "channel" && $0.value == "on-paper" })
        form.at = "2036-03-01"
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.enterTold(form) }
    }

    @Test("The power is a person's to choose, is said where there is one only, and is never the one that permits most")
    func power() async throws {
        let scene = try await SharedCase()
        var form = RequestForm(
            officer: "f1", caseReference: scene.reference, asked: SharedCase.owner.text, labels: ["safe-contact"],
            protocolCode: "jag", purpose: "prevent-fire-harm", reason: "To protect her from fire")
        form.gateway = "cda-1998-s17a"
        let refused = await #expect(throws: ProblemDetails.self) { try await scene.fire.core.make(form) }
        #expect(refused?.code == "not-permitted")
        form.gateway = nil
        let made = try await scene.fire.core.make(form)
        #expect(made.power?.hasPrefix("cda-1998-s115: ") == true)
        #expect(made.power?.hasSuffix("(the only power that would do)") == true)
        try await scene.world.settle([scene.harbour, scene.fire])
        var answer = AnswerForm(officer: "h1", request: made.request, outcome: "full", reason: "It is needed")
        answer.labels = ["safe-contact"]
        answer.days = 7
        answer.gateway = "victims-code-right-4"
        let other = await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.answer(answer) }
        #expect(other?.code == "not-permitted" && other?.detail.contains("cda-1998-s115") == false)
        answer.gateway = "cda-1998-s155"
        let typed = await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.answer(answer) }
        #expect(typed?.code == "gateway-unknown")
        answer.gateway = nil
        #expect(try await scene.harbour.core.answer(answer).power?.hasPrefix("cda-1998-s115: ") == true)
    }

    /// Everything of a statement that whoever cannot open it can see.
    private struct Seen: Equatable {
        let kind: StatementKind
        let byteCount: Int
        let parts: [String]
        let grants: Int
        let codes: [String]
    }

    @Test("No information we can share is the same to the asker and to the broker, whatever the reason and its length")
    func tellsNothing() async throws {
        var seen: [[Seen]] = []
        var opened: [[String: String]] = []
        for (isNothingHeld, reason) in [(true, "None"), (false, String(repeating: "She is in danger. ", count: 220))] {
            let scene = try await SharedCase()
            let request = try await scene.ask()
            try await scene.world.settle([scene.harbour, scene.fire])
            let before = await scene.harbour.core.writer.size
            var form = AnswerForm(officer: "h1", request: request, outcome: "no-information", reason: reason)
            form.isNothingHeld = isNothingHeld
            _ = try await scene.harbour.core.answer(form)
            let count = Int((await scene.harbour.core.writer.size).value - before.value)
            let placed = try scene.harbour.core.store.readLog(from: LeafIndex(before.value), limit: count)
            seen.append(
                placed.map { placed in
                    let payload = placed.statement.payload
                    let codes = payload.decision.map { [$0.purpose.text, $0.gateway.text, $0.basis.text] } ?? []
                    return Seen(
                        kind: payload.kind, byteCount: placed.statement.bytes.count,
                        parts: payload.compartments.map { "\($0.label) \($0.paddedLength.value)" },
                        grants: payload.grants.count, codes: codes)
                })
            let truth = try #require(placed.last?.statement.payload.compartments.first)
            #expect(truth.reader == .home && truth.paddedLength.value == Limits.truthByteCount)
            try await scene.world.settle([scene.harbour, scene.fire])
            let page = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
            let answer = try #require(page.timeline.first { $0.type == "request-answered" })
            let told = ["event-type", "outcome", "outcome-reason", "channel", "disclosed-labels", "derived-from"]
            opened.append(
                Dictionary(
                    uniqueKeysWithValues: answer.fields.filter { told.contains($0.field) }.map { ($0.field, $0.value) })
            )
            #expect(
                Set(answer.fields.map(\.field)).subtracting(told) == [
                    "actor", "case-agency", "case-stream", "happened-at",
                ])
        }
        #expect(seen[0] == seen[1])
        #expect(opened[0] == opened[1] && opened[0]["outcome"] == "no-information-we-can-share")
    }
}
