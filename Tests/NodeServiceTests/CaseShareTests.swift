import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// Sharing with real nodes: what is shared already is said and not sent again.
@Suite("Sharing a case twice") struct CaseShareTests {
    private static func form(_ scene: SharedCase, _ agencies: [String] = [SharedCase.asker.text]) -> ShareForm {
        ShareForm(officer: "h1", caseReference: scene.reference, agencies: agencies, protocolCode: "jag")
    }

    @Test("The second time nothing is recorded, and the answer says who has it")
    func nothingNew() async throws {
        let scene = try await SharedCase()
        let size = await scene.harbour.core.writer.size
        let answer = try await scene.harbour.core.share(Self.form(scene))
        #expect(await scene.harbour.core.writer.size == size)
        #expect(answer.newEntries == 0 && answer.standing == nil)
        #expect(answer.before == ["northshire-fire": ["record"]] && answer.receives == answer.before)
        let preview = try await scene.harbour.core.preview(Self.form(scene)).text
        #expect(preview.contains("Shared already with: northshire-fire."))
        #expect(preview.contains("nothing would be sent"))
    }

    @Test("A node that was started anew knows what it has told")
    func afterRestart() async throws {
        let scene = try await SharedCase()
        await scene.harbour.close()
        let again = try await scene.world.open(SharedCase.owner)
        #expect(try await again.core.share(Self.form(scene)).newEntries == 0)
    }

    @Test("Other words are one new entry, for the agencies that are on the case")
    func newWords() async throws {
        let scene = try await SharedCase()
        let before = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        var form = Self.form(scene)
        form.summary = "Threats at night; the locks are changed"
        let answer = try await scene.harbour.core.share(form)
        #expect(answer.newEntries == 1)
        try await scene.world.settle([scene.harbour, scene.fire])
        let there = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        #expect(there.summary == form.summary)
        #expect(there.timeline.count == before.timeline.count + 1)
        #expect(try await scene.harbour.core.share(form).newEntries == 0)
    }

    @Test("Whoever is on the case stays on it when another is added, unless it is said that they do not")
    func addedAndNarrowed() async throws {
        let scene = try await SharedCase()
        let police = try await scene.police()
        let nodes = [police, scene.harbour, scene.fire]
        var form = Self.form(scene, ["northshire-police"])
        let added = try await scene.harbour.core.share(form)
        #expect(Set(added.receives.keys) == ["northshire-fire", "northshire-police"])
        #expect(added.before.keys.elementsEqual(["northshire-fire"]) && added.newEntries > 1)
        try await scene.world.settle(nodes)
        #expect(try await scene.labels(at: police).contains("identity"))
        form.isOnly = true
        let narrowed = try await scene.harbour.core.share(form)
        #expect(narrowed.receives.keys.elementsEqual(["northshire-police"]))
        try await scene.world.settle(nodes)
        #expect(try await scene.harbour.refusedCount() == 0)
    }

    @Test("The purpose and the power are people's to choose where there is more than one, and never guessed")
    func chosen() async throws {
        let scene = try await SharedCase()
        let opened = try await scene.harbour.core.openCase(
            CaseForm(officer: "h1", reports: [], summary: "Another matter"))
        var form = ShareForm(
            officer: "h1", caseReference: opened.caseReference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        func problem(_ form: ShareForm) async -> ProblemDetails? {
            await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.share(form) }
        }
        let missing = await problem(form)
        #expect(missing?.code == "purpose-missing")
        #expect(missing?.detail.contains("prevent-fire-harm: Prevent fires") == true)
        form.purpose = "prevent-fireharm"
        #expect(await problem(form)?.detail.contains("Did you mean 'prevent-fire-harm'?") == true)
        form.purpose = "prevent-fire-harm"
        form.gateway = "cda-1998-s17a"
        #expect(await problem(form)?.code == "not-permitted")
        form.gateway = "cda-1998-s155"
        #expect(await problem(form)?.detail.contains("Did you mean 'cda-1998-s115'?") == true)
        form.gateway = nil
        let preview = try await scene.harbour.core.preview(form).text
        #expect(preview.contains("Purpose: prevent-fire-harm") && preview.contains("Power: cda-1998-s115"))
        #expect(preview.contains("--purpose prevent-asb --gateway cda-1998-s115"))
        _ = try await scene.harbour.core.share(form)
        let size = await scene.harbour.core.writer.size
        let placed = try scene.harbour.core.store.readLog(from: LeafIndex(size.value - 1), limit: 1).first
        #expect(placed?.statement.payload.decision?.purpose == "prevent-fire-harm")
    }

    @Test("Whoever writes about a case that was shared with them does so for the same purpose")
    func samePurpose() async throws {
        let scene = try await SharedCase()
        var form = Self.form(scene)
        form.purpose = "protect-victim"
        _ = try await scene.harbour.core.share(form)
        try await scene.world.settle([scene.harbour, scene.fire])
        _ = try await scene.fire.core.record(
            ActionForm(officer: "f1", caseReference: scene.reference, action: "Visit", owner: "northshire-fire"))
        let last = LeafIndex((await scene.fire.core.writer.size).value - 1)
        let placed = try scene.fire.core.store.readLog(from: last, limit: 1).first
        #expect(placed?.statement.payload.decision?.purpose == "protect-victim")
    }

