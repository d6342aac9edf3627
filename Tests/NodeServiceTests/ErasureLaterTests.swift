import Auditing
import Casework
import Disclosures
import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService
@testable import NodeService

/// What comes after an erasure, and between its beginning and its end (decision 0030).
@Suite("An erasure is of what there was, and of nothing later") struct ErasureLaterTests {
    static let action = "Change the lock"

    private static func write(_ scene: SharedCase, _ words: String = action) async throws {
        _ = try await scene.harbour.core.record(
            ActionForm(officer: "h1", caseReference: scene.reference, action: words, owner: "harbour-homes"))
    }

    /// Fire destroys what it has of the case, by its own rule.
    private static func erased(_ scene: SharedCase) async throws -> OneNode {
        try await ErasureTests.approve(scene.reference, at: scene.fire)
        scene.world.time.advance(seconds: 30 * ErasureTests.day)
        return try await ErasureTests.destroy(
            scene.fire, of: SharedCase.asker, in: scene.world, with: [scene.harbour])
    }

    @Test("What is written while it is hidden, and after it is gone, is seen; what went stays gone")
    func laterEntries() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        try await ErasureTests.approve(scene.reference, at: scene.fire)
        try await scene.world.settle([scene.harbour, scene.fire])
        await #expect(throws: ProblemDetails.self) {
            try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        }
        try await Self.write(scene)
        try await scene.world.settle([scene.harbour, scene.fire])
        let hidden = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        #expect(hidden.actions.map(\.action) == [Self.action] && hidden.summary == nil)
        scene.world.time.advance(seconds: 30 * ErasureTests.day)
        var fire = try await ErasureTests.destroy(
            scene.fire, of: SharedCase.asker, in: scene.world, with: [scene.harbour])
        // The circle's keys are gone with what was under them: its author uses others from now on.
        try await Self.write(scene, "Fit a camera")
        try await scene.world.settle([scene.harbour, fire])
        for restarts in 0..<2 {
            let view = try await fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
            #expect(view.actions.map(\.action).sorted() == [Self.action, "Fit a camera"], "\(restarts)")
            #expect(!(try await RecallTests.shown(of: scene.reference, at: fire).contains("afraid")))
            await fire.core.keepViews()
            await fire.close()
            fire = try await scene.world.open(SharedCase.asker)
        }
        // It is a case again, of what is there, and can be erased again.
        let second = try await ErasureTests.approve(scene.reference, at: fire)
        await #expect(throws: ProblemDetails.self) {
            try await fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        }
        scene.world.time.advance(seconds: 30 * ErasureTests.day)
        fire = try await ErasureTests.destroy(fire, of: SharedCase.asker, in: scene.world, with: [scene.harbour])
        #expect(try await fire.core.showErasure(second).first?.standing == "erased")
        #expect(try fire.core.store.verifyAll().isEmpty)
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await fire.refusedCount() == 0)
        #expect(try await scene.world.audit().findings.isEmpty)
    }

    @Test("A new proposal asks again, whatever was answered before, and who kept it may let it go later")
    func supersedes() async throws {
        let scene = try await SharedCase()
        let (harbour, world) = (scene.harbour, scene.world)
        let first = try await ErasureTests.approve(scene.reference, at: harbour)
        try await world.settle([harbour, scene.fire])
        let asked = try #require(await scene.fire.core.listQuestions().first).question
        var keep = ErasureAnswerForm(officer: "Finn", question: asked, answer: "keep")
        keep.until = "2032-06-30"
        keep.law = "fire-safety-order"
        _ = try await scene.fire.core.answer(keep)
        try await world.settle([harbour, scene.fire])
        #expect(try await ErasureTests.standings(first, at: harbour)["northshire-fire"] == ["kept"])
        let theirs = try await scene.fire.core.answer(
            ErasureAnswerForm(officer: "Finn", question: asked, answer: "erase"))
        try await ErasureTests.approve(erasure: theirs.erasure, at: scene.fire)
        try await world.settle([harbour, scene.fire])
        #expect(try await ErasureTests.standings(first, at: harbour)["northshire-fire"] == ["will-erase"])
        _ = try await harbour.core.bringBack(
            ErasureStopForm(officer: "Ruth Records", erasure: first, words: "A claim was made"))
        try await world.settle([harbour, scene.fire])
        let again = try await ErasureTests.approve(scene.reference, at: harbour)
        try await world.settle([harbour, scene.fire])
        #expect(try await ErasureTests.standings(again, at: harbour)["northshire-fire"] == ["outstanding"])
        #expect(await scene.fire.core.listQuestions().map(\.answer) == [nil, "withdrawn"])
    }

    @Test("What was begun long ago is begun again, and a hold placed meanwhile stops it")
    func beginningsLapse() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let (world, harbour) = (scene.world, scene.harbour)
        let erasure = try await ErasureTests.approve(scene.reference, at: harbour)
        try await world.settle([harbour, scene.fire])
        world.time.advance(seconds: 30 * ErasureTests.day)
        #expect(try await harbour.core.destroyErased() == 0)
        try await world.settle([harbour, scene.fire])
        // The register has let it begin; the node does nothing for as long as that counts.
        let state = try await harbour.core.erasure(erasure)
        #expect(try await harbour.core.hasBegun(state))
        world.time.advance(seconds: Limits.beginningSeconds)
        #expect(try await !harbour.core.hasBegun(state))
        _ = try await scene.fire.core.place(HoldTests.form(scene.reference))
        try await world.settle([scene.fire])
        let after = try await ErasureTests.destroy(harbour, of: SharedCase.owner, in: world, with: [scene.fire])
        // What fire never had, it could not hold: that is gone.
        #expect(try await ErasureTests.standings(erasure, at: after)["harbour-homes"]?.contains("held") == true)
        #expect(try await RecallTests.shown(of: scene.reference, at: after, by: "h9").contains("afraid"))
        #expect(try await world.audit().findings.isEmpty)
    }

    @Test("A hold that is heard of between the beginning and the destruction stops it at that holder")
    func heardMeanwhile() async throws {
        let scene = try await SharedCase()
        let (world, harbour) = (scene.world, scene.harbour)
        let erasure = try await ErasureTests.approve(scene.reference, at: harbour)
        try await world.settle([harbour, scene.fire])
        world.time.advance(seconds: 30 * ErasureTests.day)
        #expect(try await harbour.core.destroyErased() == 0)
        try await world.settle([harbour, scene.fire])
        _ = try await scene.fire.core.place(HoldTests.form(scene.reference))
        try await world.settle([harbour, scene.fire])
        let after = try await ErasureTests.destroy(harbour, of: SharedCase.owner, in: world, with: [scene.fire])
        #expect(try await ErasureTests.standings(erasure, at: after)["harbour-homes"]?.contains("held") == true)
        #expect(try await RecallTests.shown(of: scene.reference, at: after, by: "h9").contains("afraid"))
    }

    @Test("An answer counts of whoever was asked, and of nobody else")
    func strangersAnswer() async throws {
        let three = try await ThreeOnACase()
        let (scene, police) = (three.scene, three.police)
        let erasure = try await ErasureTests.approve(scene.reference, at: scene.harbour)
        try await three.settle()
        let asked = try #require(await scene.fire.core.listQuestions().first)
        let question = try #require(EventID(hex: asked.question))
        // The police answer, in a stream of theirs with harbour, what only fire was asked.
        let stream = StreamID(from: scene.world.entropy)
        let opening = await police.core.duo(with: SharedCase.owner, in: stream, reason: "erasure").draft
        _ = try await police.core.append([
            opening,
            StatementDraft(
                eventID: EventID(from: scene.world.entropy), stream: stream, expectedVersion: .any,
                control: .erase(.answered(question: question, .holdsNothing))),
        ])
        try await three.settle()
        #expect(try await ErasureTests.standings(erasure, at: scene.harbour)["northshire-fire"] == ["outstanding"])
        #expect(try await police.refusedCount() == 0)
    }
}

