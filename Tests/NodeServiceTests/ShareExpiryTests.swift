import EventLogs
import Foundation
import NodeInterface
import Partnership
import Replication
import SQLiteStore
import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// What was given until a day is gone from that day on, wherever it was (WIRE §4, SHARE and PURGED).
@Suite("A share ends at its recipient") struct ShareExpiryTests {
    private static let day: Int64 = 86_400

    @Test("To the second: readable before, destroyed at the end, and the author is told")
    func endsToTheSecond() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 28)
        #expect(try await scene.labels(at: scene.fire) == ["record", "risk", "safe-contact"])
        await scene.fire.core.keepViews()
        let given = try Given(at: scene.fire)
        try #require(given.compartments.count == 2)
        #expect(try given.held(at: scene.fire) == 2 && given.hasGrant(at: scene.fire))

        scene.world.time.advance(seconds: 28 * Self.day - 1)
        #expect(try await scene.fire.core.dropExpired() == 0)
        #expect(try await scene.labels(at: scene.fire) == ["record", "risk", "safe-contact"])

        scene.world.time.advance(seconds: 1)
        #expect(try await scene.fire.core.dropExpired() == 2)
        #expect(try await scene.labels(at: scene.fire) == ["record"])
        #expect(try given.held(at: scene.fire) == 0 && !given.hasGrant(at: scene.fire))
        #expect(try await scene.fire.core.search(SearchForm(officer: "f1", words: "sister")).isEmpty)
        #expect(try await scene.fire.core.dropExpired() == 0, "once")

        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try Self.told(scene) == [Set(given.compartments.map(\.compartment))])
        #expect(
            try await scene.labels(at: scene.harbour).contains("safe-contact"), "its author keeps it")
    }

    @Test("A restart rebuilds the same end, from the kept views and without them")
    func survivesARestart() async throws {
        for keepsViews in [true, false] {
            let scene = try await SharedCase()
            try await scene.give(days: 28)
            let given = try Given(at: scene.fire)
            if keepsViews { await scene.fire.core.keepViews() }
            await scene.fire.close()
            scene.world.time.advance(seconds: 28 * Self.day)
            let again = try await scene.world.open(SharedCase.asker)
            #expect(try await again.core.dropExpired() == 2)
            #expect(try given.held(at: again) == 0)
            #expect(try await scene.labels(at: again) == ["record"])
            try await scene.world.settle([scene.harbour, again])
            await again.core.keepViews()
            await again.close()
            let third = try await scene.world.open(SharedCase.asker)
            #expect(try await third.core.dropExpired() == 0, "the log says that it was done")
            #expect(try await scene.labels(at: third) == ["record"])
        }
    }

    @Test("A crash after destroying and before telling: it is told at the next start")
    func crashBeforeTelling() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 28)
        let given = try Given(at: scene.fire)
        await scene.fire.core.keepViews()
        scene.world.time.advance(seconds: 28 * Self.day)
        // The log takes nothing any more: destroying goes through, telling does not.
        await scene.fire.close()
        await #expect(throws: AppendFailure.stopping) { try await scene.fire.core.dropExpired() }
        #expect(try given.held(at: scene.fire) == 0)
        let again = try await scene.world.open(SharedCase.asker)
        #expect(try await scene.labels(at: again) == ["record"])
        #expect(try await again.core.dropExpired() == 2)
        try await scene.world.settle([scene.harbour, again])
        #expect(try Self.told(scene) == [Set(given.compartments.map(\.compartment))])
    }

    @Test("Given again it can be read again, and its new end counts, also after a restart")
    func givenAgain() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 28)
        scene.world.time.advance(seconds: 28 * Self.day)
        #expect(try await scene.fire.core.dropExpired() == 2)
        try await scene.world.settle([scene.harbour, scene.fire])
        try await scene.give(days: 7)
        #expect(try await scene.labels(at: scene.fire) == ["record", "risk", "safe-contact"])
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        #expect(try await scene.labels(at: again) == ["record", "risk", "safe-contact"])
        scene.world.time.advance(seconds: 7 * Self.day - 1)
        #expect(try await again.core.dropExpired() == 0)
        scene.world.time.advance(seconds: 1)
        #expect(try await again.core.dropExpired() == 2)
    }

    @Test("What is given again before the report of the first end is registered keeps its own end")
    func givenAgainBeforeTheReport() async throws {
        let scene = try await SharedCase()
        let second = try await scene.ask()
        try await scene.give(days: 28)
        scene.world.time.advance(seconds: 28 * Self.day)
        #expect(try await scene.fire.core.dropExpired() == 2)
        try await scene.answer(second, days: 7)
        try await scene.world.settle([scene.harbour])
        // The share stands in the register before the report, and after it in fire's own order of events.
        try await scene.world.settle([scene.fire, scene.harbour])
        #expect(try await scene.labels(at: scene.fire) == ["record", "risk", "safe-contact"])
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        scene.world.time.advance(seconds: 7 * Self.day)
        #expect(try await again.core.dropExpired() == 2)
    }

    @Test("A later end of a second share counts")
    func laterEndCounts() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        scene.world.time.advance(seconds: 6 * Self.day)
        try await scene.give(days: 7)
        scene.world.time.advance(seconds: Self.day)
        #expect(try await scene.fire.core.dropExpired() == 0)
        scene.world.time.advance(seconds: 6 * Self.day)
        #expect(try await scene.fire.core.dropExpired() == 2)
    }

    /// Decision 0016: else a broker could have everything destroyed everywhere by one time far ahead, or nothing at all by
    /// admitting nothing.
    @Test("Only the node's own clock ends it: the register's time neither hastens that nor holds it up")
    func ownClockAlone() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        let given = scene.world.time.now()
        scene.world.time.advance(seconds: 365 * Self.day)
        _ = try await scene.harbour.core.record(ReportForm(officer: "h1", summary: "A year ahead"))
        try await scene.world.settle([scene.harbour])
        scene.world.time.set(given.adding(seconds: 60))
        try await scene.world.settle([scene.fire])
        #expect(try await scene.fire.core.dropExpired() == 0)
        #expect(try await scene.labels(at: scene.fire) == ["record", "risk", "safe-contact"])
        await scene.fire.core.keepViews()
        let size = await scene.fire.core.follower.size
        scene.world.time.advance(seconds: 7 * Self.day)
        #expect(try await scene.fire.core.dropExpired() == 2)
        #expect(await scene.fire.core.follower.size == size, "nothing has come from the register meanwhile")
    }

    /// What the author was told, report by report.
    private static func told(_ scene: SharedCase) throws -> [Set<CompartmentID>] {
        try scene.harbour.core.store.received(from: 0, limit: .max).compactMap { received in
            guard case .purged(let gone, let reason, nil) = try Statement(decoding: received.bytes).payload.control
            else { return nil }
            #expect(reason == "expired")
            return Set(gone)
        }
    }

    /// What the newest share at a node gave.
    private struct Given {
        let share: CaseBook.Address
        let compartments: [CompartmentAddress]

        init(at node: OneNode) throws {
            var found: (CaseBook.Address, [CompartmentAddress])?
            for received in try node.core.store.received(from: 0, limit: .max) {
                guard case .share(let share) = try Statement(decoding: received.bytes).payload.control else { continue }
                found = (CaseBook.Address(origin: received.origin, index: received.index), share.compartments)
            }
            (share, compartments) = try #require(found)
        }

        /// How many of them are here with their keys.
        func held(at node: OneNode) throws -> Int {
            var count = 0
            for address in compartments {
                let received = try node.core.store.received(origin: address.origin, index: address.index)
                let isHere = received?.compartments.contains { $0.id == address.compartment } == true
                let hasKey = try node.core.store.contentKey(of: address) != nil
                #expect(isHere == hasKey)
                if isHere { count += 1 }
            }
            return count
        }

        func hasGrant(at node: OneNode) throws -> Bool {
            try node.core.store.received(origin: share.origin, index: share.index)?.grants.isEmpty == false
        }
    }
}
