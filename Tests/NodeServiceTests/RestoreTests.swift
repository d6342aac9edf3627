import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// A node whose log was put back to an earlier state: it signs nothing before it knows what others hold, and brings that
/// back (DESIGN §4, "Restore must not fork").
@Suite("A node that is restored does not fork") struct RestoreTests {
    private static func report(_ summary: String) -> ReportForm { ReportForm(officer: "h1", summary: summary) }

    /// Sends a form to the local interface.
    private static func post(
        _ form: some Encodable, to path: String, of node: OneNode, in world: OneProcess
    ) async throws -> TransportResponse {
        let body = Array(try JSONEncoder().encode(form))
        let api = NodeLocalAPI(core: node.core, link: node.link, logger: world.logger)
        return await api.handle(TransportRequest(method: .post, path: path, body: body))
    }

    @Test("Put back to before a push: what is entered is kept, the log comes back, nothing forks")
    func putBack() async throws {
        let scene = try await SharedCase()
        let (world, place) = (scene.world, scene.world.path(of: SharedCase.owner))
        let snapshot = try Snapshot(of: place, in: world.directory)
        // After the snapshot: a new case in a new circle, a report that stays home, something received.
        let second = try await SharedCase.share(at: scene.harbour)
        let lost = try await scene.harbour.core.record(Self.report("Never leaves this node"))
        _ = try await scene.ask()
        try await world.settle([scene.harbour, scene.fire])
        let before = await scene.harbour.core.writer.frontier
        let register = await scene.harbour.core.follower.frontier
        await scene.harbour.close()
        try snapshot.putBack()

        let again = try await world.open(SharedCase.owner)
        #expect(again.core.certainty.standing == .uncertain(.ahead))
        let behind = await again.core.writer.size
        #expect(behind < before.size)
        // Nothing is signed, whoever asks for it; what people enter is kept.
        await #expect(throws: AppendFailure.uncertain) { _ = try await again.core.record(Self.report("Straight")) }
        await #expect(throws: LogUncertain.self) { _ = try await again.link.push(from: LeafIndex(0)) }
        for number in 1...2 {
            let answer = try await Self.post(Self.report("Kept \(number)"), to: NodePath.reports, of: again, in: world)
            #expect(answer.problem?.code == "kept-not-recorded")
        }
        _ = try await again.core.showCase(CaseQuery(officer: "h2", caseReference: scene.reference))
        #expect(await again.core.writer.size == behind)
        let status = try await again.core.status(isConnected: false)
        #expect(status.uncertain == "head-store-ahead" && status.keptCommands == 3)
        #expect(try await again.cosign() == false)

        // With the broker: everything that was registered comes back, then what was kept is recorded in order.
        try await world.settle([again, scene.fire])
        #expect(again.core.certainty.standing == .certain)
        #expect(try again.core.store.frontier(at: before.size) == before)
        #expect(await again.core.follower.size > register.size)
        #expect(await again.core.feedFault == nil)
        let summaries = try await again.core.listReports().map(\.summary)
        #expect(summaries.contains("Kept 1") && summaries.contains("Kept 2"))
        let log = try again.core.store.readLog(from: before.size.nextIndex, limit: 100)
        #expect(log.map(\.statement.payload.kind).filter { $0 == .record }.count >= 2)
        #expect(try await again.core.listKept().isEmpty)
        #expect(try await again.refusedCount() == 0)
        // What was sealed for a circle opens again; what never left is named, by log, index and kind.
        let view = try await again.core.showCase(CaseQuery(officer: "h1", caseReference: second))
        #expect(Set(view.timeline.flatMap(\.fields).map(\.label)).contains("record"))
        let rows = try await again.core.listLost()
        #expect(rows.contains { $0.entry == lost.events.last && $0.kind == "record" && $0.loss == "content" })
        #expect(rows.allSatisfy { $0.log == again.core.origin.text })
        #expect(try again.core.store.verifyAll().isEmpty)
        #expect(await world.broker.desk.equivocal.isEmpty)
        // And a start after it knows its log at once.
        await again.close()
        let third = try await world.open(SharedCase.owner)
        #expect(third.core.certainty.standing == .certain)
        try await world.settle([third, scene.fire])
    }

