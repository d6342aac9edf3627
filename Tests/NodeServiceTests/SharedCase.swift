import Casework
import EventLogs
import NodeInterface
import NodeProjections
import TallystickPrimitives

@testable import NodeService

/// A case at one agency, shared with others, and asked about: what many tests begin with.
struct SharedCase {
    let world: OneProcess
    let harbour: OneNode
    let fire: OneNode
    let reference: String

    static let instruction = "Ring the sister after six, never the landline"
    static let owner: AgencyCode = "harbour-homes"
    static let asker: AgencyCode = "northshire-fire"

    /// Two agencies that have signed the protocol; one has shared a case with the other, which gets its record only.
    init(hasAuditor: Bool = false, seed: UInt64 = 1) async throws {
        world = try await OneProcess(
            agencies: [SharedCase.owner, SharedCase.asker], hasAuditor: hasAuditor, seed: seed)
        harbour = try await world.open(SharedCase.owner)
        fire = try await world.open(SharedCase.asker)
        try await world.settle([harbour, fire])
        _ = try await harbour.core.adopt(
            AdoptForm(officer: "h1", protocolCode: "jag", offices: ["data-protection-officer", "head-of-housing"]))
        _ = try await fire.core.adopt(
            AdoptForm(officer: "f1", protocolCode: "jag", offices: ["data-protection-officer"]))
        try await world.settle([harbour, fire])
        reference = try await SharedCase.share(at: harbour)
        try await world.settle([harbour, fire])
    }

    /// Founded by a test itself.
    init(world: OneProcess, harbour: OneNode, fire: OneNode, reference: String) {
        self.world = world
        self.harbour = harbour
        self.fire = fire
        self.reference = reference
    }

    /// Opens a case with everything on record that a case can have, and shares it.
    static func share(
        at harbour: OneNode, with agencies: [AgencyCode] = [asker], address: String? = nil
    ) async throws -> String {
        var report = ReportForm(officer: "h1", summary: "Threats and banging at night")
        report.category = "threats"
        report.area = "E01025700"
        report.victimName = "Ada Quillfeather"
        report.address = address
        let recorded = try await harbour.core.record(report)
        let opened = try await harbour.core.openCase(
            CaseForm(officer: "h1", reports: recorded.events, summary: "Threats at night; she is afraid"))
        var assessment = AssessmentForm(officer: "h1", caseReference: opened.caseReference)
        let questions = RiskMatrix.standard.questions
        for question in questions.prefix(8) { assessment.marks[question.code.text] = 3 }
        assessment.band = "high"
        assessment.rationale = "Worse each week"
        _ = try await harbour.core.assess(assessment)
        var contact = SafeContactForm(officer: "h1", caseReference: opened.caseReference)
        contact.instruction = instruction
        _ = try await harbour.core.record(contact)
        _ = try await harbour.core.record(
            ConsentForm(
                officer: "h1", caseReference: opened.caseReference, state: "given", how: "On the telephone"))
        var share = ShareForm(
            officer: "h1", caseReference: opened.caseReference, agencies: agencies.map(\.text), protocolCode: "jag")
        share.purpose = "prevent-asb"
        _ = try await harbour.core.share(share)
        return opened.caseReference
    }

    /// A third agency, which has signed the protocol and is on no case.
    func police() async throws -> OneNode {
        let police = try await world.enrolLate("northshire-police")
        let nodes = [police, harbour, fire]
        try await world.settle(nodes)
        _ = try await police.core.adopt(
            AdoptForm(officer: "p1", protocolCode: "jag", offices: ["data-protection-officer", "chief-officer"]))
        try await world.settle(nodes)
        return police
    }

    /// Fire asks for the safe contact and the risk, and is given both for some days.
    func give(days: Int) async throws {
        let request = try await ask()
        try await world.settle([harbour, fire])
        try await answer(request, days: days)
        try await world.settle([harbour, fire])
    }

    /// Fire asks; nothing is sent yet.
    func ask(changedFact: String? = nil) async throws -> String {
        var form = RequestForm(
            officer: "f1", caseReference: reference, asked: SharedCase.owner.text, labels: ["safe-contact", "risk"],
            protocolCode: "jag", purpose: "prevent-fire-harm", reason: "To protect her from fire")
        form.changedFact = changedFact
        return try await fire.core.make(form).request
    }

    /// The owner gives both labels; nothing is sent yet.
    func answer(_ request: String, days: Int) async throws {
        var answer = AnswerForm(officer: "h1", request: request, outcome: "full", reason: "It is necessary")
        answer.labels = ["risk", "safe-contact"]
        answer.days = days
        _ = try await harbour.core.answer(answer)
    }

    /// The labels of which a node can read something in the case.
    func labels(at node: OneNode) async throws -> Set<String> {
        let view = try await node.core.showCase(CaseQuery(officer: "f1", caseReference: reference))
        return Set(view.timeline.flatMap(\.fields).map(\.label))
    }
}
