import Auditing
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService
@testable import NodeService

/// A hold placed by any party stops erasure at every holder and the broker (PRACTICE P11, decision 0031).
@Suite("A hold anywhere stops erasure everywhere") struct HoldTests {
    static func form(_ reference: String, by officer: String = "Hollis") -> HoldForm {
        var form = HoldForm(officer: officer, reason: "inquest")
        form.caseReference = reference
        form.words = "The coroner's officer rang"
        return form
    }

    @Test("Placed by who was given it, it stops the author, whom it is shown again, until it is lifted")
    func elsewhereStops() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let (world, reference) = (scene.world, scene.reference)
        let erasure = try await ErasureTests.approve(reference, at: scene.harbour)
        try await world.settle([scene.harbour, scene.fire])
        let placed = try await scene.fire.core.place(Self.form(reference))
        #expect(placed.told == ["harbour-homes"])
        try await world.settle([scene.harbour, scene.fire])
        let there = try #require(try await scene.harbour.core.listHolds().first)
        #expect(there.reason == "inquest" && there.by == "northshire-fire" && there.words == nil)
        #expect(try await RecallTests.shown(of: reference, at: scene.harbour, by: "h9").contains("afraid"))
        world.time.advance(seconds: 40 * ErasureTests.day)
        #expect(try await scene.harbour.core.destroyErased() == 0)
        try await world.settle([scene.harbour, scene.fire])
        let standings = try await ErasureTests.standings(erasure, at: scene.harbour)
        #expect(standings["harbour-homes"]?.contains("held") == true)
        #expect(standings["harbour-homes"]?.contains("erased") == false)
        // Nobody approves anything of it, at either.
        let theirs = try await scene.fire.core.answer(
            ErasureAnswerForm(
                officer: "F", question: try #require(await scene.fire.core.listQuestions().first).question,
                answer: "erase"))
        await #expect {
            try await scene.fire.core.approve(ErasureApprovalForm(officer: "F", erasure: theirs.erasure))
        } throws: { ($0 as? ProblemDetails)?.detail.contains("inquest") == true }
        // Only who placed it lifts it.
        await #expect(throws: ProblemDetails.self) {
            try await scene.harbour.core.lift(HoldLiftForm(officer: "h1", hold: there.hold))
        }
        _ = try await scene.fire.core.lift(HoldLiftForm(officer: "Hollis", hold: placed.hold))
        try await world.settle([scene.harbour, scene.fire])
        #expect(await scene.harbour.core.book.erasures.holds.isEmpty)
        let harbour = try await ErasureTests.destroy(
            scene.harbour, of: SharedCase.owner, in: world, with: [scene.fire])
        #expect(try await ErasureTests.standings(erasure, at: harbour)["harbour-homes"] == ["erased"])
        #expect(try await world.audit().findings.isEmpty)
        #expect(try await harbour.refusedCount() == 0)
    }

    @Test("What is withdrawn while somebody holds it is hidden, and destroyed only when the hold is lifted")
    func stopsWithdrawal() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let world = scene.world
        let placed = try await scene.fire.core.place(Self.form(scene.reference))
        try await world.settle([scene.harbour, scene.fire])
        let entry = try await RecallTests.opening(scene)
        _ = try await scene.harbour.core.withdraw(WithdrawalTests.form(entry, from: [SharedCase.asker.text]))
        try await world.settle([scene.harbour, scene.fire])
        let withdrawal = try #require(try await scene.fire.core.listWithdrawals(by: "f1").first)
        _ = try await scene.fire.core.answer(WithdrawalTests.answer(withdrawal.eventID, "ended"))
        world.time.advance(seconds: 60 * ErasureTests.day)
        try await scene.fire.core.dropWithdrawn()
        try await world.settle([scene.harbour, scene.fire])
        #expect(try await scene.harbour.core.listWithdrawals(by: "h1").first?.standing == "stopped")
        #expect(try await !RecallTests.shown(of: scene.reference, at: scene.fire, by: "f1").contains("afraid"))
        _ = try await scene.fire.core.lift(HoldLiftForm(officer: "Hollis", hold: placed.hold))
        try await world.settle([scene.harbour, scene.fire])
        try await scene.fire.core.dropWithdrawn()
        try await world.settle([scene.harbour, scene.fire])
        #expect(try await scene.harbour.core.listWithdrawals(by: "h1").first?.standing == "ended")
        #expect(try await world.audit().findings.isEmpty)
    }

    @Test("One that the author has not heard of stops it at the register")
    func theRegisterStops() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let world = scene.world
        let erasure = try await ErasureTests.approve(scene.reference, at: scene.harbour)
        try await world.settle([scene.harbour, scene.fire])
        world.time.advance(seconds: 30 * ErasureTests.day)
        _ = try await scene.fire.core.place(Self.form(scene.reference))
        try await world.settle([scene.fire])
        // The author signs that it begins before it has heard of the hold; the register has the hold already.
        #expect(try await scene.harbour.core.destroyErased() == 0)
        try await world.settle([scene.harbour, scene.fire])
        #expect(try await scene.harbour.refusedCount() == 1)
        for _ in 0..<3 {
            #expect(try await scene.harbour.core.destroyErased() == 0)
            try await world.settle([scene.harbour, scene.fire])
        }
        #expect(try await ErasureTests.standings(erasure, at: scene.harbour)["harbour-homes"]?.contains("held") == true)
        #expect(try await RecallTests.shown(of: scene.reference, at: scene.harbour, by: "h9").contains("afraid"))
        #expect(try await world.audit().findings.isEmpty)
    }

    @Test("It is passed on to whoever else was given it, and lifted there with the first")
    func passedOn() async throws {
        let police: AgencyCode = "northshire-police"
        let world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker, police])
        let harbour = try await world.open(SharedCase.owner)
        let others = [try await world.open(SharedCase.asker), try await world.open(police)]
        try await world.settle([harbour] + others)
        _ = try await harbour.core.adopt(
            AdoptForm(officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
        for node in others {
            _ = try await node.core.adopt(
                AdoptForm(officer: "o", protocolCode: "jag", offices: ["data-protection-officer", "chief-officer"]))
        }
        try await world.settle([harbour] + others)
        let reference = try await SharedCase.share(at: harbour, with: [SharedCase.asker, police])
        try await world.settle([harbour] + others)
        let placed = try await others[0].core.place(Self.form(reference))
        try await world.settle([harbour] + others)
        let passed = try #require(try await others[1].core.listHolds().first)
        #expect(passed.by == "harbour-homes" && passed.reason == "inquest")
        // It goes on standing through a restart of who passed it on, and is passed on once.
        await harbour.close()
        let again = try await world.open(SharedCase.owner)
        try await world.settle([again] + others)
        #expect(try await others[1].core.listHolds().count == 1)
        _ = try await others[0].core.lift(HoldLiftForm(officer: "Hollis", hold: placed.hold))
        try await world.settle([again] + others)
        #expect(try await others[1].core.listHolds().isEmpty)
        #expect(try await again.core.listHolds().isEmpty)
        #expect(try await again.refusedCount() == 0)
    }
}
