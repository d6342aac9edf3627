import HTTPTransport
import NodeInterface
import NodeProjections
import SharingProtocols
import TallystickPrimitives
import Testing

@testable import NodeService

/// Before anything is sent a person sees exactly what each agency will see; a preview sends nothing.
@Suite("A preview") struct PreviewTests {
    /// That an agency got of an entry what the preview showed for it, and nothing of what it withheld.
    private static func expect(
        _ entry: PreviewEntry, _ agency: AgencyCode, isWhat got: TimelineEntry,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let lines = try #require(
            entry.agencies.first { $0.agency == agency.text }?.lines, sourceLocation: sourceLocation)
        let shown = Set(lines.filter(\.isShown).map { "\($0.label) \($0.field)" })
        let fields = Set(got.fields.map { "\($0.label) \($0.field)" })
        #expect(fields.isSubset(of: shown), "more came than was shown", sourceLocation: sourceLocation)
        let parts = Set(lines.filter(\.isShown).map(\.label))
        #expect(Set(got.fields.map(\.label)) == parts, "other parts came", sourceLocation: sourceLocation)
        #expect(!lines.contains { $0.why.isEmpty }, sourceLocation: sourceLocation)
    }

    private static func timeline(_ reference: String, at node: OneNode) async throws -> [TimelineEntry] {
        try await node.core.showCase(CaseQuery(officer: "x1", caseReference: reference)).timeline
    }

    @Test("of a referral shows what the service then receives, marks names, and tells it nothing")
    func referral() async throws {
        let service: AgencyCode = "victim-first"
        let world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker, service])
        let nodes = [
            try await world.open(SharedCase.owner), try await world.open(SharedCase.asker),
            try await world.open(service),
        ]
        try await world.settle(nodes)
        let harbour = nodes[0].core
        for node in nodes {
            let offices =
                ["data-protection-officer"] + (node.core.agency == SharedCase.owner ? ["head-of-housing"] : [])
            _ = try await node.core.adopt(AdoptForm(officer: "o", protocolCode: "jag", offices: offices))
        }
        try await world.settle(nodes)
        let reference = try await SharedCase.share(at: nodes[0])
        var form = ReferralForm(
            officer: "h1", caseReference: reference, service: service.text, protocolCode: "jag",
            summary: "Ada Quillfeather asks for support at night")
        form.purpose = "protect-victim"
        form.gateway = "cda-1998-s115"
        let size = await harbour.writer.size
        let preview = try await harbour.preview(form)
        #expect(await harbour.writer.size == size, "a preview records nothing")
        let entry = try #require(preview.entries.first)
        let told = entry.agencies.map(\.agency)
        #expect(preview.entries.count == 1 && told == [service.text])
        let marked = entry.texts.flatMap(\.marks).map(\.text)
        #expect(marked.contains("Quillfeather"))
        #expect(preview.text.contains("To victim-first alone"))
        _ = try await harbour.refer(form)
        try await world.settle(nodes)
        let got = try #require(
            try await Self.timeline(reference, at: nodes[2]).first { $0.type == "referral-sent" })
        try Self.expect(entry, service, isWhat: got)
    }

    @Test("of earlier entries shows what the agency then receives, and gives nothing")
    func earlier() async throws {
        let scene = try await SharedCase()
        let police = try await scene.police()
        let nodes = [police, scene.harbour, scene.fire]
        let action = ActionForm(
            officer: "h1", caseReference: scene.reference, action: "Fit a smoke alarm", owner: "northshire-fire")
        let id = try #require(try await scene.harbour.core.record(action).events.last)
        _ = try await scene.harbour.core.share(
            ShareForm(
                officer: "h1", caseReference: scene.reference, agencies: [police.core.agency.text], protocolCode: "jag")
        )
        try await scene.world.settle(nodes)
        let form = GiveEarlierForm(
            officer: "h1", caseReference: scene.reference, agencies: [police.core.agency.text], entries: [id])
        let size = await scene.harbour.core.writer.size
        let preview = try await scene.harbour.core.preview(form)
        #expect(await scene.harbour.core.writer.size == size, "a preview records nothing")
        let entry = try #require(preview.entries.first)
        let told = entry.agencies.map(\.agency)
        #expect(told == [police.core.agency.text])
        #expect(entry.texts.contains { $0.text == "Fit a smoke alarm" })
        _ = try await scene.harbour.core.giveEarlier(form)
        try await scene.world.settle(nodes)
        let got = try #require(
            try await Self.timeline(scene.reference, at: police).first {
                $0.fields.contains { $0.value == "Fit a smoke alarm" }
            })
        try Self.expect(entry, police.core.agency, isWhat: got)
        // What was taken back from an agency is refused in giving, and so it is here.
        _ = try await scene.harbour.core.recall(
            RecallForm(officer: "h1", entry: id, reason: "wrong-agency"))
        try await scene.world.settle(nodes)
        let again = GiveEarlierForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], entries: [id])
        await #expect(throws: ProblemDetails.self) { _ = try await scene.harbour.core.giveEarlier(again) }
        await #expect(throws: ProblemDetails.self) { _ = try await scene.harbour.core.preview(again) }
        let none = GiveEarlierForm(
            officer: "h1", caseReference: scene.reference, agencies: form.agencies, entries: [])
        await #expect(throws: ProblemDetails.self) { _ = try await scene.harbour.core.preview(none) }
    }

    @Test("of an emergency shows the words and what is given with them, and tells nobody")
    func emergency() async throws {
        let scene = try await SharedCase()
        let county = try await scene.world.enrolLate("northshire-county")
        let nodes = [scene.harbour, scene.fire, county]
        try await scene.world.settle(nodes)
        var form = EmergencyForm(
            officer: "h1", agencies: [county.core.agency.text], threat: "He will burn the flat down tonight",
            personTold: "Duty social worker")
        form.caseReference = scene.reference
        form.labels = ["safe-contact"]
        let size = await scene.harbour.core.writer.size
        let preview = try await scene.harbour.core.preview(form)
        #expect(await scene.harbour.core.writer.size == size, "a preview records nothing")
        #expect(preview.text.contains("He will burn the flat down tonight"))
        #expect(preview.text.contains(SharedCase.instruction), "what is given with it")
        let views = preview.entries.flatMap(\.agencies)
        #expect(Set(views.map(\.agency)) == [county.core.agency.text] && views.count == preview.entries.count)
        #expect(!views.flatMap(\.lines).contains { !$0.isShown })
        _ = try await scene.harbour.core.tell(form)
        try await scene.world.settle(nodes)
        let got = try await Self.timeline(scene.reference, at: county)
        let told = try #require(got.first { $0.type == "emergency-disclosed" })
        try Self.expect(try #require(preview.entries.first), county.core.agency, isWhat: told)
        form.labels = ["account"]
        form.reports = [String(repeating: "0", count: 32)]
        await #expect(throws: ProblemDetails.self) { _ = try await scene.harbour.core.preview(form) }
    }
}
