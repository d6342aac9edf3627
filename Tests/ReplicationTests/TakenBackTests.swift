import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// What was withdrawn from an agency is not given to it again by any grant: the register refuses that, and so does the agency
/// itself where the broker does not (WIRE §4, decision 0023).
@Suite struct TakenBackTests {
    /// Follows a register in which everything was accepted, whatever admission would have said of it.
    private func follow(_ sketches: [Sketch], in scene: Scene) throws -> Followed {
        var world = scene.world
        var follower = try world.follower(of: World.council)
        _ = try world.followToEnd(&follower, of: World.council)
        let start = world.register.tree.size.value
        var entries: [FeedEntry] = []
        for sketch in sketches {
            let made = try world.submission(sketch)
            world.logs[sketch.author]?.append(made.statement)
            let position = world.register.tree.size.value
            world.register.append(
                .verdict(
                    AdmissionRecord(
                        origin: made.statement.origin, index: made.index, leafHash: made.statement.leafHash,
                        verdict: .accepted, admittedAt: world.now)))
            entries.append(
                FeedEntry(
                    position: position, statementPosition: position, index: made.index,
                    statement: CarriedStatement(
                        bytes: made.statement.bytes, compartments: [],
                        grants: sketch.grants)))
            guard case .share = made.statement.payload.control else { continue }
            entries.append(
                FeedEntry(
                    position: position, statementPosition: scene.account.position,
                    index: scene.account.submission.index,
                    statement: CarriedStatement(
                        bytes: scene.account.statement.bytes, compartments: [scene.accountPart.kept].compactMap(\.self),
                        grants: [])))
        }
        let page = FeedPage(
            from: TreeSize(start), leaves: world.register.leaves[Int(start)...].map(\.encoded),
            headNote: try world.register.note(at: world.register.tree.size), entries: entries)
        let taken = try world.take(page, into: &follower, of: World.council)
        return Followed(leaves: taken.leaves.count, statements: taken.statements, findings: taken.findings)
    }

    @Test func aShareBeforeAWithdrawalIsTakenIn() throws {
        let scene = try Scene.set.get()
        let followed = try follow([scene.share()], in: scene)
        #expect(followed.findings.isEmpty)
        #expect(followed.statements.flatMap(\.compartments).count == 1)
    }

    @Test(arguments: [false, true])
    func aShareAfterItIsReportedAndNothingOfItTakenIn(isRecall: Bool) throws {
        let scene = try Scene.set.get()
        let followed = try follow([isRecall ? scene.recall() : scene.withdrawal(), scene.share()], in: scene)
        #expect(followed.findings.map(\.finding) == ["share-withdrawn", "share-withdrawn"])
        #expect(followed.statements.allSatisfy { $0.compartments.isEmpty && $0.grants.isEmpty })
    }

    /// It is one agency that loses it.
    @Test func anotherAgencyIsGivenIt() throws {
        var scene = try Scene.set.get()
        let both = [World.police, World.homes]
        let stream = StreamID(from: scene.world.entropy)
        try scene.world.accept(
            Sketch(World.police, scene.world.circle(both, epoch: EpochID(from: scene.world.entropy)), in: stream))
        try scene.world.accept(
            scene.withdrawal(from: World.homes).with { $0.stream = stream })
        let given = scene.world.admit(try scene.world.submission(scene.share()))
        #expect(given.verdict == .accepted)
        #expect(given.deliveries[World.council]?.shared.isEmpty == false)
    }

    /// What was withdrawn is worth nothing where the withdrawal itself was refused.
    @Test func aRefusedWithdrawalTakesNothingBack() throws {
        var scene = try Scene.set.get()
        let repeated = scene.world.admit(try scene.world.submission(scene.withdrawal { $0.append($0[0]) }))
        #expect(!repeated.verdict.isAccepted)
        #expect(scene.world.admit(try scene.world.submission(scene.share())).verdict == .accepted)
    }
}
