import Crypto
import Foundation
import TallystickPrimitives
import TallystickTesting
import Testing

/// The HPKE that grants rest on, against the published vectors.
///
/// Every vector runs on the recipient's side. What the library offers no way to run: the sender's
/// side with a given ephemeral key (`skEm`, `ikmE`), the derivation of keys from `ikmR`, and the
/// inner values `shared_secret`, `key`, `base_nonce` and `exporter_secret`. A wrong inner value
/// would show in the opened texts and the exports.
@Suite struct HPKEConformanceTests {
    struct Vector: Decodable, Sendable {
        struct Encryption: Decodable, Sendable {
            let aad: HexBytes
            let ct: HexBytes
            let pt: HexBytes
            let seq: Int
        }
        struct Export: Decodable, Sendable {
            let exporter_context: HexBytes
            let L: Int
            let exported_value: HexBytes
        }
        let mode: Int
        let kem_id: Int
        let kdf_id: Int
        let aead_id: Int
        let info: HexBytes
        let skRm: HexBytes
        let pkRm: HexBytes
        let enc: HexBytes
        let encryptions: [Encryption]
        let exports: [Export]
    }

    struct SingleShot: Decodable, Sendable {
        let id: Int
        let seed: HexBytes
        let pk: HexBytes
        let info: HexBytes
        let aad: HexBytes
        let enc: HexBytes
        let ct: HexBytes
        let pt: HexBytes
        let valid: Bool
    }

    struct UnknownSuite: Error {}

    @Test(arguments: [
        ("hpke/rfc9180_base.json", 4, 20, 12), ("hpke/hpke_pq_xwing.json", 1, 5, 5),
    ])
    func opensAndExportsInSequence(
        file name: String, suites: Int, openings: Int, exports: Int
    ) throws {
        let file = try VectorDirectory().load(name, as: Vector.self)
        var opened = 0
        var exported = 0
        for vector in file.vectors {
            #expect(vector.mode == 0)
            var recipient = try self.recipient(of: vector)
            for (place, encryption) in vector.encryptions.enumerated() {
                #expect(encryption.seq == place)
                let text = try recipient.open(
                    encryption.ct.bytes, authenticating: encryption.aad.bytes)
                #expect(Array(text) == encryption.pt.bytes)
                opened += 1
            }
            for export in vector.exports {
                let secret = try recipient.exportSecret(
                    context: export.exporter_context.bytes, outputByteCount: export.L)
                #expect(secret.withUnsafeBytes { Array($0) } == export.exported_value.bytes)
                exported += 1
            }
        }
        #expect(file.vectors.count == suites && file.count == suites)
        #expect(opened == openings && exported == exports)
    }

    @Test func opensWhatAnotherLibrarySealedUnderOurSuite() throws {
        let file = try VectorDirectory().load(
            "hpke/xwing_hkdf256_aes256gcm_generated.json", as: SingleShot.self)
        var outcomes: [Bool] = []
        for vector in file.vectors {
            let key = try XWingMLKEM768X25519.PrivateKey(
                seedRepresentation: vector.seed.bytes, publicKey: nil)
            #expect(Array(key.publicKey.rawRepresentation) == vector.pk.bytes)
            #expect(vector.aad.bytes.isEmpty)
            var recipient = try HPKE.Recipient(
                privateKey: key, ciphersuite: .XWingMLKEM768X25519_SHA256_AES_GCM_256,
                info: Data(vector.info.bytes), encapsulatedKey: Data(vector.enc.bytes))
            let text = try? recipient.open(vector.ct.bytes)
            #expect((text.map { Array($0) } == vector.pt.bytes) == vector.valid)
            outcomes.append(vector.valid)
        }
        #expect(outcomes == [true, true, true, false])
        #expect(file.count == 4)
    }

    private func recipient(of vector: Vector) throws -> HPKE.Recipient {
        let kdf: HPKE.KDF
        switch vector.kdf_id {
        case 1: kdf = .HKDF_SHA256
        case 3: kdf = .HKDF_SHA512
        default: throw UnknownSuite()
        }
        let aead: HPKE.AEAD
        switch vector.aead_id {
        case 1: aead = .AES_GCM_128
        case 2: aead = .AES_GCM_256
        case 3: aead = .chaChaPoly
        default: throw UnknownSuite()
        }
        let info = Data(vector.info.bytes)
        let encapsulated = Data(vector.enc.bytes)
        switch vector.kem_id {
        case 0x10:
            let key = try P256.KeyAgreement.PrivateKey(rawRepresentation: vector.skRm.bytes)
            #expect(Array(key.publicKey.x963Representation) == vector.pkRm.bytes)
            return try HPKE.Recipient(
                privateKey: key, ciphersuite: .init(kem: .P256_HKDF_SHA256, kdf: kdf, aead: aead),
                info: info, encapsulatedKey: encapsulated)
        case 0x20:
            let key = try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: vector.skRm.bytes)
            #expect(Array(key.publicKey.rawRepresentation) == vector.pkRm.bytes)
            return try HPKE.Recipient(
                privateKey: key,
                ciphersuite: .init(kem: .Curve25519_HKDF_SHA256, kdf: kdf, aead: aead),
                info: info, encapsulatedKey: encapsulated)
        case 0x647a:
            let key = try XWingMLKEM768X25519.PrivateKey(
                seedRepresentation: vector.skRm.bytes, publicKey: nil)
            #expect(Array(key.publicKey.rawRepresentation) == vector.pkRm.bytes)
            return try HPKE.Recipient(
                privateKey: key,
                ciphersuite: .init(kem: .XWingMLKEM768X25519, kdf: kdf, aead: aead),
                info: info, encapsulatedKey: encapsulated)
        default: throw UnknownSuite()
        }
    }
}
