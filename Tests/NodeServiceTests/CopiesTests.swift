import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// What says an entry again is followed: what becomes of one becomes of the other (decisions 0022 and 0023).
@Suite("What is said again is followed") struct CopiesTests {
    private static func opening(at node: OneNode, in reference: String) async throws -> [TimelineEntry] {
        let view = try await node.core.showCase(CaseQuery(officer: "x", caseReference: reference))
        return view.timeline.filter { $0.type == "case-opened" }
    }

    private static func share(_ three: ThreeOnACase, with agency: AgencyCode) async throws -> ShareAnswer {
        let answer = try await three.scene.harbour.core.share(
            ShareForm(
                officer: "h1", caseReference: three.scene.reference, agencies: [agency.text], protocolCode: "jag"))
        try await three.settle()
        return answer
    }

    /// A case that was shared with fire first and then with the police too, so that fire has it twice.
    private static func twice() async throws -> (scene: SharedCase, police: OneNode, nodes: [OneNode]) {
        let scene = try await SharedCase()
        let police = try await scene.police()
        let nodes = [police, scene.harbour, scene.fire]
        _ = try await scene.harbour.core.share(
            ShareForm(
                officer: "h1", caseReference: scene.reference, agencies: ["northshire-police"], protocolCode: "jag"))
        try await scene.world.settle(nodes)
        return (scene, police, nodes)
    }

    @Test("Whatever is said again names what it says again, and says how the case stands")
    func named() async throws {
        let (scene, police, _) = try await Self.twice()
        let there = try await Self.opening(at: scene.fire, in: scene.reference)
        try #require(there.count == 2)
        let sources = there.map { $0.fields.first { $0.field == "derived-from" }?.value ?? "" }
        #expect(sources[1].contains(there[0].eventID))
        let view = try await police.core.showCase(CaseQuery(officer: "p1", caseReference: scene.reference))
        #expect(view.summary == RecallTests.summary && view.victimName == "Ada Quillfeather")
        #expect(view.assessments.map(\.judgedBand) == ["high"] && view.consents.count == 1)
        let listed = try await police.core.listCases(by: "p1").first { $0.reference == scene.reference }
        #expect(listed?.bands.map(\.judgedBand) == ["high"])
    }

