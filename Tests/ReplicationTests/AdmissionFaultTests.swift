import DeterministicCBOR
import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// One thing that is wrong with a submission, and the code it is refused with.
struct FaultCase: Sendable, CustomTestStringConvertible {
    let name: String
    let code: ReasonCode
    /// Whether the author's stream goes on after the refused statement.
    var goesOn = false
    let make: @Sendable (inout Scene) throws -> Submission

    var testDescription: String { "\(code): \(name)" }
}

/// Every reason for which the register refuses, each provoked by exactly one flaw (DESIGN §4).
@Suite struct AdmissionFaultTests {
    static let all =
        placeFaults + seenFaults + carriedFaults + circleFaults + decisionFaults + answerFaults
        + shareFaults + recallFaults + erasureFaults + rosterFaults + handoverFaults
        + continuedFaults

    @Test(arguments: all)
    func aFlawIsRefusedWithItsCode(_ fault: FaultCase) throws {
        var scene = try Scene.set.get()
        let submission = try fault.make(&scene)
        let origin = submission.statement.origin
        let before = scene.world.register.admission.edge(of: origin)
        let judgement = scene.world.admit(submission)
        #expect(judgement.verdict == .refused(fault.code))
        // A refused statement keeps its leaf.
        let after = scene.world.register.admission.edge(of: origin)
        #expect(after.frontier.size.value == before.frontier.size.value + 1)
        #expect(after.events.contains(submission.statement.eventID))
        // Whoever was due it sees that its place is void, and nothing of what it held.
        for (agency, delivery) in judgement.deliveries {
            #expect(delivery == Delivery(labels: []), "\(agency)")
        }
        if fault.goesOn {
            let next = try scene.world.submission(scene.sound())
            #expect(scene.world.admit(next).verdict == .accepted)
        }
    }

    @Test func withoutTheFlawsEverythingIsAccepted() throws {
        var scene = try Scene.set.get()
        try scene.world.accept(scene.sound(["record", "identity"]))
        try scene.world.accept(scene.answer())
        try scene.world.accept(scene.share())
        try scene.world.accept(
            scene.share(of: scene.world.address(of: scene.record)).with {
                $0.decision = scene.world.decision(of: World.police, purpose: "case-review")
                    .under("asbcpa-2014-sch4", basis: "public-task")
            })
    }

    /// An emergency needs no protocol: any enrolled agency may be told (DESIGN §5).
    @Test func anEmergencyShareNeedsNoProtocol() throws {
        var scene = try Scene.set.get()
        let stream = StreamID(from: scene.world.entropy)
        try scene.world.accept(
            Sketch(
                World.police,
                scene.world.circle(
                    [World.police, World.county], epoch: EpochID(from: scene.world.entropy)),
                in: stream))
        let share = scene.share(to: World.county).with {
            $0.stream = stream
            $0.decision = Scene.emergencyCodes
        }
        let given = try scene.world.accept(share)
        #expect(Set(given.judgement.deliveries.keys) == [World.county])
    }

    @Test func anEmergencyHasACircleOfItsOwn() throws {
        var scene = try Scene.set.get()
        let told = try scene.world.accept(scene.emergency())
        #expect(told.judgement.deliveries == [World.county: Delivery(labels: ["record"])])
    }

    /// The answer to a recall goes between the two without a protocol, and so does the recall, which says all in the clear.
    @Test func aDutyOfDataProtectionHasACircleOfItsOwn() throws {
        var scene = try Scene.set.get()
        let recalled = try scene.world.accept(scene.recall())
        #expect(recalled.judgement.deliveries == [World.council: Delivery(labels: [])])
        let both = [World.police, World.county]
        let opened = scene.world.admit(
            try scene.opening(both, ["record", "recall"], bundle: .some(nil), decision: Scene.dutyCodes))
        #expect(opened.verdict == .accepted)
    }

