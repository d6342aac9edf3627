import Auditing
import Casework
import CommandLineSupport
import Disclosures
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Restrictions travel with what is given, and bind whoever shares it on (decision 0035).
@Suite("Restrictions travel with an entry") struct CaveatTests {
    private static func entry(
        _ scene: SharedCase, with label: String, at node: OneNode
    ) async throws -> TimelineEntry {
        let view = try await node.core.showCase(CaseQuery(officer: "x", caseReference: scene.reference))
        return try #require(
            view.timeline.first { entry in
                !entry.caveats.isEmpty && entry.fields.contains { $0.label == label && $0.field != "event-type" }
            })
    }

    @Test(
        "They stand on what is sealed for others, are shown wherever the entry is, and the audit finds nothing missing")
    func travel() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        try await scene.give(days: 7)
        let entry = try await Self.entry(scene, with: "record", at: scene.fire)
        #expect(entry.caveats.contains("same-purpose"))
        let view = try await scene.fire.core.showCase(CaseQuery(officer: "x", caseReference: scene.reference))
        let page = try CommandJSON.decode(CasePage.self, from: Array(try JSONEncoder().encode(view)))
        #expect(page.text.contains("[restricted: same-purpose]") && page.text.contains("no-onward"))
        let hits = try await scene.fire.core.search(SearchForm(officer: "x", words: "afraid"))
        #expect(hits.contains { $0.caveats.contains("same-purpose") })
        // What was given by a share has the restrictions of the share.
        let given = try await Self.entry(scene, with: "safe-contact", at: scene.fire)
        #expect(given.caveats.contains("no-onward") && given.caveats.contains("no-contact-with-subject"))
        // What nobody else has is restricted by nothing.
        let own = try await scene.harbour.core.showCase(CaseQuery(officer: "x", caseReference: scene.reference))
        #expect(own.timeline.contains { $0.caveats.isEmpty })
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await scene.world.audit().findings.isEmpty)
        #expect(try await scene.world.conformance().findings.isEmpty)
    }

    @Test(
        "What is made from an entry that may not be passed on is shared with nobody but those who have it from its author"
    )
    func bindsTheNextShare() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        let police = try await scene.police()
        let source = try await Self.entry(scene, with: "safe-contact", at: scene.fire)
        var report = ReportForm(officer: "f1", summary: "We were told of threats at night")
        report.madeFrom = source.eventID
        report.category = "threats"
        let recorded = try await scene.fire.core.record(report)
        let case_ = try await scene.fire.core.openCase(
            CaseForm(officer: "f1", reports: recorded.events, summary: "Threats at night; fire risk at the door"))
        var share = ShareForm(
            officer: "f1", caseReference: case_.caseReference, agencies: ["northshire-police"], protocolCode: "jag")
        share.purpose = "prevent-asb"
        let size = await scene.fire.core.writer.size
        var said = ""
        do { _ = try await scene.fire.core.share(share) } catch let problem as ProblemDetails { said = problem.detail }
        #expect(
            said.contains("harbour-homes shared this not to be passed on") && said.contains("Ask it to share it itself")
        )
        #expect(await scene.fire.core.writer.size == size, "nothing was recorded")
        let preview = try await scene.fire.core.preview(share)
        #expect(preview.text.contains("harbour-homes shared this not to be passed on"))
        #expect(preview.entries.flatMap(\.agencies).flatMap(\.lines).allSatisfy { !$0.isShown })
        // Back to where it came from it may go.
        share.agencies = [SharedCase.owner.text]
        _ = try await scene.fire.core.share(share)
        await police.close()
        // What names no entry that is here is refused.
        await #expect(throws: ProblemDetails.self) {
            try await scene.fire.core.record(
                {
                    var form = report; form.madeFrom = String(repeating: "0", count: 32); return form
                }())
        }
    }

    @Test("An answer and an entry given later are bound by what they were made from")
    func bindsAnswers() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        let police = try await scene.police()
        let source = try await Self.entry(scene, with: "safe-contact", at: scene.fire)
        let core = scene.fire.core
        let id = try #require(EventID(hex: source.eventID))
        var report = ReportForm(officer: "f1", summary: "We were told of threats at night")
        report.madeFrom = source.eventID
        let made = try #require(try await core.record(report).events.first.flatMap { EventID(hex: $0) })
        let terms = try await core.carriedTerms(of: [made])
        #expect(terms.map(\.from) == [SharedCase.owner])
        #expect(terms.allSatisfy { $0.caveats.contains("no-onward") && $0.givenTo.isEmpty })
        #expect(try await core.carriedTerms(of: [id]) == terms, "however many entries ago")
        func decide(to recipient: AgencyCode) async throws -> [ShareRefusalCode] {
            let bundle = try #require(await core.roster.newest("jag", at: core.follower.size))
            let facts = SealedFacts(eventType: "report-recorded", fields: ["summary"], carried: terms)
            let question = ShareQuestion(
                sender: SharedCase.asker, recipient: recipient, label: .record, sealed: facts, purpose: "prevent-asb",
                gateway: "cda-1998-s115", basis: "public-task", circle: [SharedCase.asker, recipient],
                at: scene.world.time.now())
            return ShareDecisions.decideShare(question, under: bundle.terms).refusals.map(\.code)
        }
        #expect(try await decide(to: "northshire-police").contains(.onwardForbidden))
        #expect(try await !decide(to: SharedCase.owner).contains(.onwardForbidden))
        // What both had from its author by the circle is passed on by neither.
        let record = try await Self.entry(scene, with: "record", at: scene.fire)
        let shared = try await core.carriedTerms(of: [try #require(EventID(hex: record.eventID))])
        #expect(shared.first?.givenTo.contains(SharedCase.asker) == true)
        await police.close()
    }
}