    @Test("A recall of one hides the other, and what was given from before", arguments: [0, 1, 2])
    func recalledTogether(which: Int) async throws {
        let (scene, police, nodes) = try await Self.twice()
        let there = try await Self.opening(at: scene.fire, in: scene.reference).map(\.eventID)
        let here = try await Self.opening(at: scene.harbour, in: scene.reference).map(\.eventID)
        let first = try #require(here.first { !there.contains($0) }, "the one that only harbour has")
        _ = try await scene.harbour.core.giveEarlier(
            GiveEarlierForm(
                officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], entries: [first]))
        try await scene.world.settle(nodes)
        #expect(try await Self.opening(at: scene.fire, in: scene.reference).count == 3)
        var form = RecallTests.form([first, there[0], there[1]][which])
        form.agencies = [SharedCase.asker.text]
        _ = try await scene.harbour.core.recall(form)
        try await scene.world.settle(nodes)
        #expect(!(try await RecallTests.shown(of: scene.reference, at: scene.fire).contains("afraid")))
        #expect(try await RecallTests.shown(of: scene.reference, at: police).contains("afraid"))
        #expect(try await scene.harbour.refusedCount() == 0)
    }

    @Test("What was recalled is not given again by an entry that says the same and was never given")
    func givenByAnother() async throws {
        let (scene, _, nodes) = try await Self.twice()
        let there = try await Self.opening(at: scene.fire, in: scene.reference).map(\.eventID)
        let here = try await Self.opening(at: scene.harbour, in: scene.reference).map(\.eventID)
        let first = try #require(here.first { !there.contains($0) }, "the one that only harbour has")
        var form = RecallTests.form(there[0])
        form.agencies = [SharedCase.asker.text]
        _ = try await scene.harbour.core.recall(form)
        try await scene.world.settle(nodes)
        let earlier = GiveEarlierForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], entries: [first])
        await #expect { _ = try await scene.harbour.core.giveEarlier(earlier) } throws: {
            ($0 as? ProblemDetails)?.code == "recalled-before"
        }
        // The police have lost nothing.
        _ = try await scene.harbour.core.giveEarlier(
            GiveEarlierForm(
                officer: "h1", caseReference: scene.reference, agencies: ["northshire-police"], entries: [first]))
    }

    @Test("A correction of one is said of each that somebody has")
    func correctedTogether() async throws {
        let (scene, police, nodes) = try await Self.twice()
        let there = try await Self.opening(at: scene.fire, in: scene.reference).map(\.eventID)
        let here = try await Self.opening(at: scene.harbour, in: scene.reference).map(\.eventID)
        let first = try #require(here.first { !there.contains($0) })
        let made = try await scene.harbour.core.correct(
            CorrectionForm(officer: "h1", entry: first, kind: "corrected", words: "It was by letter"))
        #expect(made.told == ["northshire-fire", "northshire-police"])
        try await scene.world.settle(nodes)
        for node in [scene.fire, police, scene.harbour] {
            let entries = try await Self.opening(at: node, in: scene.reference)
            #expect(entries.allSatisfy { $0.corrections.map(\.words) == ["It was by letter"] }, "\(node.core.agency)")
        }
        // What is said again later, of something that was corrected before, says so too.
        _ = try await scene.harbour.core.giveEarlier(
            GiveEarlierForm(
                officer: "h1", caseReference: scene.reference, agencies: ["northshire-police"], entries: [first]))
        try await scene.world.settle(nodes)
        let later = try await Self.opening(at: police, in: scene.reference)
        #expect(later.count == 2 && later.allSatisfy { $0.corrections.count == 1 })
    }

    @Test("Who could not be told for want of a key is told as soon as one has come")
    func toldWithAKey() async throws {
        let scene = try await SharedCase()
        await scene.harbour.core.forgetOwed()
        #expect(await !scene.harbour.core.owesAll)
        let received = try scene.fire.core.store.readLog(from: LeafIndex(0), limit: 8)
        let keys = try #require(received.first { $0.statement.payload.kind == .keyset }).statement
        await scene.harbour.core.noteOwed(by: keys, [:])
        #expect(await scene.harbour.core.owesAll)
    }

    @Test("A newcomer is not told again what was taken back from somebody on the case", arguments: [true, false])
    func notRestated(isRecall: Bool) async throws {
        let (scene, police, nodes) = try await Self.twice()
        let entry = try #require(try await Self.opening(at: police, in: scene.reference).last).eventID
        if isRecall {
            var form = RecallTests.form(entry)
            (form.agencies, form.labels) = (["northshire-police"], ["identity"])
            _ = try await scene.harbour.core.recall(form)
        } else {
            var form = WithdrawalTests.form(entry, from: ["northshire-police"])
            form.labels = ["identity"]
            _ = try await scene.harbour.core.withdraw(form)
        }
        try await scene.world.settle(nodes)
        let council = try await scene.world.enrolLate("marlow-vale-council")
        try await scene.world.settle(nodes + [council])
        _ = try await council.core.adopt(
            AdoptForm(
                officer: "c1", protocolCode: "jag", offices: ["data-protection-officer", "community-safety-manager"]))
        try await scene.world.settle(nodes + [council])
        let form = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: ["marlow-vale-council"], protocolCode: "jag")
        let shared = try await scene.harbour.core.share(form)
        #expect(shared.leftOut?.count == 1 && shared.leftOut?.first?.contains("identity of case-opened") == true)
        try await scene.world.settle(nodes + [council])
        #expect(!(try await RecallTests.shown(of: scene.reference, at: police).contains("Quillfeather")))
        let there = try await council.core.showCase(CaseQuery(officer: "c1", caseReference: scene.reference))
        #expect(there.victimName == nil && there.summary == RecallTests.summary)
        #expect(try await scene.harbour.core.share(form).newEntries == 0, "nothing is left to say")
        #expect(try await scene.harbour.refusedCount() == 0)
    }

    @Test("What was taken back is named in its holder's own ledger")
    func ledgerLine() async throws {
        let (scene, police, nodes) = try await Self.twice()
        let entry = try #require(try await Self.opening(at: police, in: scene.reference).last).eventID
        func labels() async throws -> [String] {
            let pages = try await police.core.ledger(LedgerForm(officer: "p1", caseReference: scene.reference)).pages
            return pages.first?.lines.first { $0.entry == entry && $0.verb == "disclosure" }?.labels ?? []
        }
        let before = try await labels()
        #expect(before.contains("identity"))
        var form = RecallTests.form(entry)
        form.agencies = ["northshire-police"]
        _ = try await scene.harbour.core.recall(form)
        try await scene.world.settle(nodes)
        #expect(try await labels() == before)
        let pages = try await police.core.ledger(LedgerForm(officer: "p1", caseReference: scene.reference)).pages
        let line = try #require(pages.first?.lines.first { $0.type == "recall-made" })
        #expect(line.takenFrom == ["northshire-police"] && line.agency == "harbour-homes")
    }
}

extension NodeCore {
    /// As if everybody had been told.
    fileprivate func forgetOwed() {
        (owesCorrections, owesRecallAnswers, owesWithdrawals) = (false, false, false)
    }

    fileprivate var owesAll: Bool { owesCorrections && owesRecallAnswers && owesWithdrawals }
}
