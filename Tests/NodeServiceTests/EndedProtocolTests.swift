import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import Testing

@testable import NodeService

/// A protocol that a partner ends (DESIGN §5), at nodes and a broker: nothing acknowledged is lost, nothing new goes to
/// whoever ended it, and everybody is told who did and when.
@Suite("A party ends a protocol") struct EndedProtocolTests {
    private static let police: AgencyCode = "northshire-police"
    private static let form = EndAdoptionForm(
        officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"], reason: "review-overdue")

    private static func act(_ words: String, in scene: SharedCase) async throws -> Recorded {
        try await scene.harbour.core.record(
            ActionForm(officer: "h1", caseReference: scene.reference, action: words, owner: SharedCase.owner.text))
    }

    /// How many entries of the case a node can read something of.
    private static func count(at node: OneNode, in scene: SharedCase) async throws -> Int {
        let view = try await node.core.showCase(CaseQuery(officer: "x", caseReference: scene.reference))
        return view.timeline.count { !$0.fields.isEmpty }
    }

    @Test("What was written between the end and its arrival is accepted, kept, and goes to fewer")
    func betweenAppendAndAdmission() async throws {
        let scene = try await SharedCase()
        let (harbour, fire) = (scene.harbour, scene.fire)
        let before = (try await Self.count(at: harbour, in: scene), try await Self.count(at: fire, in: scene))
        _ = try await fire.core.endAdoption(Self.form)
        _ = try await fire.exchange()
        // Harbour has not heard of it: its entry is acknowledged under the circle as it was.
        let written = try await Self.act("Call round on Monday", in: scene)
        #expect(written.keptHome.isEmpty)
        try await scene.world.settle([harbour, fire])
        #expect(try await harbour.refusedCount() == 0)
        #expect(try await Self.count(at: harbour, in: scene) == before.0 + 1)
        #expect(try await Self.count(at: fire, in: scene) == before.1)
        // From now on it knows, and opens a circle without fire.
        let after = try await Self.act("Call round on Tuesday", in: scene)
        #expect(after.keptHome.count == 1)
        #expect(
            after.keptHome.first?.contains("what is for northshire-fire: northshire-fire ended jag on 2026-") == true)
        let again = try await Self.act("Call round on Wednesday", in: scene)
        #expect(again.keptHome.isEmpty)
        try await scene.world.settle([harbour, fire])
        #expect(try await harbour.refusedCount() == 0)
        #expect(try await Self.count(at: harbour, in: scene) == before.0 + 3)
        #expect(try await Self.count(at: fire, in: scene) == before.1)
        // A start from the store remembers who is on the case.
        await harbour.close()
        let reopened = try await scene.world.open(SharedCase.owner)
        #expect(try await Self.count(at: reopened, in: scene) == before.0 + 3)
        let form = ActionForm(
            officer: "h1", caseReference: scene.reference, action: "Thursday", owner: SharedCase.owner.text)
        #expect(try await reopened.core.record(form).keptHome.isEmpty)
    }

    @Test("Whoever ended a protocol neither asks under it nor is answered, nor is anything shared with it")
    func nothingNew() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        _ = try await scene.fire.core.endAdoption(Self.form)
        try await scene.world.settle([scene.harbour, scene.fire])
        var share = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        share.purpose = "prevent-asb"
        for attempt in [
            { _ = try await scene.harbour.core.share(share) }, { _ = try await scene.harbour.core.preview(share) },
            { try await scene.answer(request, days: 5) }, { _ = try await scene.ask(changedFact: "A fire") },
        ] as [() async throws -> Void] {
            let problem = await #expect(throws: ProblemDetails.self) { try await attempt() }
            #expect(problem?.code == "protocol-ended")
            #expect(problem?.detail.contains("northshire-fire ended jag on 2026-") == true)
        }
        let row = try #require(await scene.harbour.core.listProtocols().first)
        #expect(row.signed == ["harbour-homes"])
        #expect(row.ended.map(\.party) == ["northshire-fire"])
        #expect(row.ended.map(\.reason) == ["review-overdue"])
        #expect(!row.unsigned.contains("northshire-fire"))
        // Signed again and shared anew, it goes on.
        _ = try await scene.fire.core.adopt(
            AdoptForm(officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"]))
        try await scene.world.settle([scene.harbour, scene.fire])
        let count = try await Self.count(at: scene.fire, in: scene)
        _ = try await Self.act("Not for fire before the case is shared anew", in: scene)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.count(at: scene.fire, in: scene) == count)
        _ = try await scene.harbour.core.share(share)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.count(at: scene.fire, in: scene) > count)
        #expect(try await scene.harbour.refusedCount() == 0)
    }

    @Test("The others on a case go on without whoever ended it")
    func theOthersGoOn() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker, Self.police])
        var nodes: [OneNode] = []
        for agency in [SharedCase.owner, SharedCase.asker, Self.police] { nodes.append(try await world.open(agency)) }
        try await world.settle(nodes)
        let offices = [["head-of-housing"], [], ["chief-officer"]]
        for (node, more) in zip(nodes, offices) {
            _ = try await node.core.adopt(
                AdoptForm(officer: "o", protocolCode: "jag", offices: ["data-protection-officer"] + more))
        }
        try await world.settle(nodes)
        let scene = SharedCase(
            world: world, harbour: nodes[0], fire: nodes[1],
            reference: try await SharedCase.share(
                at: nodes[0], with: [SharedCase.asker, Self.police]))
        try await world.settle(nodes)
        _ = try await nodes[1].core.endAdoption(Self.form)
        try await world.settle(nodes)
        let before = (try await Self.count(at: nodes[1], in: scene), try await Self.count(at: nodes[2], in: scene))
        _ = try await Self.act("Call round on Monday", in: scene)
        try await world.settle(nodes)
        #expect(try await Self.count(at: nodes[1], in: scene) == before.0)
        #expect(try await Self.count(at: nodes[2], in: scene) == before.1 + 1)
        #expect(try await nodes[0].refusedCount() == 0)
        for node in nodes {
            #expect(try node.core.store.queuedFindings(author: nodes[0].core.origin, limit: 9).isEmpty)
        }
    }

    @Test("Only a protocol that is signed can be ended, and by an office that signs it")
    func conditions() async throws {
        let scene = try await SharedCase()
        let core = scene.fire.core
        func problem(_ change: (inout EndAdoptionForm) -> Void) async -> ProblemCode? {
            var form = Self.form
            change(&form)
            do {
                _ = try await core.endAdoption(form)
                return nil
            } catch { return (error as? ProblemDetails)?.code }
        }
        #expect(await problem { $0.protocolCode = "victim-first" } == "protocol-not-signed")
        #expect(await problem { $0.protocolCode = "Jag!" } == "form-malformed")
        #expect(await problem { $0.offices = ["head-of-housing"] } == "form-malformed")
        #expect(await problem { $0.offices = [] } == "form-malformed")
        #expect(await problem { $0.reason = "Because we say so" } == "form-malformed")
        let size = await core.writer.size
        _ = try await core.endAdoption(Self.form)
        #expect((await core.writer.size).value == size.value + 1)
        try await scene.world.settle([scene.fire])
        #expect(await problem { _ in } == "protocol-not-signed")
    }
}
