import DeterministicCBOR
import EventLogs
import Sealing
import TallystickPrimitives
import Testing

/// Values made by an independent program, so that the formats cannot drift with our own code.
///
/// The program (Python, package `cryptography` 48) encodes the objects of WIRE §4 with an encoder
/// of its own, derives with HKDFExpand(SHA-256), seals with AESGCM and wraps with aes_key_wrap. Its
/// inputs are those of `Samples`: content key = bytes 0 to 31, nonce = bytes 32 to 43, circle key =
/// 32 x c1, seed = 32 x 5e, compartment = 16 x 0c, epoch = 16 x 0e, event = 16 x e7, label
/// `record`, expiry 1772357400.
@Suite struct GoldenSealingTests {
    @Test func compartmentIsSealedAsAnotherProgramSealsIt() throws {
        let samples = try Samples()
        let sealed = try samples.sealed()
        #expect(
            sealed.descriptor.keyCommitment?.hex
                == "499307f42fe266724912b93d7629e0c394cfcca290090e22059aefe06bb4589a")
        #expect(
            sealed.descriptor.contentHash.hex
                == "7ee307fe7d1c4611df24d844d647de255416c9f05ccf7b7fed246aa8c7fc29f0")
        #expect(
            sealed.descriptor.fieldRoot.hex
                == "ec860d1a518c75b9b7e3a64fbbb35f09e9a8ee137b4a78f7f1bf180480119724")
        #expect(sealed.carried.content.count == 291)
        #expect(sealed.descriptor.paddedLength == ByteCount(256))
        #expect(
            sealed.carried.wrap.map { Hex.encode($0) }
                == "8401500c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c500e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e5828"
                + "e0eb97fdc7cf85a2d83827deecede648a17b4fddae5228ea2e3c84c2a3a98791"
                + "fac320a016356729")
        #expect(
            samples.circleKey.commitment.hex
                == "a789e1c860d01b1f85b6051deea87c5aa61b8514bb8a7c97bd1e150314d3ac54")
    }

    @Test func localKeyWrapsAndSealsAsAnotherProgramDoes() throws {
        let samples = try Samples()
        let local = try #require(LocalKey(bytes: [UInt8](repeating: 0x10, count: 32)))
        let content = try #require(ContentKey(bytes: Array(0..<32)))
        #expect(
            Hex.encode(local.wrap(content))
                == "7ab3c8ff344131d88b3864a0797b59d1833b507eb5e5b38b4c4749a6d0be597d"
                + "6a6d85f224ef9300")
        #expect(
            Hex.encode(local.wrap(samples.circleKey))
                == "a969db0acbf8546515ab06ed65d06623fe9580788f3309bfaeaec39925b8e70c"
                + "1bd91b028a418ba7")
        let snapshot = local.seal(
            Array("snapshot".utf8), context: "views/1", entropy: ScriptedEntropy(start: 224))
        #expect(
            Hex.encode(snapshot)
                == "8401034c000102030405060708090a0b58183c2039aa5737cd10a6b3a494ffee958fc6639d97"
                + "c063c591")
    }

    @Test func kemKeyIsNamedAsAnotherProgramNamesIt() {
        let id = DirectGrant.kemKeyID(kem: 0x647a, publicKey: [UInt8](repeating: 0, count: 1216))
        #expect(id.hex == "e30a344efb2ff33b4215352e1b8735466121624bc3a0f17f0a09fc3baff74cc6")
    }

    @Test func fieldSaltIsDerivedAsAnotherProgramDerivesIt() throws {
        let proof = try #require(FieldProof(of: "score", in: Samples().body))
        #expect(Hex.encode(proof.salt) == "4fe4b8997962273ff5f838dc314ccbb7")
        #expect(proof.index == LeafIndex(1))
    }
}
