import Auditing
import DeterministicCBOR
import EventLogs
import Partnership
import Replication
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// A short story told by the partnership, with the places that tests point at.
struct Scenario {
    var partnership: SyntheticPartnership
    /// Police: the case.
    var caseStream = StreamID.control
    /// Police index of the case's first record.
    var record = LeafIndex(0)
    var recordEvent = EventID(validHex: "00000000000000000000000000000000")
    /// Police index of the share.
    var share = LeafIndex(0)
    /// Homes index of the refused record.
    var refused = LeafIndex(0)
    /// Council index of its RECEIVED.
    var received = LeafIndex(0)
    var shareExpires = Timestamp(milliseconds: 0)

    /// Told once for all tests; every test works on its own copy.
    static let told = Result { try Scenario() }

    private typealias Fixture = SyntheticPartnership

    private init() throws {
        partnership = try SyntheticPartnership()
        try begin()
        try openCase()
        try askAndAnswer()
        try goOn()
    }

    /// Keys, the protocol, and everybody's signature under it.
    private mutating func begin() throws {
        for path in [\SyntheticPartnership.police, \.council, \.homes] {
            let writer = partnership[keyPath: path]
            let drafts = [
                try partnership.founding(of: writer, .agency), try partnership.keys(of: writer),
            ]
            let came = SyntheticPartnership.control(by: writer.code)
            try partnership.push(path, drafts, came: [came, came])
        }
        try partnership.publish(partnership.bundle, version: 1)
        for path in [\SyntheticPartnership.police, \.council, \.homes] {
            let code = partnership[keyPath: path].code
            try partnership.push(
                path, [partnership.adoption(by: code)], came: [SyntheticPartnership.control(by: code)])
        }
        try partnership.register.closePage()
    }

    /// Police open a case with the other two; the landlord is not due the identity.
    private mutating func openCase() throws {
        let entropy = partnership.entropy
        let epoch = EpochID(from: entropy)
        caseStream = StreamID(from: entropy)
        let all = [
            SyntheticPartnership.police, SyntheticPartnership.council, SyntheticPartnership.homes,
        ]
        let circle = partnership.circle(
            all,
            labels: [
                "record": all,
                "identity": [SyntheticPartnership.police, SyntheticPartnership.council],
            ], epoch: epoch)
        let decision = partnership.decision("law-enforcement")
        let parts = [
            partnership.part("record", in: epoch), partnership.part("identity", in: epoch),
            partnership.part("account", in: nil),
        ]
        let others = [SyntheticPartnership.council, SyntheticPartnership.homes]
        let placed = try partnership.push(
            \.police,
            [
                partnership.draft(circle, in: caseStream, decision: decision, grantsTo: others),
                partnership.draft(.record, in: caseStream, decision: decision, parts: parts),
            ],
            came: [
                [SyntheticPartnership.council: [], SyntheticPartnership.homes: []],
                [
                    SyntheticPartnership.council: ["record", "identity"],
                    SyntheticPartnership.homes: ["record"],
                ],
            ])
        record = placed[1].index
        recordEvent = placed[1].statement.eventID
        try receive()
        partnership.register.append(
            .lookUp(
                asker: SyntheticPartnership.homes, hash: Hash256(hashing: [9]), at: partnership.now)
        )
        try partnership.register.closePage()
    }

    /// The council says that its node has everything up to here.
    private mutating func receive() throws {
        let stream = StreamID(from: partnership.entropy)
        let circle = partnership.circle(
            [SyntheticPartnership.council, SyntheticPartnership.police], labels: [:],
            epoch: EpochID(from: partnership.entropy))
        let head = try #require(partnership.register.seen)
        let body = ReceivedControl(registerSize: head.size, registerRoot: head.root, findings: [])
        let placed = try partnership.push(
            \.council,
            [
                partnership.draft(circle, in: stream),
                partnership.draft(.received(body), in: stream),
            ],
            came: [[SyntheticPartnership.police: []], [SyntheticPartnership.police: []]])
        received = placed[1].index
    }

    /// The council asks, the police answer and give the account that stayed home; the landlord
    /// oversteps.
    private mutating func askAndAnswer() throws {
        let entropy = partnership.entropy
        let pair = [SyntheticPartnership.council, SyntheticPartnership.police]
        let asking = StreamID(from: entropy)
        let asked = try partnership.push(
            \.council,
            [
                partnership.draft(
                    partnership.circle(pair, labels: [:], epoch: EpochID(from: entropy)), in: asking
                ),
                partnership.draft(
                    .request(
                        asked: SyntheticPartnership.police,
                        due: partnership.now.adding(seconds: 86_400)),
                    in: asking),
            ], came: [[SyntheticPartnership.police: []], [SyntheticPartnership.police: []]])
        try answer(asked[1], pair: pair)
        let epoch = EpochID(from: entropy)
        let stream = StreamID(from: entropy)
        let members = [SyntheticPartnership.homes, SyntheticPartnership.council]
        // The protocol keeps the reporter at home, so this circle is refused and its record with
        // it.
        let placed = try partnership.push(
            \.homes,
            [
                partnership.draft(
                    partnership.circle(members, labels: ["reporter": members], epoch: epoch),
                    in: stream,
                    decision: partnership.decision("recognised-interests"),
                    grantsTo: [SyntheticPartnership.council])
            ], came: [[:]])
        refused = placed[0].index
        try partnership.register.closePage()
    }

