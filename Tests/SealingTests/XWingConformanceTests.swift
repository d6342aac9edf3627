import Crypto
import Foundation
import Sealing
import TallystickTesting
import Testing

/// X-Wing against the vectors of its draft.
///
/// The sender's side with given randomness (`eseed`) cannot run: the library takes none from
/// outside.
@Suite struct XWingConformanceTests {
    struct Vector: Decodable, Sendable {
        let seed: HexBytes
        let sk: HexBytes
        let pk: HexBytes
        let ct: HexBytes
        let ss: HexBytes
    }

    @Test func seedGivesKeyAndCiphertextGivesSecret() throws {
        let file = try VectorDirectory().load("xwing/xwing_kat.json", as: Vector.self)
        for vector in file.vectors {
            let key = try Sealing.KEMPrivateKey(seed: vector.seed.bytes)
            #expect(key.publicKey == vector.pk.bytes)
            #expect(key.seedRepresentation == vector.sk.bytes)
            let secret = try XWingMLKEM768X25519.PrivateKey(
                seedRepresentation: vector.seed.bytes, publicKey: nil
            ).decapsulate(Data(vector.ct.bytes))
            #expect(secret.withUnsafeBytes { Array($0) } == vector.ss.bytes)
        }
        #expect(file.vectors.count == 2 && file.count == 2)
    }

    @Test(arguments: [0, 31, 33])
    func seedsOfOtherLengthsAreRefused(byteCount: Int) {
        #expect(throws: SealingError.wrongSeedLength(byteCount)) {
            try Sealing.KEMPrivateKey(seed: [UInt8](repeating: 1, count: byteCount))
        }
    }
}
