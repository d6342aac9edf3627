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

@testable import NodeService

/// Agencies on one case, each of which may write into it.
struct ThreeOnACase {
    let scene: SharedCase
    let police: OneNode
    var nodes: [OneNode] { [scene.harbour, scene.fire, police] }

    static let third: AgencyCode = "northshire-police"

    init(hasAuditor: Bool = false) async throws {
        let world = try await OneProcess(
            agencies: [SharedCase.owner, SharedCase.asker, Self.third], hasAuditor: hasAuditor)
        let harbour = try await world.open(SharedCase.owner)
        let fire = try await world.open(SharedCase.asker)
        police = try await world.open(Self.third)
        try await world.settle([harbour, fire, police])
        let offices = [
            (harbour, ["data-protection-officer", "head-of-housing"]), (fire, ["data-protection-officer"]),
            (police, ["data-protection-officer", "chief-officer"]),
        ]
        for (node, offices) in offices {
            _ = try await node.core.adopt(AdoptForm(officer: "o", protocolCode: "jag", offices: offices))
        }
        try await world.settle([harbour, fire, police])
        let reference = try await SharedCase.share(at: harbour, with: [SharedCase.asker, Self.third])
        try await world.settle([harbour, fire, police])
        scene = SharedCase(world: world, harbour: harbour, fire: fire, reference: reference)
    }

    func settle() async throws { try await scene.world.settle(nodes) }

    func view(at node: OneNode) async throws -> CaseView {
        try await node.core.showCase(CaseQuery(officer: "x", caseReference: scene.reference))
    }

    /// Fire records something that it made from an entry of harbour's; the police, who are on the case, have it.
    func passOn(_ entry: String) async throws -> String {
        var action = ActionForm(
            officer: "f1", caseReference: scene.reference, action: "Ring the sister before the visit",
            owner: SharedCase.asker.text)
        action.madeFrom = [entry]
        let made = try await scene.fire.core.record(action)
        try await settle()
        return try #require(made.events.last)
    }
}

/// What is withdrawn or recalled is followed to whoever it was passed on to, by the agency that passed it on, and their answers
/// run back (DESIGN §5, decision 0023).
@Suite("What was passed on is withdrawn in turn") struct WithdrawalCascadeTests {
    @Test("Each holder tells whom it gave it to; who is outstanding, and since when, runs back to the author")
    func cascades() async throws {
        let three = try await ThreeOnACase(hasAuditor: true)
        let (scene, police) = (three.scene, three.police)
        let entry = try await RecallTests.opening(scene)
        let passed = try await three.passOn(entry)
        #expect(try await three.view(at: police).actions.map(\.action) == ["Ring the sister before the visit"])
        _ = try await scene.harbour.core.withdraw(WithdrawalTests.form(entry, from: [SharedCase.asker.text]))
        try await three.settle()
        // The police lose what fire made of it, and keep what harbour gave them itself.
        #expect(try await three.view(at: police).actions.isEmpty)
        #expect(try await RecallTests.shown(of: scene.reference, at: police, by: "p1").contains("afraid"))
        let waiting = try #require(try await scene.harbour.core.listWithdrawals(by: "h1").first)
        #expect(waiting.onward.map(\.agency) == ["northshire-police"] && waiting.onward.map(\.standing) == ["stopped"])
        #expect(waiting.onward.map(\.since) == ["2026-03-01T08:50:00Z"])
        let asked = try await scene.fire.core.listWithdrawals(by: "f1")
        #expect(asked.map(\.holder).sorted() == ["northshire-fire", "northshire-police"])
        let ours = try #require(asked.first { $0.holder == "northshire-fire" })
        #expect(ours.madeFrom == [passed])
        #expect(asked.first { $0.holder == "northshire-police" }?.follows == ours.eventID)
        _ = try await scene.fire.core.answer(WithdrawalTests.answer(ours.eventID, "ended"))
        try await three.settle()
        let half = try #require(try await scene.harbour.core.listWithdrawals(by: "h1").first)
        #expect(half.standing == "ended" && half.isOutstanding, "the police have still to answer")
        let theirs = try #require(try await police.core.listWithdrawals(by: "p1").first)
        var kept = WithdrawalTests.answer(theirs.eventID, "kept", until: "2031-01-01")
        kept.officer = "p1"
        _ = try await police.core.answer(kept)
        try await three.settle()
        let done = try #require(try await scene.harbour.core.listWithdrawals(by: "h1").first)
        #expect(!done.isOutstanding && done.onward.map(\.standing) == ["kept"])
        #expect(done.onward.map(\.keptBecause) == ["Limitation Act 1980 s.11"])
        #expect(try await three.view(at: police).actions.count == 1, "kept, it is shown again")
        // Nothing new is made from what was withdrawn, and nobody is told twice.
        await #expect { _ = try await three.passOn(entry) } throws: {
            ($0 as? ProblemDetails)?.code == "source-taken-back"
        }
        let sizes = [await scene.fire.core.writer.size, await scene.harbour.core.writer.size]
        try await three.settle()
        #expect([await scene.fire.core.writer.size, await scene.harbour.core.writer.size] == sizes)
        for node in three.nodes { #expect(try await node.refusedCount() == 0) }
        #expect(try await scene.world.audit().findings.isEmpty)
        #expect(try await scene.world.conformance().findings.isEmpty)
    }

