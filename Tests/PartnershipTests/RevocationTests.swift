import EventLogs
import Partnership
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// Who may revoke a key, what follows, and what its owner may stand by (kinds 15, 16 and 24).
@Suite struct RevocationTests {
    private static let police: AgencyCode = "northshire-police"

    private func boardRevocation(
        _ founding: Founding, of keyID: Hash256, agency: AgencyCode = police, after: UInt64 = 100,
        signers: Int = 2
    ) throws -> Statement {
        let event = founding.event()
        let draft = try BoardActs.revoke(
            PartyRevocation(agency: agency, keyID: keyID, compromisedAfter: TreeSize(after)),
            origin: founding.board.log.origin, event: event, signers: Array(founding.board.members.prefix(signers)))
        return try founding.board.log.statement(draft.control, event: event)
    }

    private func record(_ founding: Founding, by signer: any Signer) throws -> Statement {
        var options = PartyLog.Options()
        options.stream = StreamID(from: founding.entropy)
        options.signer = signer
        return try founding.police.statement(.record, event: founding.event(), options)
    }

    @Test func theBoardRevokesAPartysKeyFromAPositionOn() throws {
        for isRoot in [false, true] {
            var founding = try Founding.joined()
            let key = isRoot ? founding.police.rootKey : founding.police.statementKey
            try founding.add(\.board.log, try boardRevocation(founding, of: key.publicKey.keyID))
            let statement =
                isRoot
                ? try founding.police.statement(founding.police.keySet, event: founding.event())
                : try record(founding, by: key)
            for position in [99, 100, 5000] as [UInt64] {
                let expected: RosterFault? = position < 100 ? nil : .revokedKey(keyID: key.publicKey.keyID)
                let fault = founding.fault(of: statement, index: founding.police.nextIndex, position: position)
                #expect(fault == expected, "\(position), root \(isRoot)")
            }
            // Nobody else's key of the same bytes, and no other key of the party.
            #expect(founding.roster.revocations.keys.sorted() == [founding.police.origin])
        }
    }

