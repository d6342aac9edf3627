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
        var follower = await core.follower
        let body = try await Call(api: scene.world.broker, peer: SharedCase.asker)
            .send(method: .get, path: "/v1/feed", query: ["from": "\(follower.size.value)"], body: []).successBody()
        let page = try FeedPage(decoding: body)
        let followed = try follower.take(
            page, now: core.time.now(), own: { NodeCore.ownStatement(at: $0, in: core.store) },
            registered: { position in
                guard let leaf = try? core.store.registerLeaves(from: position, limit: 1).first,
                    case .verdict(let record)? = try? RegisterLeaf(decoding: leaf)
                else { return nil }
                return record
            })
        try PageTaking(store: core.store, opener: core.opener, ownOrigin: core.origin)
            .save(followed, frontier: follower.frontier.nodes, size: follower.size, leaves: page.leaves)
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
