import Casework
import EventLogs
import NodeInterface
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// A circle that the broker refuses: here because its author's clock was a day ahead when it was written.
@Suite("After a refused circle") struct RefusedCircleTests {
    private static let day: Int64 = 86_400

    /// For another purpose than before: under the same powers nothing would be new.
    private static func share(_ scene: SharedCase, at node: OneNode, for purpose: String = "prevent-fire-harm")
        async throws
    {
        var form = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], protocolCode: "jag")
        form.purpose = purpose
        _ = try await node.core.share(form)
    }

    private static func epoch(_ scene: SharedCase, at node: OneNode) async throws -> EpochID? {
        let reference = try #require(CaseReference(scene.reference))
        return await node.core.ownCircles[reference.stream]?.control.epoch
    }

    private static func act(_ scene: SharedCase, at node: OneNode, _ action: String) async throws -> LeafIndex {
        let recorded = try await node.core.record(
            ActionForm(
                officer: "h1", caseReference: scene.reference, action: action, owner: node.core.agency.text))
        let event = try #require(recorded.events.last.flatMap { EventID(hex: $0) })
        return try #require(try node.core.store.recorded([event])[event])
    }

    /// The newest entry must be sealed for an epoch, stand in the case's stream, and be read by the other agency.
    private static func requireSealed(
        _ index: LeafIndex, of node: OneNode, for epoch: EpochID?, in scene: SharedCase
    ) throws {
        let placed = try #require(try node.core.store.readLog(from: index, limit: 1).first)
        let reference = try #require(CaseReference(scene.reference))
        let epoch = try #require(epoch)
        #expect(placed.statement.payload.stream == reference.stream)
        let record = try #require(placed.statement.payload.compartments.first { $0.label == "record" })
        #expect(record.reader == .epoch(epoch))
        let fire = scene.fire.core
        let received = try #require(try fire.store.received(origin: node.core.origin, index: index))
        let opened = fire.opener.open(placed.statement, at: index, compartments: received.compartments)
        #expect(opened.fields["record"] != nil)
    }

    @Test("A node that was started anew in between goes on with the circle before it")
    func restartInBetween() async throws {
        let scene = try await SharedCase()
        let before = try await Self.epoch(scene, at: scene.harbour)
        scene.world.time.advance(seconds: Self.day)
        try await Self.share(scene, at: scene.harbour)
        let refused = try await Self.epoch(scene, at: scene.harbour)
        scene.world.time.advance(seconds: -Self.day)
        await scene.harbour.close()
        let again = try await scene.world.open(SharedCase.owner)
        #expect(try await Self.epoch(scene, at: again) == refused && refused != before)
        try await scene.world.settle([again, scene.fire])
        #expect(try await again.refusedCount() > 0)
        #expect(try await Self.epoch(scene, at: again) == before)
        scene.world.time.advance(seconds: Self.day + 60)
        let index = try await Self.act(scene, at: again, "Ring her")
        try await scene.world.settle([again, scene.fire])
        try Self.requireSealed(index, of: again, for: before, in: scene)
    }

    @Test("Of two that wait the second goes on when only the first is refused")
    func firstOfTwo() async throws {
        let scene = try await SharedCase()
        let node = scene.harbour
        scene.world.time.advance(seconds: Self.day)
        try await Self.share(scene, at: node)
        let refused = try await Self.epoch(scene, at: node)
        scene.world.time.advance(seconds: -Self.day)
        _ = try await node.link.push(from: try node.core.store.firstUnadmitted())
        scene.world.time.advance(seconds: Self.day + 60)
        try await Self.share(scene, at: node, for: "protect-victim")
        let accepted = try await Self.epoch(scene, at: node)
        try await scene.world.settle([node, scene.fire])
        #expect(try await node.refusedCount() > 0)
        #expect(try await Self.epoch(scene, at: node) == accepted && accepted != refused)
        let index = try await Self.act(scene, at: node, "Ring her")
        try await scene.world.settle([node, scene.fire])
        try Self.requireSealed(index, of: node, for: accepted, in: scene)
    }

    @Test("Where it was the first, the next entry opens another stream, and a start finds that one again")
    func noneBefore() async throws {
        let scene = try await SharedCase()
        let reference = try #require(CaseReference(scene.reference))
        scene.world.time.advance(seconds: Self.day)
        _ = try await Self.act(scene, at: scene.fire, "Fit an alarm")
        let refused = try #require(await scene.fire.core.book.ownStreams[reference])
        scene.world.time.advance(seconds: -Self.day)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(await scene.fire.core.book.ownStreams[reference] == nil)
        scene.world.time.advance(seconds: Self.day + 60)
        _ = try await Self.act(scene, at: scene.fire, "Fit two alarms")
        try await scene.world.settle([scene.harbour, scene.fire])
        let second = try #require(await scene.fire.core.book.ownStreams[reference])
        #expect(second != refused)
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        #expect(await again.core.book.ownStreams[reference] == second)
        let index = try await Self.act(scene, at: again, "Look again")
        let placed = try #require(try again.core.store.readLog(from: index, limit: 1).first)
        #expect(placed.statement.payload.stream == second)
        try await scene.world.settle([scene.harbour, again])
        #expect(try scene.harbour.core.store.received(origin: again.core.origin, index: index) != nil)
    }

    /// Streams that are always the same ones cannot be replaced by others.
    @Test("The day's stream of readings is opened again")
    func readings() async throws {
        let scene = try await SharedCase()
        let (fire, core) = (scene.fire, scene.fire.core)
        scene.world.time.advance(seconds: Self.day)
        _ = try await core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        scene.world.time.advance(seconds: -Self.day)
        try await scene.world.settle([scene.harbour, fire])
        let refused = try await fire.refusedCount()
        #expect(refused > 0)
        scene.world.time.advance(seconds: Self.day + 60)
        _ = try await core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        try await scene.world.settle([scene.harbour, fire])
        #expect(try await fire.refusedCount() == refused)
    }

    @Test("The stream of reports about an author is opened again, and the author is told")
    func reports() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner, SharedCase.asker])
        let (harbour, fire) = (try await world.open(SharedCase.owner), try await world.open(SharedCase.asker))
        try await world.settle([harbour, fire])
        /// The other agency opens a stream for the two of them.
        func write() async throws {
            let new = try harbour.core.recorder.sharedCircle(
                of: StreamID(from: world.entropy), event: EventID(from: world.entropy),
                members: [SharedCase.owner, SharedCase.asker], recipients: [:], sequence: 0, decision: nil,
                reason: "case", roster: await harbour.core.roster, basis: await harbour.core.follower.size,
                now: world.time.now())
            try await harbour.core.append([new.draft], opening: new.circle)
            _ = try await harbour.link.push(from: try harbour.core.store.firstUnadmitted())
        }
        try await write()
        world.time.advance(seconds: Self.day)
        try await fire.link.pull(wait: 0)
        world.time.advance(seconds: -Self.day)
        try await world.settle([harbour, fire])
        #expect(try await fire.refusedCount() == 2)
        world.time.advance(seconds: Self.day + 60)
        try await write()
        try await world.settle([harbour, fire])
        #expect(try await fire.refusedCount() == 2)
        let last = LeafIndex((await fire.core.writer.size).value - 1)
        #expect(try harbour.core.store.received(origin: fire.core.origin, index: last) != nil)
    }
}
