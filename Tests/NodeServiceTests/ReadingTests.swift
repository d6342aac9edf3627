import Auditing
import Casework
import CommandLineSupport
import Disclosures
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Owners learn how often their cases were read, and never by whom or when (PRACTICE P12, decision 0035).
@Suite("Readings are reported to owners") struct ReadingTests {
    private static let week: Int64 = 7 * 86_400

    private static func show(_ scene: SharedCase, by officers: [String], role: String? = nil) async throws {
        for officer in officers {
            var query = CaseQuery(officer: officer, caseReference: scene.reference)
            query.role = role
            _ = try await scene.fire.core.showCase(query)
        }
    }

    private static func pass(_ scene: SharedCase, weeks: Int64 = 1) async throws {
        scene.world.time.advance(seconds: weeks * week)
        try await scene.world.settle([scene.harbour, scene.fire])
    }

    private static func received(_ scene: SharedCase) async throws -> [ReadingReportView] {
        try await scene.harbour.core.listReadings().received
    }

    @Test("a week late, once for each week, also where there is nothing, and in the case's ledger")
    func reported() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        try await Self.show(scene, by: ["f1", "f2", "f2"])
        try await Self.pass(scene)
        #expect(try await Self.received(scene).isEmpty, "the week ended two hours ago")
        try await Self.pass(scene)
        let first = try #require(try await Self.received(scene).first)
        #expect(first.week == "2026-02-23" && first.reader == SharedCase.asker.text && !first.hasMore)
        #expect(first.lines.map(\.reference) == [scene.reference])
        #expect(first.lines.map(\.counts) == [["others": "under-5"]])
        try await Self.pass(scene)
        let later = try await Self.received(scene)
        #expect(later.map(\.week) == ["2026-03-02", "2026-02-23"] && later[0].lines.isEmpty)
        let size = await scene.fire.core.writer.size
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(await scene.fire.core.writer.size == size, "a week is told once")
        #expect(try await scene.fire.core.listReadings().sent.count == 2)
        #expect(try await scene.fire.core.listReadings().received.isEmpty, "fire has no part that was read")

