import HTTPTransport
import NodeProjections
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog
import Testing

@testable import NodeService

/// What a node that stopped at the wrong moment knows at its next start.
@Suite("A node stopped while taking in a page") struct CrashTests {
    /// Stored and not opened: without a second look at its grants the case would stay sealed for good.
    @Test(
        "Stored and not opened: the next start opens it, also what was read ahead", arguments: [true, false],
        [1, Limits.rebuildPageLeafCount])
    func openedAtTheNextStart(keepsViews: Bool, pageCount: Int) async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        if keepsViews { await scene.fire.core.keepViews() }
        try await scene.answer(request, days: 7)
        try await scene.world.settle([scene.harbour])

        let core = scene.fire.core
        _ = try await UnreportedTests.store(scene)
        await scene.fire.close()

        var rebuild = NodeRebuild(parts: try scene.world.parts(of: core, withKeptViews: keepsViews))
        rebuild.pageCount = pageCount
        rebuild.waitsForNext = true
        let rebuilt = try await rebuild.views()
        let again = try await scene.world.open(SharedCase.asker)
        #expect(try await scene.labels(at: again) == ["record", "risk", "safe-contact"])
        try #require(try rebuilt.orderedLogicalDump() == again.core.views.orderedLogicalDump())
        try await scene.world.settle([scene.harbour, again])
    }
}
