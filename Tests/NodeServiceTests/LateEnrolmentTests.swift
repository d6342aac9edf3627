import NodeInterface
import NodeProjections
import Partnership
import TallystickPrimitives
import Testing

@testable import NodeService

/// A partnership grows while it runs.
@Suite("An agency enrolled while the others work") struct LateEnrolmentTests {
    @Test("It learns of every key and protocol before it, signs, and receives a case")
    func joinsLate() async throws {
        let scene = try await SharedCase()
        let police = try await scene.world.enrolLate("northshire-police")
        try await scene.world.settle([police, scene.harbour, scene.fire])
        #expect(await police.core.feedFault == nil)
        let known = await police.core.roster.parties
        #expect(Set(known.keys).isSuperset(of: [SharedCase.owner, SharedCase.asker]))
        #expect(await police.core.listProtocols().map(\.code) == ["jag"])
        #expect(try await police.core.listCases(by: "p1").isEmpty, "nothing from before it had a part in it")
        _ = try await police.core.adopt(
            AdoptForm(officer: "p1", protocolCode: "jag", offices: ["data-protection-officer", "chief-officer"]))
        try await scene.world.settle([police, scene.harbour, scene.fire])
        var share = ShareForm(
            officer: "h1", caseReference: scene.reference,
            agencies: [SharedCase.asker.text, "northshire-police"], protocolCode: "jag")
        share.purpose = "prevent-asb"
        _ = try await scene.harbour.core.share(share)
        try await scene.world.settle([police, scene.harbour, scene.fire])
        #expect(try await scene.labels(at: police).isSuperset(of: ["record", "identity", "risk", "safe-contact"]))
        let view = try await police.core.showCase(
            CaseQuery(officer: "p1", caseReference: scene.reference))
        #expect(view.consents.map(\.agency) == ["harbour-homes"], "what was recorded before is said again")
        #expect(view.safeContacts.first?.instruction == SharedCase.instruction)
    }
}
