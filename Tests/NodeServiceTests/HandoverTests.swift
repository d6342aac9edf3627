import Auditing
import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Handing a case over between two agencies, end to end (decision 0033).
@Suite("A case goes to the agency that accepted it when its lead lets go, and not before") struct HandoverTests {
    static func step(_ step: String, _ scene: SharedCase, to agency: AgencyCode? = nil) -> HandoverForm {
        var form = HandoverForm(
            officer: "o1", caseReference: scene.reference, step: step, summary: "She moved to their flat")
        form.to = agency?.text
        return form
    }

    static func lead(_ scene: SharedCase, at node: OneNode) async throws -> String? {
        try await node.core.showCase(CaseQuery(officer: "o2", caseReference: scene.reference)).leadAgency
    }

    static func settle(_ scene: SharedCase) async throws { try await scene.world.settle([scene.harbour, scene.fire]) }

    /// Offered, accepted, let go.
    static func handOver(_ scene: SharedCase) async throws {
        _ = try await scene.harbour.core.handOver(step("offer", scene, to: SharedCase.asker))
        try await settle(scene)
        _ = try await scene.fire.core.handOver(step("accept", scene))
        try await settle(scene)
        _ = try await scene.harbour.core.handOver(step("release", scene))
        try await settle(scene)
    }

