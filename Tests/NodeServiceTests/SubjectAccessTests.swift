import Auditing
import Casework
import CommandLineSupport
import Disclosures
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// A request for one's own data, from the day it comes to the draft (PRACTICE P16, decision 0036).
@Suite("A subject-access request") struct SubjectAccessTests {
    private static func start(_ scene: SharedCase) async throws -> String {
        var form = SubjectAccessForm(
            officer: "h1", requester: "Ada Quillfeather", receivedOn: "2026-03-01", lead: "P. Ostrey")
        form.otherNames = ["Adie"]
        return try #require(try await scene.harbour.core.open(form).events.first)
    }

    @Test("Where what they asked for cannot be held, the request is on record and says so")
    func notHeld() async throws {
        let scene = try await SharedCase()
        var hold = HoldForm(officer: "h1", reason: "litigation")
        hold.caseReference = scene.reference
        for _ in 0..<Limits.openHoldCount { _ = try await scene.harbour.core.place(hold) }
        let form = SubjectAccessForm(
            officer: "h1", requester: "Ada Quillfeather", receivedOn: "2026-03-01", lead: "P. Ostrey")
        let recorded = try await scene.harbour.core.open(form)
        #expect(recorded.events.count == 1 && recorded.offers?.first?.contains("NOT held") == true)
    }

    private static func show(_ access: String, _ scene: SharedCase) async throws -> SubjectAccessPage {
        try await scene.harbour.core.showSubjectAccess(SubjectAccessQuery(officer: "h1", access: access))
    }

    /// Fire writes something about the case, so that it has contributed.
    private static func contribute(_ scene: SharedCase) async throws {
        var action = ActionForm(
            officer: "f1", caseReference: scene.reference, action: "Fit a letterbox cover", owner: "northshire-fire")
        action.due = "2026-03-20"
        _ = try await scene.fire.core.record(action)
        try await scene.world.settle([scene.fire, scene.harbour])
    }

