import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

extension Scene {
    /// The police, as they go on in a new log.
    static let goingOn: AgencyCode = "police-going-on"

    /// The first statement of the log in which the police go on, where their log ends as the register has it.
    mutating func continuing(_ change: (ContinuesControl) -> ContinuesControl = { $0 }) throws -> Sketch {
        let former = try #require(world.logs[World.police])
        if world.logs[Scene.goingOn] == nil {
            world.logs[Scene.goingOn] = former.continued(entropy: world.entropy)
        }
        let edge = world.register.admission.edge(of: former.origin).frontier
        let control = change(ContinuesControl(origin: former.origin, size: edge.size, root: edge.root))
        return Sketch(Scene.goingOn, .continues(control))
    }

    /// The police go on: their new log has its first two statements.
    mutating func goOn() throws {
        let first = try continuing()
        try world.accept(first)
        try world.accept(Sketch(Scene.goingOn, try #require(world.logs[Scene.goingOn]).keySet))
    }
}

extension AdmissionFaultTests {
    /// Logs that go on in another's place (decision 0042).
    static let continuedFaults: [FaultCase] = [
        FaultCase(name: "an end before the register's", code: "continues-edge") { scene in
            let sketch = try scene.continuing {
                ContinuesControl(origin: $0.origin, size: TreeSize($0.size.value - 1), root: $0.root)
            }
            return try scene.world.submission(sketch)
        },
        FaultCase(name: "an end that is another's", code: "continues-edge") { scene in
            let sketch = try scene.continuing { ContinuesControl(origin: $0.origin, size: $0.size, root: .zero) }
            return try scene.world.submission(sketch)
        },
        FaultCase(name: "a log under another name than the next", code: "continues-out-of-place") { scene in
            let control = try scene.continuing().control
            let stranger = PartyLog("stranger", .agency, entropy: scene.world.entropy)
            scene.world.logs["stranger"] = stranger
            return try scene.world.submission(Sketch("stranger", control))
        },
        FaultCase(name: "a log in another party's place", code: "continues-out-of-place") { scene in
            let other = try #require(scene.world.logs[World.council]).origin
            let sketch = try scene.continuing { ContinuesControl(origin: other, size: $0.size, root: $0.root) }
            return try scene.world.submission(sketch)
        },
        FaultCase(name: "the first statement of a log in the middle of one", code: "genesis-out-of-place", goesOn: true)
        {
            let control = try $0.continuing().control
            return try $0.world.submission(Sketch(World.police, control))
        },
        FaultCase(name: "a log begun by a key of the one before", code: "key-unknown") { scene in
            let key = try #require(scene.world.logs[World.police]).statementKey
            let sketch = try scene.continuing()
            return try scene.world.submission(sketch.with { $0.signer = key })
        },
        FaultCase(name: "a log begun by a forger", code: "signature") { scene in
            let key = try #require(scene.world.logs[World.police]).rootKey.publicKey
            let sketch = try scene.continuing()
            return try scene.world.submission(sketch.with { $0.signer = Forger(publicKey: key) })
        },
        FaultCase(name: "a log begun without a head of the register", code: "seen-head") { scene in
            let sketch = try scene.continuing()
            return try scene.world.submission(sketch.with { $0.seen = .some(nil) })
        },
        FaultCase(name: "a log begun by whoever's enrolment has ended", code: "enrolment-ended") { scene in
            let former = try #require(scene.world.logs[World.fire])
            scene.world.logs[Scene.goingOn] = former.continued(entropy: scene.world.entropy)
            let edge = scene.world.register.admission.edge(of: former.origin).frontier
            scene.world.now = scene.world.fireExpires
            return try scene.world.submission(
                Sketch(
                    Scene.goingOn,
                    .continues(ContinuesControl(origin: former.origin, size: edge.size, root: edge.root))))
        },
        FaultCase(name: "an entry in a log that has ended", code: "log-continued") { scene in
            try scene.goOn()
            return try scene.world.submission(scene.sound())
        },
        FaultCase(name: "an entry before the new log's keys", code: "key-unknown") { scene in
            let first = try scene.continuing()
            try scene.world.accept(first)
            let adoption = scene.world.adoption(by: World.police).control
            return try scene.world.submission(Sketch(Scene.goingOn, adoption))
        },
        FaultCase(name: "a key of the log that has ended", code: "key-of-closed-log") { scene in
            let first = try scene.continuing()
            try scene.world.accept(first)
            let old = try #require(scene.world.logs[World.police]).keySet
            return try scene.world.submission(Sketch(Scene.goingOn, old))
        },
        FaultCase(name: "a recall of another party's log", code: "ended-log-of-others") { scene in
            let control = scene.recall().control
            let taken = try #require(control.takenBack)
            let other = try #require(scene.world.logs[World.council]).origin
            let others = TakeBackControl(
                recipient: taken.recipient, places: taken.places, reason: taken.reason, endedLog: other)
            return try scene.world.submission(Sketch(World.police, .recall(others), in: scene.pairStream))
        },
    ]

    /// What a party gave from the log that ended it can give to others, and take back, from the one that goes on.
    @Test func whoGoesOnGivesAndTakesBackWhatItHadWritten() throws {
        var scene = try Scene.set.get()
        let given = scene.world.address(of: scene.account)
        try scene.goOn()
        let stream = StreamID(from: scene.world.entropy)
        let members = [World.police, World.council]
        try scene.world.accept(
            Sketch(
                Scene.goingOn, scene.world.circle(members, epoch: EpochID(from: scene.world.entropy)), in: stream))
        let shared = try scene.world.accept(
            scene.share().with {
                $0.author = Scene.goingOn
                $0.stream = stream
            })
        #expect(shared.judgement.deliveries[World.council]?.shared == [given])
        let recall = TakeBackControl(
            recipient: World.council,
            places: [TakeBackControl.Place(index: given.index, compartment: given.compartment)],
            reason: "wrong-agency", endedLog: given.origin)
        try scene.world.accept(Sketch(Scene.goingOn, .recall(recall), in: stream))
        #expect(scene.world.register.admission.takenBack[World.council]?.contains(given) == true)
        // Whoever follows the feed gets the same, and finds nothing wrong.
        for agency in [World.council, World.homes] {
            var follower = try scene.world.follower(of: agency)
            let followed = try scene.world.followToEnd(&follower, of: agency)
            #expect(followed.findings.isEmpty)
            #expect(follower.roster.parties[World.police]?.origin == scene.world.logs[Scene.goingOn]?.origin)
        }
        // Judged again, everything stands as it stood.
        let again = try scene.world.register.replayed(skippingRefused: false)
        #expect(again.verdicts.allSatisfy { $0.verdict.isAccepted })
    }

    /// The other party's names are the only ones that a log can go on under, each once.
    @Test func aLogIsNamedAfterTheOneBefore() throws {
        let names = [
            ("a.example/log", "a.example/log/r1"), ("a.example/log/r1", "a.example/log/r2"),
            ("a.example/log/r9", "a.example/log/r10"), ("a.example/log/r01", "a.example/log/r01/r1"),
            ("a.example/log/r0", "a.example/log/r0/r1"), ("a.example/r", "a.example/r/r1"),
            ("a.example/log/r18446744073709551614", "a.example/log/r18446744073709551615"),
        ]
        for (one, next) in names { #expect(Origin(one)?.continued?.text == next) }
        for none in ["a.example/log/r18446744073709551615", String(repeating: "a", count: Limits.originLength)] {
            let origin = try #require(Origin(none))
            #expect(origin.continued == nil)
        }
    }
}
