import DeterministicCBOR
import EventLogs
import Partnership
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// The board's log: pinned by its fingerprint, its acts carried by enough members.
@Suite struct FingerprintTests {
    @Test func onlyTheGenesisThatWasPinnedFoundsThePartnership() throws {
        let founding = try Founding()
        let other = BoardFixture(entropy: SeededEntropy(seed: 4))
        let genesis = try other.log.statement(other.genesis, event: founding.event())
        let roster = Roster(fingerprint: founding.fingerprint)
        #expect(
            throws: RosterFault.fingerprintMismatch(
                expected: founding.fingerprint, actual: genesis.hash)
        ) {
            try roster.verify(genesis, index: LeafIndex(0), at: .empty, now: founding.now)
        }
    }

    @Test func nothingStandsBeforeTheBoard() throws {
        let founding = try Founding()
        let roster = Roster(fingerprint: founding.fingerprint)
        let statement = try founding.police.statement(
            founding.police.genesis(of: founding.fingerprint), event: founding.event())
        #expect(
            throws: RosterFault.fingerprintMismatch(
                expected: founding.fingerprint, actual: statement.hash)
        ) { try roster.verify(statement, index: LeafIndex(0), at: .empty, now: founding.now) }
    }

    @Test func aPinnedStatementThatIsNoBoardGenesisFoundsNothing() throws {
        let founding = try Founding()
        let statement = try founding.police.statement(
            founding.police.genesis(of: founding.fingerprint), event: founding.event())
        let roster = Roster(fingerprint: statement.hash)
        #expect(throws: RosterFault.genesisOutOfPlace(statement.origin)) {
            try roster.verify(statement, index: LeafIndex(0), at: .empty, now: founding.now)
        }
    }

    @Test func aPinnedGenesisWithAForgedSignatureFoundsNothing() throws {
        let founding = try Founding()
        var options = PartyLog.Options()
        options.signer = Forger(publicKey: founding.board.log.statementKey.publicKey)
        let board = BoardFixture(entropy: SeededEntropy(seed: 3))
        let genesis = try board.log.statement(board.genesis, event: founding.event(), options)
        let roster = Roster(fingerprint: genesis.hash)
        #expect(throws: RosterFault.badSignature) {
            try roster.verify(genesis, index: LeafIndex(0), at: .empty, now: founding.now)
        }
    }

    @Test func aSecondGenesisIsOutOfPlace() throws {
        let founding = try Founding()
        let again = try founding.board.log.statement(founding.board.genesis, event: founding.event())
        #expect(founding.fault(of: again, index: founding.board.log.nextIndex) == .genesisOutOfPlace(again.origin))
    }

    @Test func theBoardsLogIsSignedByItsOwnKeyOnly() throws {
        let founding = try Founding()
        let event = founding.event()
        let act = try founding.board.act(founding.police.enrolment(), .enrol, event: event)
        var options = PartyLog.Options()
        options.signer = founding.board.members[0]
        let byMember = try founding.board.log.statement(.enrol(act), event: event, options)
        #expect(
            founding.fault(of: byMember, index: LeafIndex(1))
                == .unknownKey(keyID: founding.board.members[0].publicKey.keyID))
        options.signer = Forger(publicKey: founding.board.log.statementKey.publicKey)
        let forged = try founding.board.log.statement(.enrol(act), event: event, options)
        #expect(founding.fault(of: forged, index: LeafIndex(1)) == .badSignature)
    }

    @Test func theBoardsLogHoldsBoardActsAndNothingElse() throws {
        let founding = try Founding()
        var options = PartyLog.Options()
        options.stream = StreamID(from: founding.entropy)
        let record = try founding.board.log.statement(.record, event: founding.event(), options)
        #expect(founding.fault(of: record, index: LeafIndex(1)) == .wrongLogForKind(.record))
        let adoption = try founding.board.log.statement(
            .adopt(bundle: .zero, offices: []), event: founding.event())
        #expect(founding.fault(of: adoption, index: LeafIndex(1)) == .wrongLogForKind(.adopt))
    }
}

@Suite struct ThresholdTests {
    private struct Act: Sendable {
        let name: String
        let make: @Sendable (Founding, EventID, [SigningKey]) throws -> ControlBody
    }

    private static let acts: [Act] = [
        Act(name: "enrol") { founding, event, signers in
            .enrol(
                try founding.board.act(
                    founding.police.enrolment(), .enrol, event: event, by: signers))
        },
        Act(name: "witnesses") { founding, event, signers in
            let list = WitnessList(entries: [])
            return .witnesses(
                try founding.board.act(list, .witnesses, event: event, by: signers))
        },
        Act(name: "protocol") { founding, event, signers in
            let publication = ProtocolPublication(code: "jag", version: 1, bundle: .zero)
            return .protocol(
                try founding.board.act(publication, .protocol, event: event, by: signers))
        },
        Act(name: "activate") { founding, event, signers in
            let activation = Activation(bundle: .zero, position: .empty)
            return .activate(
                try founding.board.act(activation, .activate, event: event, by: signers))
        },
    ]

