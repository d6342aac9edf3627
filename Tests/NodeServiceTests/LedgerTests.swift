import Auditing
import Casework
import Disclosures
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// The disclosure ledger of a real case, beside what an auditor finds (PRACTICE P13).
@Suite("The disclosure ledger") struct LedgerTests {
    private static func form(_ reference: String, by officer: String = "h9") -> LedgerForm {
        LedgerForm(officer: officer, caseReference: reference)
    }

    /// The streams of a case that a node knows, its own and those of others.
    static func streams(of reference: String, at node: OneNode) async throws -> [StreamAddress] {
        let page = try await node.core.showCase(CaseQuery(officer: "h1", caseReference: reference))
        return try Set(
            page.timeline.map { entry in
                StreamAddress(
                    origin: try #require(Origin(entry.origin)), stream: try #require(StreamID(hex: entry.stream)))
            }
        ).sorted { ($0.origin, $0.stream) < ($1.origin, $1.stream) }
    }

    @Test("agrees with what an auditor finds of who saw what")
    func agreesWithTheAuditor() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        try await scene.give(days: 7)
        _ = try await scene.police()
        _ = try await scene.harbour.core.share(
            ShareForm(
                officer: "h1", caseReference: scene.reference, agencies: ["northshire-police"], protocolCode: "jag"))
        try await scene.world.settle([scene.harbour, scene.fire])
        let seen = try await scene.world.whoSaw(try await Self.streams(of: scene.reference, at: scene.harbour))
        let ledger = try await scene.harbour.core.ledger(
            of: try #require(CaseReference(scene.reference)))
        var compared = 0
        for line in ledger.lines where line.act.verb == .disclosure && line.act.agency == SharedCase.owner {
            for recipient in line.recipients {
                let row = try #require(
                    seen.rows.first {
                        $0.event == line.act.event && $0.recipient == recipient.agency && $0.sharedBy == nil
                    }, "\(line.act.type?.text ?? "") to \(recipient.agency)")
                #expect(row.available.position == recipient.available?.position)
                #expect(row.available.at == recipient.available?.at)
                #expect(row.delivered?.position == recipient.delivered?.position)
                #expect(row.delivered?.at == recipient.delivered?.at)
                compared += 1
            }
        }
        #expect(compared > 10)
        // And nothing that somebody got is missing from it.
        let given = Set(
            ledger.lines.filter { $0.act.verb == .disclosure }.flatMap { line in
                line.recipients.map { "\(line.act.event.hex) \($0.agency)" }
            })
        for row in seen.rows where row.kind != .circle && row.stream.origin == scene.harbour.core.origin {
            #expect(given.contains("\(row.event.hex) \(row.recipient)"), "\(row.kind) to \(row.recipient)")
        }
        #expect(ledger.gaps.silent == seen.silentParties.filter { $0 != SharedCase.owner })
        #expect(ledger.gaps.silent == ["northshire-police"])
    }