/// What an erasure reaches beside the case itself.
@Suite("An erasure reaches what says the same again, and what stands outside of cases") struct ErasureReachTests {
    @Test("What a holder made from it goes with it, and what it wrote of its own stays")
    func copies() async throws {
        let three = try await ThreeOnACase(hasAuditor: true)
        let (scene, world) = (three.scene, three.scene.world)
        let entry = try await RecallTests.opening(scene)
        _ = try await three.passOn(entry)
        _ = try await scene.fire.core.record(
            ActionForm(
                officer: "f1", caseReference: scene.reference, action: "Test the alarm", owner: SharedCase.asker.text))
        try await three.settle()
        try await ErasureTests.approve(scene.reference, at: scene.harbour)
        try await three.settle()
        let question = try #require(await scene.fire.core.listQuestions().first).question
        let theirs = try await scene.fire.core.answer(
            ErasureAnswerForm(officer: "Finn", question: question, answer: "erase"))
        try await ErasureTests.approve(erasure: theirs.erasure, at: scene.fire)
        let hidden = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        #expect(hidden.actions.map(\.action) == ["Test the alarm"])
        world.time.advance(seconds: 30 * ErasureTests.day)
        let fire = try await ErasureTests.destroy(
            scene.fire, of: SharedCase.asker, in: world, with: [scene.harbour, three.police])
        #expect(try await fire.core.showErasure(theirs.erasure).first?.standing == "erased")
        let left = try await fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        #expect(left.actions.map(\.action) == ["Test the alarm"])
        // The police keep what they were given of it: they decide about their own copies.
        let there = try await three.view(at: three.police).actions.map(\.action).sorted()
        #expect(there == ["Ring the sister before the visit", "Test the alarm"])
        #expect(try await fire.refusedCount() == 0)
        #expect(try await world.audit().findings.isEmpty)
    }