    /// Every subset of three members, with and without a stranger, for every act.
    @Test func twoOfThreeMembersCarryAnActAndAStrangerCountsForNothing() throws {
        let founding = try Founding()
        let stranger = SigningKey(from: founding.entropy)
        for act in ThresholdTests.acts {
            for subset in 0..<16 {
                var signers = (0..<3).filter { subset & 1 << $0 != 0 }
                    .map { founding.board.members[$0] }
                let valid = signers.count
                if subset & 8 != 0 { signers.append(stranger) }
                let event = founding.event()
                let control = try act.make(founding, event, signers)
                let statement = try founding.board.log.statement(control, event: event)
                let expected: RosterFault? =
                    valid >= 2 ? nil : .thresholdNotMet(valid: valid, needed: 2)
                #expect(
                    founding.fault(of: statement, index: LeafIndex(1)) == expected,
                    "\(act.name) \(subset)")
            }
        }
    }

    @Test func aSignatureCarriesOnlyTheDecisionEventAndKindItWasGivenFor() throws {
        let founding = try Founding()
        let event = founding.event()
        let decision = founding.police.enrolment()
        let sound = try founding.board.act(decision, .enrol, event: event)
        let acts = [
            try founding.board.act(decision, .enrol, event: founding.event()),
            try founding.board.act(decision, .witnesses, event: event),
            BoardAct(
                decision: founding.council.enrolment(),
                signatures: Dictionary(
                    uniqueKeysWithValues: sound.signatures.map { ($0.keyID, $0.signature) })),
        ]
        for (number, act) in acts.enumerated() {
            let statement = try founding.board.log.statement(.enrol(act), event: event)
            #expect(
                founding.fault(of: statement, index: LeafIndex(1))
                    == .thresholdNotMet(valid: 0, needed: 2), "\(number)")
        }
        let statement = try founding.board.log.statement(.enrol(sound), event: event)
        #expect(founding.fault(of: statement, index: LeafIndex(1)) == nil)
    }

    @Test func signaturesForAnotherPartnershipsBoardDoNotCount() throws {
        let founding = try Founding()
        let event = founding.event()
        let decision = founding.police.enrolment()
        let origin = try #require(Origin("other-board.example/tallystick/log/1"))
        let bytes = BoardAct.bytesToSign(decision, origin: origin, event: event, kind: .enrol)
        var signatures: [Hash256: [UInt8]] = [:]
        for member in founding.board.members {
            signatures[member.publicKey.keyID] = try member.sign(bytes)
        }
        let act = BoardAct(decision: decision, signatures: signatures)
        let statement = try founding.board.log.statement(.enrol(act), event: event)
        #expect(
            founding.fault(of: statement, index: LeafIndex(1))
                == .thresholdNotMet(valid: 0, needed: 2))
    }

    @Test func oneMembersSignatureUnderTwoNamesCountsOnce() throws {
        let founding = try Founding()
        let event = founding.event()
        let decision = founding.police.enrolment()
        let bytes = BoardAct.bytesToSign(
            decision, origin: founding.board.log.origin, event: event, kind: .enrol)
        let signature = try founding.board.members[0].sign(bytes)
        let keys = founding.board.members.map(\.publicKey.keyID)
        let act = BoardAct(
            decision: decision, signatures: [keys[0]: signature, keys[1]: signature])
        let statement = try founding.board.log.statement(.enrol(act), event: event)
        #expect(
            founding.fault(of: statement, index: LeafIndex(1))
                == .thresholdNotMet(valid: 1, needed: 2))
    }

    @Test func oneMemberTwiceIsNoBoardActAtAll() throws {
        let founding = try Founding()
        let event = founding.event()
        let act = try founding.board.act(founding.police.enrolment(), .enrol, event: event)
        let statement = try founding.board.log.statement(.enrol(act), event: event)
        let payload = try CBOR(decoding: statement.payload.encoded).entries()
        let pairs = try payload.pairs.map { pair in
            guard pair.key == .unsigned(10) else { return (pair.key, pair.value) }
            let parts = try pair.value.items(count: 2)
            let first = try parts[1].items(count: 2)[0]
            return (pair.key, CBOR.array([parts[0], .array([first, first])]))
        }
        let twice = CBOR.map(of: pairs).encoded
        #expect(
            throws: StatementFault.payload(
                .wrongShape(
                    key: 10, expected: "signatures in ascending order of key, each once"))
        ) {
            try founding.board.log.sign(
                twice, event: event, stream: .control, at: founding.now,
                with: founding.board.log.statementKey)
        }
    }
}