    @Test func onlyEnoughMembersAndOnlyForWhomTheyEnrolled() throws {
        let founding = try Founding.joined()
        let keyID = founding.police.statementKey.publicKey.keyID
        let index = founding.board.log.nextIndex
        #expect(
            founding.fault(of: try boardRevocation(founding, of: keyID, signers: 1), index: index)
                == .thresholdNotMet(valid: 1, needed: 2))
        #expect(
            founding.fault(of: try boardRevocation(founding, of: keyID, agency: "nobody"), index: index)
                == .unknownKey(keyID: keyID))
    }

    /// A thief of an agency's keys has no root key, and the board's act says nothing in an agency's log.
    @Test func aStolenKeyRevokesNothing() throws {
        let founding = try Founding.joined()
        let police = founding.police
        let honest = founding.council.statementKey.publicKey.keyID
        var options = PartyLog.Options()
        for stolen in [police.statementKey, police.logKey] {
            options.signer = stolen
            for target in [police.statementKey.publicKey.keyID, honest] {
                let revoke = ControlBody.revoke(RevokeControl(keyID: target, compromisedAfter: .empty))
                let statement = try police.statement(revoke, event: founding.event(), options)
                #expect(
                    founding.fault(of: statement, index: police.nextIndex)
                        == .unknownKey(keyID: stolen.publicKey.keyID))
            }
        }
        let event = founding.event()
        let draft = try BoardActs.revoke(
            PartyRevocation(agency: "council", keyID: honest, compromisedAfter: .empty), origin: police.origin,
            event: event, signers: founding.board.members)
        options.signer = police.rootKey
        let statement = try police.statement(draft.control, event: event, options)
        #expect(founding.fault(of: statement, index: police.nextIndex) == .wrongLogForKind(.revoke))
    }

    @Test func reaffirmingTakesARevokedKeyANewOneAndWhatIsWritten() throws {
        var founding = try Founding.joined()
        let old = founding.police.statementKey
        func fault(_ keyID: Hash256, _ runs: [ClosedRange<UInt64>], by signer: any Signer) throws -> RosterFault? {
            var options = PartyLog.Options()
            options.signer = signer
            let control = ControlBody.reaffirm(ReaffirmControl(keyID: keyID, indexes: runs))
            return founding.fault(
                of: try founding.police.statement(control, event: founding.event(), options),
                index: founding.police.nextIndex)
        }
        let keyID = old.publicKey.keyID
        #expect(try fault(keyID, [0...1], by: old) == .unknownKey(keyID: keyID))
        founding.police.statementKey = SigningKey(from: founding.entropy)
        try founding.add(\.police, founding.police.keySet)
        try founding.add(\.police, .revoke(RevokeControl(keyID: keyID, compromisedAfter: .empty)))
        let new = founding.police.statementKey
        let next = founding.police.nextIndex.value
        #expect(try fault(keyID, [0...(next - 1)], by: new) == nil)
        #expect(try fault(keyID, [0...next], by: new) == .reaffirmAhead)
        #expect(try fault(keyID, [0...1, 3...next], by: new) == .reaffirmAhead)
        #expect(try fault(new.publicKey.keyID, [0...1], by: new) == .unknownKey(keyID: new.publicKey.keyID))
        // The revoked key does not stand by itself, nor does the root key, which a thief of both would use.
        #expect(try fault(keyID, [0...1], by: old) == .unknownKey(keyID: keyID))
        let root = founding.police.rootKey
        #expect(try fault(keyID, [0...1], by: root) == .unknownKey(keyID: root.publicKey.keyID))
    }

    @Test func theMembersReplaceOneOfThemAndTheOldKeyCountsNoMore() throws {
        var founding = try Founding.joined()
        let members = founding.board.members
        let new = SigningKey(from: founding.entropy)
        func membership(signedBy signers: [SigningKey], _ keys: [SigningKey]) throws -> Statement {
            let event = founding.event()
            let draft = try BoardActs.members(
                BoardMembership(threshold: 2, keys: keys.map(\.publicKey.bytes)), origin: founding.board.log.origin,
                event: event, signers: signers)
            return try founding.board.log.statement(draft.control, event: event)
        }
        func witnesses(signedBy signers: [SigningKey]) throws -> RosterFault? {
            let event = founding.event()
            let draft = try BoardActs.witnesses(
                WitnessList(entries: []), origin: founding.board.log.origin, event: event, signers: signers)
            return founding.fault(
                of: try founding.board.log.statement(draft.control, event: event), index: founding.board.log.nextIndex)
        }
        let wanted = [members[1], members[2], new]
        let index = founding.board.log.nextIndex
        #expect(
            founding.fault(of: try membership(signedBy: [members[1], new], wanted), index: index)
                == .thresholdNotMet(valid: 1, needed: 2))
        try founding.add(\.board.log, try membership(signedBy: [members[1], members[2]], wanted))
        #expect(try witnesses(signedBy: [members[0], members[1]]) == .thresholdNotMet(valid: 1, needed: 2))
        #expect(try witnesses(signedBy: [members[1], new]) == nil)
        #expect(try witnesses(signedBy: [members[1], members[2]]) == nil)
    }

    @Test func whoHasReadTheWholeLogFollowsItWithTheMembersOfItsOwnTime() throws {
        var founding = try Founding.joined()
        let members = founding.board.members
        let new = SigningKey(from: founding.entropy)
        let event = founding.event()
        let draft = try BoardActs.members(
            BoardMembership(threshold: 2, keys: [members[1], members[2], new].map(\.publicKey.bytes)),
            origin: founding.board.log.origin, event: event, signers: members)
        try founding.add(\.board.log, try founding.board.log.statement(draft.control, event: event))
        let log = founding.boardStatements
        var roster = try Roster.bootstrap(fingerprint: founding.fingerprint, statements: log, now: founding.now)
        #expect(roster.board?.members[new.publicKey.keyID] != nil && roster.board?.members.count == 3)
        for (index, statement) in log.enumerated() {
            try roster.verify(
                statement, index: LeafIndex(UInt64(index)), at: TreeSize(UInt64(index)), now: founding.now)
            try roster.fold(statement, at: TreeSize(UInt64(index)), compartments: [])
        }
        #expect(roster.board?.members[new.publicKey.keyID] != nil)
    }

    @Test func aReaffirmHasOneFormAndABoundedLength() throws {
        let founding = try Founding.joined()
        func decoded(_ runs: [ClosedRange<UInt64>]) throws -> Statement {
            try founding.police.statement(
                .reaffirm(ReaffirmControl(keyID: .zero, indexes: runs)), event: founding.event())
        }
        func runs(_ count: Int) -> [ClosedRange<UInt64>] { (0..<count).map { UInt64($0) * 2...UInt64($0) * 2 } }
        _ = try decoded(runs(Limits.reaffirmedRunCount))
        for wrong in [
            runs(Limits.reaffirmedRunCount + 1), [], [3...4, 1...1], [1...2, 3...3], [1...4, 4...5],
            [1...UInt64.max, 0...0],
        ] {
            #expect(throws: (any Error).self, "\(wrong.count) runs") { try decoded(wrong) }
        }
    }
}
