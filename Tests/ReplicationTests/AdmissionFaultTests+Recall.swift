import DeterministicCBOR
import EventLogs
import Replication
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

extension Scene {
    /// What the answer to a recall goes under: no rules, and one purpose.
    static let dutyCodes = DecisionCodes(
        bundle: nil, purpose: "data-protection", gateway: DecisionCodes.dataProtectionGateway,
        basis: "legal-obligation", condition: nil)

    /// The account, taken back from the agency that it was kept for.
    func recall(_ change: (inout [TakeBackControl.Place]) -> Void = { _ in }, from agency: AgencyCode = World.council)
        -> Sketch
    {
        Sketch(World.police, .recall(account(from: agency, change)), in: pairStream)
    }

    /// The account, no longer given to the agency that it was kept for.
    func withdrawal(
        _ change: (inout [TakeBackControl.Place]) -> Void = { _ in }, from agency: AgencyCode = World.council
    )
        -> Sketch
    {
        Sketch(World.police, .withdraw(account(from: agency, change)), in: pairStream)
    }

    private func account(
        from agency: AgencyCode, _ change: (inout [TakeBackControl.Place]) -> Void
    ) -> TakeBackControl {
        let address = world.address(of: account)
        var places = [TakeBackControl.Place(index: address.index, compartment: address.compartment)]
        change(&places)
        return TakeBackControl(recipient: agency, places: places, reason: "wrong-agency")
    }

    /// The place of words that the police said in the clear, for everybody.
    mutating func clearPlace() throws -> TakeBackControl.Place {
        let body = CompartmentBody(seed: world.entropy.bytes(count: 32), fields: ["words": .text("We agree")])
        let part = world.clearPart("consultation", body, reader: .public)
        let control = ConsultationControl(
            bundle: world.bundle.hash, offices: ["data-protection-officer"], response: .agree,
            words: part.descriptor.id)
        let said = try world.accept(Sketch(World.police, .consulted(control), parts: [part]))
        let address = world.address(of: said)
        return TakeBackControl.Place(index: address.index, compartment: address.compartment)
    }
}

extension AdmissionFaultTests {
    /// What is taken back from whom, and what goes between the two because of it.
    static let recallFaults: [FaultCase] = [
        FaultCase(name: "a recall from an agency outside", code: "circle") { scene in
            try scene.world.submission(scene.recall(from: World.homes))
        },
        FaultCase(name: "a recall from oneself", code: "circle") { scene in
            try scene.world.submission(scene.recall(from: World.police))
        },
        FaultCase(name: "a recall of what is still to come", code: "recall-of-others") { scene in
            let next = try #require(scene.world.logs[World.police]).nextIndex
            return try scene.world.submission(
                scene.recall { $0 = [TakeBackControl.Place(index: next, compartment: $0[0].compartment)] })
        },
        FaultCase(name: "a recall of what is not there", code: "recall-of-others") { scene in
            let other = CompartmentID(from: scene.world.entropy)
            return try scene.world.submission(
                scene.recall { $0.append(TakeBackControl.Place(index: $0[0].index, compartment: other)) })
        },
        FaultCase(name: "a recall that names one thing twice", code: "recall-repeats") { scene in
            try scene.world.submission(scene.recall { $0.append($0[0]) })
        },
        FaultCase(name: "a recall of what was said in the clear", code: "recall-of-clear") { scene in
            let place = try scene.clearPlace()
            return try scene.world.submission(scene.recall { $0 = [place] })
        },
        FaultCase(name: "a withdrawal from an agency outside", code: "circle") { scene in
            try scene.world.submission(scene.withdrawal(from: World.homes))
        },
        FaultCase(name: "a withdrawal of what is not there", code: "withdrawal-of-others") { scene in
            let other = CompartmentID(from: scene.world.entropy)
            return try scene.world.submission(
                scene.withdrawal { $0.append(TakeBackControl.Place(index: $0[0].index, compartment: other)) })
        },
        FaultCase(name: "a withdrawal of what is still to come", code: "withdrawal-of-others") { scene in
            let next = try #require(scene.world.logs[World.police]).nextIndex
            return try scene.world.submission(
                scene.withdrawal { $0 = [TakeBackControl.Place(index: next, compartment: $0[0].compartment)] })
        },
        FaultCase(name: "a withdrawal that names one thing twice", code: "withdrawal-repeats") { scene in
            try scene.world.submission(scene.withdrawal { $0.append($0[0]) })
        },
        FaultCase(name: "a withdrawal of what was said in the clear", code: "withdrawal-of-clear") { scene in
            let place = try scene.clearPlace()
            return try scene.world.submission(scene.withdrawal { $0 = [place] })
        },
        FaultCase(name: "a withdrawal of what is withdrawn already", code: "withdrawn-already") { scene in
            try scene.world.accept(scene.withdrawal())
            return try scene.world.submission(scene.withdrawal())
        },
        FaultCase(name: "a withdrawal of what was recalled", code: "withdrawn-already") { scene in
            try scene.world.accept(scene.recall())
            return try scene.world.submission(scene.withdrawal())
        },
        FaultCase(name: "a share of what was withdrawn from its recipient", code: "share-withdrawn") { scene in
            try scene.world.accept(scene.withdrawal())
            return try scene.world.submission(scene.share())
        },
        FaultCase(name: "a share of what was recalled from its recipient", code: "share-withdrawn") { scene in
            try scene.world.accept(scene.recall())
            return try scene.world.submission(scene.share())
        },
        FaultCase(name: "casework on the route for data protection", code: "not-permitted") { scene in
            try scene.opening(
                [World.police, World.county], ["record", "risk"], bundle: .some(nil), decision: Scene.dutyCodes)
        },
        FaultCase(name: "a third agency on the route for data protection", code: "not-permitted") { scene in
            try scene.opening(
                [World.police, World.county, World.council], ["record", "recall"], bundle: .some(nil),
                decision: Scene.dutyCodes)
        },
        FaultCase(name: "another purpose on the route for data protection", code: "not-permitted") { scene in
            try scene.opening(
                [World.police, World.county], ["recall"], bundle: .some(nil),
                decision: DecisionCodes(
                    bundle: nil, purpose: "prevent-asb", gateway: DecisionCodes.dataProtectionGateway,
                    basis: "legal-obligation", condition: nil))
        },
        FaultCase(name: "a share on the route for data protection", code: "not-permitted") { scene in
            try scene.world.submission(scene.share().with { $0.decision = Scene.dutyCodes })
        },
    ]
}