    @Test("A person's reports outside of cases, and what they asked of their own data, are theirs too")
    func outsideOfCases() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        var report = ReportForm(officer: "h1", summary: "Litter at the bins")
        report.victimName = "Ada Quillfeather"
        let first = try #require(try await core.record(report).events.first)
        report.victimName = "Bert Quillfeather"
        let other = try #require(try await core.record(report).events.first)
        let asked = try await core.open(
            SubjectAccessForm(
                officer: "h1", requester: "Ada Quillfeather", receivedOn: "2026-02-20", lead: "P. Ostrey"))
        let streams = Set(try await core.matter(nil, "ada quillfeather").map(\.stream))
        func stream(_ text: String) async throws -> StreamID {
            let id = try #require(EventID(hex: text))
            let index = try #require(try core.store.recorded([id])[id])
            return try #require(try core.store.readLog(from: index, limit: 1).first).statement.payload.stream
        }
        #expect(streams.contains(try await stream(first)))
        #expect(streams.contains(try await stream(try #require(asked.events.first))))
        #expect(!streams.contains(try await stream(other)))
        // While it is open, it holds what it concerns (PRACTICE P11), and the status names its last day.
        #expect(try await core.listHolds().contains { $0.reason == "subject-access" })
        #expect(asked.offers?.first?.contains("tallystick hold lift") == true)
        await #expect {
            let made = try await core.propose(ErasureTests.form(scene.reference))
            _ = try await core.approve(ErasureApprovalForm(officer: "Ruth", erasure: made.erasure))
        } throws: { ($0 as? ProblemDetails)?.detail.contains("subject-access") == true }
        #expect(try await !core.overdue(answeredAt: scene.world.time.now()).contains { $0.kind == .subjectAccess })
        #expect(Limits.subjectAccessNearSeconds == 7 * ErasureTests.day && Limits.destroyedToldSeconds == 86_400)
        scene.world.time.advance(seconds: 14 * ErasureTests.day)
        let near = try await core.overdue(answeredAt: scene.world.time.now()).first { $0.kind == .subjectAccess }
        #expect(near?.since == "2026-03-13T00:00:00Z")
    }

    @Test("An erasure question that nobody answers is in the status of both")
    func overdue() async throws {
        let scene = try await SharedCase()
        try await ErasureTests.approve(scene.reference, at: scene.harbour)
        try await scene.world.settle([scene.harbour, scene.fire])
        scene.world.time.advance(seconds: Limits.erasureAnswerSeconds + 1)
        let now = scene.world.time.now()
        #expect(try await scene.harbour.core.overdue(answeredAt: now).contains { $0.kind == .erasure })
        #expect(try await scene.fire.core.overdue(answeredAt: now).contains { $0.kind == .erasureAnswer })
    }

    @Test("Looking at the records officer's lists is recorded as every other look is")
    func listsAreReadings() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        _ = try await core.place(HoldTests.form(scene.reference))
        _ = try await core.propose(ErasureTests.form(scene.reference))
        let reference = try #require(CaseReference(scene.reference))
        func looks() throws -> Int { try core.views.ownReadings(of: reference).count }
        var before = try looks()
        for look in 0..<3 {
            switch look {
            case 0: _ = try await core.showHolds(by: "r1", only: nil)
            case 1: _ = try await core.showErasures(by: "r1")
            default: _ = try await core.showRetention(by: "r1", months: nil, isOverOnly: false)
            }
            #expect(try looks() == before + 1, "\(look)")
            before = try looks()
        }
        try await ErasureTests.approve(scene.reference, at: scene.fire)
    }

    @Test("What is hidden goes by no carry file either")
    func carried() async throws {
        let scene = try await SharedCase()
        _ = try await scene.harbour.core.record(
            ActionForm(officer: "h1", caseReference: scene.reference, action: "Change it", owner: "harbour-homes"))
        let before = try CarryFile(
            decoding: try await scene.harbour.core.exportCarry(CarryForm(agency: SharedCase.asker.text)))
        #expect(before.entries.contains { !$0.statement.compartments.isEmpty })
        try await ErasureTests.approve(scene.reference, at: scene.harbour)
        let after = try? CarryFile(
            decoding: try await scene.harbour.core.exportCarry(CarryForm(agency: SharedCase.asker.text)))
        let streams = Set(try await scene.harbour.core.matter(scene.reference, nil).map(\.stream))
        for entry in after?.entries ?? [] {
            let statement = try Statement(decoding: entry.statement.bytes)
            guard streams.contains(statement.payload.stream) else { continue }
            #expect(entry.statement.compartments.isEmpty && entry.statement.grants.isEmpty)
        }
    }

    @Test("Who holds what is asked of the holds on it alone: looks, not time")
    func looks() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        var streams: Set<StreamAddress> = []
        for number in 0..<8 {
            let opened = try await node.core.openCase(
                CaseForm(officer: "h1", reports: [], summary: "Matter \(number)"))
            streams.formUnion(try await node.core.matter(opened.caseReference, nil))
            for _ in 0..<4 { _ = try await node.core.place(HoldTests.form(opened.caseReference)) }
        }
        let book = await node.core.book.erasures
        let before = book.looked.value
        #expect(book.holds.count == 32 && streams.count == 8)
        for stream in streams { #expect(book.holds(on: stream).count == 4) }
        // Each hold once. Looking through all of them for each stream, as it was, took 8 × 32.
        #expect(book.looked.value - before == 32)
        // More than enough is refused here already.
        let one = try #require(streams.first)
        while !book.isFull(one, by: one.origin, telling: nil) {
            let reference = try #require(await node.core.book.erasures.streams.first { $0.value.contains(one) }?.key)
            do { _ = try await node.core.place(HoldTests.form(reference.text)) } catch let problem as ProblemDetails {
                #expect(problem.code == "holds-too-many")
                break
            }
        }
        #expect(await node.core.book.erasures.holds(on: one).count == Limits.openHoldCount)
        try await world.settle([node])
        #expect(try await node.refusedCount() == 0)
    }
}
