import DeterministicCBOR
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct KeyTests {
    @Test func aKeyIDIsTheThumbprintOfTheCOSEKey() throws {
        try checkProperty(cases: 20) { generator in
            let key = SigningKey(from: generator.entropy()).publicKey
            let coseKey = CBOR.map(of: [
                (.integer(1), .integer(1)), (.integer(-1), .integer(6)),
                (.integer(-2), .bytes(key.bytes)),
            ])
            try #require(key.keyID == Hash256(hashing: coseKey.encoded))
        }
    }

    /// RFC 8032 §7.1, TEST 2.
    @Test func signaturesAreThoseOfRFC8032() throws {
        let seed = try #require(
            Hex.decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        let key = try SigningKey(seed: seed)
        #expect(
            Hex.encode(key.publicKey.bytes)
                == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
        let signature = try key.sign([0x72])
        #expect(
            Hex.encode(signature) == """
                92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
                """)
        #expect(key.publicKey.isValid(signature: signature, over: [0x72]))
        #expect(!key.publicKey.isValid(signature: signature, over: [0x73]))
        #expect(key.seed == seed)
    }

    @Test(arguments: [0, 31, 33, 64])
    func otherLengthsAreNoKey(count: Int) {
        let bytes = [UInt8](repeating: 9, count: count)
        #expect(throws: KeyError.wrongLength(count)) { try VerificationKey(bytes: bytes) }
        #expect(throws: KeyError.wrongLength(count)) { try SigningKey(seed: bytes) }
    }

    @Test func exactlyTheEncodingsFromThePrimeOnAreNotCanonical() throws {
        for low in UInt8.min...UInt8.max {
            for top in [0x7f, 0xff] as [UInt8] {
                let bytes = [low] + [UInt8](repeating: 0xff, count: 30) + [top]
                let expected: KeyError? =
                    low >= 0xed ? .notCanonical : low == 0xec ? .lowOrder : nil
                var found: KeyError?
                do throws(KeyError) { _ = try VerificationKey(bytes: bytes) } catch {
                    found = error
                }
                #expect(found == expected)
            }
        }
    }

    @Test func signaturesOfOtherLengthsAreRefused() throws {
        let signature = try Samples.key.sign([1])
        let key = Samples.key.publicKey
        #expect(key.isValid(signature: signature, over: [1]))
        #expect(!key.isValid(signature: signature.dropLast(), over: [1]))
        #expect(!key.isValid(signature: signature + [0], over: [1]))
        #expect(!key.isValid(signature: [], over: [1]))
    }

    @Test func aSigningKeyNeverPrintsItsSeed() {
        let key = Samples.key
        var dumped = ""
        dump(key, to: &dumped)
        var dumpedInside = ""
        dump([Optional(key)], to: &dumpedInside)
        let texts = ["\(key)", String(reflecting: key), dumped, dumpedInside, "\([key])"]
        for text in texts {
            #expect(!text.contains(Hex.encode(key.seed.prefix(4))))
            #expect(!numbers(in: text).contains(key.seed.prefix(4)))
            #expect(text.contains(key.publicKey.keyID.hex))
        }
    }

    /// Arrays print as numbers, on one line or on many.
    private func numbers(in text: String) -> [UInt8] {
        text.split { !$0.isNumber }.compactMap { UInt8($0) }
    }

    @Test func anEntropySourceThatIsTooShortStopsTheProgram() async {
        await #expect(processExitsWith: .failure) { _ = SigningKey(from: Short()) }
    }
}

private struct Short: Entropy {
    func bytes(count: Int) -> [UInt8] { [UInt8](repeating: 1, count: count - 1) }
}
