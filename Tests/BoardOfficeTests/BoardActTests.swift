import BoardOffice
import EventLogs
import Partnership
import PartyFiles
import SharingProtocols
import SignedStatements
import TallystickPrimitives
import Testing

@Suite("Acts of the board")
struct BoardActTests {
    @Test("One signature of two is refused, and nothing is written")
    func thresholdNotMet() throws {
        let fixture = try OfficeFixture()
        let motion = try fixture.enrolling(try fixture.request())
        #expect(throws: RosterFault.thresholdNotMet(valid: 1, needed: 2)) {
            try fixture.commit(motion, signedBy: [1])
        }
        #expect(throws: RosterFault.thresholdNotMet(valid: 0, needed: 2)) {
            try fixture.commit(motion, signedBy: [])
        }
        #expect(throws: RosterFault.thresholdNotMet(valid: 1, needed: 2)) {
            try fixture.commit(motion, signedBy: [2, 2])
        }
        #expect(try fixture.log().statements.count == 1)
    }

    @Test(
        "Any two members are enough, and more are fine",
        arguments: [[1, 2], [2, 3], [1, 3], [1, 2, 3]])
    func enough(numbers: [Int]) throws {
        let fixture = try OfficeFixture()
        let index = try fixture.commit(
            try fixture.enrolling(try fixture.request()), signedBy: numbers)
        #expect(index == LeafIndex(1))
        #expect(try fixture.log().roster.parties["harbour-homes"] != nil)
    }

    @Test("Another board's member counts for nothing")
    func foreignMember() throws {
        let fixture = try OfficeFixture(seed: 1)
        let other = try OfficeFixture(seed: 2)
        var proposal = try fixture.proposal(
            try fixture.enrolling(try fixture.request()), signedBy: [1])
        let stranger = try other.member(1)
        try proposal.sign(by: stranger, of: fixture.fingerprint)
        #expect(throws: BoardOfficeError.notAMember(keyID: stranger.key.publicKey.keyID)) {
            try fixture.office().commit(proposal, now: fixture.now)
        }
    }

    @Test("A proposal for one board is neither signed nor committed at another")
    func otherBoard() throws {
        let fixture = try OfficeFixture(seed: 1)
        let other = try OfficeFixture(seed: 2)
        var proposal = try fixture.proposal(
            try fixture.enrolling(try fixture.request()), signedBy: [1, 2])
        let refusal = BoardOfficeError.otherBoard(
            expected: other.fingerprint, found: fixture.fingerprint)
        #expect(throws: refusal) { try other.office().commit(proposal, now: fixture.now) }
        #expect(throws: refusal) {
            try proposal.sign(by: try other.member(1), of: other.fingerprint)
        }
    }

    @Test("A proposal travels by file, and is committed once however often it is brought")
    func travels() throws {
        let fixture = try OfficeFixture()
        var proposal = try fixture.proposal(
            try fixture.enrolling(try fixture.request()), signedBy: [2])
        proposal = try BoardProposal(decoding: proposal.encoded)
        try proposal.sign(by: try fixture.member(3), of: fixture.fingerprint)
        proposal = try BoardProposal(decoding: proposal.encoded)
        #expect(try fixture.office().commit(proposal, now: fixture.now) == LeafIndex(1))
        #expect(try fixture.office().commit(proposal, now: fixture.now) == LeafIndex(1))
        #expect(try fixture.log().statements.count == 2)
    }

    @Test("A proposal changed after it was signed is refused")
    func changedProposal() throws {
        let fixture = try OfficeFixture()
        let proposal = try fixture.proposal(
            try fixture.enrolling(try fixture.request("harbour-homes")), signedBy: [1, 2])
        var encoded = proposal.encoded
        let name = Array("harbour-homes.example".utf8)
        let start = try #require(encoded.firstRange(of: name)).lowerBound
        encoded[start] = UInt8(ascii: "x")
        let changed = try BoardProposal(decoding: encoded)
        #expect(throws: BoardOfficeError.self) {
            try fixture.office().commit(changed, now: fixture.now)
        }
        #expect(try fixture.log().statements.count == 1)
    }

    @Test("Bytes that are no proposal are refused at every cut")
    func cutProposals() throws {
        let fixture = try OfficeFixture()
        let encoded = try fixture.proposal(
            try fixture.enrolling(try fixture.request()), signedBy: [1]
        ).encoded
        for length in 0..<encoded.count {
            #expect(throws: BoardOfficeError.notAProposal) {
                try BoardProposal(decoding: Array(encoded.prefix(length)))
            }
        }
    }

    @Test("A taken code is not enrolled with another key")
    func conflict() throws {
        let fixture = try OfficeFixture()
        try fixture.commit(try fixture.enrolling(try fixture.request()))
        let rival = try fixture.enrolling(try fixture.request(rootSeed: 11))
        #expect(throws: RosterFault.enrolmentConflict("harbour-homes")) {
            try fixture.commit(rival)
        }
    }

    @Test("Auditors, and only they, have a scope and must have an end")
    func mandates() throws {
        let fixture = try OfficeFixture()
        let (auditor, agency) = (
            try fixture.request("audit", party: .auditor), try fixture.request()
        )
        let later = fixture.now.adding(seconds: 60)
        #expect(throws: BoardOfficeError.mandate("audit")) {
            try BoardMotion.enrolling(auditor, expires: nil, scope: "all", now: fixture.now)
        }
        #expect(throws: BoardOfficeError.mandate("audit")) {
            try BoardMotion.enrolling(auditor, expires: later, scope: nil, now: fixture.now)
        }
        #expect(throws: BoardOfficeError.mandate("harbour-homes")) {
            try BoardMotion.enrolling(agency, expires: nil, scope: "all", now: fixture.now)
        }
        #expect(throws: BoardOfficeError.alreadyEnded(fixture.now)) {
            try BoardMotion.enrolling(agency, expires: fixture.now, scope: nil, now: fixture.now)
        }
    }

    @Test(
        "Witness lists are read line by line", arguments: ["word", "word operator", "a b party c"])
    func witnessLines(line: String) throws {
        #expect(throws: BoardOfficeError.witnessKey(line: 2)) {
            try BoardMotion.listingWitnesses("# a note\n\(line)\n")
        }
    }
}
