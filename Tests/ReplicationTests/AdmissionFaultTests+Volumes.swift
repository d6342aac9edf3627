import EventLogs
import Partnership
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import Replication

extension Scene {
    /// The facts of a volume of the police's log.
    func facts(
        _ number: UInt64, size: UInt64 = World.volumeWidth.leafCount, root: Hash256? = nil
    ) throws -> VolumeFacts {
        let origin = try #require(world.logs[World.police]).origin
        let roots = world.register.admission.edge(of: origin).volumeRoots
        let known = number < UInt64(roots.count) ? roots[Int(number)] : .zero
        return VolumeFacts(number: number, size: size, root: root ?? known, reason: "retention")
    }

    /// Long enough after the newest entry for everything to be at rest.
    mutating func rest() { world.now = world.now.adding(seconds: Limits.restingSeconds) }

    func proposal(_ facts: VolumeFacts) -> Sketch { Sketch(World.police, .destroyProposed(facts)) }

    /// The board's act about what was proposed.
    func destruction(_ facts: VolumeFacts, of proposal: EventID, by signers: Int? = nil) throws -> Sketch {
        let decision = VolumeDestruction(
            origin: try #require(world.logs[World.police]).origin, facts: facts, proposal: proposal,
            decidedAt: world.now)
        return try boardAct(decision, .destroy, by: signers) { .destroy($0) }
    }

    /// Proposed and decided.
    mutating func destroyed(_ number: UInt64) throws -> VolumeFacts {
        let facts = try facts(number)
        let proposed = try world.accept(proposal(facts)).statement.eventID
        try world.accept(destruction(facts, of: proposed))
        return facts
    }
}

extension AdmissionFaultTests {
    /// What stops a volume from being destroyed (decision 0039).
    static let volumeFaults: [FaultCase] = [
        FaultCase(name: "a volume of another size", code: "volume-size") { scene in
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(0, size: 8)))
        },
        FaultCase(name: "a volume that is not complete", code: "volume-incomplete") { scene in
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(2)))
        },
        FaultCase(name: "a volume beyond every log", code: "volume-incomplete") { scene in
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(.max)))
        },
        FaultCase(name: "a root that the leaves do not have", code: "volume-root") { scene in
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(0, root: .zero)))
        },
        FaultCase(name: "a volume that is gone", code: "volume-gone") { scene in
            scene.rest()
            let facts = try scene.destroyed(0)
            return try scene.world.submission(scene.proposal(facts))
        },
        FaultCase(name: "a case that is neither erased nor at rest", code: "volume-not-over") { scene in
            scene.world.now = scene.world.now.adding(seconds: Limits.restingSeconds - 1)
            return try scene.world.submission(scene.proposal(scene.facts(1)))
        },
        FaultCase(name: "a volume with a stream that somebody holds", code: "on-hold") { scene in
            try scene.world.accept(scene.erasing(.hold(.placed(try scene.heldStreams, reason: "death"))))
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(1)))
        },
        FaultCase(name: "a holder who was asked and has not answered", code: "volume-kept") { scene in
            _ = try scene.question()
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(1)))
        },
        FaultCase(name: "a holder who keeps it under a law", code: "volume-kept") { scene in
            let question = try scene.question()
            let until = scene.world.now.adding(seconds: Limits.restingSeconds + 1)
            try scene.world.accept(
                Sketch(
                    World.council, .erase(.answered(question: question, .kept(until: until, law: "mopi-review"))),
                    in: scene.requestStream))
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(1)))
        },
        FaultCase(name: "a volume in which a hold stands that somebody placed", code: "volume-in-use") { scene in
            // The hold is on the council's stream and is itself in the police's third volume.
            let held = HeldStreams(
                origin: try #require(scene.world.logs[World.council]).origin, streams: [scene.requestStream])
            try scene.world.accept(scene.erasing(.hold(.placed(held, reason: "death"))))
            for _ in 0..<3 { try scene.world.accept(scene.sound()) }
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(2)))
        },
        FaultCase(name: "a volume by which a case is led", code: "volume-in-use") { scene in
            _ = try scene.released()
            for _ in 0..<3 { try scene.world.accept(scene.sound()) }
            scene.rest()
            return try scene.world.submission(scene.proposal(scene.facts(2)))
        },
        FaultCase(name: "an act about what nobody proposed", code: "volume-not-proposed") { scene in
            scene.rest()
            return try scene.world.submission(
                scene.destruction(scene.facts(0), of: EventID(from: scene.world.entropy)))
        },
        FaultCase(name: "an act with another reason than the proposal", code: "volume-not-proposed") { scene in
            scene.rest()
            let facts = try scene.facts(0)
            let proposed = try scene.world.accept(scene.proposal(facts)).statement.eventID
            let other = VolumeFacts(number: 0, size: facts.size, root: facts.root, reason: "error")
            return try scene.world.submission(scene.destruction(other, of: proposed))
        },
        FaultCase(name: "an act that too few members signed", code: "board-threshold") { scene in
            scene.rest()
            let facts = try scene.facts(0)
            let proposed = try scene.world.accept(scene.proposal(facts)).statement.eventID
            return try scene.world.submission(scene.destruction(facts, of: proposed, by: 1))
        },
        FaultCase(name: "an act after a hold that came after the proposal", code: "on-hold") { scene in
            scene.rest()
            let facts = try scene.facts(1)
            let proposed = try scene.world.accept(scene.proposal(facts)).statement.eventID
            try scene.world.accept(scene.erasing(.hold(.placed(try scene.heldStreams, reason: "death"))))
            return try scene.world.submission(scene.destruction(facts, of: proposed))
        },
        FaultCase(name: "an act in an agency's own log", code: "kind-not-allowed") { scene in
            scene.rest()
            let facts = try scene.facts(0)
            let control = try scene.destruction(facts, of: EventID(from: scene.world.entropy)).control
            return try scene.world.submission(Sketch(World.police, control))
        },
    ]
}

