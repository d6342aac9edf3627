import Auditing
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import SQLiteStore
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// The life of a protocol end to end: published, consulted on, signed by office, changed, suspended, reviewed.
@Suite("The life of a protocol") struct ProtocolLifeTests {
    private static func status(_ node: OneNode, version: Int = 1) async throws -> ProtocolLifePage {
        let pages = try await node.core.protocolStatus(ProtocolStatusForm(protocolCode: "jag"))
        guard let page = pages.first(where: { $0.version == version }) else { throw NoSuchVersion() }
        return page
    }

    private struct NoSuchVersion: Error {}

    private static func code(_ attempt: () async throws -> Void) async -> ProblemCode? {
        do {
            try await attempt()
            return nil
        } catch { return (error as? ProblemDetails)?.code }
    }

    private static func act(_ text: String, in scene: SharedCase) async throws -> Recorded {
        try await scene.harbour.core.record(
            ActionForm(
                officer: "h1", caseReference: scene.reference, action: text, owner: SharedCase.owner.text))
    }

    /// How many entries of the case fire can read something of.
    private static func count(in scene: SharedCase) async throws -> Int {
        let view = try await scene.fire.core.showCase(CaseQuery(officer: "x", caseReference: scene.reference))
        return view.timeline.count { !$0.fields.isEmpty }
    }

    @Test("Everybody sees the same: in force between two, and who has still to sign, by office")
    func inForce() async throws {
        let scene = try await SharedCase()
        for node in [scene.harbour, scene.fire] {
            let page = try await Self.status(node)
            #expect(page.stage == "in-force")
            #expect(page.pairs.map { "\($0.one) \($0.other)" } == ["harbour-homes northshire-fire"])
            #expect(page.pairs.first?.since?.hasPrefix("2026-") == true)
            #expect(page.unsigned.contains { $0.party == "northshire-police" && $0.offices.contains("chief-officer") })
            #expect(!page.unsigned.contains { $0.party == "harbour-homes" })
        }
    }

