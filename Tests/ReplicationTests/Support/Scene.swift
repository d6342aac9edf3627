import EventLogs
import Replication
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing

/// A case, a stream of one's own and a request, in a partnership where everybody has signed.
struct Scene {
    var world: World
    let caseStream: StreamID
    let epoch: EpochID
    /// The police's first record of the case.
    let record: Admitted
    /// A stream of the police's own with an account that stays home.
    let ownStream: StreamID
    let account: Admitted
    let accountPart: Part
    /// What the council asked the police.
    let requestStream: StreamID
    let request: Admitted
    /// A stream of the police and the council.
    let pairStream: StreamID

    static let set = Result { try Scene() }

    private init() throws {
        world = try World.founded.get()
        let entropy = world.entropy
        let (police, council, homes) = (World.police, World.council, World.homes)
        caseStream = StreamID(from: entropy)
        epoch = EpochID(from: entropy)
        ownStream = StreamID(from: entropy)
        requestStream = StreamID(from: entropy)
        pairStream = StreamID(from: entropy)
        let all = [police, council, homes]
        let decision = world.decision(of: police)
        try world.accept(
            Sketch(
                police,
                world.circle(all, ["record": all, "identity": [police, council]], epoch: epoch),
                in: caseStream, decision: decision,
                grants: [world.grant(to: council), world.grant(to: homes)]))
        record = try world.accept(
            Sketch(
                police, .record, in: caseStream, decision: decision,
                parts: [
                    world.part("record", in: epoch), world.part("identity", in: epoch),
                    world.part("account", in: nil),
                ]))
        try world.accept(
            Sketch(
                police, world.circle([police], epoch: EpochID(from: entropy)), in: ownStream))
        accountPart = world.part("account", in: nil)
        account = try world.accept(Sketch(police, .record, in: ownStream, parts: [accountPart]))
        try world.accept(
            Sketch(
                council, world.circle([council, police], epoch: EpochID(from: entropy)),
                in: requestStream))
        request = try world.accept(
            Sketch(
                council, .request(asked: police, due: world.now.adding(seconds: 86_400)),
                in: requestStream))
        try world.accept(
            Sketch(
                police, world.circle([council, police], epoch: EpochID(from: entropy)),
                in: pairStream))
    }

    /// An agency takes its signature under the protocol back.
    func end(by agency: AgencyCode) -> Sketch {
        Sketch(
            agency,
            .endAdoption(bundle: world.bundle.hash, offices: ["data-protection-officer"], reason: "review-overdue"))
    }

    /// A further record of the case that stands as it is.
    func sound(_ labels: [Label] = ["record"]) -> Sketch {
        Sketch(
            World.police, .record, in: caseStream, decision: world.decision(of: World.police),
            parts: labels.map { world.part($0, in: epoch) })
    }

    /// What an emergency goes under: no rules, and one purpose.
    static let emergencyCodes = DecisionCodes(
        bundle: nil, purpose: "protect-life", gateway: DecisionCodes.emergencyGateway, basis: "vital-interests",
        condition: nil)

    /// Words for an agency that has signed nothing, in a circle opened for them.
    mutating func emergency() throws -> Sketch {
        let (stream, epoch) = (StreamID(from: world.entropy), EpochID(from: world.entropy))
        let both = [World.police, World.county]
        try world.accept(
            Sketch(
                World.police, world.circle(both, ["record": both], epoch: epoch, bundle: .some(nil)), in: stream,
                decision: Scene.emergencyCodes, grants: [world.grant(to: World.county)]))
        return Sketch(
            World.police, .record, in: stream, decision: Scene.emergencyCodes, parts: [world.part("record", in: epoch)])
    }

    /// The share of the account that stayed home, in answer to the request.
    func share(
        of address: CompartmentAddress? = nil, to recipient: AgencyCode = World.council
    ) -> Sketch {
        let ends = Timestamp(wholeSeconds: world.now.adding(seconds: 86_400).wholeSeconds)
        var sketch = Sketch(
            World.police,
            .share(
                ShareControl(
                    recipient: recipient, compartments: [address ?? world.address(of: account)],
                    expires: ends)),
            in: pairStream, decision: world.decision(of: World.police))
        if address == nil, let kept = accountPart.kept { sketch.added = [kept] }
        sketch.grants = [world.grant(to: recipient)]
        return sketch
    }

    func answer(
        by author: AgencyCode = World.police, to event: EventID? = nil, in stream: StreamID? = nil
    ) -> Sketch {
        Sketch(
            author,
            .answer(
                origin: request.statement.origin, request: event ?? request.statement.eventID),
            in: stream ?? pairStream)
    }
}
