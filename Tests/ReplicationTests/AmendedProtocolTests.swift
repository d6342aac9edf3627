import DeterministicCBOR
import EventLogs
import Partnership
import Replication
import SharingProtocols
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// A changed version takes the place of an older one between those who have signed both, and a review that passes ends
/// what may go, for everybody at the same leaf of the register (decision 0025).
@Suite struct AmendedProtocolTests {
    private let scene: Scene

    init() throws { scene = try Scene.set.get() }

    static func bundle(_ change: (String) -> String) throws -> RulesBundle {
        let yaml = String(decoding: try World.protocolFile(), as: UTF8.self)
        return RulesBundle.current(
            yaml: Array(change(yaml.replacing("\nversion: 1\n", with: "\nversion: 2\n")).utf8))
    }

    /// A world in which the next version is active and signed by some.
    private func amended(
        signedBy signers: [AgencyCode], _ change: (String) -> String = { $0 }
    ) throws -> (world: World, next: RulesBundle) {
        var world = scene.world
        let next = try Self.bundle(change)
        try world.publish(next, version: 2)
        for code in signers { try world.accept(world.adoption(by: code, of: next)) }
        return (world, next)
    }

    private func circle(
        _ members: [AgencyCode], under bundle: RulesBundle, in world: World, stream: StreamID? = nil
    ) -> Sketch {
        let stream = stream ?? StreamID(from: world.entropy)
        let head = world.logs[World.police]?.streams[stream]
        return Sketch(
            World.police,
            world.circle(
                members, ["record": members], epoch: EpochID(from: world.entropy),
                from: head.map { $0.sequence + 1 } ?? 0, bundle: bundle.hash),
            in: stream, decision: world.decision(of: World.police, bundle: bundle.hash))
    }

    @Test func theOlderVersionHoldsWithWhoeverHasNotSignedTheNewer() throws {
        var (world, next) = try amended(signedBy: [World.police, World.council])
        let pair = [World.police, World.council]
        let all = pair + [World.homes]
        // All three know one version only that each of them signed.
        try world.accept(scene.sound())
        try world.accept(circle(all, under: world.bundle, in: world))
        let withHomes = world.admit(try world.submission(circle(all, under: next, in: world)))
        #expect(withHomes.verdict == .refused("protocol-not-in-force"))
        // The two go by the newer one between them.
        let older = world.admit(try world.submission(circle(pair, under: world.bundle, in: world)))
        #expect(older.verdict == .refused("protocol-superseded"))
        try world.accept(circle(pair, under: next, in: world))
    }

    @Test func whatIsWrittenInKnowledgeOfTheNewerIsRefusedAndInIgnoranceArrives() throws {
        var (world, next) = try amended(signedBy: [World.police, World.council])
        let before = world.register.seen
        try world.accept(world.adoption(by: World.homes, of: next))
        let ignorant = try world.accept(scene.sound().with { $0.seen = .some(before) })
        #expect(ignorant.judgement.deliveries[World.homes]?.labels == ["record"])
        let knowing = world.admit(try world.submission(scene.sound()))
        #expect(knowing.verdict == .refused("protocol-superseded"))
        try world.accept(
            circle([World.police, World.council, World.homes], under: next, in: world, stream: scene.caseStream))
        // Whoever follows the register finds nothing wrong with any of it.
        for code in [World.council, World.homes] {
            var follower = try world.follower(of: code)
            #expect(try world.followToEnd(&follower, of: code).findings.isEmpty)
        }
    }

    @Test func aSignatureWithoutAnOfficePutsNothingInForce() throws {
        var world = scene.world
        let next = try Self.bundle { $0 }
        try world.publish(next, version: 2)
        try world.accept(Sketch(World.police, .adopt(bundle: next.hash, offices: ["data-protection-officer"])))
        try world.accept(world.adoption(by: World.council, of: next))
        let pair = [World.police, World.council]
        let early = world.admit(try world.submission(circle(pair, under: next, in: world)))
        #expect(early.verdict == .refused("protocol-not-in-force"))
        try world.accept(Sketch(World.police, .adopt(bundle: next.hash, offices: ["chief-officer"])))
        try world.accept(circle(pair, under: next, in: world))
    }

