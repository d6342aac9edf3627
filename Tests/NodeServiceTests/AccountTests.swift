import Casework
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// The full account stays home, and leaves only by direct grant, for an agency that asks (DESIGN §3).
@Suite("The full account on request") struct AccountTests {
    private static let police: AgencyCode = "northshire-police"
    private static let account = "He kicked her door at two in the morning and shouted what he would do."

    @Test("It is previewed, given until a day, read where it was given, and gone after that day")
    func onRequest() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner, Self.police])
        let (harbour, police) = (try await world.open(SharedCase.owner), try await world.open(Self.police))
        try await world.settle([harbour, police])
        _ = try await harbour.core.adopt(
            AdoptForm(officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
        _ = try await police.core.adopt(
            AdoptForm(officer: "p1", protocolCode: "jag", offices: ["data-protection-officer", "chief-officer"]))
        try await world.settle([harbour, police])
        let reference = try await share(at: harbour)
        try await world.settle([harbour, police])
        #expect(try await !read(reference, at: police).contains { $0.label == "account" })
        let request = try await police.core.make(
            RequestForm(
                officer: "p1", caseReference: reference, asked: "harbour-homes", labels: ["account"],
                protocolCode: "jag", purpose: "prevent-asb", reason: "We prepare an injunction")
        ).request
        try await world.settle([harbour, police])

        var answer = AnswerForm(officer: "h1", request: request, outcome: "full", reason: "It is needed in court")
        answer.labels = ["account"]
        answer.days = 29
        await #expect(throws: ProblemDetails.self, "28 days at most") { try await harbour.core.answer(answer) }
        answer.days = 28
        let size = await harbour.core.writer.size
        let preview = try await harbour.core.preview(answer).text
        #expect(preview.contains("narrative: \(Self.account.prefix(40))"))
        #expect(preview.contains("sees account: narrative. The full account stays home"))
        #expect(!preview.contains("Another report"), "the case did not grow from it")
        #expect(await harbour.core.writer.size == size, "a preview records nothing")
        answer.reports = [String(repeating: "0", count: 32)]
        await #expect(throws: ProblemDetails.self, "no report of the case") { try await harbour.core.answer(answer) }
        answer.reports = nil
        #expect(try await harbour.core.answer(answer).disclosed == 1)
        try await world.settle([harbour, police])
        #expect(try await harbour.refusedCount() == 0)
        try await answerTwiceAtOnce(reference, from: police, at: harbour, in: world)

        let given = try await read(reference, at: police)
        #expect(given.contains { $0.label == "account" && $0.value == Self.account })
        #expect(!given.contains { $0.label == "reporter" }, "who told us stays home with the rest of the report")
        #expect(await police.core.feedFault == nil)
        try await requireNoFindings(at: harbour)
        await police.core.keepViews()
        await police.close()
        let again = try await world.open(Self.police)
        #expect(try await read(reference, at: again).contains { $0.value == Self.account }, "also after a start")
        world.time.advance(seconds: 28 * 86_400 + 1)
        try await again.core.dropExpired()
        #expect(try await !read(reference, at: again).contains { $0.label == "account" })
    }

    /// Whoever leads a case says what it grew from: in a case of its own another agency could name any report of ours.
    @Test("Another agency's case gives no account of ours, whatever it says it grew from")
    func casesOfOthers() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        var form = ReportForm(officer: "h1", summary: "Threats and banging at night")
        form.narrative = Self.account
        let report = try #require(try await core.record(form).events.first)
        let id = try #require(EventID(hex: report))
        for leader in [SharedCase.owner, SharedCase.asker] {
            let reference = CaseReference(agency: leader, stream: StreamID(from: scene.world.entropy))
            var state = CaseState(of: reference)
            state.evolve(.caseOpened(CaseOpening(summary: "Fire", leadAgency: leader, reports: [id])), by: leader)
            for chosen in [nil, [report]] {
                let given = try? await core.givable(of: reference, state, labels: ["account"], reports: chosen)
                #expect(given?.map(\.event) == (leader == SharedCase.owner ? [id] : nil), "\(leader) \(chosen ?? [])")
            }
        }
    }

    /// Two officers answer one request at the same moment: one answer stands, and the other officer is told.
    private func answerTwiceAtOnce(
        _ reference: String, from police: OneNode, at harbour: OneNode, in world: OneProcess
    ) async throws {
        let request = try await police.core.make(
            RequestForm(
                officer: "p1", caseReference: reference, asked: "harbour-homes", labels: ["account"],
                protocolCode: "jag", purpose: "prevent-asb", reason: "We prepare another")
        ).request
        try await world.settle([harbour, police])
        let core = harbour.core
        let answered = await withTaskGroup(of: Bool.self) { group in
            for outcome in ["refused", "nil"] {
                group.addTask {
                    let form = AnswerForm(officer: "h1", request: request, outcome: outcome, reason: "Two at once")
                    return (try? await core.answer(form)) != nil
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(answered == 1)
        try await world.settle([harbour, police])
    }

    /// Two reports with an account each; the case grows from one of them.
    private func share(at harbour: OneNode) async throws -> String {
        var report = ReportForm(officer: "h1", summary: "Threats and banging at night")
        report.narrative = Self.account
        report.reporterName = "A neighbour"
        report.reporterRole = "neighbour"
        let recorded = try await harbour.core.record(report)
        var other = ReportForm(officer: "h1", summary: "Another matter")
        other.narrative = "Another report"
        _ = try await harbour.core.record(other)
        let opened = try await harbour.core.openCase(
            CaseForm(officer: "h1", reports: recorded.events, summary: "Threats at night; she is afraid"))
        _ = try await harbour.core.record(
            ConsentForm(
                officer: "h1", caseReference: opened.caseReference, state: "given", how: "On the telephone"))
        var share = ShareForm(
            officer: "h1", caseReference: opened.caseReference, agencies: [Self.police.text], protocolCode: "jag")
        share.purpose = "prevent-asb"
        _ = try await harbour.core.share(share)
        return opened.caseReference
    }

    private func read(_ reference: String, at node: OneNode) async throws -> [FieldView] {
        try await node.core.showCase(CaseQuery(officer: "p1", caseReference: reference)).timeline.flatMap(\.fields)
    }

    private func requireNoFindings(at node: OneNode) async throws {
        for received in try node.core.store.received(from: 0, limit: 1000) {
            guard case .received(let report) = try Statement(decoding: received.bytes).payload.control else { continue }
            #expect(report.findings.isEmpty, "\(report.findings.map(\.finding))")
        }
    }
}
