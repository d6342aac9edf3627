import EventLogs
import Replication
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// A protocol that a party ends (DESIGN §4, §5): what was written before is accepted and goes to fewer, what was written
/// in knowledge of the end is refused.
@Suite struct EndedProtocolTests {
    private var scene: Scene

    init() throws { scene = try Scene.set.get() }

    private func end(by agency: AgencyCode) -> Sketch { scene.end(by: agency) }

    private func labels(_ judgement: Judgement) -> [AgencyCode: Set<Label>] {
        judgement.deliveries.mapValues(\.labels)
    }

    /// The next circle of the case, for some of its members.
    private func circle(_ members: [AgencyCode], epoch: EpochID, in world: World) throws -> Sketch {
        let head = try #require(world.logs[World.police]?.streams[scene.caseStream])
        return Sketch(
            World.police, world.circle(members, ["record": members], epoch: epoch, from: head.sequence + 1),
            in: scene.caseStream, decision: world.decision(of: World.police))
    }

    @Test func whatWasWrittenBeforeTheEndIsAcceptedAndGoesToFewer() throws {
        var world = scene.world
        let seen = world.register.seen
        try world.accept(end(by: World.homes))
        let written = try world.accept(scene.sound().with { $0.seen = .some(seen) })
        #expect(labels(written.judgement) == [World.council: ["record", "identity"]])
        // Who ended it has been told nothing that could look like a gap.
        var follower = try world.follower(of: World.homes)
        #expect(try world.followToEnd(&follower, of: World.homes).findings.isEmpty)
    }

    @Test func whatIsWrittenInKnowledgeOfTheEndIsRefused() throws {
        var world = scene.world
        try world.accept(end(by: World.homes))
        let refused = world.admit(try world.submission(scene.sound()))
        #expect(refused.verdict == .refused("protocol-ended"))
        #expect(labels(refused) == [World.council: []])
        // A label that only the others are due is no concern of whoever ended it.
        let identity = try world.accept(scene.sound(["identity"]))
        #expect(labels(identity.judgement)[World.homes] == nil)
        let epoch = EpochID(from: world.entropy)
        let wide = [World.police, World.council, World.homes]
        let again = world.admit(try world.submission(circle(wide, epoch: epoch, in: world)))
        #expect(again.verdict == .refused("protocol-ended"))
        let narrow = [World.police, World.council]
        try world.accept(circle(narrow, epoch: EpochID(from: world.entropy), in: world))
    }

    @Test func aCircleWrittenBeforeTheEndStandsWithoutWhoeverEndedIt() throws {
        var world = scene.world
        let seen = world.register.seen
        try world.accept(end(by: World.homes))
        let epoch = EpochID(from: world.entropy)
        let wide = [World.police, World.council, World.homes]
        let opened = try world.accept(circle(wide, epoch: epoch, in: world).with { $0.seen = .some(seen) })
        #expect(labels(opened.judgement) == [World.council: ["record"]])
        let next = try world.accept(
            scene.sound().with {
                $0.parts = [world.part("record", in: epoch)]
                $0.seen = .some(seen)
            })
        #expect(labels(next.judgement) == [World.council: ["record"]])
        // Signed again, it does not bring back the circle from before.
        try world.accept(world.adoption(by: World.homes))
        let late = try world.accept(
            scene.sound().with {
                $0.parts = [world.part("record", in: epoch)]
                $0.seen = .some(seen)
            })
        #expect(labels(late.judgement) == [World.council: ["record"]])
    }

    @Test func whoSignsAgainComesInWithTheNextCircle() throws {
        var world = scene.world
        try world.accept(end(by: World.homes))
        try world.accept(world.adoption(by: World.homes))
        let old = world.admit(try world.submission(scene.sound()))
        #expect(old.verdict == .refused("protocol-ended"))
        let epoch = EpochID(from: world.entropy)
        let wide = [World.police, World.council, World.homes]
        try world.accept(circle(wide, epoch: epoch, in: world))
        let next = try world.accept(scene.sound().with { $0.parts = [world.part("record", in: epoch)] })
        #expect(labels(next.judgement) == [World.council: ["record"], World.homes: ["record"]])
        var follower = try world.follower(of: World.homes)
        #expect(try world.followToEnd(&follower, of: World.homes).findings.isEmpty)
    }

    @Test func whoEndsItSendsNothingUnderItEither() throws {
        var world = scene.world
        let seen = world.register.seen
        try world.accept(end(by: World.police))
        let before = try world.accept(scene.sound().with { $0.seen = .some(seen) })
        #expect(before.judgement.deliveries.isEmpty)
        let after = world.admit(try world.submission(scene.sound()))
        #expect(after.verdict == .refused("protocol-ended"))
    }

