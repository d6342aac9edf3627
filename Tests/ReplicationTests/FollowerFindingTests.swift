import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// What a node reports of a broker or an author that misbehaves (DESIGN §4, RECEIVED).
@Suite struct FollowerFindingTests {
    private let scene: Scene
    private let agency = World.council

    init() throws { scene = try Scene.set.get() }

    private func findings(_ world: World, _ page: FeedPage) throws -> [ReceivedFinding] {
        var follower = try world.follower(of: agency)
        return try world.take(page, into: &follower, of: agency).findings
    }

    private func whole(_ world: World) throws -> FeedPage {
        try world.register.page(for: agency, from: 0, to: world.register.tree.size.value)
    }

    /// Each statement of the case withheld in turn: the next one of the stream shows it.
    @Test func aWithheldStatementShowsAsAGapAtTheNextOneOfItsStream() throws {
        var world = scene.world
        var made: [Admitted] = []
        for _ in 0..<4 { made.append(try world.accept(scene.sound())) }
        let page = try whole(world)
        for (withheld, next) in zip(made, made.dropFirst()) {
            let entries = page.entries.filter { $0.position != withheld.position }
            #expect(
                try findings(world, page.with(entries: entries)) == [
                    ReceivedFinding(
                        origin: next.statement.origin, index: next.submission.index,
                        finding: "stream-gap")
                ])
        }
        // The circle itself withheld: what follows cannot begin a stream.
        let entries = page.entries.filter { entry in
            let isFirst = entry.position == scene.record.position - 1
            return !isFirst
        }
        #expect(
            try findings(world, page.with(entries: entries)).map(\.finding) == ["stream-gap"])
    }

    @Test func aWithheldControlStatementShowsAsAGap() throws {
        var world = scene.world
        try world.accept(world.adoption(by: World.police))
        try world.accept(world.adoption(by: World.police))
        let page = try whole(world)
        let position = world.register.tree.size.value - 2
        let entries = page.entries.filter { $0.position != position }
        #expect(
            try findings(world, page.with(entries: entries)).map(\.finding) == ["stream-gap"])
    }

    @Test func whatIsNotWhatTheStatementSaysIsReportedAndNotTakenIn() throws {
        var world = scene.world
        let grant = world.grant(to: agency)
        let made = try world.accept(
            scene.sound(["record", "identity"]).with { $0.grants = [grant] })
        let page = try whole(world)
        let place = try #require(page.entries.lastIndex { $0.position == made.position })
        let entry = page.entries[place]
        let carried = entry.statement.compartments
        let first = try #require(carried.first)
        let extra = try #require(world.part("record", in: scene.epoch).carried)
        let cases: [(FeedEntry, [ReasonCode], compartments: Int, grants: Int)] = [
            (entry, [], 2, 1),
            (
                entry.with(compartments: [
                    CarriedCompartment(id: first.id, content: [1], wrap: first.wrap), carried[1],
                ]), ["compartment-mismatch"], 1, 1
            ),
            (
                entry.with(
                    compartments: carried.map {
                        CarriedCompartment(id: $0.id, content: $0.content, wrap: nil)
                    }), ["compartment-mismatch", "compartment-mismatch"], 0, 1
            ),
            (entry.with(compartments: carried + [extra]), ["compartment-mismatch"], 2, 1),
            (entry.with(grants: [[1]]), ["grant-mismatch"], 2, 0),
            (entry.with(grants: [grant, [1]]), ["grant-mismatch"], 2, 1),
        ]
        for (number, (changed, expected, compartments, grants)) in cases.enumerated() {
            var entries = page.entries
            entries[place] = changed
            var follower = try world.follower(of: agency)
            let taken = try world.take(
                page.with(entries: entries), into: &follower, of: agency)
            #expect(taken.findings.map(\.finding) == expected, "\(number)")
            #expect(taken.findings.allSatisfy { $0.index == made.submission.index })
            let statement = taken.statements.last { $0.position == made.position }
            #expect(statement?.compartments.count == compartments, "\(number)")
            #expect(statement?.grants.count == grants, "\(number)")
        }
    }

    /// The broker should have refused it; by one second more than clocks differ, and not by less.
    @Test(arguments: [Limits.clockAheadSeconds, Limits.clockAheadSeconds + 1])
    func whatWasIssuedAheadOfItsAdmissionIsReported(seconds: Int64) throws {
        var world = scene.world
        let issuedAt = world.now.adding(seconds: seconds)
        let submission = try world.submission(scene.sound().with { $0.issuedAt = issuedAt })
        let judgement = world.register.admit(submission, now: issuedAt, recordedAt: world.now)
        try #require(judgement.verdict == .accepted)
        #expect(
            try findings(world, try whole(world)).map(\.finding)
                == (seconds > Limits.clockAheadSeconds ? ["issued-ahead"] : []))
    }

    /// A refused statement keeps its place, among keys and adoptions too, and everybody has it there.
    @Test func aRefusedControlStatementIsNoGap() throws {
        var world = scene.world
        let ahead = world.now.adding(seconds: Limits.clockAheadSeconds + 1)
        let refused = world.admit(
            try world.submission(world.adoption(by: World.police).with { $0.issuedAt = ahead }))
        #expect(refused.verdict == .refused("issued-ahead"))
        try world.accept(world.adoption(by: World.police))
        #expect(try findings(world, try whole(world)).isEmpty)
    }

    /// A refused statement whose place was wrong has none, and the author's error is no gap of the broker's.
    @Test func aStatementRefusedForItsPlaceIsNoGap() throws {
        var world = scene.world
        for number in 0..<3 {
            let judgement = world.admit(
                try world.submission(scene.sound().with { $0.place = (UInt64(40 + number), .zero) }))
            try #require(judgement.verdict == .refused("stream-sequence"))
            try world.accept(scene.sound())
        }
        #expect(try findings(world, try whole(world)).isEmpty)
    }

    /// One bit turned anywhere in a page: refused, reported, or without any effect at all.
    @Test func noTurnedBitEverChangesSilentlyWhatANodeBelieves() throws {
        var world = scene.world
        let grant = world.grant(to: agency)
        try world.accept(scene.sound(["record", "identity"]).with { $0.grants = [grant] })
        try world.accept(scene.answer())
        let begin = world.register.tree.size.value - 6
        var start = try world.follower(of: agency)
        _ = try world.take(
            try world.register.page(for: agency, from: 0, to: begin), into: &start, of: agency)
        let page = try world.register.page(
            for: agency, from: begin, to: world.register.tree.size.value)
        try #require(page.entries.count >= 2)
        let honest = try Outcome(page, world, start, agency)
        let bytes = page.encoded
        var refused = 0
        var reported = 0
        try checkProperty(cases: 800) { generator in
            var damaged = bytes
            damaged[generator.int(in: 0...bytes.count - 1)] ^= 1 << UInt8(generator.int(in: 0...7))
            guard let read = try? FeedPage(decoding: damaged),
                let outcome = try? Outcome(read, world, start, agency)
            else {
                refused += 1
                return
            }
            if outcome.findings > 0 {
                reported += 1
                return
            }
            try #require(outcome == honest)
        }
        #expect(refused > 300 && reported > 50, "\(refused) refused, \(reported) reported")
    }

    /// All that a node believes after a page.
    private struct Outcome: Equatable {
        let statements: [[UInt8]]
        let positions: [UInt64]
        let compartments: [[CarriedCompartment]]
        let grants: [[[UInt8]]]
        let frontier: TreeFrontier
        let circle: EpochID?
        let findings: Int

        init(
            _ page: FeedPage, _ world: World, _ start: RegisterFollower, _ agency: AgencyCode
        ) throws {
            var follower = start
            let taken = try world.take(page, into: &follower, of: agency)
            statements = taken.statements.map(\.statement.bytes)
            positions = taken.statements.map(\.position)
            compartments = taken.statements.map(\.compartments)
            grants = taken.statements.map(\.grants)
            frontier = follower.frontier
            let stream = taken.statements.first?.statement
            circle = stream.flatMap {
                follower.circle(
                    of: StreamAddress(origin: $0.origin, stream: $0.payload.stream))?.epoch
            }
            findings = taken.findings.count
        }
    }
}