    private mutating func answer(_ request: SequencedStatement, pair: [AgencyCode]) throws {
        let stream = StreamID(from: partnership.entropy)
        let stored = try #require(
            partnership.register.pages.flatMap(\.entries).first {
                $0.index == record
                    && (try? Statement(decoding: $0.statement.bytes))?.eventID == recordEvent
            })
        let statement = try Statement(decoding: stored.statement.bytes)
        let account = try #require(statement.payload.compartments.first { $0.label == "account" })
        shareExpires = Timestamp(
            wholeSeconds: partnership.now.adding(seconds: 20 * 86_400).wholeSeconds)
        let control = ShareControl(
            recipient: SyntheticPartnership.council,
            compartments: [
                CompartmentAddress(origin: statement.origin, index: record, compartment: account.id)
            ], expires: shareExpires)
        let council: [AgencyCode: [Label]] = [SyntheticPartnership.council: []]
        let placed = try partnership.push(
            \.police,
            [
                partnership.draft(
                    partnership.circle(
                        pair, labels: [:], epoch: EpochID(from: partnership.entropy)), in: stream),
                partnership.draft(
                    .answer(origin: request.statement.origin, request: request.statement.eventID),
                    in: stream),
                partnership.draft(
                    .share(control), in: stream, decision: partnership.decision("law-enforcement"),
                    parts: [partnership.part("record", in: nil)], grantsTo: [SyntheticPartnership.council]),
            ], came: [council, council, council])
        share = placed[2].index
    }

    /// The landlord records for itself; the police add to the case and destroy one compartment of
    /// it.
    private mutating func goOn() throws {
        let entropy = partnership.entropy
        let own = StreamID(from: entropy)
        try partnership.push(
            \.homes,
            [
                partnership.draft(
                    partnership.circle(
                        [SyntheticPartnership.homes], labels: [:], epoch: EpochID(from: entropy),
                        isOwn: true),
                    in: own),
                partnership.draft(.access, in: own, parts: [partnership.part("record", in: nil)]),
            ], came: [[:], [:]])
        let stream = StreamAddress(origin: partnership.police.origin, stream: caseStream)
        let circle = try #require(partnership.register.admission.circle(of: stream))
        let part = partnership.part("identity", in: circle.epoch)
        try partnership.push(
            \.police,
            [
                partnership.draft(
                    .record, in: caseStream, decision: partnership.decision("law-enforcement"),
                    parts: [part])
            ],
            came: [
                [SyntheticPartnership.council: ["identity"], SyntheticPartnership.homes: []]
            ])
        try partnership.register.closePage()
        try partnership.push(
            \.police,
            [
                partnership.draft(
                    .purged(
                        compartments: [part.descriptor.id], reason: "retention", backupsBy: nil),
                    in: caseStream)
            ], came: [[SyntheticPartnership.council: [], SyntheticPartnership.homes: []]])
        try partnership.register.closePage()
        partnership.register.drop(part.descriptor.id)
    }
}

extension EventID {
    init(validHex: String) {
        guard let id = EventID(hex: validHex) else { preconditionFailure("32 digits") }
        self = id
    }
}

extension SyntheticPartnership {
    /// The board publishes a bundle and activates it at once.
    mutating func publish(_ bundle: RulesBundle, version: UInt64) throws {
        let entropy = self.entropy
        let signers = Array(members.suffix(2))
        let origin = board.origin
        let body = CompartmentBody(
            seed: entropy.bytes(count: 32),
            fields: [PublishedProtocol.bundleField: bundle.encoded])
        let publication = try BoardActs.publish(
            ProtocolPublication(code: "jag", version: version, bundle: bundle.hash),
            bundle: body,
            compartment: CompartmentID(from: entropy), origin: origin,
            event: EventID(from: entropy),
            signers: signers)
        let activation = try BoardActs.activate(
            Activation(bundle: bundle.hash, position: register.tree.size),
            origin: origin, event: EventID(from: entropy), signers: signers)
        var withBundle = SyntheticPartnership.control()
        for code in withBundle.keys { withBundle[code] = ["bundle"] }
        let placed = try push(
            \.board, [publication, activation], came: [withBundle, SyntheticPartnership.control()])
        boardStatements += placed.map(\.statement)
    }
}
