import Auditing
import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// What was rightly given and is no longer given ends at its holder, and everybody says how far they have got (DESIGN §5,
/// decision 0023).
@Suite("What is withdrawn ends, or is kept under a law") struct WithdrawalTests {
    static let day: Int64 = 86_400

    static func form(_ entry: String, from agencies: [String] = []) -> WithdrawForm {
        var form = WithdrawForm(officer: "h1", reason: "objection")
        form.entry = entry
        form.agencies = agencies
        form.words = "She has asked us twice"
        return form
    }

    static func answer(_ withdrawal: String, _ outcome: String, until: String? = nil) -> WithdrawalAnswerForm {
        var form = WithdrawalAnswerForm(officer: "f1", withdrawal: withdrawal, outcome: outcome)
        form.until = until
        form.law = until == nil ? nil : "Limitation Act 1980 s.11"
        return form
    }

    /// How many parts a node holds of what its newest withdrawal names, with or without their keys.
    private static func held(at node: OneNode) throws -> (parts: Int, keys: Int) {
        var count = (parts: 0, keys: 0)
        for received in try node.core.store.received(from: 0, limit: .max) {
            guard case .withdraw(let taken) = try Statement(decoding: received.bytes).payload.control else { continue }
            for address in taken.addresses(in: received.origin) {
                let named = try node.core.store.received(origin: address.origin, index: address.index)
                if named?.compartments.contains(where: { $0.id == address.compartment }) == true { count.parts += 1 }
                if try node.core.store.contentKey(of: address) != nil { count.keys += 1 }
            }
        }
        return count
    }

    private static func restarted(_ scene: SharedCase, _ node: OneNode, keepsViews: Bool) async throws -> OneNode {
        if keepsViews { await node.core.keepViews() } else { node.core.sealedViews.remove() }
        await node.close()
        return try await scene.world.open(SharedCase.asker)
    }

    private static func only(_ node: OneNode) async throws -> WithdrawalView {
        try #require(try await node.core.listWithdrawals(by: "x").first)
    }

