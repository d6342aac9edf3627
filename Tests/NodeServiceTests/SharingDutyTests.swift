import Casework
import DeterministicCBOR
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

/// What a node owes the person a case is about, whatever its officers ask for.
@Suite("Duties of the agency that shares") struct SharingDutyTests {
    private static let service: AgencyCode = "victim-first"

    /// A case at a housing association; the victim service has signed the protocol too.
    private static func scene(
        category: String = "threats", area: String = "E01025700", consent: String?
    ) async throws -> (world: OneProcess, harbour: OneNode, service: OneNode, reference: String) {
        let world = try await OneProcess(agencies: [SharedCase.owner, service])
        let (harbour, service) = (try await world.open(SharedCase.owner), try await world.open(service))
        try await world.settle([harbour, service])
        _ = try await harbour.core.adopt(
            AdoptForm(officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
        _ = try await service.core.adopt(
            AdoptForm(officer: "v1", protocolCode: "jag", offices: ["data-protection-officer"]))
        try await world.settle([harbour, service])
        var report = ReportForm(officer: "h1", summary: "Threats and banging at night")
        report.category = category
        report.area = area
        report.victimName = "Ada Quillfeather"
        let recorded = try await harbour.core.record(report)
        var form = CaseForm(officer: "h1", reports: recorded.events, summary: "Threats at night; she is afraid")
        form.category = category
        form.area = area
        let opened = try await harbour.core.openCase(form)
        if let consent {
            _ = try await harbour.core.record(
                ConsentForm(
                    officer: "h1", caseReference: opened.caseReference, state: consent, how: "On the telephone"))
        }
        return (world, harbour, service, opened.caseReference)
    }

    private static func share(_ reference: String, from harbour: OneNode) async throws {
        var share = ShareForm(
            officer: "h1", caseReference: reference, agencies: [service.text], protocolCode: "jag")
        share.purpose = "prevent-asb"
        _ = try await harbour.core.share(share)
    }

    @Test("An agency named twice in a share is in the circle once, and the node goes on")
    func namedTwice() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        let api = NodeLocalAPI(core: core, link: scene.harbour.link, logger: scene.world.logger)
        let fire = SharedCase.asker.text
        var form = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: [fire, fire], protocolCode: "jag")
        form.purpose = "prevent-asb"
        let response = await api.handle(
            TransportRequest(method: .post, path: NodePath.share, body: try Body.encode(form)))
        #expect(response.status == 200)
        _ = try await core.record(ReportForm(officer: "h1", summary: "It goes on"))
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await scene.harbour.refusedCount() == 0)
        let view = try await core.showCase(CaseQuery(officer: "h1", caseReference: scene.reference))
        #expect(view.circles.last?.members == [fire, SharedCase.owner.text].sorted())
    }

    @Test("After a refusal nothing about the victim goes to the victim service")
    func refusedConsentStopsTheShare() async throws {
        let agreed = try await Self.scene(consent: "given")
        try await Self.share(agreed.reference, from: agreed.harbour)
        let against = try await Self.scene(consent: "refused")
        await #expect(throws: ProblemDetails.self) {
            try await Self.share(against.reference, from: against.harbour)
        }
        try await against.world.settle([against.harbour, against.service])
        #expect(try await against.service.core.status(isConnected: true).cases == 0)
    }

    @Test("A refusal recorded later is recorded, stays at home, and the officer is told")
    func laterRefusalIsRecorded() async throws {
        let scene = try await Self.scene(consent: "given")
        try await Self.share(scene.reference, from: scene.harbour)
        let recorded = try await scene.harbour.core.record(
            ConsentForm(officer: "h1", caseReference: scene.reference, state: "refused", how: "By letter"))
        #expect(recorded.events.count == 1)
        #expect(recorded.keptHome.contains { $0.hasPrefix("consent may not go to victim-first") })
        try await scene.world.settle([scene.harbour, scene.service])
        let there = try await scene.service.core.showCase(
            CaseQuery(officer: "v1", caseReference: scene.reference))
        #expect(there.timeline.contains { $0.type == "consent-recorded" })
        #expect(!there.timeline.flatMap(\.fields).contains { $0.value == "refused" })
        let here = try await scene.harbour.core.showCase(
            CaseQuery(officer: "h1", caseReference: scene.reference))
        #expect(here.timeline.flatMap(\.fields).contains { $0.value == "refused" })
    }

    @Test(
        "A pointer leaves in the clear only where the protocol lets it be seen, and names nothing finer than a ward",
        arguments: [
            ("threats", "E01025700", true, true), ("hate-crime", "E01025700", false, false),
            ("domestic-abuse", "E01025700", false, false),
        ])
    func pointers(category: String, area: String, isSent: Bool, namesArea: Bool) async throws {
        let scene = try await Self.scene(category: category, area: area, consent: "given")
        try await Self.share(scene.reference, from: scene.harbour)
        let size = await scene.harbour.core.writer.size
        var pointers: [CarriedCompartment] = []
        for placed in try scene.harbour.core.store.readLog(from: LeafIndex(0), limit: Int(size.value)) {
            let clear = placed.statement.payload.compartments.filter { $0.reader == .pointer }.map(\.id)
            pointers += placed.compartments.filter { clear.contains($0.id) }
        }
        #expect(pointers.isEmpty == !isSent)
        let fields = try pointers.map { try $0.clearBody().fields }
        #expect(fields.allSatisfy { ($0["pointer-area"] != nil) == namesArea })
        // What an import brought may be finer than what people may type.
        #expect(await scene.harbour.core.pointer(area: "14 Invented Court", category: "threats").area == nil)
    }

    @Test("No information we can share: the asker cannot tell why, the agency keeps why")
    func noInformation() async throws {
        for isNothingHeld in [false, true] {
            let scene = try await SharedCase()
            let request = try await scene.ask()
            try await scene.world.settle([scene.harbour, scene.fire])
            var answer = AnswerForm(
                officer: "h1", request: request, outcome: "no-information", reason: "Would put her at risk")
            answer.isNothingHeld = isNothingHeld
            _ = try await scene.harbour.core.answer(answer)
            try await scene.world.settle([scene.harbour, scene.fire])
            let asked = try #require(try await scene.fire.core.listRequests(by: "f1").asked.first)
            #expect(asked.outcome == "no-information-we-can-share")
            #expect(asked.outcomeAtHome == nil && asked.outcomeWords == nil)
            let kept = try #require(try await scene.harbour.core.listRequests(by: "h1").toAnswer.first)
            #expect(kept.outcomeAtHome == (isNothingHeld ? "nil" : "refused"))
        }
    }

    @Test("Whoever was refused says what has changed, also when the refusal is not named")
    func refusalsAreRemembered() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        _ = try await scene.harbour.core.answer(
            AnswerForm(officer: "h1", request: request, outcome: "refused", reason: "Not needed"))
        try await scene.world.settle([scene.harbour, scene.fire])
        await #expect(throws: ProblemDetails.self) { _ = try await scene.ask() }
        let second = try await scene.ask(changedFact: "A threat to burn the flat was made on Tuesday")
        let asked = try await scene.fire.core.listRequests(by: "f1").asked
        #expect(asked.first { $0.eventID == second }?.earlierRequest == request)
    }

    @Test("Many at once: every reading is recorded, in one stream a day, and no writing overtakes another")
    func manyAtOnce() async throws {
        let scene = try await SharedCase()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<24 {
                group.addTask {
                    number.isMultiple(of: 2)
                        ? try await scene.harbour.core.acknowledge(
                            AcknowledgeForm(
                                officer: "h\(number)", caseReference: scene.reference, state: "acknowledged")
                        ).events.count
                        : try await scene.harbour.core.record(
                            ActionForm(
                                officer: "h\(number)", caseReference: scene.reference, action: "Visit \(number)",
                                owner: "harbour-homes")
                        ).events.count
                }
            }
            for try await count in group { #expect(count == 1) }
        }
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await scene.harbour.core.status(isConnected: true).refused == 0)
    }

    /// Whoever reports faults that are none is soon not believed.
    @Test("Honest agencies find nothing wrong with what they give each other")
    func honestAgenciesFindNothing() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 28)
        try await scene.world.settle([scene.harbour, scene.fire])
        var reports = 0
        for node in [scene.harbour, scene.fire] {
            for received in try node.core.store.received(from: 0, limit: 1000) {
                guard case .received(let report) = try Statement(decoding: received.bytes).payload.control else {
                    continue
                }
                reports += 1
                #expect(report.findings.isEmpty, "\(report.findings.map(\.finding))")
            }
        }
        #expect(reports > 1, "both reported")
    }

    @Test("What the register refused is counted where people look")
    func refusalsAreCounted() async throws {
        let scene = try await SharedCase()
        let node = scene.harbour
        let before = try await node.core.status(isConnected: true).refused
        let stream = StreamID(from: scene.world.entropy)
        let wrong = StatementDraft(
            eventID: EventID(from: scene.world.entropy), stream: stream, expectedVersion: .noStream, control: .record)
        try await node.core.append([wrong])
        try await scene.world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == before + 1)
        #expect(try await node.core.status(isConnected: true).refused == before + 1)
    }
}
