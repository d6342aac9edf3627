import Auditing
import Disclosures
import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
import NodeProjections
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService
@testable import NodeService

/// Retain, hold, erase (PRACTICE P10, P11; decisions 0030 and 0031).
@Suite("What two people approved is destroyed, unless somebody holds it") struct ErasureTests {
    static let day: Int64 = 86_400

    static func form(_ reference: String, by officer: String = "Ruth Records") -> ErasureForm {
        var form = ErasureForm(officer: officer, reason: "retention")
        form.caseReference = reference
        form.words = "Six years since the last entry"
        return form
    }

    /// Proposes and approves by two people.
    @discardableResult
    static func approve(_ reference: String, at node: OneNode) async throws -> String {
        let made = try await node.core.propose(form(reference))
        return try await approve(erasure: made.erasure, at: node)
    }

    @discardableResult
    static func approve(erasure: String, at node: OneNode) async throws -> String {
        for officer in ["Ruth Records", "Dev Privacy"] {
            _ = try await node.core.approve(ErasureApprovalForm(officer: officer, erasure: erasure))
        }
        return erasure
    }

    /// Goes on until nothing more is destroyed or said, starting the node again where it stops for its key.
    static func destroy(_ node: OneNode, of agency: AgencyCode, in world: OneProcess, with others: [OneNode] = [])
        async throws -> OneNode
    {
        var node = node
        for _ in 0..<6 {
            do {
                _ = try await node.core.destroyErased()
                try await world.settle([node] + others)
            } catch is LocalKeyDue {
                await node.core.keepViews()
                await node.close()
                node = try await world.open(agency)
            }
        }
        return node
    }

    static func standings(_ erasure: String, at node: OneNode) async throws -> [String: Set<String>] {
        let report = try #require(try await node.core.showErasure(erasure).first)
        return Dictionary(grouping: report.holders, by: \.agency).mapValues { Set($0.map(\.standing)) }
    }

