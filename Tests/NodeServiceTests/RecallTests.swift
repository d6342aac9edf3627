import Auditing
import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Taking back what was given in error (PRACTICE P14, decision 0021).
@Suite("What was given in error is taken back") struct RecallTests {
    static let summary = "Threats at night; she is afraid"

    /// Everything that a node shows of a case to somebody who looks everywhere.
    static func shown(of reference: String, at node: OneNode, by officer: String = "f9") async throws -> String {
        let encoder = JSONEncoder()
        var all = ""
        let view = try await node.core.showCase(CaseQuery(officer: officer, caseReference: reference))
        all += String(decoding: try encoder.encode(view), as: UTF8.self)
        all += String(decoding: try encoder.encode(await node.core.listCases(by: officer)), as: UTF8.self)
        for word in ["afraid", "sister", "Worse"] {
            let hits = try await node.core.search(SearchForm(officer: officer, words: word))
            all += String(decoding: try encoder.encode(hits), as: UTF8.self)
        }
        let ledger = try await node.core.ledger(LedgerForm(officer: officer, caseReference: reference))
        all += String(decoding: try encoder.encode(ledger), as: UTF8.self)
        let requests = try await node.core.listRequests(by: officer)
        return all + String(decoding: try encoder.encode(requests), as: UTF8.self)
    }

    /// The entry that fire has of the opening.
    static func opening(_ scene: SharedCase) async throws -> String {
        let view = try await scene.fire.core.showCase(CaseQuery(officer: "f0", caseReference: scene.reference))
        return try #require(view.timeline.last { $0.type == "case-opened" }).eventID
    }

    static func form(_ entry: String) -> RecallForm {
        var form = RecallForm(officer: "h1", entry: entry, reason: "wrong-agency")
        form.words = "Fire was picked instead of police"
        return form
    }

