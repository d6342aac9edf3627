import EventLogs
import Replication
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

extension AdmissionFaultTests {
    /// Who is in it.
    static let circleFaults: [FaultCase] = [
        FaultCase(name: "an author outside its circle", code: "circle") { scene in
            try scene.opening([World.council, World.homes])
        },
        FaultCase(name: "a member that nobody enrolled", code: "circle") { scene in
            try scene.opening([World.police, "stranger"])
        },
        FaultCase(name: "a member that is no agency", code: "circle") { scene in
            try scene.opening([World.police, World.auditor])
        },
        FaultCase(name: "a circle from another place on", code: "circle") { scene in
            try scene.opening([World.police, World.council], from: 1)
        },
        FaultCase(name: "an agency asked that is not in it", code: "circle") { scene in
            try scene.asking(World.homes)
        },
        FaultCase(name: "an author that asks itself", code: "circle") { scene in
            try scene.asking(World.police)
        },
        FaultCase(name: "a share to an agency outside", code: "circle") { scene in
            try scene.world.submission(scene.share(to: World.homes))
        },
        FaultCase(name: "a share to oneself", code: "circle") { scene in
            try scene.world.submission(scene.share(to: World.police))
        },
        FaultCase(name: "a share to nobody known", code: "circle") { scene in
            try scene.world.submission(scene.share(to: "stranger"))
        },
        FaultCase(name: "another epoch than the one in force", code: "epoch") { scene in
            let head = try #require(scene.world.logs[World.police]?.streams[scene.caseStream])
            let all = [World.police, World.council]
            try scene.world.accept(
                Sketch(
                    World.police,
                    scene.world.circle(
                        all, ["record": all], epoch: EpochID(from: scene.world.entropy),
                        from: head.sequence + 1),
                    in: scene.caseStream, decision: scene.world.decision(of: World.police)))
            return try scene.world.submission(scene.sound())
        },
        FaultCase(name: "a label without a key", code: "epoch", goesOn: true) { scene in
            try scene.world.submission(scene.sound(["risk"]))
        },
    ]

