import EventLogs
import Partnership
import Replication
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// What is still admitted at each limit, and that who follows or judges again decides as the broker did.
@Suite struct AdmissionLimitTests {
    @Test func aClockMayBeAheadByTheAllowanceAndBehindByAnything() throws {
        var scene = try Scene.set.get()
        let now = scene.world.now
        for issuedAt in [
            now.adding(seconds: Limits.clockAheadSeconds), now, Timestamp(wholeSeconds: 1_000_000_000),
            Timestamp(wholeSeconds: 0),
        ] {
            try scene.world.accept(scene.sound([]).with { $0.issuedAt = issuedAt })
        }
        let ahead = now.adding(seconds: Limits.clockAheadSeconds + 1)
        let refused = scene.world.admit(try scene.world.submission(scene.sound([]).with { $0.issuedAt = ahead }))
        #expect(refused.verdict == .refused("issued-ahead"))
        // Judged again, from what the leaf says of when it was admitted, everything comes out the same.
        let replayed = try scene.world.register.replayed(skippingRefused: false)
        #expect(replayed.verdicts.map(\.verdict) == scene.world.register.admitted.map(\.judgement.verdict))
    }

    @Test func aKeySignsUntilItsTermEndsByTheTimeOfAdmission() throws {
        var scene = try Scene.set.get()
        let ends = scene.world.now.adding(seconds: 86_400)
        try scene.world.accept(scene.world.keySet(of: World.police, until: ends))
        scene.world.now = ends.adding(seconds: -1)
        try scene.world.accept(scene.sound())
        scene.world.now = ends
        let late = scene.world.admit(try scene.world.submission(scene.sound()))
        #expect(late.verdict == .refused("key-expired"))
        // Whoever follows years later believes what was admitted in time.
        scene.world.now = ends.adding(seconds: 100_000_000)
        var follower = try scene.world.follower(of: World.council)
        let followed = try scene.world.followToEnd(&follower, of: World.council)
        #expect(followed.statements.contains { $0.record.verdict == .refused("key-expired") })
        #expect(follower.size == scene.world.register.tree.size)
        let replayed = try scene.world.register.replayed(skippingRefused: false)
        #expect(replayed.verdicts.map(\.verdict) == scene.world.register.admitted.map(\.judgement.verdict))
    }

    @Test func newKeysEndTheTermOfTheOldOnes() throws {
        var scene = try Scene.set.get()
        let ends = scene.world.now.adding(seconds: 86_400)
        try scene.world.accept(scene.world.keySet(of: World.police, until: ends))
        scene.world.now = ends
        // The root key signs key sets, and has no term.
        try scene.world.accept(scene.world.keySet(of: World.police, until: ends.adding(seconds: 1)))
        try scene.world.accept(scene.sound())
    }

    @Test func whatTravelsWithAStatementMayFillAPage() throws {
        var scene = try Scene.set.get()
        try scene.world.accept(scene.sound().with { $0.parts = scene.parts(of: Limits.pageByteCount) })
    }

    /// The register decides a run of like statements once; that is sound only while this holds.
    @Test func whatGoesToACircleIsDecidedAlikeAllDay() throws {
        let scene = try Scene.set.get()
        let terms = try scene.world.bundle.sharingProtocol()
        let decision = scene.world.decision(of: World.police)
        let day = Timestamp(wholeSeconds: scene.world.now.wholeSeconds / 86_400 * 86_400)
        var outcomes: Set<Bool> = []
        for label: Label in ["record", "identity", "health", "account"] {
            for recipient in [World.council, World.homes, World.meadow, World.fire, World.county] {
                let answers = [Int64]([0, 1, 40_000, 86_399]).map { seconds in
                    let question = ShareQuestion(
                        sender: World.police, recipient: recipient, label: label, sealed: nil,
                        purpose: decision.purpose, gateway: decision.gateway, basis: decision.basis,
                        condition: decision.condition, circle: [World.police, recipient], isEmergency: false,
                        isDirectShare: false, expires: nil, at: day.adding(seconds: seconds))
                    if case .permit = ShareDecisions.decideShare(question, under: terms) { return true }
                    return false
                }
                #expect(Set(answers).count == 1)
                outcomes.formUnion(answers)
            }
        }
        #expect(outcomes == [true, false], "the questions tell nothing apart")
    }

    /// A later circle, a later day and another decision are decided anew.
    @Test func whatWasPermittedOnceIsNotPermittedToOthers() throws {
        var scene = try Scene.set.get()
        try scene.world.accept(scene.sound())
        let other = scene.world.decision(of: World.police, purpose: "protect-life")
        let refused = scene.world.admit(try scene.world.submission(scene.sound().with { $0.decision = other }))
        #expect(refused.verdict == .refused("not-permitted"))
        try scene.world.accept(scene.sound())
    }

    /// A signature that was checked with another key than the roster gives counts for nothing.
    @Test func aSignatureCheckedUnderAnotherKeyIsCheckedAgain() throws {
        var scene = try Scene.set.get()
        let submission = try scene.world.submission(scene.sound())
        let forged = try scene.world.submission(
            scene.sound().with { sketch in
                sketch.signer = Forger(publicKey: submission.statement.key(in: scene.world))
            })
        let keys = [submission.statement.key(in: scene.world)]
        let unchecked = Submission(
            index: forged.index, statement: forged.statement, compartments: forged.compartments, grants: [], keys: keys)
        #expect(unchecked.signature == nil)
        #expect(scene.world.admit(unchecked).verdict == .refused("signature"))
    }
}

extension Statement {
    /// The police's key.
    fileprivate func key(in world: World) -> VerificationKey {
        world.logs[World.police]?.statementKey.publicKey ?? SigningKey(from: world.entropy).publicKey
    }
}

extension Scene {
    /// Compartments of a megabyte that together say they are as long as this.
    func parts(of byteCount: Int) -> [Part] {
        (0..<byteCount >> 20).map { _ in world.part("record", in: epoch, paddedLength: 1 << 20) }
    }
}