    @Test("shows each verb by whom and under what, refusals, and at its end all that it cannot show")
    func verbs() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        let request = try await scene.ask(changedFact: "A lighter was found")
        try await scene.world.settle([scene.harbour, scene.fire])
        _ = try await scene.harbour.core.answer(
            AnswerForm(officer: "h1", request: request, outcome: "refused", reason: "Given already"))
        _ = try await scene.harbour.core.enterTold(
            ToldForm(
                officer: "h1", caseReference: scene.reference, agency: "northshire-fire", labels: ["risk"],
                how: "by-voice", at: "2026-03-01", protocolCode: "jag", purpose: "prevent-fire-harm"))
        let page = try #require(try await scene.harbour.core.ledger(Self.form(scene.reference)).pages.first)
        #expect(
            Set(page.lines.map(\.verb)) == [
                "collection", "alteration", "consultation", "disclosure", "combination",
            ])
        let given = try #require(page.lines.first { $0.labels == ["risk", "safe-contact"] && $0.until != nil })
        #expect(given.purpose == "prevent-fire-harm" && given.gateway == "cda-1998-s115")
        #expect(given.agreement == "jag version 1" && given.clauses == ["fire-safety-visit"])
        #expect(given.recipients.map(\.agency) == ["northshire-fire"])
        #expect(given.recipients.first?.displayed == "sealed by northshire-fire")
        #expect(page.lines.allSatisfy { $0.person == "a person there" })
        let told = try #require(page.lines.first { $0.told == "by-voice" })
        #expect(told.labels == ["risk"] && told.recipients.map(\.agency) == ["northshire-fire"])
        #expect(page.refusals.map(\.outcome) == ["refused"] && page.refusals.first?.reason == "Given already")
        let gaps = ["erased", "refused", "pending", "silent parties", "verbal", "off-system", "sealed"]
        #expect(page.cannotShow.map { String($0.prefix { $0 != ":" }) } == gaps)
        #expect(page.cannotShow[4].hasPrefix("verbal: 1 "))
        #expect(!page.cannotShow[2].hasPrefix("pending: 0 "), "the refusal has not been confirmed")
        // Looking is a reading too, and is in the ledger.
        let before = page.lines.count { $0.verb == "consultation" }
        let again = try #require(try await scene.harbour.core.ledger(Self.form(scene.reference)).pages.first)
        #expect(again.lines.count { $0.verb == "consultation" } == before + 1)
        // People are named to those who say for what, and that is recorded.
        var named = Self.form(scene.reference)
        named.namedFor = "curiosity"
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.ledger(named) }
        named.namedFor = "lawfulness"
        let people = try #require(try await scene.harbour.core.ledger(named).pages.first)
        #expect(people.lines.contains { $0.person == "as h1" })
        let readings = try scene.harbour.core.views.readings(of: try #require(CaseReference(scene.reference)))
        #expect(readings.contains { $0.role == "ledger, people named for lawfulness" })
    }

    @Test("At a recipient the four states of people are its own, and only of what it had by then")
    func recipient() async throws {
        let scene = try await SharedCase()
        try await scene.world.settle([scene.harbour, scene.fire])
        _ = try await scene.fire.core.acknowledge(
            AcknowledgeForm(officer: "f1", caseReference: scene.reference, state: "acted"))
        scene.world.time.advance(seconds: 60)
        _ = try await scene.harbour.core.record(
            ActionForm(officer: "h1", caseReference: scene.reference, action: "Visit", owner: "harbour-homes"))
        try await scene.world.settle([scene.harbour, scene.fire])
        let page = try #require(
            try await scene.fire.core.ledger(Self.form(scene.reference, by: "f1")).pages.first)
        func acted(_ type: String) throws -> String {
            try #require(page.lines.last { $0.verb == "disclosure" && $0.type == type }?.recipients.first).acted
        }
        #expect(try acted("case-opened").hasPrefix("by a person, first "))
        #expect(try acted("action-recorded") == "no record of it", "nobody acted on it before it was there")
        let own = try #require(page.lines.last { $0.verb == "disclosure" && $0.type == "action-recorded" })
        #expect(own.agency == "harbour-homes" && own.recipients.first?.deliveredPosition != nil)
    }

    @Test("A person's ledgers are found by words, with a caution, and each look-up is a reading")
    func person() async throws {
        let scene = try await SharedCase()
        let found = try await scene.harbour.core.ledger(LedgerForm(officer: "h1", words: "Quillfeather"))
        #expect(found.pages.map(\.reference) == [scene.reference] && found.caution != nil)
        #expect(try await scene.harbour.core.ledger(LedgerForm(officer: "h1", words: "Nobody")).pages.isEmpty)
        let json = try JSONEncoder().encode(found)
        #expect(try JSONDecoder().decode(LedgerPages.self, from: json) == found)
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.ledger(LedgerForm(officer: "h1")) }
    }
}
