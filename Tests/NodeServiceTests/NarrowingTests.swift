import Auditing
import Casework
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import SQLiteStore
import TallystickPrimitives
import Testing

@testable import NodeService

/// Who gets what of a case is for people to choose and to narrow (PRACTICE P3).
@Suite("Fewer than all on a case") struct NarrowingTests {
    /// A case with fire on it; the police have signed too, and are on it where that is asked for.
    private static func scene(
        hasPolice: Bool, hasAuditor: Bool = false
    ) async throws -> (scene: SharedCase, police: OneNode, nodes: [OneNode]) {
        let scene = try await SharedCase(hasAuditor: hasAuditor)
        let police = try await scene.police()
        let nodes = [police, scene.harbour, scene.fire]
        if hasPolice { try await add(scene, nodes) }
        return (scene, police, nodes)
    }

    private static func add(_ scene: SharedCase, _ nodes: [OneNode]) async throws {
        _ = try await scene.harbour.core.share(
            ShareForm(
                officer: "h1", caseReference: scene.reference, agencies: ["northshire-police"], protocolCode: "jag"))
        try await scene.world.settle(nodes)
    }

    private static func action(
        _ words: String, in reference: String, owner: String = "harbour-homes", for agencies: [String]? = nil
    ) -> ActionForm {
        var form = ActionForm(officer: "h1", caseReference: reference, action: words, owner: owner)
        form.onlyFor = agencies
        return form
    }

    private static func page(_ reference: String, at node: OneNode) async throws -> CaseView {
        try await node.core.showCase(CaseQuery(officer: "x1", caseReference: reference))
    }

    /// All that an agency has received of statements: what it can see of each without any key.
    private static func received(at node: OneNode) throws -> [String] {
        try node.core.store.received(from: 0, limit: 10_000).map { received in
            let payload = try Statement(decoding: received.bytes).payload
            let parts = payload.compartments.map { "\($0.label):\($0.paddedLength.value)" }.joined(separator: ",")
            return "\(received.origin) \(payload.kind) \(payload.sequence) \(parts) \(payload.grants.count)"
        }
    }

    @Test("Whoever is left out receives what it would have received without it, and sees no gap")
    func cannotTell() async throws {
        var seen: [[String]] = []
        var pages: [[String]] = []
        for isTold in [false, true] {
            let (scene, police, nodes) = try await Self.scene(hasPolice: true)
            if isTold {
                let form = Self.action("Ask about the lighter", in: scene.reference, for: ["northshire-fire"])
                _ = try await scene.harbour.core.record(form)
                try await scene.world.settle(nodes)
                #expect(try await Self.page(scene.reference, at: scene.fire).actions.map(\.action) == [form.action])
            }
            _ = try await scene.harbour.core.record(Self.action("Visit both", in: scene.reference))
            try await scene.world.settle(nodes)
            #expect(try await scene.harbour.refusedCount() == 0)
            #expect(await police.core.feedFault == nil)
            seen.append(try Self.received(at: police))
            let page = try await Self.page(scene.reference, at: police)
            #expect(page.actions.map(\.action) == ["Visit both"])
            pages.append(page.timeline.map { "\($0.kind) \($0.type ?? "") \($0.sequence)" })
        }
        #expect(seen[0] == seen[1])
        #expect(pages[0] == pages[1])
    }

