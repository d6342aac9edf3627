import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

extension Scene {
    /// The stream of the account, and its log.
    var heldStreams: HeldStreams {
        get throws {
            HeldStreams(origin: try #require(world.logs[World.police]).origin, streams: [ownStream])
        }
    }

    func erasing(_ control: ControlBody, by author: AgencyCode = World.police) -> Sketch {
        Sketch(author, control, in: ownStream)
    }

    /// What the police would say of the account once it is destroyed.
    func erased(_ change: (inout [ErasedControl.Place]) -> Void = { _ in }) throws -> Sketch {
        let address = world.address(of: account)
        var places = [ErasedControl.Place(index: address.index, compartment: address.compartment)]
        change(&places)
        return erasing(
            .erased(
                ErasedControl(
                    origin: address.origin, stream: ownStream, places: places, grants: [], reason: "erased",
                    backupsBy: Timestamp(wholeSeconds: 1_900_000_000))))
    }
}

extension AdmissionFaultTests {
    /// Holds and erasures: the order of the register decides between them.
    static let erasureFaults: [FaultCase] = [
        FaultCase(name: "a hold of a stream that nobody opened", code: "stream-unknown") { scene in
            let held = try scene.heldStreams
            let other = HeldStreams(origin: held.origin, streams: [StreamID(from: scene.world.entropy)])
            return try scene.world.submission(scene.erasing(.hold(.placed(other, reason: "death"))))
        },
        FaultCase(name: "a hold of the control stream", code: "stream-unknown") { scene in
            let other = HeldStreams(origin: try scene.heldStreams.origin, streams: [.control])
            return try scene.world.submission(scene.erasing(.hold(.placed(other, reason: "death"))))
        },
        FaultCase(name: "a question about another's stream", code: "stream-unknown") { scene in
            try scene.world.submission(
                scene.erasing(
                    .erase(
                        .asked(
                            streams: [StreamID(from: scene.world.entropy)],
                            due: Timestamp(wholeSeconds: 1_900_000_000)))))
        },
        FaultCase(name: "lifting what nobody placed", code: "hold-unknown") { scene in
            try scene.world.submission(scene.erasing(.hold(.lifted(EventID(from: scene.world.entropy)))))
        },
        FaultCase(name: "lifting twice", code: "hold-unknown") { scene in
            let placed = try scene.world.accept(
                scene.erasing(.hold(.placed(try scene.heldStreams, reason: "death"))))
            let lift = scene.erasing(.hold(.lifted(placed.statement.eventID)))
            try scene.world.accept(lift)
            return try scene.world.submission(lift)
        },
        FaultCase(name: "beginning to destroy what is held", code: "on-hold") { scene in
            try scene.world.accept(scene.erasing(.hold(.placed(try scene.heldStreams, reason: "death"))))
            return try scene.world.submission(scene.erasing(.erase(.begun(try scene.heldStreams))))
        },
        FaultCase(name: "one hold of a stream more than one agency may have", code: "holds-too-many") { scene in
            let held = scene.erasing(.hold(.placed(try scene.heldStreams, reason: "death")))
            for _ in 0..<Limits.openHoldCount { try scene.world.accept(held) }
            return try scene.world.submission(held)
        },
        FaultCase(name: "destroyed long after it began, and held since", code: "erasure-not-begun") { scene in
            try scene.world.accept(scene.erasing(.erase(.begun(try scene.heldStreams))))
            scene.world.now = scene.world.now.adding(seconds: Limits.beginningSeconds)
            try scene.world.accept(scene.erasing(.hold(.placed(try scene.heldStreams, reason: "death"))))
            return try scene.world.submission(try scene.erased())
        },
        FaultCase(name: "destroyed twice by one beginning", code: "erasure-not-begun") { scene in
            try scene.world.accept(scene.erasing(.erase(.begun(try scene.heldStreams))))
            try scene.world.accept(try scene.erased())
            try scene.world.accept(scene.erasing(.hold(.placed(try scene.heldStreams, reason: "death"))))
            return try scene.world.submission(try scene.erased())
        },
        FaultCase(name: "destroyed without having begun", code: "erasure-not-begun") { scene in
            try scene.world.submission(try scene.erased())
        },
        FaultCase(name: "destroyed what is not there", code: "erasure-not-begun") { scene in
            try scene.world.accept(scene.erasing(.erase(.begun(try scene.heldStreams))))
            let other = CompartmentID(from: scene.world.entropy)
            return try scene.world.submission(
                try scene.erased { $0.append(ErasedControl.Place(index: $0[0].index, compartment: other)) })
        },
        FaultCase(name: "destroyed what is of another stream", code: "erasure-not-begun") { scene in
            try scene.world.accept(scene.erasing(.erase(.begun(try scene.heldStreams))))
            let record = scene.world.address(of: scene.record)
            return try scene.world.submission(
                try scene.erased {
                    $0.append(ErasedControl.Place(index: record.index, compartment: record.compartment))
                })
        },
        FaultCase(name: "a share of what its author has destroyed", code: "share-of-erased") { scene in
            try scene.world.accept(scene.erasing(.erase(.begun(try scene.heldStreams))))
            try scene.world.accept(try scene.erased())
            return try scene.world.submission(scene.share())
        },
    ]

