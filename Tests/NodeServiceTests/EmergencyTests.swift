import Auditing
import HTTPTransport
import NodeInterface
import NodeProjections
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Telling another agency because somebody is in danger now (PRACTICE P15).
@Suite("An emergency needs no protocol") struct EmergencyTests {
    private static let county: AgencyCode = "northshire-county"

    /// Two agencies that have signed nothing.
    private static func strangers() async throws -> (world: OneProcess, harbour: OneNode, county: OneNode) {
        let world = try await OneProcess(agencies: [SharedCase.owner, county], hasAuditor: true)
        let (harbour, other) = (try await world.open(SharedCase.owner), try await world.open(county))
        try await world.settle([harbour, other])
        return (world, harbour, other)
    }

    private static func threat(to agency: AgencyCode = county) -> EmergencyForm {
        var form = EmergencyForm(
            officer: "h1", agencies: [agency.text], threat: "He has said he will burn the flat down tonight",
            personTold: "Duty social worker, by telephone")
        form.atRisk = "Ada Quillfeather"
        form.whereabouts = "12 Larch Court"
        return form
    }

    @Test("Words reach an agency with which nothing has been agreed, and the auditor finds the route and no fault")
    func reachesAStranger() async throws {
        let (world, harbour, county) = try await Self.strangers()
        let made = try await harbour.core.tell(Self.threat())
        try await world.settle([harbour, county])
        let got = try #require(try await county.core.listEmergencies(by: "c1").first)
        #expect(got.eventID == made.emergency && got.teller == SharedCase.owner.text)
        #expect(got.threat == "He has said he will burn the flat down tonight")
        #expect(got.atRisk == "Ada Quillfeather" && got.whereabouts == "12 Larch Court")
        #expect(got.told == [Self.county.text] && !got.isPending)
        #expect(try await harbour.refusedCount() == 0)
        #expect(try await world.audit().findings.isEmpty)
        let conformance = try await world.conformance()
        #expect(conformance.findings.isEmpty)
        let gifts = conformance.gifts.filter { $0.sender == SharedCase.owner && $0.recipient == Self.county }
        #expect(Set(gifts.map(\.label)) == ["record", "emergency"])
        for gift in gifts {
            guard case .clauses(let clauses) = gift.permission else {
                Issue.record("\(gift.label) by \(gift.permission)")
                continue
            }
            #expect(clauses.map(\.clause) == ["emergency"])
        }
    }

    @Test("What is chosen of a case goes with it, to an agency that is not on the case; nothing else does")
    func givesOfACase() async throws {
        let scene = try await SharedCase()
        let county = try await scene.world.enrolLate(Self.county)
        try await scene.world.settle([scene.harbour, scene.fire, county])
        var form = Self.threat()
        form.caseReference = scene.reference
        form.labels = ["safe-contact"]
        let made = try await scene.harbour.core.tell(form)
        #expect(made.disclosed == 1)
        try await scene.world.settle([scene.harbour, scene.fire, county])
        let page = try await county.core.showCase(CaseQuery(officer: "c1", caseReference: scene.reference))
        let labels = Set(page.timeline.flatMap { $0.fields.map(\.label) })
        #expect(labels.contains("safe-contact") && !labels.contains("risk"))
        #expect(try await scene.fire.core.listEmergencies(by: "f1").isEmpty)
    }

    @Test("Somebody else reviews it; until then it is in the status, and overdue after the next working day")
    func isReviewed() async throws {
        let (world, harbour, county) = try await Self.strangers()
        let made = try await harbour.core.tell(Self.threat())
        #expect(try await harbour.core.status(isConnected: true).emergenciesToReview == 1)
        try await world.settle([harbour, county])
        func review(by officer: String) -> EmergencyReviewForm {
            EmergencyReviewForm(
                officer: officer, emergency: made.emergency, finding: "too-much", words: "The address was not needed")
        }
        // Not by whoever told, and not by another agency.
        await #expect(throws: ProblemDetails.self) { try await harbour.core.review(review(by: "h1")) }
        await #expect(throws: ProblemDetails.self) { try await county.core.review(review(by: "c1")) }
        world.time.advance(seconds: 4 * 86_400)
        #expect(try await harbour.core.status(isConnected: true).overdue.contains { $0.kind == .review })
        _ = try await harbour.core.review(review(by: "h2"))
        await #expect(throws: ProblemDetails.self) { try await harbour.core.review(review(by: "h3")) }
        try await world.settle([harbour, county])
        let status = try await harbour.core.status(isConnected: true)
        #expect(status.emergenciesToReview == 0 && !status.overdue.contains { $0.kind == .review })
        // The agency that was told sees what was found, and not the words.
        let there = try #require(try await county.core.listEmergencies(by: "c1").first)
        #expect(there.finding == "too-much" && there.reviewWords == nil)
        let here = try #require(try await harbour.core.listEmergencies(by: "h1").first)
        #expect(here.reviewWords == "The address was not needed")
    }

    @Test("Without words, a person or an agency that can be told nothing is recorded")
    func takesWordsAndAPerson() async throws {
        let (_, harbour, _) = try await Self.strangers()
        let before = await harbour.core.writer.size
        var noWords = Self.threat()
        noWords.threat = "  "
        var nobody = Self.threat()
        nobody.personTold = ""
        var noAgency = Self.threat()
        noAgency.agencies = []
        var loose = Self.threat()
        loose.labels = ["safe-contact"]
        for form in [noWords, nobody, noAgency, loose, Self.threat(to: SharedCase.owner), Self.threat(to: "elsewhere")]
        {
            await #expect(throws: ProblemDetails.self) { try await harbour.core.tell(form) }
        }
        #expect(await harbour.core.writer.size == before)
    }
}