    @Test("collects what there is, by what she is in each entry, and says whose it is; looking is recorded")
    func collects() async throws {
        let scene = try await SharedCase()
        try await Self.contribute(scene)
        let access = try await Self.start(scene)
        let page = try await Self.show(access, scene)
        #expect(page.due == "2026-04-01" && !page.isLate && page.toConsult == [SharedCase.asker.text])
        #expect(page.rows.contains { $0.type == "report-recorded" && $0.places == ["victim"] })
        #expect(page.rows.contains { $0.type == "case-opened" && $0.places == ["victim"] })
        #expect(page.rows.contains { $0.type == "action-recorded" && $0.agency == SharedCase.asker.text })
        #expect(
            !page.rows.contains { $0.type.hasPrefix("subject-access") }, "what is said of the request is none of it")
        let contact = try #require(page.rows.first { $0.type == "safe-contact-recorded" })
        #expect(contact.leftOut.contains("safe-contact:safe-contact"))
        let reference = try #require(CaseReference(scene.reference))
        let readings = try scene.harbour.core.views.ownReadings(of: reference)
        #expect(readings.contains { $0.role == "subject access" && $0.state == .displayed })
        // Nobody finds by a search that she asked.
        let hits = try await scene.harbour.core.search(SearchForm(officer: "h2", words: "Adie"))
        #expect(hits.isEmpty)
        let list = try await scene.harbour.core.listSubjectAccess(by: "h1")
        #expect(list.requests.map(\.access) == [access] && list.text.contains("2026-04-01"))
        #expect(page.text.contains("northshire-fire contributed and was not asked"))
        scene.world.time.advance(seconds: 40 * 86_400)
        #expect(try await Self.show(access, scene).isLate)
    }

    @Test("asks each agency that contributed, with a clock, and hears what it says")
    func consults() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        try await Self.contribute(scene)
        let access = try await Self.start(scene)
        let form = SubjectAccessConsultForm(officer: "h1", access: access, words: "Would anything in it harm her?")
        let made = try await scene.harbour.core.consult(form)
        #expect(made.asked.keys.sorted() == [SharedCase.asker.text] && made.due == "2026-03-08T08:50:00Z")
        try await scene.world.settle([scene.harbour, scene.fire])
        let question = try #require(try await scene.fire.core.listSubjectAccess(by: "f1").questions.first)
        #expect(question.requester == "Ada Quillfeather" && question.entries.count == 1 && question.view == nil)
        #expect(try await Self.show(access, scene).consultations.map(\.view) == [nil])
        scene.world.time.advance(seconds: 8 * 86_400)
        #expect(try await Self.show(access, scene).consultations.map(\.isLate) == [true])
        var advice = SubjectAccessAdviceForm(
            officer: "f1", consultation: question.consultation, view: "objection", words: "It names the fitter")
        advice.exemption = "other-person"
        _ = try await scene.fire.core.advise(advice)
        try await scene.world.settle([scene.fire, scene.harbour])
        let heard = try #require(try await Self.show(access, scene).consultations.first)
        #expect(heard.view == "objection" && heard.exemption == "other-person" && !heard.isLate)
        #expect(try await Self.show(access, scene).toConsult.isEmpty)
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await scene.fire.refusedCount() == 0)
        #expect(try await scene.world.audit().findings.isEmpty)
        #expect(try await scene.world.conformance().findings.isEmpty)
        for wrong in ["maybe", ""] {
            advice.view = wrong
            await #expect(throws: ProblemDetails.self) { try await scene.fire.core.advise(advice) }
        }
        let nobody = SubjectAccessConsultForm(officer: "h1", access: access, words: "?")
        var stranger = nobody
        stranger.agencies = ["northshire-police"]
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.consult(stranger) }
    }

    @Test("becomes a draft without address, safe contact, other people or identifiers, written nowhere by the node")
    func packs() async throws {
        let scene = try await SharedCase()
        var report = ReportForm(
            officer: "h1", summary: "Nell Gannet of 14 Larch Court says Ada Quillfeather is afraid; ring 07700 900123")
        report.victimName = "Ada Quillfeather"
        report.subjectName = "Bram Thornhollow"
        report.address = "14 Larch Court"
        report.reporterName = "Nell Gannet"
        report.narrative = "Bram shouted all night"
        _ = try await scene.harbour.core.record(report)
        try await Self.contribute(scene)
        let access = try await Self.start(scene)
        let query = SubjectAccessQuery(officer: "h1", access: access)
        let made = try await scene.harbour.core.pack(query)
        #expect(made.files.keys.sorted() == ["uk-gdpr.html", "uk-gdpr.txt"])
        #expect(made.waiting == ["northshire-fire was not asked"])
        let text = try #require(made.files["uk-gdpr.txt"])
        let page = try await Self.show(access, scene)
        let secrets =
            ["Larch Court", "Gannet", "Nell", "Thornhollow", "Bram", "07700", SharedCase.instruction, scene.reference]
            + page.rows.map(\.entry) + ["harbour-homes/", ">h1<"]
        for content in made.files.values {
            for secret in secrets { #expect(!content.contains(secret), "\(secret)") }
        }
        #expect(text.contains("Ada Quillfeather") && text.contains("Threats and banging at night"))
        // One entry is left out without a trace, and another with its reason.
        let rows = page.rows.filter { $0.type == "report-recorded" }
        var mark = SubjectAccessMarkForm(
            officer: "h1", access: access, entry: rows[0].entry, words: "A visit is planned")
        mark.exemption = "crime"
        mark.reach = "neither-confirm-nor-deny"
        _ = try await scene.harbour.core.mark(mark)
        let silent = try #require(try await scene.harbour.core.pack(query).files["uk-gdpr.txt"])
        #expect(!silent.contains("Sch 2 para 2"))
        mark.reach = "permanent"
        _ = try await scene.harbour.core.mark(mark)
        let told = try #require(try await scene.harbour.core.pack(query).files["uk-gdpr.txt"])
        #expect(told.contains("DPA 2018 Sch 2 para 2") && told.hasPrefix(silent.dropLast(0).prefix(200)))
        mark.exemption = "inquiry"
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.mark(mark) }
        let state = try await scene.harbour.core.subjectAccess(access)
        #expect(state.packs.count == 3, "each draft is on record")
        _ = try await scene.harbour.core.extend(
            SubjectAccessExtendForm(officer: "h1", access: access, words: "Nine years of records"))
        #expect(try await Self.show(access, scene).due == "2026-06-01")
    }
}
