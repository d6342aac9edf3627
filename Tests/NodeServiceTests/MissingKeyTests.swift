import EventLogs
import NodeInterface
import Partnership
import Replication
import SQLiteStore
import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import NodeService

/// An author says that something is for this agency, and gives it no key that opens it: RECEIVED must say so.
@Suite("Keys that were due and did not come") struct MissingKeyTests {
    /// What a node finds wrong with a statement of the owner's that comes with these grants.
    private static func findings(
        _ statement: Statement, at index: LeafIndex, _ grants: [[UInt8]], at node: OneNode
    ) async throws -> [ReasonCode] {
        let taking = PageTaking(
            store: node.core.store, opener: node.core.opener, ownOrigin: node.core.origin, now: node.core.time.now())
        return try taking.open(
            statement, index: index, at: await node.core.follower.size.value, admittedAt: Timestamp(wholeSeconds: 0),
            compartments: [], grants: grants, broughtBy: nil, roster: await node.core.roster
        ).findings.map(\.finding)
    }

    private static func grant(
        _ contents: GrantContents, of statement: Statement, in scene: SharedCase
    ) async throws -> [UInt8] {
        let party = try #require(await scene.harbour.core.roster.parties[SharedCase.asker])
        let context = GrantContext(
            origin: statement.origin, stream: statement.payload.stream, event: statement.eventID)
        return try GrantSeal.seal(
            contents, to: SharedCase.asker, publicKey: try #require(party.kemKey(at: scene.world.time.now())),
            in: context, entropy: scene.world.entropy
        ).encoded
    }

    private static func circle(
        _ recipients: [Label: Set<AgencyCode>], in scene: SharedCase
    ) async throws -> (new: NewCircle, statement: Statement, index: LeafIndex) {
        let core = scene.harbour.core
        let new = try core.recorder.sharedCircle(
            of: StreamID(from: scene.world.entropy), event: EventID(from: scene.world.entropy),
            members: [SharedCase.owner, SharedCase.asker], recipients: recipients, sequence: 0, decision: nil,
            reason: "case", roster: await core.roster, basis: await core.follower.size, now: scene.world.time.now())
        try await core.append([new.draft], opening: new.circle)
        let index = try #require(try core.store.recorded([new.draft.eventID])[new.draft.eventID])
        let placed = try #require(try core.store.readLog(from: index, limit: 1).first)
        return (new, placed.statement, index)
    }

    @Test("A share that ended before anybody fetched it leaves nothing to report")
    func endedOnItsWay() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        try await scene.answer(request, days: 1)
        scene.world.time.advance(seconds: 2 * 86_400)
        try await scene.world.settle([scene.harbour, scene.fire])
        for placed in try scene.fire.core.store.readLog(from: LeafIndex(0), limit: .max) {
            guard case .received(let report) = placed.statement.payload.control else { continue }
            #expect(report.findings == [])
        }
    }

    @Test("A circle without a grant, and one whose grant lacks a label's key")
    func circles() async throws {
        let scene = try await SharedCase()
        let made = try await Self.circle(["record": [SharedCase.asker], "risk": [SharedCase.asker]], in: scene)
        #expect(try await Self.findings(made.statement, at: made.index, [], at: scene.fire) == ["key-missing"])
        let epoch = made.new.circle.control.epoch
        let partial = GrantContents(
            epoch: epoch, circleKeys: made.new.circle.keys.filter { $0.key == "risk" }, contentKeys: [])
        let lacking = try await Self.grant(partial, of: made.statement, in: scene)
        #expect(try await Self.findings(made.statement, at: made.index, [lacking], at: scene.fire) == ["key-missing"])
        #expect(
            try await Self.findings(made.statement, at: made.index, made.new.draft.grants, at: scene.fire).isEmpty)
        #expect(made.new.draft.grants.count == 2, "one for the other agency, one for the author's own copy")
    }

    @Test("A circle that gives this agency nothing owes it no key")
    func nothingDue() async throws {
        let scene = try await SharedCase()
        for recipients in [[:], ["record": []]] as [[Label: Set<AgencyCode>]] {
            let made = try await Self.circle(recipients, in: scene)
            #expect(try await Self.findings(made.statement, at: made.index, [], at: scene.fire).isEmpty)
        }
    }

    @Test("A share without a grant, one whose grant lacks the keys, and one whose grant holds others")
    func shares() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        let start = await scene.harbour.core.writer.size
        try await scene.answer(request, days: 7)
        let log = try scene.harbour.core.store.readLog(from: start.nextIndex, limit: 20)
        let placed = try #require(log.first { $0.statement.payload.kind == .share })
        guard case .share(let share) = placed.statement.payload.control else { return }
        try #require(share.compartments.count > 1)
        try Self.bring(share, in: scene)
        func findings(_ grants: [[UInt8]]) async throws -> [ReasonCode] {
            try await Self.findings(placed.statement, at: placed.index, grants, at: scene.fire)
        }
        #expect(try await findings([]) == ["key-missing"])
        let empty = GrantContents(epoch: nil, circleKeys: [:], contentKeys: [])
        #expect(try await findings([Self.grant(empty, of: placed.statement, in: scene)]) == ["key-missing"])
        let others = share.compartments.map {
            (origin: $0.origin, compartment: $0.compartment, key: ContentKey(from: scene.world.entropy))
        }
        let wrong = GrantContents(epoch: nil, circleKeys: [:], contentKeys: others)
        let codes = try await findings([Self.grant(wrong, of: placed.statement, in: scene)])
        #expect(codes == share.compartments.map { _ in "key-commitment" })
        let both = GrantContents(epoch: nil, circleKeys: [:], contentKeys: Array(others.prefix(1)))
        #expect(
            try await findings([Self.grant(both, of: placed.statement, in: scene)]) == [
                "key-commitment", "key-missing",
            ])
        #expect(try await findings(placed.grants).isEmpty)
    }

    /// The statements that a share gives, as they come beside it.
    private static func bring(_ share: ShareControl, in scene: SharedCase) throws {
        let (harbour, fire) = (scene.harbour.core.store, scene.fire.core.store)
        for index in Set(share.compartments.map(\.index)) {
            let origin = scene.harbour.core.origin
            guard try fire.received(origin: origin, index: index) == nil else { continue }
            let placed = try #require(try harbour.readLog(from: index, limit: 1).first)
            let admission = try #require(try harbour.admission(of: index))
            try fire.saveReceived([
                ReceivedStatement(
                    registerPosition: admission.registerPosition, origin: origin, index: index,
                    bytes: placed.statement.bytes, compartments: [], grants: [])
            ])
        }
    }

    @Test("What honest agencies give each other comes with its keys")
    func honest() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        var reportCount = 0
        for node in [scene.harbour, scene.fire] {
            let size = await node.core.writer.size
            for placed in try node.core.store.readLog(from: LeafIndex(0), limit: Int(size.value)) {
                guard case .received(let report) = placed.statement.payload.control else { continue }
                reportCount += 1
                #expect(!report.findings.contains { ["key-missing", "key-commitment"].contains($0.finding) })
            }
        }
        #expect(reportCount > 2)
    }
}
