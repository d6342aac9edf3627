import Auditing
import BoardOffice
import Casework
import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import PartyFiles
import Partnership
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService
@testable import NodeService

/// Agencies that merge, split and hand over homes, end to end (decision 0034).
@Suite("A successor gets what three have agreed on, and every case has one lead") struct SuccessionTests {
    /// A partnership with parties of its own, all of whom have signed.
    struct Scene {
        let world: OneProcess
        var nodes: [AgencyCode: OneNode] = [:]

        init(_ roles: KeyValuePairs<AgencyCode, String>, unsigned: Set<AgencyCode> = [], seed: UInt64 = 1) async throws
        {
            let codes = roles.map(\.key)
            world = try await OneProcess(agencies: codes, hasAuditor: true, seed: seed)
            for code in codes { nodes[code] = try await world.open(code) }
            let known: Set<AgencyCode> = ["harbour-homes", "meadow-housing"]
            try await world.publish { file in
                var (parties, contacts) = ("", "")
                for (code, role) in roles where !known.contains(code) {
                    parties += """
                          - agency: \(code)
                            role: \(role)
                            entity: \(code) of Northshire
                            controller: controller
                            regime: uk-gdpr
                            \(role == "landlord" ? "public-body: \"no\"\n    offices" : "offices"): [data-protection-officer]

                        """
                    contacts += "  - agency: \(code)\n    contact: Community safety\n    deputy: Duty manager\n"
                }
                return file.replacing("\nparties:\n", with: "\nparties:\n\(parties)")
                    .replacing("\ncontacts:\n", with: "\ncontacts:\n\(contacts)")
            }
            try await world.activate()
            try await settle()
            for code in codes where !unsigned.contains(code) { try await sign(code) }
            try await settle()
        }