    /// What can happen to one stream, in any order.
    private enum Step: CaseIterable { case hold, lift, begin, destroy, wait }

    @Test("At every moment a hold that was admitted before a destruction began stops it, whatever was begun before")
    func holdsAlwaysStop() throws {
        let scene = try Scene.set.get()
        var count = 0
        try explore(scene, Model(), depth: 6, &count)
        #expect(count > 1_000)
    }

    /// What must be: one beginning, unheld when it was made, not too old, is good for one destruction.
    private struct Model {
        var holds: [EventID] = []
        var begunAt: Timestamp?
        /// Said in full: what follows directly belongs to it still.
        var isTold = false
        var isOver = false
    }

    private func explore(_ scene: Scene, _ model: Model, depth: Int, _ count: inout Int) throws {
        guard depth > 0 else { return }
        for step in Step.allCases {
            var (next, after) = (scene, model)
            let held = try scene.heldStreams
            let (sketch, isRight): (Sketch, Bool)
            switch step {
            case .wait:
                guard model.begunAt != nil, !model.isOver else { continue }
                next.world.now = next.world.now.adding(seconds: Limits.beginningSeconds / 2)
                try explore(next, after, depth: depth - 1, &count)
                continue
            case .hold:
                guard model.holds.count < 2 else { continue }
                (sketch, isRight) = (scene.erasing(.hold(.placed(held, reason: "death"))), true)
            case .lift:
                guard let first = model.holds.first else { continue }
                (sketch, isRight) = (scene.erasing(.hold(.lifted(first))), true)
                after.holds.removeFirst()
            case .begin:
                (sketch, isRight) = (scene.erasing(.erase(.begun(held))), model.holds.isEmpty)
                (after.begunAt, after.isTold) = (scene.world.now, false)
            case .destroy:
                sketch = try scene.erased()
                let age = model.begunAt.map { scene.world.now.wholeSeconds - $0.wholeSeconds }
                let isYoung = age.map { $0 < UInt64(Limits.beginningSeconds) } ?? false
                isRight = isYoung && !model.isOver
                after.isTold = true
            }
            let submission = try next.world.submission(sketch)
            let verdict = next.world.admit(submission).verdict
            #expect(verdict.isAccepted == isRight, "\(step) after \(model)")
            count += 1
            guard isRight else { continue }
            if step != .destroy { after.isOver = after.isTold }
            if step == .hold { after.holds.append(submission.statement.eventID) }
            try explore(next, after, depth: depth - 1, &count)
        }
    }

    @Test("A lifted hold stops nothing, and one that comes after the beginning stops the next, and not this one")
    func theRegisterDecidesBetweenHoldAndErasure() throws {
        var scene = try Scene.set.get()
        let held = try scene.heldStreams
        let placed = try scene.world.accept(scene.erasing(.hold(.placed(held, reason: "death"))))
        let again = try scene.world.accept(scene.erasing(.hold(.placed(held, reason: "inquest"))))
        try scene.world.accept(scene.erasing(.hold(.lifted(placed.statement.eventID))))
        let held1 = scene.world.admit(try scene.world.submission(scene.erasing(.erase(.begun(held)))))
        #expect(held1.verdict == .refused("on-hold"), "the other hold stands")
        try scene.world.accept(scene.erasing(.hold(.lifted(again.statement.eventID))))
        try scene.world.accept(scene.erasing(.erase(.begun(held))))
        try scene.world.accept(scene.erasing(.hold(.placed(held, reason: "ombudsman"))))
        try scene.world.accept(try scene.erased())
        #expect(scene.world.register.admission.holds.erased == [scene.world.address(of: scene.account)])
    }
}