    @Test(
        "Shown no more at once; ended, it is destroyed with its keys, and its author has it confirmed by the register")
    func ends() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let entry = try await RecallTests.opening(scene)
        await scene.fire.core.keepViews()
        let made = try await scene.harbour.core.withdraw(Self.form(entry))
        #expect(Array(made.withdrawals.keys) == [SharedCase.asker.text])
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(!(try await RecallTests.shown(of: scene.reference, at: scene.fire).contains("afraid")))
        #expect(try Self.held(at: scene.fire).parts > 0, "hidden, until somebody decides")
        let waiting = try await Self.only(scene.harbour)
        #expect(waiting.standing == "stopped" && waiting.isOutstanding && waiting.words == "She has asked us twice")
        #expect(try await scene.harbour.core.status(isConnected: true).withdrawalsOutstanding == 1)
        #expect(try await scene.fire.core.status(isConnected: true).withdrawalsToAnswer == 1)
        let asked = try await Self.only(scene.fire)
        #expect(asked.words == nil && asked.endsAt == "2026-03-29T08:50:00Z" && asked.entries == [entry])
        _ = try await scene.fire.core.answer(Self.answer(asked.eventID, "ended"))
        #expect(try Self.held(at: scene.fire) == (0, 0))
        try await scene.world.settle([scene.harbour, scene.fire])
        let ended = try await Self.only(scene.harbour)
        #expect(ended.standing == "ended" && !ended.isOutstanding)
        #expect(try await scene.harbour.core.status(isConnected: true).withdrawalsOutstanding == 0)
        let told = try scene.harbour.core.store.received(from: 0, limit: .max).compactMap { received in
            if case .purged(let gone, let reason, nil) = try Statement(decoding: received.bytes).payload.control {
                return reason == "withdrawn" ? gone.count : nil
            }
            return nil
        }
        #expect(told == [try Self.named(at: scene.fire)])
        let streams = try await LedgerTests.streams(of: scene.reference, at: scene.harbour)
        let seen = try await scene.world.whoSaw(streams)
        #expect(seen.takenBack.map(\.from) == [SharedCase.asker] && seen.takenBack.map(\.reason) == ["objection"])
        #expect(seen.text.contains("withdrawn:    position "))
        let ledger = try await scene.fire.core.ledger(LedgerForm(officer: "f9", caseReference: scene.reference))
        let line = try #require(ledger.pages.first?.lines.first { $0.type == "withdrawal-made" })
        #expect(line.verb == "alteration" && line.takenFrom == [SharedCase.asker.text])
        var node = scene.fire
        for keepsViews in [true, false] {
            node = try await Self.restarted(scene, node, keepsViews: keepsViews)
            #expect(!(try await RecallTests.shown(of: scene.reference, at: node).contains("afraid")))
            #expect(try await Self.only(node).standing == "ended")
        }
        await #expect(throws: ProblemDetails.self) {
            try await node.core.answer(Self.answer(asked.eventID, "kept", until: "2032-03-01"))
        }
        // It is not given again as it was; its author has it still.
        await #expect {
            try await scene.harbour.core.giveEarlier(
                GiveEarlierForm(
                    officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], entries: [entry]))
        } throws: { ($0 as? ProblemDetails)?.code == "withdrawn-before" }
        #expect(try await RecallTests.shown(of: scene.reference, at: scene.harbour, by: "h1").contains("afraid"))
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await node.refusedCount() == 0)
        #expect(try await scene.world.audit().findings.isEmpty)
        let conformance = try await scene.world.conformance()
        #expect(conformance.findings.isEmpty)
        #expect(conformance.gifts.contains { $0.label == "withdrawal" && $0.sender == SharedCase.asker })
    }

    private static func named(at node: OneNode) throws -> Int {
        try node.core.store.received(from: 0, limit: .max).reduce(0) { sum, received in
            guard case .withdraw(let taken) = try Statement(decoding: received.bytes).payload.control else {
                return sum
            }
            return sum + taken.places.count
        }
    }

    @Test("Kept under a law it is shown again, says so everywhere, and is destroyed on its day")
    func kept() async throws {
        let scene = try await SharedCase()
        let entry = try await RecallTests.opening(scene)
        _ = try await scene.harbour.core.withdraw(Self.form(entry))
        try await scene.world.settle([scene.harbour, scene.fire])
        let asked = try await Self.only(scene.fire)
        _ = try await scene.fire.core.answer(Self.answer(asked.eventID, "kept", until: "2026-06-01"))
        try await scene.world.settle([scene.harbour, scene.fire])
        var node = scene.fire
        for keepsViews in [true, false] {
            #expect(try await RecallTests.shown(of: scene.reference, at: node).contains(RecallTests.summary))
            let view = try await node.core.showCase(CaseQuery(officer: "f9", caseReference: scene.reference))
            let page = try CommandJSON.decode(CasePage.self, from: Array(try JSONEncoder().encode(view)))
            #expect(
                page.text.contains(
                    "[withdrawn by harbour-homes on 2026-03-01: the person objects; here: kept until 2026-06-01 because "
                        + "Limitation Act 1980 s.11]"))
            node = try await Self.restarted(scene, node, keepsViews: keepsViews)
        }
        let there = try await Self.only(scene.harbour)
        #expect(there.standing == "kept" && there.keptUntil == "2026-06-01T00:00:00Z")
        #expect(there.keptBecause == "Limitation Act 1980 s.11" && !there.isOutstanding)
        let until = try #require(Timestamp("2026-06-01T00:00:00Z"))
        scene.world.time.set(until.adding(seconds: -1))
        try await node.core.dropWithdrawn()
        #expect(try Self.held(at: node).parts > 0)
        scene.world.time.advance(seconds: 1)
        #expect(
            try await Self.only(scene.harbour).isOutstanding, "its day has come, and nobody has said that it is gone")
        try await node.core.dropWithdrawn()
        #expect(try Self.held(at: node) == (0, 0))
        #expect(!(try await RecallTests.shown(of: scene.reference, at: node).contains("afraid")))
        try await scene.world.settle([scene.harbour, node])
        #expect(try await Self.only(scene.harbour).standing == "ended")
    }

    @Test("What nobody decides about ends by itself, to the second, by its holder's own clock")
    func endsByItself() async throws {
        let scene = try await SharedCase()
        _ = try await scene.harbour.core.withdraw(Self.form(try await RecallTests.opening(scene)))
        try await scene.world.settle([scene.harbour, scene.fire])
        scene.world.time.advance(seconds: 28 * Self.day - 1)
        try await scene.fire.core.dropWithdrawn()
        #expect(try Self.held(at: scene.fire).parts > 0)
        scene.world.time.advance(seconds: 1)
        try await scene.fire.core.dropWithdrawn()
        #expect(try Self.held(at: scene.fire) == (0, 0))
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await Self.only(scene.harbour).standing == "ended")
    }

    @Test("Whoever has not even confirmed that it stopped is overdue after a day, by name")
    func overdue() async throws {
        let scene = try await SharedCase()
        _ = try await scene.harbour.core.withdraw(Self.form(try await RecallTests.opening(scene)))
        try await scene.world.settle([scene.harbour])
        scene.world.time.advance(seconds: Limits.withdrawalConfirmSeconds)
        #expect(try await !Self.late(scene).contains("northshire-fire"))
        scene.world.time.advance(seconds: 1)
        #expect(try await Self.late(scene) == ["northshire-fire"])
        try await scene.world.settle([scene.fire, scene.harbour])
        #expect(try await Self.late(scene).isEmpty)
    }

    private static func late(_ scene: SharedCase) async throws -> [String] {
        try await scene.harbour.core.overdue(answeredAt: scene.world.time.now()).filter { $0.kind == .withdrawal }
            .compactMap(\.who)
    }

    @Test("What was given by a share ends before its day, and the share's own end finds nothing left")
    func endsAShare() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 28)
        let here = try await scene.harbour.core.showCase(CaseQuery(officer: "h1", caseReference: scene.reference))
        let contact = try #require(here.timeline.last { $0.fields.contains { $0.label == "safe-contact" } }).eventID
        var form = Self.form(contact, from: [SharedCase.asker.text])
        form.labels = ["safe-contact"]
        _ = try await scene.harbour.core.withdraw(form)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await scene.labels(at: scene.fire) == ["record", "risk"])
        _ = try await scene.fire.core.answer(Self.answer(try await Self.only(scene.fire).eventID, "ended"))
        #expect(try Self.held(at: scene.fire) == (0, 0))
        try await scene.world.settle([scene.harbour, scene.fire])
        await #expect { _ = try await scene.harbour.core.withdraw(form) } throws: {
            ($0 as? ProblemDetails)?.code == "not-recorded"
        }
        scene.world.time.advance(seconds: 28 * Self.day)
        #expect(try await scene.fire.core.dropExpired() == 1, "the risk alone")
    }

    @Test("A holder that was away never gets it: the broker sends no more of it")
    func withheldFromLaterFeeds() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker])
        let (harbour, fire) = (try await world.open(SharedCase.owner), try await world.open(SharedCase.asker))
        try await world.settle([harbour, fire])
        for (node, offices) in [
            (harbour, ["data-protection-officer", "head-of-housing"]), (fire, ["data-protection-officer"]),
        ] {
            _ = try await node.core.adopt(AdoptForm(officer: "o", protocolCode: "jag", offices: offices))
        }
        try await world.settle([harbour, fire])
        let reference = try await SharedCase.share(at: harbour)
        try await world.settle([harbour])
        let here = try await harbour.core.showCase(CaseQuery(officer: "h1", caseReference: reference))
        let entry = try #require(here.timeline.last { $0.type == "case-opened" })
        _ = try await harbour.core.withdraw(Self.form(entry.eventID))
        try await world.settle([harbour])
        try await world.settle([fire, harbour])
        let received = try fire.core.store.received(from: 0, limit: .max)
        let named = try #require(received.first { $0.index.value == entry.index && $0.origin.text == entry.origin })
        #expect(named.compartments.isEmpty)
        #expect(received.contains { !$0.compartments.isEmpty }, "the rest of the case came")
    }

    @Test("Nothing is recorded for what does not read, is not ours or was given to nobody")
    func refused() async throws {
        let scene = try await SharedCase()
        let entry = try await RecallTests.opening(scene)
        let size = await scene.harbour.core.writer.size
        var other = Self.form(entry)
        other.reason = "because"
        var label = Self.form(entry)
        label.labels = ["health"]
        var both = Self.form(entry)
        both.caseReference = scene.reference
        let report = try #require(try await scene.harbour.core.listReports().first).eventID
        let forms = [
            other, label, both, Self.form("00"), Self.form(entry, from: ["northshire-police"]), Self.form(report),
        ]
        for form in forms {
            await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.withdraw(form) }
        }
        await #expect(throws: ProblemDetails.self) { try await scene.fire.core.withdraw(Self.form(entry)) }
        #expect(await scene.harbour.core.writer.size == size)
        _ = try await scene.harbour.core.preview(Self.form(entry))
        #expect(await scene.harbour.core.writer.size == size, "a preview records nothing")
        let made = try await scene.harbour.core.withdraw(Self.form(entry))
        try await scene.world.settle([scene.harbour, scene.fire])
        let id = try #require(made.withdrawals[SharedCase.asker.text]?.first)
        var lawless = Self.answer(id, "kept", until: "2032-03-01")
        lawless.law = nil
        for form in [
            Self.answer(id, "later"), Self.answer("00", "ended"), lawless, Self.answer(id, "kept", until: "2020-01-01"),
            Self.answer(id, "ended", until: "2032-03-01"),
        ] {
            await #expect(throws: ProblemDetails.self) { try await scene.fire.core.answer(form) }
        }
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.answer(Self.answer(id, "ended")) }
    }
}