        func node(_ code: AgencyCode) throws -> OneNode { try #require(nodes[code]) }

        func settle() async throws { try await world.settle(nodes.keys.sorted().compactMap { nodes[$0] }) }

        func sign(_ code: AgencyCode) async throws {
            let rules = try await node(code).core.read(AdoptionQuery(protocolCode: "jag"))
            _ = try await node(code).core.adopt(
                AdoptForm(officer: "o1", protocolCode: "jag", offices: rules.offices))
        }

        /// Cases of an agency, each about a home.
        @discardableResult
        func open(_ count: Int, at code: AgencyCode, firstHome: Int = 0) async throws -> [String] {
            let core = try node(code).core
            var references: [String] = []
            for number in 0..<count {
                var report = ReportForm(officer: "o1", summary: "Noise at night, \(code) \(number)")
                report.uprn = "10001\(firstHome + number)"
                report.address = "\(number) Invented Court"
                let recorded = try await core.record(report)
                let opened = try await core.openCase(
                    CaseForm(officer: "o1", reports: recorded.events, summary: "Noise at \(code) \(number)"))
                references.append(opened.caseReference)
            }
            return references
        }

        /// The board decides; the broker has its newer log.
        func decide(_ succession: Succession) async throws -> String {
            try world.boardNow.commit(.succeeding(succession, on: try world.boardNow.log()))
            try await tell()
            let core = try #require(nodes.values.first).core
            let roster = await core.roster
            return try #require(roster.successions.values.first { $0.decision == succession }).act.hex
        }

        /// The broker, and everybody, has the board's newer log.
        func tell() async throws {
            let file = try world.export()
            _ = try await world.broker.keeper.takeBoardLog(file.statements, headNote: file.headNote)
            try await settle()
        }

        func form(_ act: String, _ schedule: String? = nil) -> SuccessorForm {
            var form = SuccessorForm(officer: "o1", act: act)
            form.schedule = schedule
            form.protocolCode = "jag"
            form.purpose = "prevent-asb"
            return form
        }

        /// Both sides say so.
        func start(_ act: String, _ predecessor: AgencyCode, _ successor: AgencyCode, _ schedule: String? = nil)
            async throws
        {
            _ = try await node(predecessor).core.startSuccession(form(act, schedule))
            _ = try await node(successor).core.startSuccession(form(act, schedule))
        }

        /// Moves everything, batch by batch; how many moved.
        func move(_ act: String, at code: AgencyCode, _ schedule: String? = nil) async throws -> Int {
            var moved = 0
            let form = form(act, schedule)
            while true {
                let answer = try await node(code).core.moveCases(form)
                moved += answer.moved
                if answer.moved == 0 { return moved }
                try await settle()
            }
        }

        func finish(_ act: String, _ predecessor: AgencyCode, _ successor: AgencyCode, _ schedule: String? = nil)
            async throws
        {
            _ = try await node(predecessor).core.finishSuccession(form(act, schedule))
            try await settle()
            _ = try await node(successor).core.finishSuccession(form(act, schedule))
            try await settle()
        }

        /// The cases that a node shows as led by an agency.
        func led(by lead: AgencyCode, at code: AgencyCode) async throws -> Set<String> {
            Set(
                try node(code).core.views.cases(limit: 1_000).filter { $0.leadAgency == lead.text }
                    .map(\.reference))
        }

        func status(_ code: AgencyCode) async throws -> [SuccessorStatus] {
            try await node(code).core.listSuccessions()
        }

        /// Nothing was refused anywhere, and an auditor with a copy comes to the same.
        func closeWithAnAudit() async throws {
            for (code, node) in nodes { #expect(try await node.refusedCount() == 0, "\(code)") }
            #expect(try await world.audit().findings.isEmpty)
            #expect(try await world.conformance().findings.isEmpty)
        }
    }

    static func succession(
        _ predecessor: AgencyCode, _ successor: AgencyCode, _ schedule: Succession.Schedule? = nil,
        keeper: AgencyCode? = nil
    ) -> Succession {
        Succession(
            predecessor: predecessor, successor: successor, schedule: schedule, position: .empty, keeper: keeper)
    }

    @Test("Twelve districts become two unitary councils: every case has its council, and the old logs are kept")
    func twelveToTwo() async throws {
        let districts = (1...12).map { AgencyCode("district-\($0)") ?? "district" }
        let unitaries: [AgencyCode] = ["north-unitary", "south-unitary"]
        let scene = try await Scene(
            [
                "district-1": "district-council", "district-2": "district-council", "district-3": "district-council",
                "district-4": "district-council", "district-5": "district-council", "district-6": "district-council",
                "district-7": "district-council", "district-8": "district-council", "district-9": "district-council",
                "district-10": "district-council", "district-11": "district-council", "district-12": "district-council",
                "north-unitary": "district-council", "south-unitary": "district-council",
            ])
        var cases: [AgencyCode: [String]] = [:]
        for (place, code) in districts.enumerated() { cases[code] = try await scene.open(1 + place % 2, at: code) }
        try await scene.settle()
        var acts: [AgencyCode: (act: String, unitary: AgencyCode)] = [:]
        for (place, code) in districts.enumerated() {
            let unitary = unitaries[place / 6]
            try scene.world.boardNow.commit(
                .succeeding(
                    Self.succession(code, unitary, keeper: unitary), on: try scene.world.boardNow.log()))
        }
        try await scene.tell()
        for state in try await scene.node("district-1").core.roster.successions.values {
            acts[state.decision.predecessor] = (state.act.hex, state.decision.successor)
        }
        #expect(acts.count == 12)
        for (code, way) in acts {
            #expect(try await scene.led(by: code, at: way.unitary).isEmpty, "before, they see nothing of it")
            try await scene.start(way.act, code, way.unitary)
        }
        try await scene.settle()
        for code in districts {
            let way = try #require(acts[code])
            let plan = try await scene.node(code).core.planSuccession(Self.plan(way.unitary))
            #expect(plan.cases.count == cases[code]?.count && plan.cases.allSatisfy { $0.staysBecause == nil })
            let moved = try await scene.node(code).core.moveCases(scene.form(way.act))
            #expect(moved.moved == cases[code]?.count && moved.left == 0)
        }
        try await scene.settle()
        for (code, way) in acts { _ = try await scene.node(code).core.finishSuccession(scene.form(way.act)) }
        try await scene.settle()
        for (_, way) in acts { _ = try await scene.node(way.unitary).core.finishSuccession(scene.form(way.act)) }
        try await scene.settle()
        for (place, unitary) in unitaries.enumerated() {
            let expected = Set(districts[(place * 6)..<(place * 6 + 6)].flatMap { cases[$0] ?? [] })
            #expect(try await scene.led(by: unitary, at: unitary) == expected)
            #expect(try await scene.status(unitary).allSatisfy { $0.stage == "done" && $0.isClosed })
            #expect(try await scene.status(unitary).allSatisfy { $0.gave == $0.took })
        }
        // A district opens no new case, and keeps what it had as a record.
        #expect(try await scene.led(by: "north-unitary", at: "district-1").count == 1)
        _ = try await scene.open(1, at: "district-1", firstHome: 90)
        try await scene.settle()
        #expect(try await scene.node("district-1").refusedCount() > 0)
        #expect(try await scene.world.audit().findings.isEmpty)
    }

    static func plan(_ successor: AgencyCode, _ schedule: String? = nil) -> SuccessorPlanForm {
        var form = SuccessorPlanForm(officer: "o1", successor: successor.text)
        form.schedule = schedule
        form.protocolCode = "jag"
        form.purpose = "prevent-asb"
        return form
    }

    @Test("Two housing associations become one: its lead writes on, shares further, and asks for consent again")
    func twoToOne() async throws {
        let (haven, police): (AgencyCode, AgencyCode) = ("haven-homes", "town-police")
        let scene = try await Scene([
            "harbour-homes": "landlord", "meadow-housing": "landlord", haven: "landlord", police: "district-council",
        ])
        let harbour = try scene.node("harbour-homes").core
        let first = try await scene.open(3, at: "harbour-homes")
        let second = try await scene.open(2, at: "meadow-housing", firstHome: 50)
        var action = ActionForm(
            officer: "o1", caseReference: first[0], action: "Mend the door", owner: "harbour-homes")
        action.due = "2026-03-20"
        _ = try await harbour.record(action)
        _ = try await harbour.record(
            ConsentForm(officer: "o1", caseReference: first[0], state: "given", how: "On the telephone"))
        var share = ShareForm(officer: "o1", caseReference: first[0], agencies: [police.text], protocolCode: "jag")
        share.purpose = "prevent-asb"
        _ = try await harbour.share(share)
        try await scene.settle()
        for code in ["harbour-homes", "meadow-housing"] as [AgencyCode] {
            let act = try await scene.decide(Self.succession(code, haven, keeper: haven))
            try await scene.start(act, code, haven)
            try await scene.settle()
            // One case at a time, with a node that stops in between: what moved is not moved twice.
            var single = scene.form(act)
            single.batch = 1
            let one = try await scene.node(code).core.moveCases(single)
            #expect(one.moved == 1)
            var beyond = scene.form(act)
            beyond.batch = Limits.successionBatchCount + 1
            let again = try await scene.node(code).core.moveCases(beyond)
            #expect(again.moved == (code == "harbour-homes" ? 2 : 1))
            try await scene.settle()
            #expect(try await scene.move(act, at: code) == 0)
            try await scene.finish(act, code, haven)
        }
        #expect(try await scene.led(by: haven, at: haven) == Set(first + second))
        #expect(try await scene.led(by: haven, at: police) == [first[0]])
        let core = try scene.node(haven).core
        let view = try await core.showCase(CaseQuery(officer: "o1", caseReference: first[0]))
        #expect(view.actions.contains { $0.owner == haven.text && $0.status == "open" && $0.due == "2026-03-20" })
        #expect(view.actions.contains { $0.owner == "harbour-homes" && $0.status == "cancelled" })
        #expect(view.handover?.needsConsent == true && view.handover?.before == ["harbour-homes"])
        _ = try await core.record(
            ConsentForm(officer: "o1", caseReference: first[0], state: "given", how: "Asked again by letter"))
        var assessment = AssessmentForm(officer: "o1", caseReference: first[0])
        for question in RiskMatrix.standard.questions.prefix(4) { assessment.marks[question.code.text] = 1 }
        assessment.band = "standard"
        assessment.rationale = "Quiet"
        _ = try await core.assess(assessment)
        _ = try await core.move(
            StageForm(officer: "o1", caseReference: first[0], stage: "monitoring", summary: "Quiet since"))
        try await scene.settle()
        let seen = try await scene.node(police).core.showCase(CaseQuery(officer: "o2", caseReference: first[0]))
        #expect(seen.stage == "monitoring" && seen.leadAgency == haven.text)
        // The successor decides who is on a case that the police did not have.
        var further = ShareForm(officer: "o1", caseReference: first[1], agencies: [police.text], protocolCode: "jag")
        further.purpose = "prevent-asb"
        _ = try await core.share(further)
        try await scene.settle()
        #expect(try await scene.led(by: haven, at: police) == [first[0], first[1]])
        let other = try await scene.node(police).core.showCase(CaseQuery(officer: "o2", caseReference: first[1]))
        #expect(other.summary == "Noise at harbour-homes 1")
        try await scene.closeWithAnAudit()
    }

    @Test(
        "Four hundred homes go from one landlord to another: their cases and no other, by a list that nobody else has")
    func fourHundredHomes() async throws {
        let scene = try await Scene(["harbour-homes": "landlord", "meadow-housing": "landlord"])
        let moving = try await scene.open(24, at: "harbour-homes", firstHome: 0)
        let staying = try await scene.open(6, at: "harbour-homes", firstHome: 5_000)
        try await scene.settle()
        let list = (0..<400).map { "uprn 10001\($0)\n" }.joined()
        let plan = try await scene.node("harbour-homes").core.planSuccession(Self.plan("meadow-housing", list))
        #expect(Set(plan.cases.map(\.reference)) == Set(moving))
        #expect(plan.text.contains("24 cases, of which 24 go and 0 stay"))
        let hash = try #require(Hash256(hex: plan.scheduleHash))
        let act = try await scene.decide(
            Self.succession("harbour-homes", "meadow-housing", .init(hash: hash, caseCount: 24)))
        let log = try scene.world.boardNow.log()
        let bytes = try #require(log.statements.last).statement.bytes
        #expect(String(decoding: bytes, as: UTF8.self).contains("10001399") == false)
        try await scene.start(act, "harbour-homes", "meadow-housing", list)
        try await scene.settle()
        let wrong = scene.form(act, "uprn 1\n")
        await #expect(throws: ProblemDetails.self) {
            try await scene.node("harbour-homes").core.moveCases(wrong)
        }
        #expect(try await scene.move(act, at: "harbour-homes", list) == 24)
        try await scene.finish(act, "harbour-homes", "meadow-housing", list)
        #expect(try await scene.led(by: "meadow-housing", at: "meadow-housing") == Set(moving))
        #expect(try await scene.led(by: "harbour-homes", at: "harbour-homes") == Set(staying))
        // It goes on: only what was named has moved.
        _ = try await scene.open(1, at: "harbour-homes", firstHome: 7_000)
        try await scene.settle()
        try await scene.closeWithAnAudit()
    }