    @Test("What was recorded for fewer is not said again to whoever comes to the case later")
    func notSaidAgain() async throws {
        let (scene, police, nodes) = try await Self.scene(hasPolice: false)
        _ = try await scene.harbour.core.record(
            Self.action("Ask about the lighter", in: scene.reference, for: ["northshire-fire"]))
        _ = try await scene.harbour.core.record(Self.action("Visit both", in: scene.reference))
        try await Self.add(scene, nodes)
        #expect(try await Self.page(scene.reference, at: police).actions.map(\.action) == ["Visit both"])
        let here = try await Self.page(scene.reference, at: scene.harbour)
        #expect(here.actions.map(\.action) == ["Ask about the lighter", "Visit both"])
        // Nor after a start, when the book of streams is read from the log again.
        await scene.harbour.close()
        let again = try await scene.world.open(SharedCase.owner)
        let share = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: ["northshire-police"], protocolCode: "jag")
        #expect(try await again.core.share(share).newEntries == 0)
    }

    @Test("An entry can be for agencies on the case only, and the case must be shared")
    func neverWider() async throws {
        let scene = try await SharedCase()
        let size = await scene.harbour.core.writer.size
        for agencies in [["northshire-police"], ["harbour-homes"], ["northshire-fire", "nobody"], []] {
            await #expect(throws: ProblemDetails.self) {
                try await scene.harbour.core.record(Self.action("Visit", in: scene.reference, for: agencies))
            }
        }
        #expect(await scene.harbour.core.writer.size == size)
        let opened = try await scene.harbour.core.openCase(
            CaseForm(officer: "h1", reports: [], summary: "Another matter"))
        let before = await scene.harbour.core.writer.size
        await #expect(throws: ProblemDetails.self) {
            try await scene.harbour.core.record(
                Self.action("Visit", in: opened.caseReference, for: ["northshire-fire"]))
        }
        #expect(await scene.harbour.core.writer.size == before)
    }

    @Test("A late joiner gets nothing earlier, unless somebody gives it named entries; that is a disclosure")
    func giveEarlier() async throws {
        let (scene, police, nodes) = try await Self.scene(hasPolice: false, hasAuditor: true)
        let old = Self.action("Fit a smoke alarm", in: scene.reference, owner: "northshire-fire")
        let entry = try #require(try await scene.harbour.core.record(old).events.last)
        var second = AssessmentForm(officer: "h1", caseReference: scene.reference)
        second.marks = [try #require(RiskMatrix.standard.questions.first?.code.text): 1]
        second.band = "standard"
        second.rationale = "He has moved away"
        _ = try await scene.harbour.core.assess(second)
        try await Self.add(scene, nodes)
        #expect(try await Self.page(scene.reference, at: police).actions.isEmpty)
        let own = try await Self.page(scene.reference, at: scene.harbour)
        let first = try #require(own.timeline.first { $0.type == "risk-assessed" }?.eventID)
        func give(_ entries: [String], to agencies: [String] = ["northshire-police"]) async throws -> Recorded {
            try await scene.harbour.core.giveEarlier(
                GiveEarlierForm(officer: "h2", caseReference: scene.reference, agencies: agencies, entries: entries))
        }
        let foreign = try #require(
            try await scene.fire.core.record(
                ActionForm(officer: "f1", caseReference: scene.reference, action: "Look", owner: "northshire-fire")
            ).events.last)
        for entries in [[], [foreign], [String(repeating: "0", count: 32)]] {
            await #expect(throws: ProblemDetails.self) { _ = try await give(entries) }
        }
        await #expect(throws: ProblemDetails.self) { _ = try await give([entry], to: ["northshire-county"]) }
        try await scene.world.settle(nodes)
        let fires = try Self.received(at: scene.fire).filter { !$0.contains(" received ") }
        _ = try await give([entry, first])
        try await scene.world.settle(nodes)
        #expect(try await scene.harbour.refusedCount() == 0)
        let there = try await Self.page(scene.reference, at: police)
        #expect(there.timeline.contains { $0.fields.contains { $0.value == "Fit a smoke alarm" } })
        #expect(there.timeline.contains { $0.type == "disclosure-made" && $0.actor == "h2" })
        // What was said since counts: an old assessment given later is no new one.
        #expect(there.assessments.filter { $0.agency == "harbour-homes" }.last?.judgedBand == "standard")
        let listed = try await police.core.listCases(by: "p1").first { $0.reference == scene.reference }
        #expect(listed?.bands.first { $0.agency == "harbour-homes" }?.judgedBand == "standard")
        #expect(try Self.received(at: scene.fire).filter { !$0.contains(" received ") } == fires)
        #expect(try await scene.world.conformance().findings.isEmpty)
    }

    @Test("Asking about a case does not make the question's stream the place where an agency writes about it")
    func streamsApart() async throws {
        let (scene, police, nodes) = try await Self.scene(hasPolice: true)
        let request = try await scene.ask()
        _ = try await scene.fire.core.step(StepForm(officer: "f1", request: request))
        _ = try await scene.fire.core.record(
            ActionForm(officer: "f1", caseReference: scene.reference, action: "Fit alarms", owner: "northshire-fire"))
        try await scene.world.settle(nodes)
        #expect(try await Self.page(scene.reference, at: police).actions.map(\.action) == ["Fit alarms"])
        #expect(try await Self.page(scene.reference, at: police).requests.isEmpty)
    }
}