    @Test("A recall is passed on too, and is no error of whoever passes it on")
    func recallsArePassedOn() async throws {
        let three = try await ThreeOnACase()
        let entry = try await RecallTests.opening(three.scene)
        _ = try await three.passOn(entry)
        var form = RecallTests.form(entry)
        form.agencies = [SharedCase.asker.text]
        _ = try await three.scene.harbour.core.recall(form)
        try await three.settle()
        #expect(try await three.view(at: three.police).actions.isEmpty)
        let passed = try #require(
            try await three.scene.fire.core.listRecalls(by: "f1").first { $0.author == SharedCase.asker.text })
        #expect(passed.holder == "northshire-police" && passed.reportDue == nil && passed.follows != nil)
        #expect(try await three.scene.fire.core.status(isConnected: true).breachDue == nil)
        #expect(try await three.scene.harbour.core.status(isConnected: true).breachDue != nil)
    }

    @Test("A correction is said of what was made from it, to whoever has that")
    func correctionsArePassedOn() async throws {
        let three = try await ThreeOnACase()
        let entry = try await RecallTests.opening(three.scene)
        let passed = try await three.passOn(entry)
        _ = try await three.scene.harbour.core.correct(
            CorrectionForm(officer: "h1", entry: entry, kind: "corrected", words: "The sister has moved"))
        try await three.settle()
        for node in [three.scene.fire, three.police] {
            let notes = try await three.view(at: node).timeline.first { $0.eventID == passed }?.corrections ?? []
            #expect(notes.map(\.words) == ["The sister has moved"] && notes.map(\.by) == [SharedCase.asker.text])
        }
        let size = await three.scene.fire.core.writer.size
        try await three.settle()
        #expect(await three.scene.fire.core.writer.size == size, "once")
    }

    @Test("Where consent is withdrawn, what rests on it is offered, previewed, and withdrawn when a person says so")
    func consent() async throws {
        let service: AgencyCode = "victim-first"
        let world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker, service])
        let harbour = try await world.open(SharedCase.owner)
        let others = [try await world.open(SharedCase.asker), try await world.open(service)]
        try await world.settle([harbour] + others)
        _ = try await harbour.core.adopt(
            AdoptForm(officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
        for node in others {
            _ = try await node.core.adopt(
                AdoptForm(officer: "o", protocolCode: "jag", offices: ["data-protection-officer"]))
        }
        try await world.settle([harbour] + others)
        let reference = try await SharedCase.share(at: harbour, with: [SharedCase.asker, service])
        try await world.settle([harbour] + others)
        func sees(_ words: String, at node: OneNode) async throws -> Bool {
            try await RecallTests.shown(of: reference, at: node, by: "v1").contains(words)
        }
        #expect(try await sees("Ada Quillfeather", at: others[1]))
        var said = ConsentForm(officer: "h1", caseReference: reference, state: "withdrawn", how: "On the telephone")
        said.by = "the victim"
        let recorded = try await harbour.core.record(said)
        #expect(recorded.offers?.first?.contains("victim-first") == true)
        try await world.settle([harbour] + others)
        #expect(try await sees("Ada Quillfeather", at: others[1]), "nothing goes by itself")
        var form = WithdrawForm(officer: "h1", reason: "consent-withdrawn")
        form.caseReference = reference
        let preview = try await harbour.core.preview(form).text
        #expect(preview.contains("from victim-first: ") && !preview.contains("from northshire-fire"))
        #expect(
            preview.contains(
                "The agreement jag says: What was shared before stays lawful. Nothing more goes to a service against the "
                    + "person's wish."))
        let made = try await harbour.core.withdraw(form)
        #expect(Array(made.withdrawals.keys) == ["victim-first"])
        try await world.settle([harbour] + others)
        #expect(try await !sees("Ada Quillfeather", at: others[1]))
        #expect(try await sees("afraid", at: others[1]), "what happened does not rest on consent")
        await #expect { _ = try await harbour.core.withdraw(form) } throws: {
            ($0 as? ProblemDetails)?.code == "nothing-rests-on-consent"
        }
        #expect(try await harbour.refusedCount() == 0)
    }

    @Test("Where an agreement ends that says what was received is kept, nothing goes because of that alone")
    func agreementThatKeeps() async throws {
        let scene = try await SharedCase()
        var form = WithdrawForm(officer: "h1", reason: "agreement-ended")
        form.protocolCode = "jag"
        await #expect { _ = try await scene.harbour.core.withdraw(form) } throws: {
            ($0 as? ProblemDetails)?.code == "agreement-keeps"
        }
        form.protocolCode = "unheard-of"
        await #expect(throws: ProblemDetails.self) { _ = try await scene.harbour.core.withdraw(form) }
        let ended = try await scene.harbour.core.endAdoption(
            EndAdoptionForm(
                officer: "h1", protocolCode: "jag", offices: ["head-of-housing"], reason: "review-overdue"))
        #expect(ended.offers == nil)
        try await scene.world.settle([scene.harbour, scene.fire])
        // An entry can be withdrawn by name all the same, under an agreement that is over.
        _ = try await scene.harbour.core.withdraw(WithdrawalTests.form(try await RecallTests.opening(scene)))
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(!(try await RecallTests.shown(of: scene.reference, at: scene.fire).contains("afraid")))
        #expect(try await scene.harbour.core.listWithdrawals(by: "h1").map(\.standing) == ["stopped"])
    }
}