    /// The simulation's seed 30013: the node said that it was done, and the register refused it.
    @Test("Whoever leads must hear an answer: without a protocol between the two there is none")
    func unheard() async throws {
        let scene = try await SharedCase()
        _ = try await scene.fire.core.record(
            ActionForm(
                officer: "f1", caseReference: scene.reference, action: "Fit a smoke alarm", owner: "northshire-fire"))
        _ = try await scene.harbour.core.handOver(Self.step("offer", scene, to: SharedCase.asker))
        try await Self.settle(scene)
        _ = try await scene.harbour.core.endAdoption(
            EndAdoptionForm(
                officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"],
                reason: "review-overdue"))
        try await Self.settle(scene)
        // Their own circle of the case goes on without the lead.
        await #expect { _ = try await scene.fire.core.handOver(Self.step("accept", scene)) } throws: {
            ["lead-not-on-case", "no-protocol"].contains(($0 as? ProblemDetails)?.code.text)
        }
        try await Self.settle(scene)
        #expect(try await scene.fire.refusedCount() == 0)
    }

    /// The simulation's seed 30085.
    @Test("While a step is on its way there is no second one")
    func underWay() async throws {
        let scene = try await SharedCase()
        let offer = Self.step("offer", scene, to: SharedCase.asker)
        _ = try await scene.harbour.core.handOver(offer)
        for again in [offer, Self.step("withdraw", scene)] {
            await #expect { _ = try await scene.harbour.core.handOver(again) } throws: {
                ($0 as? ProblemDetails)?.code == "step-under-way"
            }
        }
        try await Self.settle(scene)
        _ = try await scene.harbour.core.handOver(Self.step("withdraw", scene))
        try await Self.settle(scene)
        #expect(try await scene.harbour.refusedCount() == 0)
    }

    @Test("Offer and accept move nothing; the release does, everywhere, and a restart comes to the same")
    func endToEnd() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let (harbour, fire) = (scene.harbour, scene.fire)
        _ = try await harbour.core.move(
            StageForm(officer: "h1", caseReference: scene.reference, stage: "action-plan", summary: "Agreed"))
        _ = try await harbour.core.handOver(Self.step("offer", scene, to: SharedCase.asker))
        try await Self.settle(scene)
        #expect(try await fire.core.status(isConnected: true).handoversToAnswer == 1)
        #expect(try await harbour.core.status(isConnected: true).handoversWaiting == 1)
        for node in [harbour, fire] { #expect(try await Self.lead(scene, at: node) == SharedCase.owner.text) }
        _ = try await fire.core.handOver(Self.step("accept", scene))
        try await Self.settle(scene)
        for node in [harbour, fire] { #expect(try await Self.lead(scene, at: node) == SharedCase.owner.text) }
        _ = try await harbour.core.handOver(Self.step("release", scene))
        // Let go and not yet admitted: who led until now is shown and answers.
        #expect(try await Self.lead(scene, at: harbour) == SharedCase.owner.text)
        try await Self.settle(scene)
        for node in [harbour, fire] {
            #expect(try await Self.lead(scene, at: node) == SharedCase.asker.text)
            #expect(try await node.core.listCases(by: "o3").map(\.leadAgency) == [SharedCase.asker.text])
            #expect(try await node.core.listCases(by: "o3").map(\.stage) == ["action-plan"], "the stage goes with it")
            #expect(try await node.refusedCount() == 0)
        }
        let row = try #require(try await fire.core.listHandovers(by: "o3").first)
        #expect(row.needsConsent && row.isAsAccepted && row.before == [SharedCase.owner.text])
        #expect(HandoverLine.text(of: try Self.lines([row])).contains("no consent on record"))
        // The former lead keeps what it holds, and no longer decides who is on the case.
        #expect(try await scene.labels(at: harbour).contains("safe-contact"))
        let share = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        await #expect { _ = try await harbour.core.share(share) } throws: {
            ($0 as? ProblemDetails)?.code == "not-the-lead"
        }
        #expect(try await scene.world.audit().findings.isEmpty)
        #expect(try await scene.world.conformance().findings.isEmpty)
        let live = try fire.core.views.orderedLogicalDump()
        fire.core.sealedViews.remove()
        await fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        #expect(try again.core.views.orderedLogicalDump() == live)
        #expect(try await Self.lead(scene, at: again) == SharedCase.asker.text)
    }

    static func lines(_ rows: [LeadView]) throws -> [HandoverLine] {
        try CommandJSON.decode([HandoverLine].self, from: Array(try JSONEncoder().encode(rows)))
    }

    @Test("A node refuses what the broker would: a release that nobody accepted, a second offer, a step of another's")
    func refusedAtHome() async throws {
        let scene = try await SharedCase()
        let refusals: [(OneNode, HandoverForm, ProblemCode)] = [
            (scene.harbour, Self.step("release", scene, to: SharedCase.asker), "not-accepted"),
            (scene.fire, Self.step("release", scene, to: SharedCase.owner), "not-accepted"),
            (scene.fire, Self.step("offer", scene, to: SharedCase.owner), "not-the-lead"),
            (scene.fire, Self.step("decline", scene), "no-offer"),
            (scene.harbour, Self.step("withdraw", scene), "no-offer"),
        ]
        for (node, form, code) in refusals {
            await #expect { _ = try await node.core.handOver(form) } throws: { ($0 as? ProblemDetails)?.code == code }
        }
        _ = try await scene.harbour.core.handOver(Self.step("offer", scene, to: SharedCase.asker))
        try await Self.settle(scene)
        await #expect {
            _ = try await scene.harbour.core.handOver(Self.step("offer", scene, to: SharedCase.asker))
        } throws: { ($0 as? ProblemDetails)?.code == "offer-stands" }
        _ = try await scene.fire.core.handOver(Self.step("decline", scene))
        try await Self.settle(scene)
        #expect(try await scene.harbour.core.status(isConnected: true).handoversWaiting == 0)
        await #expect { _ = try await scene.harbour.core.handOver(Self.step("release", scene)) } throws: {
            ($0 as? ProblemDetails)?.code == "not-accepted"
        }
    }

    @Test("It comes back by the same steps, and a release of the term before is refused")
    func backAgain() async throws {
        let scene = try await SharedCase()
        try await Self.handOver(scene)
        let matter = try #require(await scene.harbour.core.follower.leads.standings.keys.first)
        let terms = try #require(await scene.harbour.core.follower.leads.standings[matter]).terms
        #expect(terms.map(\.agency) == [SharedCase.owner, SharedCase.asker])
        // Fire, which leads now, gives it back: harbour says that it would take it, unasked.
        _ = try await scene.harbour.core.handOver(Self.step("accept", scene))
        try await Self.settle(scene)
        _ = try await scene.fire.core.handOver(Self.step("release", scene))
        try await Self.settle(scene)
        #expect(try await Self.lead(scene, at: scene.fire) == SharedCase.owner.text)
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await scene.fire.refusedCount() == 0)
    }

    @Test("An offer that nobody answers ages, and both sides' status says so")
    func ages() async throws {
        let scene = try await SharedCase()
        var form = Self.step("offer", scene, to: SharedCase.asker)
        form.due = "2026-03-03"
        _ = try await scene.harbour.core.handOver(form)
        try await Self.settle(scene)
        func kinds(_ node: OneNode) async throws -> [Overdue.Kind] {
            try await node.core.overdue(answeredAt: scene.world.time.now()).map(\.kind)
        }
        #expect(try await kinds(scene.fire) == [])
        scene.world.time.advance(seconds: 4 * 86_400)
        #expect(try await kinds(scene.fire).contains(.handoverAnswer))
        #expect(try await kinds(scene.harbour).contains(.handover))
        // Without a day it is three days.
        _ = try await scene.harbour.core.handOver(Self.step("withdraw", scene))
        try await Self.settle(scene)
        _ = try await scene.harbour.core.handOver(Self.step("offer", scene, to: SharedCase.asker))
        try await Self.settle(scene)
        scene.world.time.advance(seconds: Limits.handoverSeconds)
        #expect(try await !kinds(scene.fire).contains(.handoverAnswer))
        scene.world.time.advance(seconds: 1)
        #expect(try await kinds(scene.fire).contains(.handoverAnswer))
    }

    @Test("Below four co-signers what is accepted is shown; from four on only what is final")
    func onlyWhenFinal() async throws {
        let cosigners: [AgencyCode] = [SharedCase.owner, SharedCase.asker, "northshire-police", "victim-first"]
        let world = try await OneProcess(agencies: cosigners, cosigners: cosigners)
        var nodes: [OneNode] = []
        for code in cosigners { nodes.append(try await world.open(code)) }
        try await world.settle(nodes)
        _ = try await nodes[0].core.adopt(
            AdoptForm(officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
        _ = try await nodes[1].core.adopt(
            AdoptForm(officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"]))
        try await world.settle(nodes)
        let scene = SharedCase(
            world: world, harbour: nodes[0], fire: nodes[1], reference: try await SharedCase.share(at: nodes[0]))
        try await world.settle(nodes)
        try await Self.handOver(scene)
        for node in nodes.prefix(2) {
            #expect(try await Self.lead(scene, at: node) == SharedCase.owner.text)
            #expect(try await node.core.listHandovers(by: "o1").first?.next == SharedCase.asker.text)
        }
        try await world.settle(nodes)
        for _ in 0..<3 { for node in nodes { try await node.cosign() } }
        for node in nodes { try await node.cosign() }
        for node in nodes.prefix(2) {
            let status = try await node.core.status(isConnected: true)
            #expect(status.finalSize == status.registerSize)
            #expect(try await Self.lead(scene, at: node) == SharedCase.asker.text)
            #expect(try await node.core.listHandovers(by: "o1").first?.next == nil)
        }
    }
}