    @Test("From proposal to PURGED: hidden at once, destroyed after thirty days, at both and at the broker")
    func fromProposalToPurged() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let (world, reference) = (scene.world, scene.reference)
        #expect(try await RecallTests.shown(of: reference, at: scene.harbour, by: "h9").contains("afraid"))
        let erasure = try await Self.approve(reference, at: scene.harbour)
        await #expect(throws: ProblemDetails.self) {
            try await scene.harbour.core.showCase(CaseQuery(officer: "h9", caseReference: reference))
        }
        #expect(try await scene.harbour.core.search(SearchForm(officer: "h9", words: "afraid")).isEmpty)
        try await world.settle([scene.harbour, scene.fire])
        // The other is asked, and keeps its copies until its own people have decided.
        #expect(try await Self.standings(erasure, at: scene.harbour)["northshire-fire"] == ["outstanding"])
        let question = try #require(await scene.fire.core.listQuestions().first)
        #expect(question.by == "harbour-homes" && question.answer == nil)
        let theirs = try await scene.fire.core.answer(
            ErasureAnswerForm(officer: "Finn Files", question: question.question, answer: "erase"))
        try await Self.approve(erasure: theirs.erasure, at: scene.fire)
        try await world.settle([scene.harbour, scene.fire])
        #expect(try await Self.standings(erasure, at: scene.harbour)["northshire-fire"] == ["will-erase"])
        world.time.advance(seconds: 30 * Self.day - 1)
        var (harbour, fire) = (scene.harbour, scene.fire)
        #expect(try await harbour.core.destroyErased() == 0)
        world.time.advance(seconds: 1)
        harbour = try await Self.destroy(harbour, of: SharedCase.owner, in: world, with: [fire])
        fire = try await Self.destroy(fire, of: SharedCase.asker, in: world, with: [harbour])
        try await world.settle([harbour, fire])
        let standings = try await Self.standings(erasure, at: harbour)
        #expect(standings["harbour-homes"] == ["erased"])
        #expect(standings["northshire-fire"] == ["erased"])
        let report = try #require(try await harbour.core.showErasure(erasure).first)
        #expect(report.standing == "erased" && report.holders.allSatisfy { $0.backupsBy != nil && !$0.parts.isEmpty })
        #expect(try await harbour.refusedCount() == 0)
        #expect(try await fire.refusedCount() == 0)
        let audit = try await world.audit()
        #expect(audit.findings.isEmpty)
        #expect(try harbour.core.store.verifyAll().isEmpty)
        #expect(try fire.core.store.verifyAll().isEmpty)
    }

    @Test("One person alone destroys nothing, whatever the name is typed like")
    func twoPeople() async throws {
        let scene = try await SharedCase()
        let made = try await scene.harbour.core.propose(Self.form(scene.reference))
        _ = try await scene.harbour.core.approve(
            ErasureApprovalForm(officer: "Ruth Records", erasure: made.erasure))
        for name in ["Ruth Records", "ruth records", " RUTH  RECORDS "] {
            await #expect {
                try await scene.harbour.core.approve(ErasureApprovalForm(officer: name, erasure: made.erasure))
            } throws: { ($0 as? ProblemDetails)?.detail.contains("second person") == true }
        }
        #expect(try await RecallTests.shown(of: scene.reference, at: scene.harbour, by: "h9").contains("afraid"))
        scene.world.time.advance(seconds: 400 * Self.day)
        #expect(try await scene.harbour.core.destroyErased() == 0)
        #expect(try await Self.standings(made.erasure, at: scene.harbour)["harbour-homes"] == ["here"])
        // What is in one erasure is not put into another.
        await #expect(throws: ProblemDetails.self) { try await scene.harbour.core.propose(Self.form(scene.reference)) }
    }

    @Test("In the quarantine it can be brought back, whole, and nobody is asked any more")
    func broughtBack() async throws {
        let scene = try await SharedCase()
        let before = try await RecallTests.shown(of: scene.reference, at: scene.harbour, by: "h9").contains("afraid")
        #expect(before)
        let erasure = try await Self.approve(scene.reference, at: scene.harbour)
        try await scene.world.settle([scene.harbour, scene.fire])
        var harbour = scene.harbour
        await harbour.core.keepViews()
        await harbour.close()
        harbour = try await scene.world.open(SharedCase.owner)
        #expect(
            try await harbour.core.search(SearchForm(officer: "h9", words: "afraid")).isEmpty, "hidden after a restart")
        _ = try await harbour.core.bringBack(
            ErasureStopForm(officer: "Ruth Records", erasure: erasure, words: "A claim was made"))
        #expect(try await RecallTests.shown(of: scene.reference, at: harbour, by: "h9").contains("afraid"))
        try await scene.world.settle([harbour, scene.fire])
        #expect(await scene.fire.core.listQuestions().map(\.answer) == ["withdrawn"])
        scene.world.time.advance(seconds: 400 * Self.day)
        #expect(try await harbour.core.destroyErased() == 0)
        // It is a case as before: something can be recorded in it.
        _ = try await harbour.core.record(
            ConsentForm(officer: "h1", caseReference: scene.reference, state: "given", how: "At the door"))
        #expect(try await harbour.refusedCount() == 0)
    }

    @Test("A stop between any two steps is made good, and PURGED is never said before the key is replaced")
    func stopsAnywhere() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let world = scene.world
        let erasure = try await Self.approve(scene.reference, at: scene.harbour)
        try await world.settle([scene.harbour, scene.fire])
        let former = try world.path(of: SharedCase.owner).openKeys(passphrase: OneProcess.passphrase).locals.map(\.name)
        world.time.advance(seconds: 30 * Self.day)
        var node = scene.harbour
        var kills = 0
        for _ in 0..<10 {
            do { _ = try await node.core.destroyErased() } catch is LocalKeyDue {
                // Asked again before it starts again, it says nothing.
                await #expect(throws: LocalKeyDue.self) { try await node.core.destroyErased() }
                #expect(await node.core.book.erasures.told.isEmpty)
            }
            try await world.settle([node, scene.fire])
            await node.close()
            kills += 1
            node = try await world.open(SharedCase.owner)
            try await world.settle([node, scene.fire])
        }
        #expect(kills == 10)
        #expect(try await Self.standings(erasure, at: node)["harbour-homes"] == ["erased"])
        let keys = try world.path(of: SharedCase.owner).openKeys(passphrase: OneProcess.passphrase)
        #expect(keys.locals.count == 1 && keys.locals.map(\.name) != former)
        #expect(try node.core.store.verifyAll().isEmpty)
        #expect(try await world.audit().findings.isEmpty)
        #expect(try await node.refusedCount() == 0)
    }

    @Test("The broker has nothing of it any more, takes nothing in again, starts again, and gives it to nobody")
    func broker() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let world = scene.world
        let streams = try await scene.harbour.core.matter(scene.reference, nil)
        try await Self.approve(scene.reference, at: scene.harbour)
        try await world.settle([scene.harbour, scene.fire])
        world.time.advance(seconds: 30 * Self.day)
        let harbour = try await Self.destroy(scene.harbour, of: SharedCase.owner, in: world, with: [scene.fire])
        let store = await world.broker.keeper.store
        var count = 0
        for (statement, index) in try harbour.core.store.statements(of: Set(streams.map(\.stream)))
        where statement.origin == harbour.core.origin {
            #expect(try store.compartments(origin: statement.origin, index: index).isEmpty)
            #expect(try store.grants(origin: statement.origin, index: index).isEmpty)
            count += 1
        }
        #expect(count > 5)
        #expect(try store.verifyAll().isEmpty)
        // The register is judged once more from the disk, without what is gone.
        let size = await world.broker.keeper.size
        #expect(try await world.reloaded() == size)
        // The other keeps its copies, and is outstanding.
        #expect(try await RecallTests.shown(of: scene.reference, at: scene.fire).contains("afraid"))
    }

    @Test("A backup from before opens nothing and is not started on; one from after is")
    func backups() async throws {
        let scene = try await SharedCase()
        let world = scene.world
        let place = world.path(of: SharedCase.owner)
        let passphrase = SecretBytes(Array("another long passphrase".utf8))
        let (key, public_) = (world.directory + "/backup.key", world.directory + "/backup.pub")
        try RecoveryKey.make(key, publicPath: public_, passphrase: passphrase, entropy: world.entropy, cost: .minimum)
        func backUp(_ name: String) throws {
            _ = try NodeBackup.write(
                of: place.path, to: "\(world.directory)/\(name)", for: RecoveryKey.Public(reading: public_),
                entropy: world.entropy)
        }
        func putBack(_ name: String) throws {
            for suffix in ["", "-wal", "-shm"] { PublicFile.remove(place.path + "/log.sqlite" + suffix) }
            PublicFile.remove(place.path + "/witness.sqlite")
            _ = try NodeRestore.run(
                from: "\(world.directory)/\(name)", into: place.path, recoveryKey: key, passphrase: passphrase,
                fingerprint: try place.partnership().fingerprint)
        }
        try backUp("before")
        try await Self.approve(scene.reference, at: scene.harbour)
        try await world.settle([scene.harbour, scene.fire])
        world.time.advance(seconds: 30 * Self.day)
        let node = try await Self.destroy(scene.harbour, of: SharedCase.owner, in: world, with: [scene.fire])
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise before"))
        try await world.settle([node, scene.fire])
        try backUp("after")
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise since"))
        try await world.settle([node, scene.fire])
        await node.close()
        try putBack("before")
        await #expect(throws: NodeStartFault.otherLocalKey) { try await world.open(SharedCase.owner) }
        try putBack("after")
        let back = try await world.open(SharedCase.owner)
        try await world.settle([back, scene.fire])
        #expect(back.core.certainty.mayAppend)
        #expect(try await back.core.search(SearchForm(officer: "h9", words: "afraid")).isEmpty)
        #expect(try await back.core.listReports().contains { $0.summary == "Noise before" })
        _ = try await back.core.record(ReportForm(officer: "h1", summary: "And after"))
        try await world.settle([back, scene.fire])
        #expect(try await back.refusedCount() == 0)
    }

    @Test("The schedule names what is over by the protocol, not what is not, and erases nothing")
    func retention() async throws {
        let scene = try await SharedCase()
        #expect(try await scene.harbour.core.listRetention(months: nil, isOverOnly: true).isEmpty)
        let row = try #require(
            try await scene.harbour.core.listRetention(months: nil, isOverOnly: false).first)
        #expect(row.reference == scene.reference && row.months > 0 && !row.isOver && row.because.hasPrefix("jag:"))
        let over = try #require(Timestamp(row.over))
        scene.world.time.set(over.adding(seconds: -1))
        #expect(try await scene.harbour.core.listRetention(months: nil, isOverOnly: true).isEmpty)
        scene.world.time.set(over)
        #expect(
            try await scene.harbour.core.listRetention(months: nil, isOverOnly: true).map(\.reference) == [
                row.reference
            ])
        // Each recipient by its own role; a hold and an erasure are said.
        #expect(try await scene.fire.core.listRetention(months: nil, isOverOnly: false).count == 1)
        _ = try await scene.harbour.core.place(HoldTests.form(scene.reference))
        let made = try await scene.harbour.core.propose(Self.form(scene.reference))
        let held = try #require(try await scene.harbour.core.listRetention(months: nil, isOverOnly: true).first)
        #expect(held.holds == ["inquest"] && held.erasure == made.erasure && made.holds == ["inquest"])
        #expect(try await RecallTests.shown(of: scene.reference, at: scene.harbour, by: "h9").contains("afraid"))
    }
}
