import Auditing
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// A case that came to another lead is shared on by it: with what it was given to keep, bound by how it was given, and
/// followed by what becomes of it (decision 0033).
@Suite("Who took a case over shares it on, and no more of it than may be passed on") struct TakenOverTests {
    /// Harbour's case, which the police came to lead; Meadow is new to it.
    private struct Scene {
        static let (owner, lead, newcomer): (AgencyCode, AgencyCode, AgencyCode) = (
            "harbour-homes", "northshire-police", "meadow-housing"
        )
        let world: OneProcess
        let harbour: OneNode
        let police: OneNode
        let meadow: OneNode
        let reference: String

        init(isHandedOver: Bool = true) async throws {
            world = try await OneProcess(agencies: [Self.owner, Self.lead, Self.newcomer], hasAuditor: true)
            harbour = try await world.open(Self.owner)
            police = try await world.open(Self.lead)
            meadow = try await world.open(Self.newcomer)
            let nodes = [harbour, police, meadow]
            try await world.settle(nodes)
            for node in nodes {
                let offices = try await node.core.read(AdoptionQuery(protocolCode: "jag")).offices
                _ = try await node.core.adopt(AdoptForm(officer: "o1", protocolCode: "jag", offices: offices))
            }
            try await world.settle(nodes)
            reference = try await SharedCase.share(at: harbour, with: [Self.lead], address: "12 Invented Court")
            _ = try await harbour.core.move(
                StageForm(officer: "h1", caseReference: reference, stage: "action-plan", summary: "Agreed"))
            try await settle()
            guard isHandedOver else { return }
            for (node, step) in [(harbour, "offer"), (police, "accept"), (harbour, "release")] {
                var form = HandoverForm(
                    officer: "o1", caseReference: reference, step: step, summary: "She moved to their area")
                form.to = step == "offer" ? Self.lead.text : nil
                _ = try await node.core.handOver(form)
                try await settle()
            }
        }

        static func share(_ reference: String, with agency: AgencyCode) -> ShareForm {
            var form = ShareForm(
                officer: "o1", caseReference: reference, agencies: [agency.text], protocolCode: "jag")
            form.purpose = "prevent-asb"
            return form
        }

        @discardableResult
        func shareOn() async throws -> ShareAnswer {
            let answer = try await police.core.share(Self.share(reference, with: Self.newcomer))
            try await settle()
            return answer
        }

        func settle() async throws { try await world.settle([harbour, police, meadow]) }

        func view(at node: OneNode) async throws -> CaseView {
            try await node.core.showCase(CaseQuery(officer: "o2", caseReference: reference))
        }

        func opening(at node: OneNode, by agency: AgencyCode) async throws -> TimelineEntry {
            let entries = try await view(at: node).timeline
            return try #require(entries.last { $0.type == "case-opened" && $0.agency == agency.text })
        }

        func closeWithAnAudit() async throws {
            for node in [harbour, police, meadow] { #expect(try await node.refusedCount() == 0) }
            #expect(try await world.audit().findings.isEmpty)
            #expect(try await world.conformance().findings.isEmpty)
        }
    }

    @Test("A newcomer sees the case, who leads it and how it stands; what may not be passed on stays where it is")
    func newcomer() async throws {
        let scene = try await Scene()
        #expect(try await scene.meadow.core.listCases(by: "m1").isEmpty)
        let answer = try await scene.shareOn()
        #expect(
            Set(answer.receives.keys) == ["harbour-homes", "meadow-housing"], "whoever was on the case stays on it")
        let leftOut = try #require(answer.leftOut)
        let parts = leftOut.map { String($0.prefix { $0 != " " }) }
        #expect(parts == ["contact", "safe-contact"], "\(leftOut)")
        #expect(leftOut.allSatisfy { $0.contains("harbour-homes shared this not to be passed on") })
        let view = try await scene.view(at: scene.meadow)
        #expect(view.leadAgency == "northshire-police" && view.summary == RecallTests.summary)
        #expect(view.victimName == "Ada Quillfeather" && view.stage == "action-plan")
        #expect(!view.timeline.flatMap(\.fields).contains { $0.value.contains("Invented Court") })
        #expect(try await scene.meadow.core.listCases(by: "m1").map(\.leadAgency) == ["northshire-police"])
        // The police have it still, in their own words too.
        let own = try await scene.opening(at: scene.police, by: Scene.lead)
        #expect(own.fields.contains { $0.value == "12 Invented Court" })
        let source = try await scene.opening(at: scene.police, by: Scene.owner)
        #expect(own.fields.contains { $0.field == "derived-from" && $0.value.contains(source.eventID) })
        #expect(try await scene.police.core.share(Scene.share(scene.reference, with: Scene.newcomer)).newEntries == 0)
        // What the newcomer writes goes to everybody who is on the case now.
        _ = try await scene.meadow.core.record(
            ActionForm(
                officer: "m1", caseReference: scene.reference, action: "Mend the door", owner: "meadow-housing"))
        try await scene.settle()
        for node in [scene.police, scene.harbour] {
            #expect(try await scene.view(at: node).actions.contains { $0.owner == "meadow-housing" })
        }
        // A restart comes to the same.
        await scene.meadow.close()
        let again = try await scene.world.open(Scene.newcomer)
        let after = try await again.core.showCase(CaseQuery(officer: "o2", caseReference: scene.reference))
        #expect(after.leadAgency == "northshire-police" && after.stage == "action-plan")
        try await scene.closeWithAnAudit()
    }

    @Test("A recall, a withdrawal and a correction by the former lead reach the newcomer", arguments: [0, 1, 2])
    func followed(act: Int) async throws {
        let scene = try await Scene()
        try await scene.shareOn()
        let source = try await scene.opening(at: scene.harbour, by: Scene.owner).eventID
        switch act {
        case 0:
            var form = RecallTests.form(source)
            form.agencies = [Scene.lead.text]
            _ = try await scene.harbour.core.recall(form)
        case 1:
            var form = WithdrawForm(officer: "h1", reason: "objection")
            form.entry = source
            form.agencies = [Scene.lead.text]
            _ = try await scene.harbour.core.withdraw(form)
        default:
            _ = try await scene.harbour.core.correct(
                CorrectionForm(officer: "h1", entry: source, kind: "corrected", words: "It was by letter"))
        }
        for _ in 0..<3 { try await scene.settle() }
        guard act == 2 else {
            #expect(!(try await RecallTests.shown(of: scene.reference, at: scene.meadow).contains("afraid")))
            return
        }
        let there = try await scene.opening(at: scene.meadow, by: Scene.lead)
        #expect(there.corrections.contains { $0.words == "It was by letter" })
    }

    @Test("Who does not lead a case shares it with nobody, and whoever lets it go no more")
    func others() async throws {
        let before = try await Scene(isHandedOver: false)
        await #expect(throws: ProblemDetails.self) { try await before.shareOn() }
        let after = try await Scene()
        await #expect(throws: ProblemDetails.self) {
            try await after.harbour.core.share(Scene.share(after.reference, with: Scene.newcomer))
        }
    }
}