    /// Under what it is shared.
    static let decisionFaults: [FaultCase] = [
        FaultCase(name: "a circle without a bundle", code: "no-protocol") { scene in
            try scene.opening(
                [World.police, World.council], ["record"], bundle: .some(nil),
                decision: scene.world.decision(of: World.police))
        },
        FaultCase(name: "a record under a protocol in an emergency's circle", code: "no-protocol") { scene in
            var sketch = try scene.emergency()
            sketch.decision = scene.world.decision(of: World.police)
            return try scene.world.submission(sketch)
        },
        FaultCase(name: "an emergency's record in a protocol's circle", code: "no-protocol", goesOn: true) { scene in
            try scene.world.submission(scene.sound().with { $0.decision = Scene.emergencyCodes })
        },
        FaultCase(name: "an emergency that protects no life", code: "not-permitted") { scene in
            var codes = Scene.emergencyCodes
            codes = DecisionCodes(
                bundle: nil, purpose: "case-review", gateway: codes.gateway, basis: codes.basis, condition: nil)
            return try scene.opening([World.police, World.county], ["record"], bundle: .some(nil), decision: codes)
        },
        FaultCase(name: "a circle without a decision", code: "no-protocol") { scene in
            try scene.opening([World.police, World.council], ["record"])
        },
        FaultCase(name: "a decision under other rules", code: "no-protocol") { scene in
            try scene.opening(
                [World.police, World.council], ["record"],
                decision: scene.world.decision(of: World.police, bundle: .some(.zero)))
        },
        FaultCase(name: "a record without a decision", code: "no-protocol", goesOn: true) {
            try $0.world.submission($0.sound().with { $0.decision = nil })
        },
        FaultCase(name: "a record under other rules", code: "no-protocol", goesOn: true) { scene in
            let other = scene.world.decision(of: World.police, bundle: .some(.zero))
            return try scene.world.submission(scene.sound().with { $0.decision = other })
        },
        FaultCase(name: "a share without a decision", code: "no-protocol") { scene in
            try scene.world.submission(scene.share().with { $0.decision = nil })
        },
        FaultCase(name: "a member that has not signed", code: "protocol-not-in-force") { scene in
            try scene.opening(
                [World.police, World.county], ["record"],
                decision: scene.world.decision(of: World.police))
        },
        FaultCase(name: "a member that has ended it", code: "protocol-ended") { scene in
            let ending = ControlBody.endAdoption(
                bundle: scene.world.bundle.hash, offices: ["data-protection-officer"], reason: "review-overdue")
            try scene.world.accept(Sketch(World.council, ending))
            return try scene.opening(
                [World.police, World.council], ["record"], decision: scene.world.decision(of: World.police))
        },
        FaultCase(name: "an older version than the one that both have signed", code: "protocol-superseded") { scene in
            let next = try AmendedProtocolTests.bundle { $0 }
            try scene.world.publish(next, version: 2)
            for code in [World.police, World.council] {
                try scene.world.accept(scene.world.adoption(by: code, of: next))
            }
            return try scene.opening(
                [World.police, World.council], ["record"], decision: scene.world.decision(of: World.police))
        },
        FaultCase(name: "rules that nobody published", code: "protocol-not-in-force") { scene in
            try scene.opening(
                [World.police, World.council], ["record"], bundle: .some(.zero),
                decision: scene.world.decision(of: World.police, bundle: .some(.zero)))
        },
        FaultCase(name: "a share to one that has not signed", code: "protocol-not-in-force") {
            let stream = StreamID(from: $0.world.entropy)
            try $0.world.accept(
                Sketch(
                    World.police,
                    $0.world.circle(
                        [World.police, World.county], epoch: EpochID(from: $0.world.entropy)),
                    in: stream))
            return try $0.world.submission(
                $0.share(to: World.county).with { $0.stream = stream })
        },
        FaultCase(name: "a circle with a label kept at home", code: "not-permitted") { scene in
            try scene.opening(
                [World.police, World.council], ["reporter"],
                decision: scene.world.decision(of: World.police))
        },
        FaultCase(name: "a label for one who may not have it", code: "not-permitted") { scene in
            try scene.opening(
                [World.police, World.fire], ["identity"],
                decision: scene.world.decision(of: World.police))
        },
        FaultCase(name: "a purpose of no clause", code: "not-permitted", goesOn: true) { scene in
            let other = scene.world.decision(of: World.police, purpose: "statutory-return")
            return try scene.world.submission(scene.sound().with { $0.decision = other })
        },
        FaultCase(name: "a basis that the author lacks", code: "not-permitted", goesOn: true) {
            let other = $0.world.decision(of: World.homes)
            return try $0.world.submission($0.sound().with { $0.decision = other })
        },
        FaultCase(name: "a share without an end", code: "not-permitted") { scene in
            let endless = ShareControl(
                recipient: World.council, compartments: [scene.world.address(of: scene.account)],
                expires: nil)
            return try scene.world.submission(scene.share().with { $0.control = .share(endless) })
        },
    ]

    /// Which request it answers.
    static let answerFaults: [FaultCase] = [
        FaultCase(name: "an answer to nothing", code: "request-unknown") { scene in
            try scene.world.submission(scene.answer(to: EventID(from: scene.world.entropy)))
        },
        FaultCase(name: "an answer to what is no request", code: "request-unknown") { scene in
            try scene.world.submission(scene.answer(to: scene.record.statement.eventID))
        },
        FaultCase(name: "an answer by one that was not asked", code: "request-unknown") { scene in
            try scene.world.submission(
                scene.answer(by: World.council, in: scene.requestStream))
        },
        FaultCase(name: "an answer that its asker does not get", code: "request-unknown") {
            try $0.world.submission($0.answer(in: $0.ownStream))
        },
    ]