    @Test("It is hidden at once wherever the holder's people look, says so in its place, and stays hidden at a restart")
    func hidesEverywhere() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        #expect(try await Self.shown(of: scene.reference, at: scene.fire).contains(Self.summary))
        let entry = try await Self.opening(scene)
        await scene.fire.core.keepViews()
        let made = try await scene.harbour.core.recall(Self.form(entry))
        #expect(Array(made.recalls.keys) == [SharedCase.asker.text])
        try await scene.world.settle([scene.harbour, scene.fire])
        let proof = ProveFieldForm(
            officer: "f9", entry: entry, label: "record", field: "summary", recipient: "The county court")
        await #expect(throws: ProblemDetails.self) { try await scene.fire.core.proveField(proof) }
        _ = try await scene.harbour.core.proveField(proof)
        // Nor is it brought by file, or given again as something from before.
        let carried = try CarryFile(
            decoding: try await scene.harbour.core.exportCarry(
                CarryForm(agency: SharedCase.asker.text, caseReference: scene.reference)))
        let brought = try #require(
            carried.entries.first { try Statement(decoding: $0.statement.bytes).eventID.hex == entry })
        #expect(brought.statement.compartments.isEmpty)
        let earlier = GiveEarlierForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], entries: [entry])
        await #expect { try await scene.harbour.core.giveEarlier(earlier) } throws: {
            ($0 as? ProblemDetails)?.code == "recalled-before"
        }
        var node = scene.fire
        for keepsViews in [true, false] {
            #expect(!(try await Self.shown(of: scene.reference, at: node).contains("afraid")))
            let view = try await node.core.showCase(CaseQuery(officer: "f9", caseReference: scene.reference))
            let gone = try #require(view.timeline.first { $0.eventID == entry })
            #expect(gone.recalls.map(\.by) == [SharedCase.owner.text] && gone.fields.map(\.field) != [])
            #expect(gone.recalls.map(\.reason) == ["wrong-agency"])
            let page = try CommandJSON.decode(CasePage.self, from: Array(try JSONEncoder().encode(view)))
            #expect(page.text.contains("recalled by harbour-homes on 2026-03-01: it went to the wrong agency"))
            node = try await Self.restarted(node, in: scene, keepsViews: keepsViews)
            #expect(!(try await Self.shown(of: scene.reference, at: node).contains("afraid")))
            #expect(try await Self.note(of: entry, in: scene.reference, at: node) == [SharedCase.owner.text])
        }
        try await scene.world.settle([scene.harbour, node])
        let live = try node.core.views.orderedLogicalDump()
        node = try await Self.restarted(node, in: scene, keepsViews: false)
        #expect(try node.core.views.orderedLogicalDump() == live, "a rebuild comes to the same")
        // Its author keeps it, and sees from whom it was taken back.
        let here = try await scene.harbour.core.showCase(CaseQuery(officer: "h1", caseReference: scene.reference))
        #expect(here.timeline.contains { $0.eventID == entry && $0.summary == Self.summary && $0.recalls.count == 1 })
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await node.refusedCount() == 0)
        #expect(try await scene.world.audit().findings.isEmpty)
        let conformance = try await scene.world.conformance()
        #expect(conformance.findings.isEmpty)
        let duties = conformance.gifts.filter { $0.label == "recall" }
        #expect(duties.map(\.sender) == [SharedCase.asker] && duties.map(\.recipient) == [SharedCase.owner])
        for gift in duties {
            guard case .clauses(let clauses) = gift.permission else {
                Issue.record("\(gift.permission)")
                continue
            }
            #expect(clauses.map(\.clause) == ["data-protection"])
        }
    }

    private static func restarted(
        _ node: OneNode, in scene: SharedCase, keepsViews: Bool
    ) async throws -> OneNode {
        if keepsViews { await node.core.keepViews() } else { node.core.sealedViews.remove() }
        await node.close()
        return try await scene.world.open(SharedCase.asker)
    }

    private static func note(of entry: String, in reference: String, at node: OneNode) async throws -> [String] {
        let view = try await node.core.showCase(CaseQuery(officer: "f9", caseReference: reference))
        return view.timeline.first { $0.eventID == entry }?.recalls.map(\.by) ?? []
    }

    @Test("What was given by a share goes, what the circle has stays, and nobody is given it again")
    func takesBackAShare() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 28)
        #expect(try await scene.labels(at: scene.fire) == ["record", "risk", "safe-contact"])
        let here = try await scene.harbour.core.showCase(CaseQuery(officer: "h1", caseReference: scene.reference))
        let contact = try #require(here.timeline.last { $0.fields.contains { $0.label == "safe-contact" } }).eventID
        var form = Self.form(contact)
        form.labels = ["safe-contact"]
        form.agencies = [SharedCase.asker.text]
        _ = try await scene.harbour.core.recall(form)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await scene.labels(at: scene.fire) == ["record", "risk"])
        #expect(!(try await Self.shown(of: scene.reference, at: scene.fire).contains("sister")))
        // Twice there is nothing to take back, and what is gone is not given as if it were new.
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.recall(form) }
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        await #expect { try await scene.answer(request, days: 3) } throws: {
            ($0 as? ProblemDetails)?.code == "recalled-before"
        }
    }

    @Test("A holder that was away never gets it: the broker sends no more of it")
    func withheldFromLaterFeeds() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker])
        let (harbour, fire) = (try await world.open(SharedCase.owner), try await world.open(SharedCase.asker))
        try await world.settle([harbour, fire])
        for (node, offices) in [
            (harbour, ["data-protection-officer", "head-of-housing"]), (fire, ["data-protection-officer"]),
        ] {
            _ = try await node.core.adopt(AdoptForm(officer: "o", protocolCode: "jag", offices: offices))
        }
        try await world.settle([harbour, fire])
        let reference = try await SharedCase.share(at: harbour)
        try await world.settle([harbour])
        let here = try await harbour.core.showCase(CaseQuery(officer: "h1", caseReference: reference))
        let entry = try #require(here.timeline.last { $0.type == "case-opened" })
        _ = try await harbour.core.recall(Self.form(entry.eventID))
        try await world.settle([harbour])
        try await world.settle([fire, harbour])
        let received = try fire.core.store.received(from: 0, limit: .max)
        let named = try #require(received.first { $0.index.value == entry.index && $0.origin.text == entry.origin })
        #expect(named.compartments.isEmpty)
        #expect(received.contains { !$0.compartments.isEmpty }, "the rest of the case came")
        let row = try #require(try await fire.core.listRecalls(by: "f1").first)
        #expect(row.standing == "answered" && row.shownCount == 0)
        #expect(try await fire.core.search(SearchForm(officer: "f1", words: "afraid")).isEmpty)
    }

    @Test("Another agency on the case keeps it and learns nothing of the recall")
    func onlyFromWhomItIsTakenBack() async throws {
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
        let scene = SharedCase(world: world, harbour: harbour, fire: others[0], reference: reference)
        var form = Self.form(try await Self.opening(scene))
        form.agencies = [SharedCase.asker.text]
        let before = try others[1].core.store.received(from: 0, limit: .max).filter { $0.origin == harbour.core.origin }
        _ = try await harbour.core.recall(form)
        try await world.settle([harbour] + others)
        #expect(!(try await Self.shown(of: reference, at: others[0]).contains("afraid")))
        #expect(try await Self.shown(of: reference, at: others[1]).contains(Self.summary))
        let after = try others[1].core.store.received(from: 0, limit: .max).filter { $0.origin == harbour.core.origin }
        // Reports of what it received come from harbour too; nothing of the recall does.
        #expect(after.count == before.count)
        #expect(try await others[1].core.listRecalls(by: "p1").isEmpty)
    }
}
