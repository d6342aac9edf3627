import EventLogs
import Partnership
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// Which key may sign what, and since when (WIRE §2, key rotation and revocation).
@Suite struct KeyTests {
    private func record(
        _ founding: Founding, by signer: any Signer, as control: ControlBody = .record
    ) throws -> Statement {
        var options = PartyLog.Options()
        if !control.kind.isControl { options.stream = StreamID(from: founding.entropy) }
        options.signer = signer
        return try founding.police.statement(control, event: founding.event(), options)
    }

    private func fault(_ founding: Founding, _ statement: Statement) -> RosterFault? {
        founding.fault(of: statement, index: founding.police.nextIndex)
    }

    @Test func theRootKeySignsGenesisKeysAndRevocationsAndNothingElse() throws {
        let founding = try Founding.joined()
        let root = founding.police.rootKey
        let key = founding.police.statementKey
        let revoke = ControlBody.revoke(
            RevokeControl(keyID: key.publicKey.keyID, compromisedAfter: .empty))
        for control in [founding.police.keySet, revoke] {
            #expect(fault(founding, try record(founding, by: root, as: control)) == nil)
            #expect(
                fault(founding, try record(founding, by: key, as: control))
                    == .unknownKey(keyID: key.publicKey.keyID))
        }
        let adopt = ControlBody.adopt(bundle: .zero, offices: [])
        for control in [ControlBody.record, adopt] {
            #expect(fault(founding, try record(founding, by: key, as: control)) == nil)
            #expect(
                fault(founding, try record(founding, by: root, as: control))
                    == .unknownKey(keyID: root.publicKey.keyID))
        }
    }

    @Test func aKeyOfAnotherRoleOrPartySignsNothing() throws {
        let founding = try Founding.joined()
        for signer in [founding.police.logKey, founding.council.statementKey] {
            #expect(
                fault(founding, try record(founding, by: signer))
                    == .unknownKey(keyID: signer.publicKey.keyID))
        }
    }

    @Test func aForgedSignatureIsNone() throws {
        let founding = try Founding.joined()
        let forger = Forger(publicKey: founding.police.statementKey.publicKey)
        #expect(fault(founding, try record(founding, by: forger)) == .badSignature)
    }

    @Test func beforeItsFirstKeySetAPartySignsNothingButItsKeys() throws {
        var founding = try Founding()
        try founding.enrol(founding.police.enrolment())
        try founding.add(\.police, founding.police.genesis(of: founding.fingerprint))
        let key = founding.police.statementKey
        #expect(
            fault(founding, try record(founding, by: key))
                == .unknownKey(keyID: key.publicKey.keyID))
    }

    @Test func rotationIsJudgedByTheOrderOfTheLogAndNotByTime() throws {
        var founding = try Founding.joined()
        let old = founding.police.statementKey
        let new = SigningKey(from: founding.entropy)
        let unknown = { (key: SigningKey) in RosterFault.unknownKey(keyID: key.publicKey.keyID) }
        #expect(fault(founding, try record(founding, by: old)) == nil)
        #expect(fault(founding, try record(founding, by: new)) == unknown(new))
        founding.police.statementKey = new
        try founding.add(\.police, founding.police.keySet)
        #expect(fault(founding, try record(founding, by: old)) == unknown(old))
        #expect(fault(founding, try record(founding, by: new)) == nil)
        // A statement that claims a time before the rotation gains nothing by it.
        var options = PartyLog.Options()
        options.stream = StreamID(from: founding.entropy)
        options.signer = old
        options.issuedAt = Timestamp(wholeSeconds: 1)
        let backdated = try founding.police.statement(.record, event: founding.event(), options)
        #expect(fault(founding, backdated) == unknown(old))
    }

    @Test func aKeySetWithAKeyThatIsNoneIsRefused() throws {
        let founding = try Founding.joined()
        let nonsense = KeySetEntry(
            role: .statement, algorithm: KeySetEntry.ed25519,
            key: [UInt8](repeating: 0xff, count: 32), expires: nil)
        let statement = try record(
            founding, by: founding.police.rootKey, as: .keyset([nonsense]))
        guard case .badKey = fault(founding, statement) else {
            Issue.record("an invalid key was taken into a key set")
            return
        }
    }

    @Test func aRevokedKeySignsNothingFromThePositionOn() throws {
        var founding = try Founding.joined()
        let key = founding.police.statementKey
        let from: UInt64 = 100
        let statement = try record(founding, by: key)
        try founding.add(
            \.police,
            .revoke(
                RevokeControl(keyID: key.publicKey.keyID, compromisedAfter: TreeSize(from))))
        let revoked = RosterFault.revokedKey(keyID: key.publicKey.keyID)
        for position in [0, 50, 99, 100, 101, 10_000] as [UInt64] {
            let expected = position < from ? nil : revoked
            #expect(
                founding.fault(
                    of: statement, index: founding.police.nextIndex, position: position)
                    == expected, "\(position)")
        }
    }

    @Test func nobodyRevokesAnothersKey() throws {
        let founding = try Founding.joined()
        for key in [founding.council.statementKey, founding.council.rootKey, founding.board.log.statementKey] {
            let revoke = RevokeControl(keyID: key.publicKey.keyID, compromisedAfter: .empty)
            let statement = try founding.police.statement(.revoke(revoke), event: founding.event())
            #expect(fault(founding, statement) == .unknownKey(keyID: key.publicKey.keyID))
        }
    }

    /// A key set names public keys, which anybody can copy: revoking a copied one silences nobody else.
    @Test func whoAnnouncesAnothersKeyAsItsOwnRevokesItForItselfOnly() throws {
        var founding = try Founding.joined()
        let copied = [founding.council.statementKey, founding.council.rootKey].map(\.publicKey)
        let entries = copied.map {
            KeySetEntry(role: .statement, algorithm: KeySetEntry.ed25519, key: $0.bytes, expires: nil)
        }
        try founding.add(\.police, .keyset(entries))
        for key in copied {
            try founding.add(\.police, .revoke(RevokeControl(keyID: key.keyID, compromisedAfter: .empty)))
        }
        let stands = try founding.council.statement(
            .adopt(bundle: .zero, offices: []), event: founding.event())
        #expect(founding.fault(of: stands, index: founding.council.nextIndex) == nil)
        let keys = try founding.council.statement(founding.council.keySet, event: founding.event())
        #expect(founding.fault(of: keys, index: founding.council.nextIndex) == nil)
    }

    @Test func aLaterRevocationNeverTakesAnEarlierOneBack() throws {
        var founding = try Founding.joined()
        let key = founding.police.statementKey
        let statement = try record(founding, by: key)
        for from in [100, 5000, 50] as [UInt64] {
            try founding.add(
                \.police,
                .revoke(RevokeControl(keyID: key.publicKey.keyID, compromisedAfter: TreeSize(from))))
        }
        for position in [49, 50, 99, 100, 4999] as [UInt64] {
            let expected: RosterFault? = position < 50 ? nil : .revokedKey(keyID: key.publicKey.keyID)
            #expect(
                founding.fault(of: statement, index: founding.police.nextIndex, position: position) == expected,
                "\(position)")
        }
    }

    @Test func aRevokedKeyStaysRevokedInANewKeySet() throws {
        var founding = try Founding.joined()
        let key = founding.police.statementKey
        try founding.add(
            \.police,
            .revoke(RevokeControl(keyID: key.publicKey.keyID, compromisedAfter: .empty)))
        try founding.add(\.police, founding.police.keySet)
        #expect(
            fault(founding, try record(founding, by: key))
                == .revokedKey(keyID: key.publicKey.keyID))
    }

    @Test func nobodyRevokesAnothersKeyOrTheRootThatSigns() throws {
        let founding = try Founding.joined()
        let root = founding.police.rootKey
        for key in [founding.council.statementKey, founding.council.logKey, root] {
            let revoke = ControlBody.revoke(
                RevokeControl(keyID: key.publicKey.keyID, compromisedAfter: .empty))
            #expect(
                fault(founding, try record(founding, by: root, as: revoke))
                    == .unknownKey(keyID: key.publicKey.keyID))
        }
    }

    @Test func aLaterRevocationNeverBringsAKeyBack() throws {
        var founding = try Founding.joined()
        let key = founding.police.statementKey
        let statement = try record(founding, by: key)
        for from in [5, 10_000] as [UInt64] {
            try founding.add(
                \.police,
                .revoke(
                    RevokeControl(keyID: key.publicKey.keyID, compromisedAfter: TreeSize(from))))
        }
        #expect(
            founding.fault(of: statement, index: founding.police.nextIndex, position: 100)
                == .revokedKey(keyID: key.publicKey.keyID))
    }

    @Test func headsAreSignedByTheKeysOfTheNewestKeySet() throws {
        let founding = try Founding.joined()
        let police = founding.police
        #expect(founding.roster.logKeys(of: police.origin) == [police.logKey.publicKey])
        let board = founding.board.log
        #expect(founding.roster.logKeys(of: board.origin) == [board.logKey.publicKey])
        let stranger = try #require(Origin("stranger.example"))
        #expect(founding.roster.logKeys(of: stranger).isEmpty)
    }

    @Test func contentIsSealedToTheFirstKeyThatIsLive() throws {
        var founding = try Founding.joined()
        let end = founding.now.adding(seconds: 60)
        let keys = [(UInt8(1), end), (2, end.adding(seconds: 60)), (3, nil)].map { byte, expires in
            KeySetEntry(
                role: .kem, algorithm: KeySetEntry.xWing,
                key: [UInt8](repeating: byte, count: 1216), expires: expires)
        }
        try founding.add(\.police, .keyset(keys))
        let party = try #require(founding.roster.parties["northshire-police"])
        #expect(party.kemKey(at: founding.now)?.first == 1)
        #expect(party.kemKey(at: end)?.first == 2)
        #expect(party.kemKey(at: end.adding(seconds: 60))?.first == 3)
    }
}
