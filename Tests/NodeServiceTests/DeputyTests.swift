import Casework
import CommandLineSupport
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Who is asked, who answers for whom, and what is due before it is late.
@Suite("Deputies, reminders and lateness") struct DeputyTests {
    private static func lists(_ node: OneNode) async throws -> NodeService.RequestLists {
        try await node.core.listRequests(by: "x")
    }

    @Test("A request is for the deputy where the asker says so, and the answer says who gave it for whom")
    func toTheDeputy() async throws {
        let scene = try await SharedCase()
        var form = RequestForm(
            officer: "f1", caseReference: scene.reference, asked: SharedCase.owner.text, labels: ["risk"],
            protocolCode: "jag", purpose: "prevent-fire-harm", reason: "To protect her from fire")
        form.isForDeputy = true
        let request = try await scene.fire.core.make(form).request
        let nodes = [scene.harbour, scene.fire]
        try await scene.world.settle(nodes)
        for view in [try await Self.lists(scene.harbour).toAnswer[0], try await Self.lists(scene.fire).asked[0]] {
            #expect(view.office == "deputy" && view.contact?.deputy == "Head of housing" && view.answeredBy == nil)
        }
        var answer = AnswerForm(officer: "h2", request: request, outcome: "nil", reason: "Nothing is held")
        answer.isByDeputy = true
        _ = try await scene.harbour.core.answer(answer)
        try await scene.world.settle(nodes)
        let seen = try await Self.lists(scene.fire)
        #expect(seen.asked[0].answeredBy == "deputy")
        let page = try CommandJSON.decode(
            CommandLineSupport.RequestLists.self, from: Array(try JSONEncoder().encode(seen)))
        #expect(page.text.contains("For the deputy") && page.text.contains("by the deputy for the contact"))
        #expect(try await scene.fire.refusedCount() == 0)
        #expect(try await scene.harbour.refusedCount() == 0)
    }

    @Test(
        "While the contact is away requests are for the deputy, who answers for the contact; a day that has passed ends it"
    )
    func away() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        let nodes = [scene.harbour, scene.fire]
        try await scene.world.settle(nodes)
        #expect(try await Self.lists(scene.harbour).toAnswer[0].office == "contact")
        _ = try await scene.harbour.core.setAway(AwayForm(officer: "h1", until: "2026-03-10"))
        let view = try await Self.lists(scene.harbour).toAnswer[0]
        #expect(view.office == "deputy" && view.awayUntil == "2026-03-10T00:00:00Z")
        try await scene.answer(request, days: 7)
        try await scene.world.settle(nodes)
        #expect(try await Self.lists(scene.fire).asked[0].answeredBy == "deputy")
        scene.world.time.advance(seconds: 10 * 86_400)
        #expect(try await scene.harbour.core.contactAwayUntil(at: scene.world.time.now()) == nil)
        for until in ["soon", "2027-03-10"] {
            await #expect(throws: ProblemDetails.self, "at most \(Limits.awayDays) days") {
                try await scene.harbour.core.setAway(AwayForm(officer: "h1", until: until))
            }
        }
    }

    @Test("In the day before an answer is due both see it in the status, and one may remind the other")
    func dueSoon() async throws {
        let scene = try await SharedCase()
        _ = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await scene.fire.core.status(isConnected: true).dueSoon == [])
        // Five working days from a Sunday: the Friday.
        scene.world.time.advance(seconds: 4 * 86_400 + 3_600)
        let theirs = try await scene.fire.core.status(isConnected: true)
        let ours = try await scene.harbour.core.status(isConnected: true)
        #expect(theirs.dueSoon?.map(\.kind) == [.request] && theirs.dueSoon?.first?.who == SharedCase.owner.text)
        #expect(ours.dueSoon?.map(\.kind) == [.answer] && ours.dueSoon?.first?.who == SharedCase.asker.text)
        #expect(theirs.text.contains("'tallystick request step' reminds them"))
        #expect(ours.text.contains("your answer to northshire-fire is due 2026-03-06T08:50:00Z"))
        #expect(ours.overdue.allSatisfy { $0.kind != .answer })
        scene.world.time.advance(seconds: 86_400)
        #expect(try await scene.harbour.core.status(isConnected: true).dueSoon == [])
    }

    @Test(
        "A preview says the same to programs: each field to each agency, with why not, restrictions and what to look at"
    )
    func previews() async throws {
        let scene = try await SharedCase()
        var report = ReportForm(
            officer: "h1",
            summary: "Nell Gannet rang from LS1 4AB, 07700 900123, nell@harbour.example; she is on medication")
        report.reporterName = "Nell Gannet"
        report.victimName = "Ada Quillfeather"
        report.category = "threats"
        let ids = try await scene.harbour.core.record(report).events
        let opened = try await scene.harbour.core.openCase(
            CaseForm(officer: "h1", reports: ids, summary: report.summary))
        var form = ShareForm(
            officer: "h1", caseReference: opened.caseReference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        form.purpose = "prevent-asb"
        let page = try await scene.harbour.core.preview(form)
        let marks = page.entries.flatMap(\.texts).flatMap(\.marks)
        #expect(Set(marks.map(\.kind)).isSuperset(of: ["postcode", "telephone", "e-mail", "name", "health"]))
        for passage in ["LS1 4AB", "07700 900123", "nell@harbour.example", "Gannet", "medication"] {
            #expect(marks.contains { $0.text == passage } && page.text.contains("look again: \(passage)"), "\(passage)")
        }
        let lines = page.entries.flatMap(\.agencies).flatMap(\.lines)
        #expect(lines.contains { $0.isShown && !$0.caveats.isEmpty })
        #expect(lines.contains { !$0.isShown } && lines.allSatisfy { !$0.why.isEmpty })
        let again = try CommandJSON.decode(PreviewPage.self, from: Array(try JSONEncoder().encode(page)))
        #expect(again == page)
    }
}