    @Test func aShareWrittenBeforeTheEndGivesNothingAndOneAfterIsRefused() throws {
        var world = scene.world
        let seen = world.register.seen
        try world.accept(end(by: World.council))
        let before = try world.accept(scene.share().with { $0.seen = .some(seen) })
        // The stream of the two names no protocol: its statements go on, and nothing under the protocol with them.
        #expect(before.judgement.deliveries == [World.council: Delivery(labels: [], areGrantsDue: false)])
        let after = world.admit(try world.submission(scene.share()))
        #expect(after.verdict == .refused("protocol-ended"))
    }

    /// Whoever left stays out of the circle, whatever they sign: what is given to them in its stream waits for the next one.
    @Test func aShareInACircleThatItsRecipientLeftIsRefusedUntilTheNextCircle() throws {
        var world = scene.world
        try world.accept(end(by: World.council))
        try world.accept(world.adoption(by: World.council))
        let share = scene.share().with { $0.stream = scene.caseStream }
        let refused = world.admit(try world.submission(share))
        #expect(refused.verdict == .refused("protocol-ended"))
        #expect(refused.deliveries[World.council] == nil)
        let members = [World.police, World.council]
        try world.accept(circle(members, epoch: EpochID(from: world.entropy), in: world))
        let given = try world.accept(share)
        #expect(given.judgement.deliveries[World.council]?.shared.isEmpty == false)
    }

    /// The broker after a restart, and the auditor, reach the same.
    @Test func everyoneReachesTheSameDeliveries() throws {
        var world = scene.world
        let seen = world.register.seen
        try world.accept(end(by: World.homes))
        try world.accept(scene.sound().with { $0.seen = .some(seen) })
        world.admit(try world.submission(scene.sound()))
        try world.accept(world.adoption(by: World.homes))
        world.admit(try world.submission(scene.sound()))
        let wide = [World.police, World.council, World.homes]
        try world.accept(circle(wide, epoch: EpochID(from: world.entropy), in: world))
        let judged = world.register.admitted.map(\.judgement)
        for skipping in [false, true] {
            let replayed = try world.register.replayed(skippingRefused: skipping).verdicts
            #expect(replayed.map(\.verdict) == judged.map(\.verdict))
            #expect(replayed.map(\.deliveries) == judged.map(\.deliveries))
        }
    }

    // MARK: A broker that delivers all the same

    /// What came to an agency that is due none of it.
    private func follow(_ world: World, adding made: Admitted, to agency: AgencyCode) throws -> FollowedPage {
        var follower = try world.follower(of: agency)
        let page = try world.register.page(for: agency, from: 0, to: world.register.tree.size.value)
        let entry = FeedEntry(
            position: made.position, statementPosition: made.position, index: made.submission.index,
            statement: CarriedStatement(
                bytes: made.statement.bytes,
                compartments: made.submission.compartments.filter { part in
                    made.statement.payload.compartments.contains { $0.id == part.id }
                }, grants: made.submission.grants))
        let entries = (page.entries.filter { $0.position != made.position } + [entry]).sorted {
            $0.position < $1.position
        }
        return try world.take(page.with(entries: entries), into: &follower, of: agency)
    }

    @Test func whatComesUnderAnEndedProtocolIsReportedAndNotTakenIn() throws {
        var world = scene.world
        let seen = world.register.seen
        try world.accept(end(by: World.homes))
        let made = try world.accept(scene.sound().with { $0.seen = .some(seen) })
        let followed = try follow(world, adding: made, to: World.homes)
        #expect(
            followed.findings == [
                ReceivedFinding(
                    origin: made.statement.origin, index: made.submission.index, finding: "protocol-not-in-force")
            ])
        let taken = try #require(followed.statements.first { $0.position == made.position })
        #expect(taken.compartments.isEmpty)
        // To whom it is due it comes whole.
        let due = try follow(world, adding: made, to: World.council)
        #expect(due.findings.isEmpty)
        #expect(due.statements.first { $0.position == made.position }?.compartments.count == 1)
    }

    @Test func aShareUnderAnEndedProtocolIsReportedAndItsKeysAreNotTakenIn() throws {
        var world = scene.world
        let seen = world.register.seen
        try world.accept(end(by: World.council))
        let made = try world.accept(scene.share().with { $0.seen = .some(seen) })
        let followed = try follow(world, adding: made, to: World.council)
        #expect(followed.findings.map(\.finding) == ["protocol-not-in-force"])
        #expect(followed.statements.first { $0.position == made.position }?.grants.isEmpty == true)
    }
}