extension Scene {
    /// The police ask the council about the account.
    fileprivate mutating func question() throws -> EventID {
        let asked = EraseControl.asked(streams: [ownStream], due: world.now.adding(seconds: 86_400))
        return try world.accept(Sketch(World.police, .erase(asked), in: pairStream)).statement.eventID
    }
}

@Suite("What decides whether a volume may go") struct VolumeRuleTests {
    /// Every combination of what may stand against one stream.
    @Test func everyCombination() {
        let now = Timestamp(wholeSeconds: 2_000_000_000)
        let rest = now.adding(seconds: -Limits.restingSeconds)
        for bits in 0..<16 {
            for newestAt in [rest, rest.adding(seconds: 1), now, now.adding(seconds: 1)] {
                var facts = VolumeStreamFacts()
                (facts.isHeld, facts.isKept) = (bits & 1 != 0, bits & 2 != 0)
                (facts.isErased, facts.hasContent) = (bits & 4 != 0, bits & 8 != 0)
                facts.newestAt = newestAt
                let found = facts.obstacles(at: now)
                #expect(found.contains(.onHold) == facts.isHeld)
                #expect(found.contains(.kept) == facts.isKept)
                #expect(found.contains(.notOver) == (facts.hasContent && !facts.isErased && newestAt > rest))
                #expect(!found.contains(.inUse))
            }
        }
    }

    @Test func aVolumeIsAnAlignedRun() throws {
        #expect(VolumeWidth.shipped.leafCount == Limits.volumeLeafCount && Limits.volumeLeafCount == 65_536)
        #expect(Limits.restingSeconds == 221_356_800)
        for leafCount: UInt64 in [0, 1, 3, 6, 65_535] { #expect(VolumeWidth(leafCount) == nil) }
        let width = try #require(VolumeWidth(4))
        for index in 0..<UInt64(64) {
            let number = width.volume(of: LeafIndex(index))
            #expect(width.leaves(of: number)?.contains(index) == true)
            #expect(width.completeCount(of: TreeSize(index)) == index / 4)
        }
        #expect(width.leaves(of: .max) == nil && width.leaves(of: .max / 4) == nil)
        #expect(width.leaves(of: .max / 4 - 1) != nil)
    }

    /// Whoever judges again without the entries comes to the same register, and holds what is left to it.
    @Test func theRootOfAVolumeIsThatOfItsLeaves() throws {
        var scene = try Scene.set.get()
        for _ in 0..<9 { try scene.world.accept(scene.sound()) }
        let police = try #require(scene.world.logs[World.police])
        let leaves = scene.world.register.admitted.map(\.statement).filter { $0.origin == police.origin }
            .map(\.leafHash)
        let roots = scene.world.register.admission.edge(of: police.origin).volumeRoots
        #expect(roots.count == leaves.count / 4)
        for (number, root) in roots.enumerated() {
            let tree = MerkleTree.nodeHash(
                MerkleTree.nodeHash(leaves[number * 4], leaves[number * 4 + 1]),
                MerkleTree.nodeHash(leaves[number * 4 + 2], leaves[number * 4 + 3]))
            #expect(root == tree)
        }
    }
}
