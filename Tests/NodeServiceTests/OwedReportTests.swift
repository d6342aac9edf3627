import EventLogs
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import Testing

@testable import NodeService

/// What was received is reported, if not at once.
@Suite("A report that could not be written") struct OwedReportTests {
    @Test("The feed goes on from where the node stands, and the next pull reports")
    func reportedLater() async throws {
        let scene = try await SharedCase()
        let core = scene.fire.core
        let file = scene.world.path(of: SharedCase.asker).path + "/log.sqlite"
        _ = try await scene.harbour.core.record(
            ActionForm(
                officer: "h1", caseReference: scene.reference, action: "Ring her", owner: SharedCase.owner.text))
        _ = try await scene.harbour.link.push(from: try scene.harbour.core.store.firstUnadmitted())
        let (followed, written) = (await core.follower.size, await core.writer.size)
        try StoreCopy.run(
            "CREATE TRIGGER no_room BEFORE INSERT ON statements BEGIN SELECT RAISE(ABORT, 'no room'); END", in: file)
        await #expect(throws: AppendFailure.self) { try await scene.fire.link.pull(wait: 0) }
        let reached = await core.follower.size
        #expect(reached > followed)
        #expect(await core.writer.size == written)
        #expect(await core.owesReports)
        // There is nothing new to be had: only the report is tried again.
        await #expect(throws: AppendFailure.self) { try await scene.fire.link.pull(wait: 0) }
        try StoreCopy.run("DROP TRIGGER no_room", in: file)
        try await scene.fire.link.pull(wait: 25)
        #expect(await core.feedFault == nil)
        #expect(await !core.owesReports)
        let log = try core.store.readLog(from: written.nextIndex, limit: 10)
        #expect(log.count == 1)
        guard case .received(let report)? = log.first?.statement.payload.control else {
            Issue.record("what was received was not reported")
            return
        }
        #expect(report.registerSize == reached)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try scene.harbour.core.store.received(origin: core.origin, index: written.nextIndex) != nil)
    }
}
