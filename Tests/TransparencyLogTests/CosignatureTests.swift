import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct CosignatureTests {
    let log: TestLog
    let witness: SigningKey
    let name: NoteKeyName
    let time = Timestamp(wholeSeconds: 1_790_000_000)

    init() throws {
        log = try TestLog(leaves: 6)
        witness = SigningKey(from: SeededEntropy(seed: 9))
        name = try #require(NoteKeyName("witness.example"))
    }

    private func cosignature(_ count: Int, at time: Timestamp) throws -> Cosignature {
        try Cosignature.sign(log.head(count), at: time, name: name, with: witness)
    }

    @Test func aCosignatureVerifiesWithItsTime() throws {
        let made = try cosignature(6, at: time)
        let line = made.noteSignature
        let read = try #require(Cosignature(verifying: line, of: log.head(6), key: made.key))
        #expect(read == made)
        #expect(read.timestamp == time)
        #expect(line.signature.count == 72)
    }

    @Test func everyBitOfItMattersAndSoDoesTheHead() throws {
        let made = try cosignature(6, at: time)
        for position in made.noteSignature.signature.indices {
            for bit in 0..<8 {
                var bytes = made.noteSignature.signature
                bytes[position] ^= 1 << UInt8(bit)
                let line = NoteSignature(name: name, keyID: made.key.keyID, signature: bytes)
                #expect(Cosignature(verifying: line, of: log.head(6), key: made.key) == nil)
            }
        }
        #expect(Cosignature(verifying: made.noteSignature, of: log.head(5), key: made.key) == nil)
    }

    @Test func aPlainSignatureIsNoCosignature() throws {
        let key = NoteVerifierKey(name: name, kind: .cosignature, key: witness.publicKey)
        let plain = NoteSignature(
            name: name, keyID: key.keyID, signature: try witness.sign(log.head(6).noteText))
        #expect(Cosignature(verifying: plain, of: log.head(6), key: key) == nil)
    }

    @Test func timesBeyondTheLimitAreRefusedHoweverWellSigned() throws {
        let key = NoteVerifierKey(name: name, kind: .cosignature, key: witness.publicKey)
        for (seconds, isAccepted) in [(UInt64(Int64.max), true), (UInt64(Int64.max) + 1, false)] {
            let signed = "cosignature/v1\ntime \(seconds)\n".bytes + log.head(6).noteText
            let line = NoteSignature(
                name: name, keyID: key.keyID,
                signature: NoteText.bigEndian(seconds) + (try witness.sign(signed)))
            let read = Cosignature(verifying: line, of: log.head(6), key: key)
            #expect((read != nil) == isAccepted)
            #expect(read?.seconds == (isAccepted ? seconds : nil))
        }
    }

    @Test func headsCarryCosignatures() throws {
        let signed = try log.signedHead(6)
        let early = try cosignature(6, at: time)
        let late = try cosignature(6, at: time.adding(seconds: 60))
        let both = try signed.adding(late).adding(early)
        #expect(both.head == signed.head)
        #expect(try both.cosignatures(by: [early.key]) == [late])
        #expect(try both.cosignatures(by: []).isEmpty)
        #expect(try signed.cosignatures(by: [early.key]).isEmpty)
        let again = try SignedTreeHead(
            verifying: both.note, origin: log.origin, key: log.key.publicKey)
        #expect(again == both)
    }

    @Test func aCosignatureOfAnotherHeadSpoilsTheNote() throws {
        let spoilt = try log.signedHead(6).adding(try cosignature(5, at: time))
        let key = NoteVerifierKey(name: name, kind: .cosignature, key: witness.publicKey)
        #expect(throws: NoteError.invalidSignature(name: name)) {
            try spoilt.cosignatures(by: [key])
        }
    }
}