    @Test("A version out for consultation is commented on before everybody, and signed by nobody")
    func consultation() async throws {
        let scene = try await SharedCase()
        let (harbour, fire) = (scene.harbour.core, scene.fire.core)
        try await scene.world.publish { $0 }
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.status(scene.fire, version: 2).stage == "consultation")
        var form = ConsultationForm(
            officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"], response: "concern",
            words: "Twenty-eight days is longer than a visit takes")
        for (change, expected) in [
            ({ $0.words = nil }, "form-malformed"), ({ $0.response = "perhaps" }, "form-malformed"),
            ({ $0.offices = [] }, "form-malformed"), ({ $0.protocolCode = "none" }, "form-malformed"),
            ({ $0.words = "Ring Ada on 07700 900123" }, "words-about-people"),
            ({ $0.words = String(repeating: "w", count: Limits.consultationWordsByteCount + 1) }, "form-malformed"),
        ] as [((inout ConsultationForm) -> Void, ProblemCode)] {
            var wrong = form
            change(&wrong)
            #expect(await Self.code { _ = try await fire.respond(wrong) } == expected)
        }
        _ = try await fire.respond(form)
        form.words = String(repeating: "w", count: Limits.consultationWordsByteCount)
        form.officer = "h1"
        _ = try await harbour.respond(form)
        try await scene.world.settle([scene.harbour, scene.fire])
        for node in [scene.harbour, scene.fire] {
            let page = try await Self.status(node, version: 2)
            #expect(page.replies.map(\.party) == ["harbour-homes", "northshire-fire"])
            #expect(page.replies.last?.words == "Twenty-eight days is longer than a visit takes")
            #expect(page.replies.first?.words?.count == Limits.consultationWordsByteCount)
            #expect(page.silent.contains("northshire-police") && !page.silent.contains("northshire-fire"))
            #expect(try await node.refusedCount() == 0)
        }
        // A start from the store has the words again.
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        #expect(try await Self.status(again, version: 2).replies.compactMap(\.words).count == 2)
        await again.close()
    }

    @Test("Who signed before reads what changes first; the old version stays until both have signed the new one")
    func amended() async throws {
        let scene = try await SharedCase()
        let (harbour, fire) = (scene.harbour.core, scene.fire.core)
        try await scene.world.publish { $0.replacing("    days: 28\n", with: "    days: 14\n") }
        try await scene.world.activate()
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.status(scene.fire, version: 2).stage == "signing")
        let reading = try await fire.read(AdoptionQuery(protocolCode: "jag"))
        #expect(reading.version == 2 && reading.replaces == 1 && reading.offices == ["data-protection-officer"])
        #expect(reading.changes.contains("What changes for"))
        var form = AdoptForm(officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"])
        #expect(await Self.code { _ = try await fire.adopt(form) } == "changes-not-read")
        form.rules = "00000000"
        #expect(await Self.code { _ = try await fire.adopt(form) } == "other-rules")
        form.rules = String(reading.bundle.prefix(8))
        _ = try await fire.adopt(form)
        try await scene.world.settle([scene.harbour, scene.fire])
        // Only one has signed the new one: what is recorded goes by the old one still.
        #expect(try await Self.status(scene.harbour, version: 1).stage == "in-force")
        let before = try await Self.count(in: scene)
        #expect(try await Self.act("Call on Monday", in: scene).keptHome.isEmpty)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.count(in: scene) == before + 1)
        // The offices of an agency sign on different days: the old one stays until the last has signed.
        form = AdoptForm(officer: "h1", protocolCode: "jag", offices: ["head-of-housing"], rules: reading.bundle)
        #expect(try await harbour.adopt(form).stillToSign == ["data-protection-officer"])
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.status(scene.harbour, version: 2).stage == "signing")
        for wrong in [["chief-officer"], ["data-protection-officer", "no office"], []] {
            form.offices = wrong
            #expect(await Self.code { _ = try await harbour.adopt(form) } == "form-malformed")
        }
        form.offices = ["data-protection-officer"]
        #expect(try await harbour.adopt(form).stillToSign.isEmpty)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.status(scene.harbour, version: 1).stage == "superseded")
        #expect(try await Self.status(scene.harbour, version: 2).stage == "in-force")
        // The next entry opens a circle under the new version by itself, and fire misses nothing.
        let size = await harbour.writer.size
        #expect(try await Self.act("Call on Tuesday", in: scene).keptHome.isEmpty)
        let written = try harbour.store.readLog(from: LeafIndex(size.value), limit: 9)
        let bundles = written.compactMap { placed -> String? in
            if case .circle(let circle) = placed.statement.payload.control { circle.bundle?.hex } else { nil }
        }
        #expect(bundles == [reading.bundle])
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.count(in: scene) == before + 2)
        #expect(try await scene.harbour.refusedCount() == 0)
    }

    @Test("Suspended by one side it says how it goes on, and signing again resumes it")
    func suspended() async throws {
        let scene = try await SharedCase()
        _ = try await scene.fire.core.endAdoption(
            EndAdoptionForm(
                officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"], reason: "suspended"))
        let waiting = try await Self.status(scene.fire)
        #expect(waiting.waiting.count == 1)
        try await scene.world.settle([scene.harbour, scene.fire])
        let page = try await Self.status(scene.harbour)
        #expect(page.stage == "suspended")
        #expect(page.text.contains("It goes on with northshire-fire when northshire-fire signs it again"))
        _ = try await scene.fire.core.adopt(
            AdoptForm(officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"]))
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.status(scene.harbour).stage == "in-force")
    }

    @Test("When a review that stops has passed, work goes on at home and nothing new goes out")
    func lapsed() async throws {
        let scene = try await SharedCase()
        try await scene.world.publish {
            $0.replacing("afterwards: warn", with: "afterwards: stop")
                .replacing("  by: 2027-03-31", with: "  by: 2026-03-10")
        }
        try await scene.world.activate()
        try await scene.world.settle([scene.harbour, scene.fire])
        let rules = try await scene.fire.core.read(AdoptionQuery(protocolCode: "jag")).bundle
        _ = try await scene.fire.core.adopt(
            AdoptForm(officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"], rules: rules))
        _ = try await scene.harbour.core.adopt(
            AdoptForm(
                officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"],
                rules: rules))
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.act("Call before the review", in: scene).keptHome.isEmpty)
        try await scene.world.settle([scene.harbour, scene.fire])
        let count = try await Self.count(in: scene)
        scene.world.time.set(Timestamp("2026-03-11T00:00:00Z")!)
        #expect(try await Self.status(scene.harbour, version: 2).stage == "lapsed")
        let kept = try await Self.act("Call after the review", in: scene)
        #expect(kept.keptHome.contains { $0.contains("the review of jag was due by 2026-03-10") })
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.count(in: scene) == count)
        #expect(try await scene.harbour.refusedCount() == 0)
        var share = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        share.purpose = "prevent-asb"
        #expect(await Self.code { _ = try await scene.harbour.core.share(share) } == "review-overdue")
    }

    @Test("Rules that the program lacks stop the node where they are activated, and it says what to do")
    func lackedRules() async throws {
        let scene = try await SharedCase()
        try await scene.world.publishFuture()
        try await scene.world.settle([scene.harbour, scene.fire])
        // Published and not activated they hold nothing up.
        _ = try await Self.act("Call on Monday", in: scene)
        try await scene.world.settle([scene.harbour, scene.fire])
        try await scene.world.activate()
        try await scene.world.settle([scene.harbour, scene.fire])
        _ = try await Self.act("Call on Tuesday", in: scene)
        let problem = await #expect(throws: (any Error).self) { try await scene.harbour.exchange() }
        #expect("\(String(describing: problem))".contains("rules-lacked"))
    }

    @Test("A simulation counts on one's own log what a changed file would do, and records nothing")
    func simulated() async throws {
        let scene = try await SharedCase()
        for day in ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] {
            _ = try await Self.act("Call on \(day)", in: scene)
        }
        try await scene.world.settle([scene.harbour, scene.fire])
        let size = await scene.harbour.core.writer.size
        let yaml = try OneProcess.jag { $0 }
        var form = SimulationForm(file: yaml, fileName: "jag.yaml", days: 90)
        let same = try await scene.harbour.core.simulate(form)
        let row = try #require(same.rows.first { $0.agency == "northshire-fire" && $0.label == "record" })
        #expect(row.reached == row.would)
        #expect(try #require(row.reached) >= 6)
        // One that lets no actions go to fire.
        form.file = try OneProcess.jag { yaml in
            yaml.replacing(
                "\nnever:\n",
                with: """

                    never:
                      - clause: no-records-to-fire
                        labels: [record]
                        channels: [feed]
                        to: [fire]
                        standing: norm
                        text: The fire service asks.

                    """, maxReplacements: 1)
        }
        let less = try await scene.harbour.core.simulate(form)
        let narrowed = try #require(less.rows.first { $0.agency == "northshire-fire" && $0.label == "record" })
        #expect(narrowed.reached == row.reached && narrowed.would == nil)
        for days in [0, Limits.simulationDayCount + 1] {
            form.days = days
            #expect(await Self.code { _ = try await scene.harbour.core.simulate(form) } == "form-malformed")
        }
        form.days = Limits.simulationDayCount
        form.file = "format: 2\n"
        #expect(await Self.code { _ = try await scene.harbour.core.simulate(form) } == "file-unusable")
        #expect(await scene.harbour.core.writer.size == size)
        // Nothing so long ago.
        form.days = 90
        scene.world.time.advance(seconds: 86_400 * 400)
        form.file = yaml
        let late = try await scene.harbour.core.simulate(form)
        #expect(late.rows.isEmpty && late.entries == nil)
    }
}