    /// The last second of the day still goes; from the next on nobody is due anything, whatever time an author claims.
    @Test func afterAReviewThatStopsNobodyIsDueAnything() throws {
        var (world, next) = try amended(signedBy: [World.police, World.council]) {
            $0.replacing("afterwards: warn", with: "afterwards: stop")
        }
        let pair = [World.police, World.council]
        let stream = StreamID(from: world.entropy)
        let opening = circle(pair, under: next, in: world, stream: stream)
        try world.accept(opening)
        guard case .circle(let opened) = opening.control else { return }
        func entry() -> Sketch {
            Sketch(
                World.police, .record, in: stream,
                decision: world.decision(of: World.police, bundle: next.hash),
                parts: [world.part("record", in: opened.epoch)])
        }
        let review = try next.sharingProtocol().review
        let lastSecond = UInt64(review.by.daysSinceEpoch + 1) * 86_400 - 1
        world.now = Timestamp(wholeSeconds: lastSecond)
        let inTime = try world.accept(entry())
        #expect(inTime.judgement.deliveries[World.council]?.labels == ["record"])
        world.now = Timestamp(wholeSeconds: lastSecond + 1)
        // Entered for the day before: it stands, and goes to nobody.
        let late = try world.accept(entry().with { $0.issuedAt = Timestamp(wholeSeconds: lastSecond - 60) })
        #expect(late.judgement.deliveries[World.council] == nil)
        let today = world.admit(try world.submission(entry()))
        #expect(today.verdict == .refused("not-permitted"))
        var follower = try world.follower(of: World.council)
        #expect(try world.followToEnd(&follower, of: World.council).findings.isEmpty)
    }

    // MARK: Consultation

    private func response(
        in world: World, change: (inout Part) -> Void = { _ in }, label: Label = ConsultationControl.label,
        byteCount: Int = 200, fields: [FieldCode: CBOR]? = nil
    ) -> Sketch {
        let words = String(repeating: "w", count: byteCount)
        let body = CompartmentBody(
            seed: world.entropy.bytes(count: 32), fields: fields ?? [ConsultationControl.wordsField: .text(words)])
        var part = world.clearPart(label, body, reader: .public)
        change(&part)
        let control = ConsultationControl(
            bundle: world.bundle.hash, offices: ["data-protection-officer"], response: .concern,
            words: part.descriptor.id)
        return Sketch(World.county, .consulted(control), parts: [part])
    }

    @Test func aResponseBringsItsWordsAndNothingElse() throws {
        var world = scene.world
        try world.accept(response(in: world))
        let second = world.clearPart(
            ConsultationControl.label, CompartmentBody(seed: world.entropy.bytes(count: 32), fields: [:]),
            reader: .public)
        for wrong in [
            response(in: world, label: "record"),
            response(in: world, byteCount: Limits.consultationByteCount),
            response(in: world, fields: [:]),
            response(in: world, fields: ["threat": .text("w")]),
            response(in: world, fields: [ConsultationControl.wordsField: .unsigned(1)]),
            response(in: world, fields: [ConsultationControl.wordsField: .text("w"), "threat": .text("w")]),
            response(in: world).with { $0.parts.append(second) },
            response(in: world).with { $0.parts = [second] },
            response(in: world).with { $0.parts = [] },
        ] {
            #expect(world.admit(try world.submission(wrong)).verdict == .refused("clear-compartment"))
        }
    }

    // MARK: Rules of a later program

    @Test func aNodeDoesNotGoOnByRulesThatItsProgramLacks() throws {
        var world = scene.world
        let future = try RulesBundle(
            decoding: .array([
                .unsigned(1), .unsigned(UInt64(ShareDecisions.functionVersion + 1)), .bytes(world.bundle.yaml),
                .map(of: world.bundle.tables.map { (.text($0.key), .bytes($0.value)) }),
            ]))
        var follower = try world.follower(of: World.council)
        try world.publish(future, version: 2)
        _ = try world.followToEnd(&follower, of: World.council)
        let from = world.register.tree.size
        #expect(world.register.admission.roster.lackedRules(at: from)?.lack == .decisionFunction(3))
        world.admit(try world.submission(scene.sound()))
        let fault = #expect(throws: FollowFault.self) { _ = try world.followToEnd(&follower, of: World.council) }
        #expect(fault?.code == "rules-lacked" && follower.size == from)
    }
}