    /// What is given.
    static let shareFaults: [FaultCase] = [
        FaultCase(name: "a compartment of another log", code: "share-of-others") { scene in
            let address = scene.world.address(of: scene.account)
            return try scene.giving(
                CompartmentAddress(
                    origin: scene.request.statement.origin, index: address.index,
                    compartment: address.compartment))
        },
        FaultCase(name: "a compartment still to come", code: "share-of-others") { scene in
            let log = try #require(scene.world.logs[World.police])
            let address = scene.world.address(of: scene.account)
            return try scene.giving(
                CompartmentAddress(
                    origin: address.origin, index: log.nextIndex,
                    compartment: address.compartment))
        },
        FaultCase(name: "a compartment that is not there", code: "share-of-others") { scene in
            let address = scene.world.address(of: scene.account)
            return try scene.giving(
                CompartmentAddress(
                    origin: address.origin, index: address.index,
                    compartment: CompartmentID(from: scene.world.entropy)))
        },
        FaultCase(name: "a compartment of a refused statement", code: "share-of-others") { scene in
            let part = scene.world.part("account", in: nil)
            let refused = try scene.world.submission(
                scene.sound().with {
                    $0.parts = [part]
                    $0.grants = [[1]]
                })
            let judgement = scene.world.admit(refused)
            try #require(judgement.verdict == .refused("grant-mismatch"))
            return try scene.giving(
                CompartmentAddress(
                    origin: refused.statement.origin, index: refused.index,
                    compartment: part.descriptor.id))
        },
        FaultCase(name: "one compartment twice", code: "share-repeats") { scene in
            let address = scene.world.address(of: scene.account)
            return try scene.giving(
                ShareControl(
                    recipient: World.council, compartments: [address, address],
                    expires: scene.world.now.adding(seconds: 86_400)))
        },
        FaultCase(name: "more than one page of a feed holds", code: "share-too-large") { scene in
            let parts = (0...Limits.pageByteCount >> 20).map { _ in
                scene.world.part("account", in: nil, paddedLength: 1 << 20)
            }
            let made = try scene.world.accept(
                Sketch(World.police, .record, in: scene.ownStream, parts: parts))
            return try scene.giving(
                ShareControl(
                    recipient: World.council,
                    compartments: parts.indices.map { scene.world.address(of: made, $0) },
                    expires: scene.world.now.adding(seconds: 86_400)))
        },
        FaultCase(name: "other bytes than stayed home", code: "compartment-mismatch") { scene in
            try scene.world.submission(
                scene.share().with {
                    $0.added = $0.added.map {
                        CarriedCompartment(id: $0.id, content: [1], wrap: nil)
                    }
                })
        },
        FaultCase(name: "a grant for one it is not shared with", code: "grant-mismatch") { scene in
            let grant = scene.world.grant(to: World.homes)
            return try scene.world.submission(scene.share().with { $0.grants = [grant] })
        },
    ]
}

extension Scene {
    /// A new stream of the police with a circle.
    func opening(
        _ members: [AgencyCode], _ labels: [Label] = [], from sequence: UInt64 = 0,
        bundle: Hash256?? = .none, decision: DecisionCodes? = nil
    ) throws -> Submission {
        let due = Dictionary(uniqueKeysWithValues: labels.map { ($0, members) })
        let circle = world.circle(
            members, due, epoch: EpochID(from: world.entropy), from: sequence, bundle: bundle)
        return try world.submission(
            Sketch(
                World.police, circle, in: StreamID(from: world.entropy), decision: decision))
    }

    /// A question of the police in the stream that they share with the council.
    func asking(_ asked: AgencyCode) throws -> Submission {
        try world.submission(
            Sketch(
                World.police, .request(asked: asked, due: world.now.adding(seconds: 86_400)),
                in: pairStream))
    }

    /// A share of something else than the account.
    func giving(_ address: CompartmentAddress) throws -> Submission {
        try world.submission(share(of: address))
    }

    func giving(_ control: ShareControl) throws -> Submission {
        try world.submission(
            share(of: world.address(of: account)).with { $0.control = .share(control) })
    }
}
