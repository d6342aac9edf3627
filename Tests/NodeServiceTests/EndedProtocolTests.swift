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

    /// What a node sealed for others from a place in its log on, as far as anybody but itself could open it.
    private static func sealed(at node: OneNode, from size: TreeSize) throws -> (members: Set<AgencyCode>, parts: Int) {
        let written = try node.core.store.readLog(from: LeafIndex(size.value), limit: 99)
        var found: (members: Set<AgencyCode>, parts: Int) = ([], 0)
        for placed in written {
            if case .circle(let circle) = placed.statement.payload.control { found.members.formUnion(circle.members) }
            found.parts += placed.statement.payload.compartments.count { $0.reader != .home }
        }
        return found
    }

    @Test("What an agency ended itself counts at once for what it sends, before the register has it and after a start")
    func ownEndAtOnce() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        _ = try await scene.harbour.core.endAdoption(Self.form)
        let row = try #require(await scene.harbour.core.listProtocols().first)
        #expect(row.signed == ["northshire-fire"] && row.ended.map(\.party) == ["harbour-homes"])
        // Signed again it is in force when the register has that, and not before.
        _ = try await scene.harbour.core.adopt(
            AdoptForm(officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
        await scene.harbour.close()
        let again = SharedCase(
            world: scene.world, harbour: try await scene.world.open(SharedCase.owner), fire: scene.fire,
            reference: scene.reference)
        var share = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        share.purpose = "prevent-asb"
        let ask = RequestForm(
            officer: "h1", caseReference: scene.reference, asked: SharedCase.asker.text, labels: ["record"],
            protocolCode: "jag", purpose: "prevent-asb", reason: "To protect her from fire")
        let referral = ReferralForm(
            officer: "h1", caseReference: scene.reference, service: SharedCase.asker.text, protocolCode: "jag",
            summary: "Fit smoke alarms")
        for attempt in [
            { _ = try await again.harbour.core.share(share) }, { _ = try await again.harbour.core.preview(share) },
            { try await again.answer(request, days: 5) }, { _ = try await again.harbour.core.make(ask) },
            { _ = try await again.harbour.core.refer(referral) },
        ] as [() async throws -> Void] {
            let problem = await #expect(throws: ProblemDetails.self) { try await attempt() }
            #expect(problem?.code == "protocol-ended")
            #expect(problem?.detail.contains("harbour-homes ended jag on 2026-") == true)
        }
        let size = await again.harbour.core.writer.size
        let written = try await Self.act("Call round on Monday", in: again)
        #expect(
            written.keptHome.first?.contains("what is for northshire-fire: harbour-homes ended jag on 2026-") == true)
        let sealed = try Self.sealed(at: again.harbour, from: size)
        #expect(sealed.members == [SharedCase.owner] && sealed.parts == 0)
        // The register has both: what is shared anew goes to fire again, and what was written in between does not.
        let count = try await Self.count(at: again.fire, in: again)
        try await again.world.settle([again.harbour, again.fire])
        #expect(try await Self.count(at: again.fire, in: again) == count)
        _ = try await again.harbour.core.share(share)
        try await again.world.settle([again.harbour, again.fire])
        #expect(try await Self.count(at: again.fire, in: again) > count)
        #expect(try await again.harbour.refusedCount() == 0)
    }

    @Test("A signature that waits to be admitted is ended with the protocol")
    func pendingSignature() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        _ = try await core.endAdoption(Self.form)
        let problem = await #expect(throws: ProblemDetails.self) { try await core.endAdoption(Self.form) }
        #expect(problem?.code == "protocol-not-signed")
        _ = try await core.adopt(
            AdoptForm(officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
        _ = try await core.endAdoption(Self.form)
        try await scene.world.settle([scene.harbour, scene.fire])
        let bundle = try #require(await core.roster.newest("jag", at: core.follower.size)?.publication.bundle)
        let roster = await core.roster
        let size = await core.follower.size
        #expect(!roster.isInForce(bundle, between: SharedCase.owner, and: SharedCase.asker, at: size))
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

    @Test("Whoever left and came back is shared with anew, also where nothing was written meanwhile")
    func sharedAnew() async throws {
        let scene = try await SharedCase()
        _ = try await scene.fire.core.endAdoption(Self.form)
        _ = try await scene.fire.core.adopt(
            AdoptForm(officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"]))
        try await scene.world.settle([scene.harbour, scene.fire])
        let count = try await Self.count(at: scene.fire, in: scene)
        var share = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        share.purpose = "prevent-asb"
        _ = try await scene.harbour.core.share(share)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.count(at: scene.fire, in: scene) > count)
    }

    @Test("Whoever has signed and ended a protocol as often as may be is told so, and nothing is recorded")
    func signedTooOften() async throws {
        let scene = try await SharedCase()
        let core = scene.fire.core
        let form = AdoptForm(officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"])
        for _ in 1..<Limits.adoptionTermCount {
            _ = try await core.endAdoption(Self.form)
            _ = try await core.adopt(form)
        }
        _ = try await core.endAdoption(Self.form)
        try await scene.world.settle([scene.harbour, scene.fire])
        let size = await core.writer.size
        let problem = await #expect(throws: ProblemDetails.self) { _ = try await core.adopt(form) }
        #expect(problem?.detail.contains("fewer than \(Limits.adoptionTermCount) times") == true)
        #expect(await core.writer.size == size)
        #expect(try await scene.fire.refusedCount() == 0)
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
