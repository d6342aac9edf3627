import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

/// Who receives what (DESIGN §4): the circle's members, the labels they are due, and nobody else.
@Suite struct DeliveryTests {
    private var scene: Scene

    init() throws { scene = try Scene.set.get() }

    private func labels(_ judgement: Judgement) -> [AgencyCode: Set<Label>] {
        judgement.deliveries.mapValues(\.labels)
    }

    @Test func aStatementGoesToTheCircleAndItsCompartmentsByLabel() {
        let due = labels(scene.record.judgement)
        #expect(
            due == [
                World.council: ["record", "identity"], World.homes: ["record"],
            ])
        #expect(scene.account.judgement.deliveries.isEmpty)
    }

    @Test func aControlStatementGoesToEveryPartyButItsAuthor() throws {
        var world = scene.world
        let adopted = try world.accept(world.adoption(by: World.police))
        let everybody = Set(world.logs.keys).subtracting([World.police])
        #expect(Set(adopted.judgement.deliveries.keys) == everybody)
        #expect(adopted.judgement.deliveries.values.allSatisfy { $0 == Delivery(labels: []) })
    }

    /// It keeps its place in the stream, and whoever lacked it there would take it for withheld.
    @Test func aRefusedControlStatementGoesToEveryPartyToo() throws {
        var world = scene.world
        let log = try #require(world.logs[World.police])
        let judgement = world.admit(
            try world.submission(Sketch(World.police, log.genesis(of: world.fingerprint))))
        #expect(!judgement.verdict.isAccepted)
        #expect(Set(judgement.deliveries.keys) == Set(world.logs.keys).subtracting([World.police]))
        #expect(judgement.deliveries.values.allSatisfy { $0 == Delivery(labels: []) })
    }

    /// Meadow Housing has signed everything and has no part in the matter.
    @Test func whoHasNoRoleInAMatterReceivesNothingOfIt() {
        for made in scene.world.register.admitted where !made.statement.payload.kind.isControl {
            #expect(made.judgement.deliveries[World.meadow] == nil, "\(made.position)")
            #expect(made.judgement.deliveries[World.auditor] == nil, "\(made.position)")
            #expect(made.judgement.deliveries[World.broker] == nil, "\(made.position)")
        }
    }

    @Test func anExcludedMemberCannotTell() throws {
        var world = scene.world
        let head = try #require(world.logs[World.police]?.streams[scene.caseStream])
        let remaining = [World.police, World.council]
        let epoch = EpochID(from: world.entropy)
        let before = world.register.entries(for: World.homes)
        let narrowed = try world.accept(
            Sketch(
                World.police,
                world.circle(
                    remaining, ["record": remaining], epoch: epoch, from: head.sequence + 1),
                in: scene.caseStream, decision: world.decision(of: World.police)))
        #expect(Set(narrowed.judgement.deliveries.keys) == [World.council])
        for _ in 0..<3 {
            let made = try world.accept(
                scene.sound().with { $0.parts = [world.part("record", in: epoch)] })
            #expect(Set(made.judgement.deliveries.keys) == [World.council])
        }
        // Nothing in its feed says that the stream went on, and no check of its node can find it.
        #expect(world.register.entries(for: World.homes) == before)
        var follower = try world.follower(of: World.homes)
        #expect(try world.followToEnd(&follower, of: World.homes).findings.isEmpty)
    }

    @Test func anExcludedMemberMayBeAdmittedAgainWithoutAFinding() throws {
        var world = scene.world
        for members in [
            [World.police, World.council], [World.police, World.council, World.homes],
        ] {
            let head = try #require(world.logs[World.police]?.streams[scene.caseStream])
            try world.accept(
                Sketch(
                    World.police,
                    world.circle(
                        members, ["record": members], epoch: EpochID(from: world.entropy),
                        from: head.sequence + 1),
                    in: scene.caseStream, decision: world.decision(of: World.police)))
        }
        var follower = try world.follower(of: World.homes)
        #expect(try world.followToEnd(&follower, of: World.homes).findings.isEmpty)
    }

    @Test func aShareGivesTheNamedCompartmentsAndNoOther() throws {
        var world = scene.world
        try world.accept(scene.share())
        let given = try #require(world.register.admitted.last?.judgement.deliveries)
        #expect(Set(given.keys) == [World.council])
        #expect(given[World.council]?.shared == [world.address(of: scene.account)])
        #expect(given[World.council]?.sharedUntil != nil)
        let entry = try #require(
            world.register.entries(for: World.council).last {
                $0.statementPosition == scene.account.position
            })
        #expect(entry.position == world.register.admitted.last?.position)
        #expect(entry.statement.compartments == [scene.accountPart.kept])
    }

    @Test func aRefusedStatementTellsItsMembersThatItsPlaceIsVoid() throws {
        var world = scene.world
        let judgement = world.admit(
            try world.submission(scene.sound().with { $0.grants = [[1]] }))
        #expect(judgement.verdict == .refused("grant-mismatch"))
        #expect(labels(judgement) == [World.council: [], World.homes: []])
    }

    /// A circle that is refused has no members: the one before it counts.
    @Test func aRefusedCircleAdmitsNobody() throws {
        var world = scene.world
        let head = try #require(world.logs[World.police]?.streams[scene.caseStream])
        let wide = [World.police, World.council, World.homes, World.meadow]
        let judgement = world.admit(
            try world.submission(
                Sketch(
                    World.police,
                    world.circle(
                        wide, ["reporter": wide], epoch: EpochID(from: world.entropy),
                        from: head.sequence + 1),
                    in: scene.caseStream, decision: world.decision(of: World.police))))
        #expect(judgement.verdict == .refused("not-permitted"))
        #expect(Set(judgement.deliveries.keys) == [World.council, World.homes])
        let next = try world.accept(scene.sound())
        #expect(Set(next.judgement.deliveries.keys) == [World.council, World.homes])
    }

    /// What a statement contains is judged at the head it names (DESIGN §4): a signature in between
    /// does not help it, and a later head does.
    @Test func aSignatureCountsFromTheHeadThatTheAuthorHadSeen() throws {
        var world = scene.world
        let before = world.register.seen
        let members = [World.police, World.county]
        let opening = Sketch(
            World.police,
            world.circle(members, ["record": members], epoch: EpochID(from: world.entropy)),
            in: StreamID(from: world.entropy), decision: world.decision(of: World.police))
        let log = try #require(world.logs[World.county])
        try world.accept(Sketch(World.county, log.keySet))
        try world.accept(world.adoption(by: World.county))
        let early = world.admit(try world.submission(opening.with { $0.seen = .some(before) }))
        #expect(early.verdict == .refused("protocol-not-in-force"))
        let late = world.admit(
            try world.submission(opening.with { $0.stream = StreamID(from: world.entropy) }))
        #expect(late.verdict == .accepted)
        #expect(labels(late) == [World.county: ["record"]])
    }

    /// A term that ends between writing and admission keeps the author from nothing it wrote to
    /// others.
    @Test func aMemberWhoseEnrolmentEndsNeverMakesAStatementRefused() throws {
        var world = scene.world
        let members = [World.police, World.council, World.fire]
        let epoch = EpochID(from: world.entropy)
        let stream = StreamID(from: world.entropy)
        try world.accept(
            Sketch(
                World.police, world.circle(members, ["record": members], epoch: epoch),
                in: stream, decision: world.decision(of: World.police)))
        let written = try world.submission(
            scene.sound().with {
                $0.stream = stream
                $0.parts = [world.part("record", in: epoch)]
            })
        world.now = world.fireExpires
        let judgement = world.admit(written)
        #expect(judgement.verdict == .accepted)
        #expect(labels(judgement)[World.council] == ["record"])
    }
}