        let ledger = try await scene.harbour.core.ledger(LedgerForm(officer: "h9", caseReference: scene.reference))
        let shown = ledger.pages.flatMap(\.lines).flatMap(\.recipients).filter { $0.agency == SharedCase.asker.text }
        #expect(
            shown.contains { $0.displayed == "northshire-fire says of the case: week of 2026-02-23 under-5 (any role)" }
        )
        #expect(shown.allSatisfy { $0.listed == "sealed by northshire-fire" })

        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        try await scene.world.settle([again, scene.harbour])
        #expect(await again.core.writer.size == size, "a restart tells nothing twice")
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await again.refusedCount() == 0)
        #expect(try await scene.world.audit().findings.isEmpty)
        #expect(try await scene.world.conformance().findings.isEmpty)
    }

    @Test("by role where five people of it were shown the case on a day, and without a name or a minute")
    func namesNobody() async throws {
        let scene = try await SharedCase()
        let people = (1...5).map { "Officer Marlow-\($0)" }
        try await Self.show(scene, by: people, role: "safeguarding")
        try await Self.show(scene, by: ["Chief Ostrey"], role: "senior-officer")
        await #expect(throws: ProblemDetails.self) { try await Self.show(scene, by: ["f1"], role: "chief") }
        try await Self.pass(scene, weeks: 2)
        let report = try #require(try await Self.received(scene).last)
        #expect(report.lines.map(\.counts) == [["safeguarding": "5-to-9", "others": "under-5"]])
        let id = try #require(EventID(hex: report.eventID))
        let fields = try #require(try scene.harbour.core.views.openedFields(id))
        #expect(fields[.record]?.keys.sorted() == ["event-type"])
        let everything = "\(fields)"
        let actors = try scene.fire.core.views.displays(in: CivilDate(daysSinceEpoch: 20_507)).map(\.actor)
        #expect(actors.count == 6)
        for secret in people + ["Marlow", "Ostrey", "2026-03-01"] + actors { #expect(!everything.contains(secret)) }
    }

    @Test("look the same whether readings are withheld, there were none, or much was read")
    func withheldLeavesNoGap() async throws {
        let scene = try await SharedCase()
        var form = ReadingWithholdForm(
            officer: "f9", decidedBy: "Chief Ostrey", words: "They must not learn of it", until: "2026-03-15")
        form.caseReference = scene.reference
        _ = try await scene.fire.core.withhold(form)
        try await Self.show(scene, by: ["f1", "f2", "f3", "f4", "f5", "f6"], role: "case-worker")
        try await Self.pass(scene, weeks: 3)
        try await Self.show(scene, by: ["f1", "f2"])
        try await Self.pass(scene, weeks: 2)
        // Withheld; nothing was read; over, and told again.
        let reports = try await Self.received(scene)
        #expect(
            reports.map(\.week) == ["2026-03-16", "2026-03-09", "2026-03-02", "2026-02-23"]
                && reports.map(\.lines.isEmpty) == [false, true, true, true])
        var shapes: Set<[String]> = []
        for report in reports {
            let id = try #require(EventID(hex: report.eventID))
            let index = try #require(try scene.fire.core.store.recorded([id])[id])
            let placed = try #require(try scene.fire.core.store.readLog(from: index, limit: 1).first)
            let payload = placed.statement.payload
            let circle = try #require(
                try scene.fire.core.store.readLog(from: LeafIndex(index.value - 1), limit: 1).first)
            shapes.insert(
                ["\(payload.kind)", "\(payload.decision as Any)", "\(circle.statement.payload.kind)"]
                    + payload.compartments.map { "\($0.label) \($0.paddedLength.value) \($0.caveats)" }
                    + placed.compartments.map { "\($0.content.count)" })
        }
        #expect(shapes.count == 1)
        #expect(shapes.first?.contains { $0.hasPrefix("reading 16384") } == true)
        #expect(Limits.readingRoomByteCount < 16_384 && Limits.readingLookSeconds == 3_600)
        let lists = try await scene.fire.core.listReadings()
        #expect(lists.withheld.map(\.decidedBy) == ["Chief Ostrey"])
        #expect(try await scene.harbour.core.listReadings().withheld.isEmpty)
        let json = Array(try JSONEncoder().encode(lists))
        #expect(try CommandJSON.decode(ReadingLines.self, from: json).text.contains("until 2026-03-15T00:00:00Z"))
    }

    @Test("Single readings are shown for a purpose of s.62(4), recorded, of one case, and never counted")
    func whoRead() async throws {
        let scene = try await SharedCase()
        try await Self.show(scene, by: ["f1", "f2"])
        func form(_ purpose: String, _ words: String) -> WhoReadForm {
            WhoReadForm(
                officer: "f9", caseReference: scene.reference, purpose: purpose, words: words, people: ["f2", "f7"])
        }
        for wrong in [form("productivity", "How busy is he"), form("lawfulness", " ")] {
            await #expect(throws: ProblemDetails.self) { try await scene.fire.core.whoRead(wrong) }
        }
        let reference = try #require(CaseReference(scene.reference))
        let before = try scene.fire.core.views.ownReadings(of: reference).count
        let page = try await scene.fire.core.whoRead(form("lawfulness", "The neighbour knew of it"))
        #expect(page.rows.filter { $0.person == "f2" }.count == 1 && !page.rows.contains { $0.person == "f1" })
        #expect(page.rows.first?.role == "single readings, for lawfulness: The neighbour knew of it")
        #expect(page.rows.count == before + 1, "that somebody asked is one of them")
    }

    @Test("Whoever merely names a case learns nothing of who reads it")
    func namesOnly() async throws {
        let scene = try await SharedCase()
        let police = try await scene.police()
        let nodes = [police, scene.harbour, scene.fire]
        try await police.core.name(try #require(CaseReference(scene.reference)), telling: SharedCase.asker)
        try await scene.world.settle(nodes)
        try await Self.show(scene, by: ["f1", "f2"])
        for _ in 0..<2 {
            scene.world.time.advance(seconds: Self.week)
            try await scene.world.settle(nodes)
        }
        #expect(try await scene.harbour.core.listReadings().received.contains { !$0.lines.isEmpty })
        let told = try await police.core.listReadings().received
        #expect(!told.isEmpty && told.allSatisfy(\.lines.isEmpty))
        #expect(try await police.refusedCount() == 0)
    }

    @Test("A protocol that withholds readings withholds those of an agency's own cases too")
    func ownCasesWithheld() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker])
        let harbour = try await world.open(SharedCase.owner)
        let fire = try await world.open(SharedCase.asker)
        try await world.settle([harbour, fire])
        try await world.publish { $0.replacing("\nrights:\n", with: "\nrights:\n  readings: withheld\n") }
        try await world.activate()
        try await world.settle([harbour, fire])
        for node in [harbour, fire] {
            let offices = try await node.core.read(AdoptionQuery(protocolCode: "jag")).offices
            _ = try await node.core.adopt(AdoptForm(officer: "o1", protocolCode: "jag", offices: offices))
        }
        try await world.settle([harbour, fire])
        let reference = try await SharedCase.share(at: harbour)
        try await world.settle([harbour, fire])
        _ = try await fire.core.record(
            ActionForm(officer: "f1", caseReference: reference, action: "Test it", owner: SharedCase.asker.text))
        try await world.settle([harbour, fire])
        for officer in ["h1", "h2"] {
            _ = try await harbour.core.showCase(CaseQuery(officer: officer, caseReference: reference))
        }
        for _ in 0..<2 {
            world.time.advance(seconds: Self.week)
            try await world.settle([harbour, fire])
        }
        let told = try await fire.core.listReadings().received
        #expect(!told.isEmpty && told.allSatisfy(\.lines.isEmpty))
    }
}

extension NodeCore {
    /// What an agency does that is not on a case: it names it in an entry for somebody who is.
    fileprivate func name(_ reference: CaseReference, telling other: AgencyCode) async throws {
        let outcome = try choice("jag", with: [other]).pick(
            ProtocolChoice.Wish(purpose: "prevent-asb", gateway: nil), labels: NodeCore.circleLabels,
            circle: [agency, other]
        ).outcome
        let stream = StreamID(from: entropy)
        let new = try recorder.sharedCircle(
            of: stream, event: EventID(from: entropy), members: [agency, other].sorted(),
            recipients: outcome.recipients, sequence: 0, decision: outcome.decision, reason: "case", roster: roster,
            basis: follower.size, now: time.now())
        let event = CaseworkEvent.actionRecorded(
            ActionRecord(action: "Ask them", owner: agency, due: nil, status: .open))
        let draft = try recorder.draft(
            fields(of: event, by: "p1", about: reference), event: EventID(from: entropy), stream: stream,
            circle: new.circle, decision: new.circle.decision)
        try await append([new.draft, draft], opening: new.circle)
    }
}
