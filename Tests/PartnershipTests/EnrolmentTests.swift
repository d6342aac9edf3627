import EventLogs
import Partnership
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// Who is enrolled, and what a log must begin with.
@Suite struct EnrolmentTests {
    private func fault(_ founding: Founding, of enrolment: Enrolment) throws -> RosterFault? {
        let event = founding.event()
        let act = try founding.board.act(enrolment, .enrol, event: event)
        let statement = try founding.board.log.statement(.enrol(act), event: event)
        return founding.fault(of: statement, index: founding.board.log.nextIndex)
    }

    private func changed(
        _ known: Enrolment, agency: AgencyCode? = nil, party: PartyKind? = nil,
        origin: Origin? = nil, rootKey: [UInt8]? = nil, certificate: [UInt8]? = nil,
        expires: Timestamp? = nil
    ) -> Enrolment {
        Enrolment(
            agency: agency ?? known.agency, party: party ?? known.party,
            origin: origin ?? known.origin, rootKey: rootKey ?? known.rootKey,
            certificate: certificate ?? known.certificate, expires: expires, scope: nil)
    }

    @Test func anEnrolmentMayNotContradictAnEarlierOne() throws {
        let founding = try Founding.joined()
        let known = founding.police.enrolment()
        let otherKey = SigningKey(from: founding.entropy).publicKey.bytes
        let free = try #require(Origin("free.example/tallystick/log/1"))
        let police = RosterFault.enrolmentConflict("northshire-police")
        let newcomer = RosterFault.enrolmentConflict("newcomer")
        let board = founding.board.log.origin
        #expect(try fault(founding, of: changed(known, origin: free)) == police)
        #expect(try fault(founding, of: changed(known, rootKey: otherKey)) == police)
        #expect(try fault(founding, of: changed(known, party: .auditor)) == police)
        #expect(try fault(founding, of: changed(known, agency: "newcomer")) == newcomer)
        #expect(
            try fault(founding, of: changed(known, agency: "newcomer", origin: board)) == newcomer)
        #expect(try fault(founding, of: changed(known, agency: "newcomer", origin: free)) == nil)
    }

    @Test func anEnrolmentMayBeRenewedWithAnotherCertificateAndTerm() throws {
        var founding = try Founding.joined()
        let before = try #require(founding.roster.parties["northshire-police"])
        let term = founding.now.adding(seconds: 60)
        try founding.enrol(changed(before.enrolment, certificate: [9], expires: term))
        let after = try #require(founding.roster.parties["northshire-police"])
        #expect(after.certificate == [9])
        #expect(after.enrolment.expires == term)
        #expect(after.keys == before.keys)
        #expect(after.hasGenesis)
    }

    @Test func aKeyThatIsNoKeyIsNotEnrolled() throws {
        let founding = try Founding()
        let known = founding.police.enrolment()
        // All ones is no point of the curve.
        let nonsense = [UInt8](repeating: 0xff, count: 32)
        guard case .badKey = try fault(founding, of: changed(known, rootKey: nonsense)) else {
            Issue.record("an invalid root key was enrolled")
            return
        }
    }

    @Test func nothingOfAPartyStandsFromTheEndOfItsEnrolmentOn() throws {
        var founding = try Founding()
        let end = founding.now.adding(seconds: 60)
        try founding.enrol(founding.police.enrolment(expires: end))
        let statement = try founding.police.statement(
            founding.police.genesis(of: founding.fingerprint), event: founding.event())
        let before = end.adding(seconds: -1)
        #expect(founding.fault(of: statement, index: LeafIndex(0), at: before) == nil)
        #expect(
            founding.fault(of: statement, index: LeafIndex(0), at: end)
                == .enrolmentEnded("northshire-police"))
    }

    @Test func aLogThatNobodyEnrolledIsUnknown() throws {
        let founding = try Founding.joined()
        let stranger = PartyLog("stranger", .agency, entropy: founding.entropy)
        let statement = try stranger.statement(
            stranger.genesis(of: founding.fingerprint), event: founding.event())
        #expect(
            founding.fault(of: statement, index: LeafIndex(0)) == .unknownLog(stranger.origin))
    }

    @Test func aGenesisSaysWhatTheEnrolmentSays() throws {
        var founding = try Founding()
        try founding.enrol(founding.police.enrolment())
        let root = founding.police.rootKey.publicKey.bytes
        let otherKey = SigningKey(from: founding.entropy).publicKey.bytes
        let contradicting: [ControlBody] = [
            founding.police.genesis(of: .zero),
            .genesis(
                Genesis(
                    party: .auditor, rootKey: root, boardFingerprint: founding.fingerprint)),
            .genesis(
                Genesis(
                    party: .agency, rootKey: otherKey, boardFingerprint: founding.fingerprint)),
            founding.board.genesis,
        ]
        for (number, control) in contradicting.enumerated() {
            var options = PartyLog.Options()
            options.signer = founding.police.rootKey
            let statement = try founding.police.statement(control, event: founding.event(), options)
            #expect(
                founding.fault(of: statement, index: LeafIndex(0))
                    == .genesisContradictsEnrolment("northshire-police"), "\(number)")
        }
    }

    @Test func aLogBeginsWithItsGenesisAndHasNoOther() throws {
        var founding = try Founding()
        try founding.enrol(founding.police.enrolment())
        let genesis = founding.police.genesis(of: founding.fingerprint)
        let outOfPlace = RosterFault.genesisOutOfPlace(founding.police.origin)
        let keys = try founding.police.statement(founding.police.keySet, event: founding.event())
        #expect(founding.fault(of: keys, index: LeafIndex(0)) == outOfPlace)
        try founding.add(\.police, genesis)
        let again = try founding.police.statement(genesis, event: founding.event())
        #expect(founding.fault(of: again, index: LeafIndex(1)) == outOfPlace)
        #expect(founding.roster.parties["northshire-police"]?.hasGenesis == true)
    }

    @Test func noPartyDoesWhatOnlyTheBoardMay() throws {
        let founding = try Founding.joined()
        let event = founding.event()
        let act = try founding.board.act(founding.police.enrolment(), .enrol, event: event)
        let statement = try founding.police.statement(.enrol(act), event: event)
        #expect(
            founding.fault(of: statement, index: founding.police.nextIndex)
                == .wrongLogForKind(.enrol))
    }

    @Test func aSecondBrokerIsNotEnrolledAndTheRegisterStays() throws {
        var founding = try Founding.joined()
        try founding.enrol(founding.broker.enrolment())
        for code: AgencyCode in ["a-broker", "z-broker"] {
            let second = PartyLog(code, .broker, entropy: founding.entropy)
            #expect(try fault(founding, of: second.enrolment()) == .enrolmentConflict(code))
        }
        let term = founding.now.adding(seconds: 60)
        try founding.enrol(founding.broker.enrolment(expires: term))
        #expect(founding.roster.registerOrigin == founding.broker.origin)
        #expect(founding.roster.parties(.broker).map(\.enrolment.expires) == [term])
    }

    @Test func theRegisterIsTheLogOfTheEnrolledBroker() throws {
        var founding = try Founding.joined()
        #expect(founding.roster.registerOrigin == nil)
        try founding.enrol(founding.broker.enrolment())
        #expect(founding.roster.registerOrigin == founding.broker.origin)
        #expect(
            founding.roster.parties(.agency).map(\.code) == [
                "marlow-vale-council", "northshire-police",
            ])
    }
}

