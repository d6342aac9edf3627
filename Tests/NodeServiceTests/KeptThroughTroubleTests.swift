import CommandLineSupport
import EventLogs
import Foundation
import Glibc
import HTTPTransport
import NodeInterface
import NodeProjections
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import NodeService

/// What people enter while the log may not be written is recorded, once, whatever else goes wrong.
@Suite("Kept commands, and trouble") struct KeptThroughTroubleTests {
    /// A broker whose answers end in a fault that is no failure of the line.
    private struct NotBelieved: BrokerExchange {
        func send(
            method: TransportMethod, path: String, query: [String: String], body: [UInt8]
        ) async throws -> TransportResponse { throw TwoStories() }

        func shutdown() async {}
    }

    private static func keep(_ summary: String, at node: OneNode) throws {
        let body = try Body.encode(ReportForm(officer: "h1", summary: summary))
        _ = try node.core.keep(NodePath.reports, body)
    }

    private static func summaries(_ node: OneNode) async throws -> [String] {
        try await node.core.listReports().compactMap(\.summary).sorted()
    }

    @Test("A broker that is not believed does not keep them for ever: where the log is certain they are recorded")
    func notBelieved() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        var node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        try Self.keep("While it was uncertain", at: node)
        await node.close()
        node = try await world.open(SharedCase.owner)
        #expect(node.core.certainty.standing == .settling)
        let link = BrokerLink(
            core: node.core, client: NotBelieved(), directory: LiveDirectory(await node.core.roster), time: world.time,
            logger: world.logger)
        await #expect(throws: TwoStories.self) { try await link.pull(wait: 0) }
        #expect(node.core.certainty.standing == .certain)
        #expect(try await Self.summaries(node) == ["While it was uncertain"])
    }

    @Test("A directory put back with commands that were carried out since: they come back with the log, and once")
    func wholeDirectoryPutBack() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        var node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        for summary in ["One", "Two"] { try Self.keep(summary, at: node) }
        await node.close()
        let snapshot = try Snapshot(of: world.path(of: SharedCase.owner), in: world.directory)
        node = try await world.open(SharedCase.owner)
        world.time.advance(seconds: 60)
        try await world.settle([node])
        #expect(try await Self.summaries(node) == ["One", "Two"])
        await node.close()
        try snapshot.putBack()
        node = try await world.open(SharedCase.owner)
        #expect(node.core.kept.isWaiting)
        // One more is entered after the start: nobody can have carried that one out.
        try Self.keep("Three", at: node)
        try await world.settle([node])
        // Their entries came back without their words, which had never left the node; they are not written a second time.
        #expect(try await Self.summaries(node) == ["Three"])
        #expect(try await node.core.listLost().count { $0.label == "record" } == 2)
        let shown = try await node.core.listKept()
        #expect(shown.map(\.standing) == [.refused, .refused])
        #expect(shown.allSatisfy { $0.reason == KeptCommands.outcomeUnknown })
    }

    @Test("Carried out and not marked so: the node ends, and its next start shows it instead of carrying it out again")
    func notMarked() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        var node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        try Self.keep("Once", at: node)
        await node.close()
        node = try await world.open(SharedCase.owner)
        // The mark cannot be written: a directory stands in its place.
        let mark = world.path(of: SharedCase.owner).keptCommands + "/done"
        try PublicFile.makeDirectory(mark)
        try PublicFile.write([1], to: mark + "/in-the-way")
        await #expect(throws: KeptNotSettled.self) { try await node.core.recordKept() }
        #expect(HostedNode.endsTheNode(KeptNotSettled()))
        await node.close()
        try FileManager.default.removeItem(atPath: mark)
        node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        #expect(try await Self.summaries(node) == ["Once"])
        #expect(try await node.core.listKept().map(\.reason) == [KeptCommands.outcomeUnknown])
    }

    @Test("What is kept is told in words: by whom, what, about which case; and what was typed, to whoever asks for it")
    func words() async throws {
        #expect(Set(KeptCommandRow.commandWords.keys) == Set(NodeCommand.all.keys))
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let node = try await world.open(SharedCase.owner)
        let form = StageForm(officer: "h7", caseReference: "harbour-homes/3fa2", stage: "monitoring", summary: "Quiet")
        let number = try node.core.keep(NodePath.stage, try Body.encode(form))
        _ = try node.core.keep(NodeCommand.reading, [])
        let row = try #require(try await node.core.listKept().first)
        #expect(try await node.core.listKept().count == 1, "a reading is the node's own")
        #expect(row.officer == "h7" && row.caseReference == "harbour-homes/3fa2" && row.command == "move a case on")
        #expect(row.words == nil)
        let whole = try #require(try await node.core.showKept(KeptCommandQuery(number: number)).first)
        #expect(whole.words?["summary"] == "Quiet")
        #expect(KeptCommandRow.text(of: [whole]).contains("summary: Quiet"))
    }

    @Test("Into a log that has ended nothing is entered, and people are told so") func ended() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let node = try await world.open(SharedCase.owner)
        node.core.certainty.fork()
        let api = NodeLocalAPI(core: node.core, link: node.link, logger: world.logger)
        let body = try Body.encode(ReportForm(officer: "h1", summary: "Noise"))
        let response = await api.handle(TransportRequest(method: .post, path: NodePath.reports, body: body))
        #expect(response.status == 410 && response.problem?.code == "log-ended")
        #expect(node.core.kept.count == 0)
    }

    @Test("Between the last look and the opening nothing can be kept")
    func noGap() throws {
        let certainty = LogCertainty.unguarded()
        #expect(certainty.keeping(unless: { $0 == .certain }) { 1 } == nil)
        certainty.doubt(.changed)
        #expect(certainty.keeping(unless: { $0 == .certain }) { 1 } == 1)
        try certainty.settle(at: TreeHead(origin: #require(Origin("x.example/log")), size: .empty, root: .zero))
        #expect(!certainty.open(unless: { true }) && certainty.standing == .settling)
        #expect(certainty.open(unless: { false }) && certainty.standing == .certain)
    }

    @Test("While the second store hangs, people record on", .timeLimit(.minutes(2)))
    func slowStore() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        let path = HeadStore(beside: world.path(of: SharedCase.owner)).path + ".lock"
        let lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(flock(lock, LOCK_EX) == 0)
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "Before"))
        let first = try node.core.store.firstUnadmitted()
        async let pushed = node.link.push(from: first)
        // Whether or not the push waits for the disk already, nobody else does.
        for number in 0..<20 { _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise \(number)")) }
        flock(lock, LOCK_UN)
        close(lock)
        _ = try await pushed
        #expect(try await Self.summaries(node).count == 21)
    }
}