    @Test("A case that the schedule does not name is found at the successor, though the numbers agree")
    func otherCases() async throws {
        let scene = try await Scene(["harbour-homes": "landlord", "meadow-housing": "landlord"])
        let cases = try await scene.open(2, at: "harbour-homes")
        try await scene.settle()
        let list = "case \(cases[0])\n"
        let act = try await scene.decide(
            Self.succession(
                "harbour-homes", "meadow-housing", .init(hash: Hash256(hashing: Array(list.utf8)), caseCount: 1)))
        try await scene.start(act, "harbour-homes", "meadow-housing", list)
        try await scene.settle()
        // The predecessor's program is not ours: it lets go of the other case, and says that one went.
        let harbour = try scene.node("harbour-homes").core
        var share = ShareForm(
            officer: "o1", caseReference: cases[1], agencies: ["meadow-housing"], protocolCode: "jag")
        share.purpose = "prevent-asb"
        _ = try await harbour.share(share)
        let event = try #require(EventID(hex: act))
        try await harbour.release(try #require(CaseReference(cases[1])), to: "meadow-housing", under: event)
        try await scene.settle()
        await #expect {
            _ = try await scene.node("meadow-housing").core.finishSuccession(scene.form(act, list))
        } throws: { ($0 as? ProblemDetails)?.code == "succession-strangers" }
        #expect(try await scene.node("harbour-homes").refusedCount() == 0)
    }

