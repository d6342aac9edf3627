import Auditing
import CommandLineSupport
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Nothing is edited; what is wrong says so, wherever it went (UK GDPR Art 19, PRACTICE P14, decision 0022).
@Suite("A correction reaches whoever was given the entry") struct CorrectionTests {
    private static func notes(
        of entry: String, in reference: String, at node: OneNode
    ) async throws -> [CorrectionNote] {
        let view = try await node.core.showCase(CaseQuery(officer: "x", caseReference: reference))
        return view.timeline.first { $0.eventID == entry }?.corrections ?? []
    }

    private static func form(_ entry: String, _ kind: String = "corrected") -> CorrectionForm {
        CorrectionForm(officer: "h1", entry: entry, kind: kind, words: "The threats were by letter, not at night")
    }

    @Test("The agencies on the case see it beside the entry, in lists and searches, and at a restart")
    func reachesTheCircle() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let entry = try await RecallTests.opening(scene)
        let made = try await scene.harbour.core.correct(Self.form(entry))
        #expect(made.told == [SharedCase.asker.text] && made.notTold.isEmpty)
        try await scene.world.settle([scene.harbour, scene.fire])
        for node in [scene.harbour, scene.fire] {
            let notes = try await Self.notes(of: entry, in: scene.reference, at: node)
            #expect(notes.map(\.kind) == ["corrected"] && notes.map(\.by) == [SharedCase.owner.text])
            #expect(notes.map(\.words) == ["The threats were by letter, not at night"])
            let hits = try await node.core.search(SearchForm(officer: "x", words: "afraid"))
            #expect(hits.contains { $0.eventID == entry && !$0.corrections.isEmpty })
        }
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        let view = try await again.core.showCase(CaseQuery(officer: "x", caseReference: scene.reference))
        let page = try CommandJSON.decode(CasePage.self, from: Array(try JSONEncoder().encode(view)))
        #expect(
            page.text.contains("[corrected by harbour-homes on 2026-03-01: The threats were by letter, not at night]"))
        #expect(view.summary == "Threats at night; she is afraid", "it stands")
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await scene.world.audit().findings.isEmpty)
        #expect(try await scene.world.conformance().findings.isEmpty)
    }

    @Test("Whoever is given it by a share is told, before or after; whoever was not given it is not")
    func reachesShares() async throws {
        let scene = try await SharedCase()
        let here = try await scene.harbour.core.showCase(CaseQuery(officer: "h1", caseReference: scene.reference))
        let contact = try #require(here.timeline.last { $0.fields.contains { $0.label == "safe-contact" } }).eventID
        let made = try await scene.harbour.core.correct(
            CorrectionForm(officer: "h1", entry: contact, kind: "corrected", words: "The sister has moved"))
        // Fire is on the case and has the record of this entry; what nobody has nobody is told of.
        #expect(made.told == [SharedCase.asker.text])
        let report = try #require(try await scene.harbour.core.listReports().first).eventID
        let alone = try await scene.harbour.core.correct(Self.form(report))
        #expect(alone.told.isEmpty && alone.notTold.isEmpty)
        #expect(try await scene.harbour.core.listReports().first?.corrections.count == 1)
        let county = try await scene.world.enrolLate("northshire-county")
        let nodes = [scene.harbour, scene.fire, county]
        try await scene.world.settle(nodes)
        var danger = EmergencyForm(
            officer: "h1", agencies: ["northshire-county"], threat: "He is on his way", personTold: "Duty desk")
        danger.caseReference = scene.reference
        danger.labels = ["safe-contact"]
        _ = try await scene.harbour.core.tell(danger)
        try await scene.world.settle(nodes)
        for node in [scene.fire, county] {
            let notes = try await Self.notes(of: contact, in: scene.reference, at: node)
            #expect(notes.map(\.words) == ["The sister has moved"])
        }
        let size = await scene.harbour.core.writer.size
        try await scene.world.settle(nodes)
        #expect(await scene.harbour.core.writer.size == size, "nobody is told twice")
    }

    @Test("Another agency's entry can be disputed and not corrected; its author sees it")
    func disputesAnothers() async throws {
        let scene = try await SharedCase()
        let entry = try await RecallTests.opening(scene)
        var form = CorrectionForm(officer: "f1", entry: entry, kind: "corrected", words: "It was not she who rang")
        await #expect(throws: ProblemDetails.self) { try await scene.fire.core.correct(form) }
        form.kind = "disputed"
        let made = try await scene.fire.core.correct(form)
        #expect(made.told == [SharedCase.owner.text])
        try await scene.world.settle([scene.harbour, scene.fire])
        for node in [scene.harbour, scene.fire] {
            let notes = try await Self.notes(of: entry, in: scene.reference, at: node)
            #expect(notes.map(\.kind) == ["disputed"] && notes.map(\.by) == [SharedCase.asker.text])
        }
    }

    @Test("Without words, an entry or one that stands in its place nothing is recorded")
    func refused() async throws {
        let scene = try await SharedCase()
        let entry = try await RecallTests.opening(scene)
        let size = await scene.harbour.core.writer.size
        var blank = Self.form(entry)
        blank.words = " "
        var itself = Self.form(entry)
        itself.replacedBy = entry
        var unknown = Self.form(entry)
        unknown.replacedBy = String(repeating: "0", count: 32)
        for form in [blank, itself, unknown, Self.form("00"), Self.form(entry, "deleted")] {
            await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.correct(form) }
        }
        #expect(await scene.harbour.core.writer.size == size)
    }
}