    @Test("A request names what can be asked for, before it is sent")
    func asked() async throws {
        let scene = try await SharedCase()
        let size = await scene.fire.core.writer.size
        for (label, purpose, says) in [
            ("safe-contakt", "prevent-fire-harm", "Did you mean 'safe-contact'?"),
            ("reporter", "prevent-fire-harm", "risk: The risk assessment"),
            ("risk", "prevent-fireharm", "Did you mean 'prevent-fire-harm'?"),
        ] {
            let problem = await #expect(throws: ProblemDetails.self) {
                try await scene.fire.core.make(
                    RequestForm(
                        officer: "f1", caseReference: scene.reference, asked: "harbour-homes", labels: [label],
                        protocolCode: "jag", purpose: purpose, reason: "To protect her"))
            }
            #expect(problem?.detail.contains(says) == true, "\(problem?.detail ?? "")")
        }
        #expect(await scene.fire.core.writer.size == size)
    }
}

/// What was recorded is not with anybody yet, and every command says so.
@Suite("How far an entry has got") struct EntryStandingTests {
    @Test("It waits, is accepted, and never says what is in it; a refused one says that nobody has it")
    func standing() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        let recorded = try await core.record(ReportForm(officer: "h1", summary: "Noise"))
        let entry = try #require(recorded.standing?.entry)
        let waiting = try await core.showEntry(EntryQuery(entry: entry), isConnected: false)
        #expect(waiting.verdict == .waiting && waiting.position == nil && !waiting.brokerAnswers)
        try await scene.world.settle([scene.harbour, scene.fire])
        let accepted = try await core.showEntry(EntryQuery(entry: entry), isConnected: true)
        #expect(accepted.verdict == .accepted && accepted.position != nil)
        scene.world.time.advance(seconds: 86_400)
        let early = try await core.record(ReportForm(officer: "h1", summary: "Noise"))
        scene.world.time.advance(seconds: -86_400)
        try await scene.world.settle([scene.harbour, scene.fire])
        let refused = try await core.showEntry(EntryQuery(entry: early.events[0]), isConnected: true)
        #expect(refused.verdict == .refused && refused.reason != nil)
        await #expect(throws: ProblemDetails.self) {
            try await core.showEntry(EntryQuery(entry: "0f"), isConnected: true)
        }
    }

    @Test("Every path that records answers with how far it has got")
    func everyPath() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        let core = scene.harbour.core
        let reference = scene.reference
        var answer = AnswerForm(officer: "h1", request: request, outcome: "refused", reason: "Not needed")
        answer.labels = []
        var assessment = AssessmentForm(officer: "h1", caseReference: reference)
        assessment.marks = ["frequency": 1]
        assessment.rationale = "It is quieter"
        var contact = SafeContactForm(officer: "h1", caseReference: reference)
        contact.instruction = "Mobile"
        var share = ShareForm(
            officer: "h1", caseReference: reference, agencies: ["northshire-fire"], protocolCode: "jag")
        share.summary = "Something new"
        let forms: [(String, any Encodable & Sendable)] = [
            (NodePath.reports, ReportForm(officer: "h1", summary: "Noise")),
            (NodePath.cases, CaseForm(officer: "h1", reports: [], summary: "Noise")),
            (NodePath.assess, assessment), (NodePath.share, share),
            (NodePath.stage, StageForm(officer: "h1", caseReference: reference, stage: "monitoring", summary: "Quiet")),
            (NodePath.action, ActionForm(officer: "h1", caseReference: reference, action: "x", owner: "harbour-homes")),
            (NodePath.consent, ConsentForm(officer: "h1", caseReference: reference, state: "given", how: "By letter")),
            (NodePath.safeContact, contact),
            (
                NodePath.decline,
                OfferForm(officer: "h1", caseReference: reference, service: "victim-first", because: "Has support")
            ),
            (
                NodePath.offer,
                OfferForm(officer: "h1", caseReference: reference, service: "victim-first", because: "She asked")
            ),
            (NodePath.acknowledge, AcknowledgeForm(officer: "h1", caseReference: reference, state: "acted")),
            (NodePath.answer, answer),
        ]
        let api = NodeLocalAPI(core: core, link: scene.harbour.link, logger: scene.world.logger)
        for (path, form) in forms {
            let response = await api.handle(
                TransportRequest(method: .post, path: path, body: try Body.encode(form)))
            try #require(response.status == 200, "\(path)")
            let standing = try Body.decode(Standing.self, response.body).standing
            let entry = try #require(standing?.entry, "\(path)")
            #expect(standing?.brokerAnswers == false)
            #expect(try await core.showEntry(EntryQuery(entry: entry), isConnected: false).verdict == .waiting)
        }
    }

    private struct Standing: Decodable { let standing: EntryStanding? }
}