    @Test("Nothing moves that the successor has no function for, and no signature of the predecessor counts for it")
    func noFunction() async throws {
        let scene = try await Scene(
            ["harbour-homes": "landlord", "meadow-housing": "landlord"], unsigned: ["meadow-housing"])
        try await scene.open(2, at: "harbour-homes")
        let act = try await scene.decide(Self.succession("harbour-homes", "meadow-housing", keeper: "meadow-housing"))
        try await scene.start(act, "harbour-homes", "meadow-housing")
        try await scene.settle()
        let answer = try await scene.node("harbour-homes").core.moveCases(scene.form(act))
        #expect(answer.moved == 0 && answer.staying.count == 2)
        #expect(try await scene.status("meadow-housing")[0].toSign.count > 0)
        let pages = try await scene.node("meadow-housing").core.protocolStatus(ProtocolStatusForm(protocolCode: "jag"))
        #expect(pages[0].text.contains("what harbour-homes signed does not bind meadow-housing"))
        await #expect {
            _ = try await scene.node("harbour-homes").core.finishSuccession(scene.form(act))
        } throws: { ($0 as? ProblemDetails)?.code == "succession-staying" }
        try await scene.sign("meadow-housing")
        try await scene.settle()
        #expect(try await scene.move(act, at: "harbour-homes") == 2)
        try await scene.finish(act, "harbour-homes", "meadow-housing")
        try await scene.closeWithAnAudit()
    }
}

extension NodeCore {
    /// What a predecessor does that keeps to no schedule: it lets go of a case, and says that this was all.
    fileprivate func release(_ reference: CaseReference, to successor: AgencyCode, under act: EventID) async throws {
        guard let matter = matter(of: reference), let board = roster.board?.origin else { return }
        let step = HandoverControl.Step.release(
            lead: nil, to: successor, because: EventAddress(origin: board, event: act))
        let place = try ownPlace(in: reference)
        let made = try drafts(
            of: HandoverControl(matter: matter, step: step),
            saying: HandoverRecord(step: .released, to: successor, summary: "It goes"), in: place, about: reference,
            by: "o1"
        ).made
        try await append(place.opening + made, opening: place.newCircle)
        let word = SuccessionWord(act: act, word: .gave(1))
        try await append([
            StatementDraft(
                eventID: EventID(from: entropy), stream: .control, expectedVersion: .any,
                control: .successionWord(word))
        ])
    }
}
