import BoardOffice
import EventLogs
import KeyFiles
import PartyFiles
import Partnership
import SignedStatements
import TallystickPrimitives
import Testing

/// The board revokes a party's key, and replaces a member's.
@Suite("Acts of the board about keys") struct KeyActTests {
    @Test("A revocation travels by file, is written once, and stands in the status")
    func revocation() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try fixture.enrolling(try fixture.request()))
        let keyID = Hash256(hashing: [7])
        let motion = try BoardMotion.revoking(keyID, of: "harbour-homes", from: TreeSize(40), on: fixture.log())
        let proposal = try fixture.proposal(motion, signedBy: [1, 2])
        #expect(try BoardProposal(decoding: proposal.encoded) == proposal)
        #expect(try fixture.office().commit(proposal, now: fixture.now) == LeafIndex(2))
        #expect(try fixture.commit(motion) == LeafIndex(2))
        let status = BoardStatus(try fixture.log())
        #expect(status.revocations == ["\(keyID) of harbour-homes, from register position 40"])
        #expect(status.text.contains("Revoked: key \(keyID) of harbour-homes"))
        #expect(throws: BoardOfficeError.notEnrolled("nobody")) {
            try BoardMotion.revoking(keyID, of: "nobody", from: .empty, on: fixture.log())
        }
    }

    @Test("A lost member's key is replaced by the others, and only the new board decides from then on")
    func replacedMember() throws {
        let fixture = try OfficeFixture()
        let lost = try fixture.member(2).key.publicKey
        let new = try BoardMember.create(
            at: fixture.directory.memberKeyFile(4), passphrase: OfficeFixture.passphrase, entropy: fixture.entropy,
            cost: .minimum)
        let motion = try BoardMotion.replacingMember(lost.keyID, by: new.key.publicKey.bytes, on: fixture.log())
        #expect(throws: RosterFault.thresholdNotMet(valid: 1, needed: 2)) {
            try fixture.commit(motion, signedBy: [1])
        }
        let proposal = try fixture.proposal(motion, signedBy: [1, 3])
        #expect(try BoardProposal(decoding: proposal.encoded) == proposal)
        #expect(try fixture.office().commit(proposal, now: fixture.now) == LeafIndex(1))
        #expect(BoardStatus(try fixture.log()).memberKeys.contains(new.key.publicKey.keyID.hex))
        #expect(!BoardStatus(try fixture.log()).memberKeys.contains(lost.keyID.hex))
        let enrolling = try fixture.enrolling(try fixture.request())
        #expect(throws: BoardOfficeError.notAMember(keyID: lost.keyID)) {
            try fixture.commit(enrolling, signedBy: [1, 2])
        }
        try fixture.commit(enrolling, signedBy: [1, 4])
        #expect(try fixture.log().fingerprint == fixture.fingerprint)
        #expect(try fixture.log().partnershipFile().statements.count == 3)
        #expect(throws: BoardOfficeError.notAMember(keyID: lost.keyID)) {
            try BoardMotion.replacingMember(lost.keyID, by: lost.bytes, on: fixture.log())
        }
        #expect(throws: BoardOfficeError.memberKey) {
            try BoardMotion.replacingMember(
                new.key.publicKey.keyID, by: try fixture.member(1).key.publicKey.bytes, on: fixture.log())
        }
    }
}