    /// The table above is complete: a new reason needs a row.
    @Test func everyCodeIsProvoked() {
        let codes: Set<ReasonCode> = [
            "board-fingerprint", "log-unknown", "enrolment-ended", "genesis-out-of-place",
            "genesis-contradicts", "key-unknown", "key-revoked", "key-expired", "signature", "board-threshold",
            "kind-not-allowed", "enrolment-conflict", "key-invalid", "bundle-mismatch",
            "issued-ahead", "event-repeated", "stream-sequence", "seen-head", "compartment-missing",
            "compartment-mismatch", "home-compartment-pushed", "grant-mismatch", "clear-compartment", "no-circle",
            "circle", "epoch", "no-protocol", "protocol-not-in-force", "protocol-ended", "protocol-superseded",
            "not-permitted", "request-unknown", "share-of-others", "share-repeats", "recall-of-others",
            "recall-repeats", "recall-of-clear", "withdrawal-of-others", "withdrawal-repeats", "withdrawal-of-clear",
            "withdrawn-already", "holds-too-many",
            "share-withdrawn", "share-of-erased", "stream-unknown", "hold-unknown", "on-hold", "erasure-not-begun",
            "statement-too-large", "share-too-large",
            "adoption-limit", "register-own-place", "reaffirm-ahead", "reaffirm-limit",
            "handover-case-unknown", "handover-not-lead", "handover-lead-moved", "handover-recipient",
            "handover-offer-stands", "handover-no-offer", "handover-not-offered", "handover-not-accepted",
            "handover-not-successor", "succession-count", "succession-parties", "succession-unknown",
            "succession-side", "succession-not-yet", "party-succeeded", "log-closed",
            "log-continued", "continues-out-of-place", "continues-edge", "key-of-closed-log", "ended-log-of-others",
        ]
        // These cannot be reached from a scene: they have tests of their own.
        let provoked = Set(AdmissionFaultTests.all.map(\.code)).union([
            "board-fingerprint", "register-own-place", "reaffirm-limit",
        ])
        #expect(provoked == codes)
        #expect(Set(codesOfTheTypes()) == codes)
    }

    /// The codes of both enumerations.
    private func codesOfTheTypes() -> [ReasonCode] {
        let log = Origins.stranger
        let roster: [RosterFault] = [
            .fingerprintMismatch(expected: .zero, actual: .zero), .unknownLog(log),
            .enrolmentEnded("a"), .genesisOutOfPlace(log), .genesisContradictsEnrolment("a"),
            .unknownKey(keyID: .zero), .revokedKey(keyID: .zero), .expiredKey(keyID: .zero), .badSignature,
            .thresholdNotMet(valid: 0, needed: 1), .wrongLogForKind(.record),
            .enrolmentConflict("a"), .badKey(.wrongLength(0)), .bundleMismatch(.zero),
            .adoptionLimit(.zero), .registerOwnPlace, .reaffirmAhead, .reaffirmLimit, .successionParties,
            .successionUnknown, .successionSide, .successionNotYet, .logContinued(log), .continuesOutOfPlace(log),
            .keyOfClosedLog(keyID: .zero), .endedLogOfOthers(log),
        ]
        let admission: [AdmissionFault] =
            [
                .issuedAhead, .eventRepeated, .sequence, .seen, .compartmentMissing, .compartmentMismatch,
                .homeCompartmentPushed, .grantMismatch, .clearCompartment, .kindNotAllowed, .noCircle, .circle, .epoch,
                .noProtocol, .notInForce("a"), .protocolEnded("a"), .superseded,
                .notPermitted(label: "a", recipient: "a"),
                .unknownRequest, .shareOfOthers, .shareRepeats, .recallOfOthers, .recallRepeats, .shareOfErased,
                .streamUnknown, .holdUnknown, .onHold, .erasureNotBegun, .statementTooLarge, .shareTooLarge,
                .partySucceeded, .logClosed, .recallOfClear, .withdrawalOfOthers, .withdrawalRepeats,
                .withdrawalOfClear, .shareWithdrawn, .withdrawnAlready, .holdsTooMany,
                .continuesEdge,
            ] + HandoverFault.allCases.map(AdmissionFault.handover)
        // A case that is added breaks these switches, and with them this list.
        for fault in admission {
            switch fault {
            case .roster, .issuedAhead, .eventRepeated, .sequence, .seen, .compartmentMissing, .compartmentMismatch,
                .homeCompartmentPushed, .grantMismatch, .clearCompartment, .kindNotAllowed, .noCircle, .circle, .epoch,
                .noProtocol, .notInForce, .protocolEnded, .superseded, .notPermitted, .unknownRequest, .shareOfOthers,
                .shareRepeats, .recallOfOthers, .recallRepeats, .recallOfClear, .withdrawalOfOthers,
                .withdrawalRepeats, .withdrawalOfClear, .shareWithdrawn, .shareOfErased, .streamUnknown, .holdUnknown,
                .onHold, .erasureNotBegun, .statementTooLarge, .shareTooLarge, .handover, .partySucceeded, .logClosed,
                .withdrawnAlready, .holdsTooMany, .continuesEdge:
                break
            }
        }
        for fault in roster {
            switch fault {
            case .fingerprintMismatch, .unknownLog, .enrolmentEnded, .genesisOutOfPlace,
                .genesisContradictsEnrolment, .unknownKey, .revokedKey, .expiredKey, .badSignature, .thresholdNotMet,
                .wrongLogForKind, .enrolmentConflict, .badKey, .bundleMismatch, .adoptionLimit, .registerOwnPlace,
                .reaffirmAhead, .reaffirmLimit, .successionParties, .successionUnknown, .successionSide,
                .successionNotYet, .logContinued, .continuesOutOfPlace, .keyOfClosedLog, .endedLogOfOthers:
                break
            }
        }
        return roster.map(AdmissionFault.roster).map(\.code) + admission.map(\.code)
    }