    /// The statement that says so comes back with the log; what it speaks of came back with the copy of the disk.
    @Test("What was destroyed after the copy was made is destroyed again before anything else")
    func destroyed() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        #expect(try await scene.labels(at: scene.fire).contains("safe-contact"))
        try await scene.world.settle([scene.harbour, scene.fire])
        let snapshot = try Snapshot(of: scene.world.path(of: SharedCase.asker), in: scene.world.directory)
        scene.world.time.advance(seconds: 8 * 86_400)
        #expect(try await scene.fire.core.dropExpired() > 0)
        try await scene.world.settle([scene.harbour, scene.fire])
        await scene.fire.close()
        try snapshot.putBack()
        let again = try await scene.world.open(SharedCase.asker)
        #expect(again.core.certainty.standing == .uncertain(.ahead))
        try await scene.world.settle([scene.harbour, again])
        #expect(again.core.certainty.standing == .certain)
        #expect(try await scene.labels(at: again) == ["record"])
        #expect(try await again.core.dropExpired() == 0, "nothing is left of it")
        #expect(try again.core.store.verifyAll().isEmpty)
    }

    @Test(
        "A start by the second store",
        arguments: StartDoubt.allCases.filter { $0 != .otherLog && $0 != .changed && $0 != .notMet })
    func starts(doubt: StartDoubt) async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let place = world.path(of: SharedCase.owner)
        let heads = HeadStore(beside: place)
        let node = try await world.open(SharedCase.owner)
        #expect(node.core.certainty.standing == .certain, "as it was founded, offline too")
        _ = try await node.core.record(Self.report("Noise"))
        try await world.settle([node])
        let size = await node.core.writer.size
        guard case .head(let kept) = try heads.read().kept else { throw CancellationError() }
        #expect(kept.size == size, "what was pushed is on the second store")
        _ = try await node.core.record(Self.report("Not pushed"))
        await node.close()
        let prefix = try await world.open(SharedCase.owner)
        #expect(prefix.core.certainty.standing == .certain, "a prefix of the log")
        await prefix.close()
        let bytes = try heads.read().bytes
        switch doubt {
        case .missing: PublicFile.remove(heads.path)
        case .unreadable: try PublicFile.write(Array((bytes ?? []).dropLast(2)), to: heads.path)
        case .ahead:
            _ = try heads.replace(bytes, by: TreeHead(origin: kept.origin, size: TreeSize(99), root: kept.root))
        case .otherHistory:
            _ = try heads.replace(bytes, by: TreeHead(origin: kept.origin, size: kept.size, root: .zero))
        case .restored: try PublicFile.write([], to: place.restoredMark)
        case .otherLog, .changed, .notMet: return
        }
        var again = try await world.open(SharedCase.owner)
        #expect(again.core.certainty.standing == .uncertain(doubt))
        await #expect(throws: AppendFailure.uncertain) { _ = try await again.core.record(Self.report("No")) }
        if doubt == .ahead || doubt == .otherHistory {
            // The broker's silence does not undo what this log's own second store says; only people can give it up.
            await #expect(throws: CatchUpFault.notMet) { try await world.settle([again]) }
            #expect(again.core.certainty.standing == .uncertain(.notMet))
            await again.close()
            let same = try await world.open(SharedCase.owner)
            #expect(same.core.certainty.standing == .uncertain(doubt), "a start alone gives up nothing")
            await same.close()
            again = try await world.open(SharedCase.owner, decided: .beginHeadStore)
        }
        try await world.settle([again])
        #expect(again.core.certainty.standing == .certain, "the broker has no more than is here")
        #expect(!PublicFile.exists(place.restoredMark))
        _ = try await again.core.record(Self.report("Yes"))
        try await world.settle([again])
    }

    @Test("Another log's second store ends the start, and a second writer ends the first one's writing")
    func otherStores() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let heads = HeadStore(beside: world.path(of: SharedCase.owner))
        let node = try await world.open(SharedCase.owner)
        _ = try await node.core.record(Self.report("Noise"))
        let bytes = try heads.read().bytes
        let other = try #require(Origin("other.example/log"))
        let theirs = try heads.replace(bytes, by: TreeHead(origin: other, size: TreeSize(1), root: .zero))
        await #expect(throws: HeadStoreChanged.self) { _ = try await node.link.push(from: LeafIndex(0)) }
        #expect(node.core.certainty.standing == .uncertain(.changed))
        #expect(try heads.read().bytes == theirs, "nothing of theirs is lost")
        #expect(try await world.broker.keeper.headNotes()[node.core.origin] == nil, "and nothing has left")
        await node.close()
        await #expect(throws: HeadStoreOfAnotherLog.self) { _ = try await world.open(SharedCase.owner) }
    }

    @Test("Another log's second store ends the start also of a log that was put back from a backup")
    func otherStoreOfARestoredLog() async throws {
        let scene = try await SharedCase()
        await scene.harbour.close()
        let place = scene.world.path(of: SharedCase.owner)
        try PublicFile.write([], to: place.restoredMark)
        let other = HeadStore(beside: scene.world.path(of: SharedCase.asker))
        await #expect(throws: HeadStoreOfAnotherLog.self) {
            try await scene.world.open(SharedCase.owner, heads: other)
        }
    }

    @Test("A log is founded once: a second store that is taken stops a second founding")
    func foundedTwice() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let place = world.path(of: SharedCase.owner)
        try FileManager.default.removeItem(atPath: place.path + "/log.sqlite")
        try FileManager.default.removeItem(atPath: place.path + "/witness.sqlite")
        #expect(throws: LogFoundedBefore.self) {
            try NodeFounding.found(
                in: place.path, passphrase: OneProcess.passphrase, entropy: world.entropy, time: world.time)
        }
        #expect(!FileManager.default.fileExists(atPath: place.path + "/log.sqlite"))
    }

    @Test(
        "Where others hold another history, shorter or longer, the node never writes again, and says so",
        arguments: [1, 8])
    func forked(written: Int) async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let place = world.path(of: SharedCase.owner)
        let node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        let snapshot = try Snapshot(of: place, in: world.directory)
        _ = try await node.core.record(Self.report("The one"))
        try await world.settle([node])
        await node.close()
        try snapshot.putBack()
        // Written on by hand, past the rules.
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        let copy = try StoreCopy(of: place, in: world.directory)
        for _ in 0..<written {
            try copy.add(statementSigner: keys.statement, headSigner: keys.log, entropy: world.entropy)
        }
        try FileManager.default.removeItem(atPath: place.path)
        try FileManager.default.moveItem(atPath: copy.path, toPath: place.path)
        let again = try await world.open(SharedCase.owner)
        #expect(again.core.certainty.standing == .uncertain(written == 1 ? .ahead : .otherHistory))
        for _ in 0..<2 {
            await #expect(throws: CatchUpFault.forked) { try await again.link.pull(wait: 0) }
        }
        #expect(again.core.certainty.standing == .forked)
        #expect(try await again.core.status(isConnected: true).uncertain == "log-forked")
        await #expect(throws: AppendFailure.uncertain) { _ = try await again.core.record(Self.report("No")) }
    }
}
