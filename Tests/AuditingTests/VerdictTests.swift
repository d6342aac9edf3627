import Auditing
import EventLogs
import Partnership
import Replication
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import Testing

struct VerdictTests {
    /// What travelled with a refused statement is kept by nobody, so a refusal for that cannot be judged again; here
    /// nothing travelled.
    @Test(arguments: ["epoch", "grant-mismatch", "compartment-missing", "compartment-mismatch", "bundle-mismatch"])
    func aRefusalOfWhatStandsIsNamed(reason: ReasonCode) throws {
        var partnership = try Scenario.told.get().partnership
        let stream = StreamID(from: partnership.entropy)
        let circle = partnership.circle(
            [SyntheticPartnership.council], labels: [:], epoch: EpochID(from: partnership.entropy),
            isOwn: true)
        let placed = try partnership.push(
            \.council, [partnership.draft(circle, in: stream)], came: [[:]],
            forced: .refused(reason))
        try partnership.register.closePage()
        let report = try Damage(partnership).audited()
        let kind = AuditFinding.Kind.verdictDiffers(
            registered: .refused(reason), judged: .accepted)
        #expect(
            report.findings
                == [
                    AuditFinding(
                        log: partnership.council.origin, index: placed[0].index, kind: kind)
                ])
        #expect(report.exitCode == 2)
    }

    @Test func anAcceptanceOfWhatDoesNotStandIsNamed() throws {
        var partnership = try Scenario.told.get().partnership
        let draft = partnership.draft(.record, in: StreamID(from: partnership.entropy))
        let placed = try partnership.push(\.council, [draft], came: [[:]], forced: .accepted)
        try partnership.register.closePage()
        let kind = AuditFinding.Kind.verdictDiffers(
            registered: .accepted, judged: .refused("no-circle"))
        #expect(
            try Damage(partnership).audited().findings
                == [
                    AuditFinding(
                        log: partnership.council.origin, index: placed[0].index, kind: kind)
                ])
    }

    @Test func anotherReasonThanTheRegisteredOneIsNamed() throws {
        var partnership = try Scenario.told.get().partnership
        let draft = partnership.draft(.record, in: StreamID(from: partnership.entropy))
        try partnership.push(\.council, [draft], came: [[:]], forced: .refused("epoch"))
        try partnership.register.closePage()
        #expect(try Damage(partnership).audited().findings.map(\.kind.code) == ["verdict-differs"])
    }

    @Test func aSignatureByAnotherKeyIsNamed() throws {
        var partnership = try Scenario.told.get().partnership
        let stranger = SigningKey(from: partnership.entropy)
        let stream = StreamID(from: partnership.entropy)
        let circle = partnership.circle(
            [SyntheticPartnership.council], labels: [:], epoch: EpochID(from: partnership.entropy),
            isOwn: true)
        let draft = StatementDraft(
            eventID: EventID(from: partnership.entropy), stream: stream, expectedVersion: .any,
            control: circle,
            rootSigner: stranger)
        let placed = try partnership.push(\.council, [draft], came: [[:]], forced: .accepted)
        try partnership.register.closePage()
        #expect(
            try Damage(partnership).audited().findings
                == [
                    AuditFinding(
                        log: partnership.council.origin, index: placed[0].index,
                        kind: .signature("key-unknown"))
                ])
    }

    @Test func aReceiptForAnotherRegisterIsNamed() throws {
        var partnership = try Scenario.told.get().partnership
        let stream = StreamID(from: partnership.entropy)
        let circle = partnership.circle(
            [SyntheticPartnership.council], labels: [:], epoch: EpochID(from: partnership.entropy),
            isOwn: true)
        let body = ReceivedControl(
            registerSize: TreeSize(5), registerRoot: Hash256(hashing: [1]), findings: [])
        let placed = try partnership.push(
            \.council,
            [
                partnership.draft(circle, in: stream),
                partnership.draft(.received(body), in: stream),
            ],
            came: [[:], [:]])
        try partnership.register.closePage()
        #expect(
            try Damage(partnership).audited().findings
                == [
                    AuditFinding(
                        log: partnership.council.origin, index: placed[1].index,
                        kind: .otherView(size: TreeSize(5)))
                ])
    }

    /// A broker that lets a share through which no clause permits: exit 3, and 2 goes before it.
    @Test(arguments: ["not-permitted", "protocol-not-in-force", "protocol-ended", "no-protocol"] as [ReasonCode])
    func sharingOutsideProtocolIsNamedForReview(reason: ReasonCode) async throws {
        var partnership = try Scenario.told.get().partnership
        let decision = partnership.decision("recognised-interests")
        let unpublished = DecisionCodes(
            bundle: Hash256(hashing: [1]), purpose: decision.purpose, gateway: decision.gateway,
            basis: decision.basis, condition: nil)
        let named: DecisionCodes? =
            switch reason {
            case "not-permitted", "protocol-ended": decision
            case "protocol-not-in-force": unpublished
            default: nil
            }
        if reason == "protocol-ended" {
            let ending = ControlBody.endAdoption(bundle: partnership.bundle.hash, offices: [], reason: "ended")
            try partnership.push(
                \.council, [partnership.draft(ending, in: .control)],
                came: [SyntheticPartnership.control(by: SyntheticPartnership.council)])
        }
        let place = try shareReporter(in: &partnership, under: named)
        let expected = AuditFinding(
            log: partnership.homes.origin, index: place, kind: .outsideProtocol(reason))
        var damage = try Damage(partnership)
        var conformance = Conformance()
        let report = try await AuditReplay.run(
            damage.bundle, roster: try partnership.roster(), observer: &conformance)
        #expect(report.findings == [expected])
        #expect(report.findings.map(\.severity) == [.protocol])
        #expect(report.exitCode == 3)
        #expect(conformance.findings == [expected])
        damage.notes[partnership.police.origin] = nil
        #expect(try damage.audited().exitCode == 2)
    }

    private func shareReporter(
        in partnership: inout SyntheticPartnership, under decision: DecisionCodes?
    ) throws -> LeafIndex {
        let pair = [SyntheticPartnership.council, SyntheticPartnership.homes]
        let own = StreamID(from: partnership.entropy)
        let reporter = partnership.part("reporter", in: nil)
        let recorded = try partnership.push(
            \.homes,
            [
                partnership.draft(
                    partnership.circle(
                        [SyntheticPartnership.homes], labels: [:],
                        epoch: EpochID(from: partnership.entropy),
                        isOwn: true), in: own),
                partnership.draft(.record, in: own, parts: [reporter]),
            ], came: [[:], [:]])
        let stream = StreamID(from: partnership.entropy)
        let share = ShareControl(
            recipient: SyntheticPartnership.council,
            compartments: [
                CompartmentAddress(
                    origin: partnership.homes.origin, index: recorded[1].index,
                    compartment: reporter.descriptor.id)
            ], expires: partnership.now.adding(seconds: 86_400))
        let council: [AgencyCode: [Label]] = [SyntheticPartnership.council: []]
        try partnership.push(
            \.homes,
            [
                partnership.draft(
                    partnership.circle(
                        pair, labels: [:], epoch: EpochID(from: partnership.entropy)), in: stream)
            ], came: [council])
        let placed = try partnership.push(
            \.homes,
            [partnership.draft(.share(share), in: stream, decision: decision)], came: [council],
            forced: .accepted)
        try partnership.register.closePage()
        return placed[0].index
    }

    @Test func integrityGoesBeforeProtocol() throws {
        let origin = try Scenario.told.get().partnership.police.origin
        let outside = AuditFinding(log: origin, index: nil, kind: .outsideProtocol("not-permitted"))
        let head = AuditFinding(log: origin, index: nil, kind: .head)
        #expect(AuditReport.exitCode(of: []) == 0)
        #expect(AuditReport.exitCode(of: [outside]) == 3)
        #expect(AuditReport.exitCode(of: [outside, head]) == 2)
    }
}