/// What a newcomer starts from before it has followed the register.
@Suite struct BootstrapTests {
    @Test func itKnowsTheBoardTheWitnessesAndWhoIsEnrolledAndNoProtocol() throws {
        var founding = try Founding()
        let bundle = try Founding.bundle()
        try founding.enrol(founding.broker.enrolment())
        try founding.enrol(founding.police.enrolment())
        let entry = WitnessList.Entry(
            verifierKey: "witness.example+00000000+AQ==", operator: "university", isParty: false)
        let event = founding.event()
        let list = try founding.board.act(WitnessList(entries: [entry]), .witnesses, event: event)
        try founding.add(
            \.board.log, try founding.board.log.statement(.witnesses(list), event: event))
        try founding.publish(bundle)
        try founding.activate(bundle, from: 0)
        #expect(founding.roster.terms(of: bundle.hash) != nil)
        #expect(founding.roster.witnesses == [entry])

        let roster = try Roster.bootstrap(
            fingerprint: founding.fingerprint, statements: founding.boardStatements,
            now: founding.now)
        #expect(roster.parties == founding.roster.parties)
        #expect(roster.parties.keys.sorted() == ["northshire-broker", "northshire-police"])
        #expect(roster.witnesses == [entry])
        #expect(roster.board == founding.roster.board)
        #expect(roster.protocols.isEmpty)
        #expect(roster.terms(of: bundle.hash) == nil)
    }

    @Test func itJudgesEveryStatementItIsGiven() throws {
        let founding = try Founding()
        let genesis = founding.boardStatements
        let event = founding.event()
        let act = try founding.board.act(
            Activation(bundle: .zero, position: .empty), .activate, event: event, by: [])
        let weak = try founding.board.log.statement(.activate(act), event: event)
        #expect(fault(founding.fingerprint, genesis) == nil)
        #expect(
            fault(founding.fingerprint, genesis + [weak])
                == .thresholdNotMet(valid: 0, needed: 2))
        #expect(
            fault(.zero, genesis)
                == .fingerprintMismatch(expected: .zero, actual: founding.fingerprint))
        #expect(
            fault(founding.fingerprint, genesis + genesis)
                == .genesisOutOfPlace(founding.board.log.origin))
    }

    private func fault(_ fingerprint: Hash256, _ statements: [Statement]) -> RosterFault? {
        do throws(RosterFault) {
            _ = try Roster.bootstrap(
                fingerprint: fingerprint, statements: statements,
                now: Timestamp(wholeSeconds: 1_772_000_000))
            return nil
        } catch { return error }
    }
}