    /// What stands in the register itself is the broker's next control statement, and nothing else: no old one again, and
    /// nobody else's.
    @Test func theRegisterCarriesOnlyItsOwnNextStatement() throws {
        let world = try World.founded.get()
        let place = world.register.tree.size
        var broker = try #require(world.logs[World.broker])
        let next = try broker.statement(broker.keySet, event: EventID(from: world.entropy))
        var admission = world.register.admission
        try admission.takeOwn(next, at: place, now: world.now)
        broker.append(next)
        #expect(throws: RosterFault.registerOwnPlace) { try admission.takeOwn(next, at: place, now: world.now) }
        var elsewhere = PartyLog.Options()
        elsewhere.place = (sequence: 9, previous: next.hash)
        let later = try broker.statement(
            broker.keySet, event: EventID(from: world.entropy), elsewhere)
        #expect(throws: RosterFault.registerOwnPlace) { try admission.takeOwn(later, at: place, now: world.now) }
        let others = try #require(world.logs[World.police])
        let foreign = try others.statement(others.keySet, event: EventID(from: world.entropy))
        #expect(throws: RosterFault.registerOwnPlace) { try admission.takeOwn(foreign, at: place, now: world.now) }
        let act = try broker.statement(.adopt(bundle: .zero, offices: []), event: EventID(from: world.entropy))
        #expect(throws: RosterFault.wrongLogForKind(.adopt)) {
            try admission.takeOwn(act, at: place, now: world.now)
        }
    }

    @Test func beforeTheBoardsGenesisNothingIsAccepted() throws {
        let world = try World.founded.get()
        var state = AdmissionState(roster: Roster(fingerprint: world.fingerprint))
        let later = Submission(
            index: LeafIndex(0), statement: world.boardStatements[1], compartments: [], grants: [])
        let judgement = state.admit(
            later, at: .empty, now: world.now,
            records: Register.Records(tree: world.register.tree, descriptors: [:]))
        #expect(judgement.verdict == .refused("board-fingerprint"))
    }
}

enum Origins {
    /// A log that nobody enrolled.
    static let stranger =
        PartyLog("stranger", .agency, entropy: SeededEntropy(seed: 0)).origin
}

extension DecisionCodes {
    func under(_ gateway: GatewayCode, basis: BasisCode) -> DecisionCodes {
        DecisionCodes(
            bundle: bundle, purpose: purpose, gateway: gateway, basis: basis, condition: condition)
    }
}
