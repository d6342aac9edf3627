import Crypto
import Foundation
import TallystickTesting
import Testing

/// Wycheproof over the library that does our arithmetic.
@Suite struct ConformancePrimitiveLibraryTests {
    private struct Group<Test: Decodable & Sendable>: Decodable, Sendable {
        let tests: [Test]
    }

    private struct GCMTest: Decodable, Sendable {
        let tcId: Int
        let key, iv, aad, msg, ct, tag: HexBytes
        let result: String
    }

    private struct HKDFTest: Decodable, Sendable {
        let tcId: Int
        let ikm, salt, info, okm: HexBytes
        let size: Int
        let result: String
    }

    private struct XDHTest: Decodable, Sendable {
        let tcId: Int
        let `public`, `private`, shared: HexBytes
        let flags: [String]
        let result: String
    }

    private func load<Vector: Decodable & Sendable>(
        _ name: String, groups: Int, as type: Vector.Type
    ) throws -> [Vector] {
        let file: VectorFile<Group<Vector>> = try VectorDirectory().load("wycheproof/\(name).json")
        try #require(file.vectors.count == file.count)
        try #require(file.count == groups)
        return file.vectors.flatMap(\.tests)
    }

    @Test func aesGCM() throws {
        let tests = try load("aes_gcm_test", groups: 1, as: GCMTest.self)
        #expect(tests.count == 30)
        for test in tests {
            let key = SymmetricKey(data: test.key.bytes)
            let combined = test.iv.bytes + test.ct.bytes + test.tag.bytes
            let opened = try? AES.GCM.open(
                AES.GCM.SealedBox(combined: combined), using: key, authenticating: test.aad.bytes)
            #expect((opened != nil) == (test.result == "valid"), "tcId \(test.tcId)")
            guard test.result == "valid" else { continue }
            #expect(opened.map(Array.init) == test.msg.bytes, "tcId \(test.tcId)")
            let sealed = try AES.GCM.seal(
                test.msg.bytes, using: key, nonce: AES.GCM.Nonce(data: test.iv.bytes),
                authenticating: test.aad.bytes)
            #expect(sealed.combined.map(Array.init) == combined, "tcId \(test.tcId)")
        }
    }

    @Test func hkdfSHA256() throws {
        let tests = try load("hkdf_sha256_test", groups: 4, as: HKDFTest.self)
        #expect(tests.count == 43)
        let limit = 255 * SHA256.byteCount
        for test in tests {
            // The one invalid vector asks for more than RFC 5869 allows; the library stops at that.
            #expect((test.size <= limit) == (test.result == "valid"), "tcId \(test.tcId)")
            guard test.size <= limit else { continue }
            let key = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: test.ikm.bytes), salt: test.salt.bytes,
                info: test.info.bytes, outputByteCount: test.size)
            #expect(key.withUnsafeBytes { Array($0) } == test.okm.bytes, "tcId \(test.tcId)")
        }
    }

    @Test func x25519() throws {
        let tests = try load("x25519_test", groups: 1, as: XDHTest.self)
        #expect(tests.count == 259)
        for test in tests {
            let secret = try Curve25519.KeyAgreement.PrivateKey(
                rawRepresentation: test.private.bytes)
            let point = try Curve25519.KeyAgreement.PublicKey(rawRepresentation: test.public.bytes)
            let shared = try secret.sharedSecretFromKeyAgreement(with: point)
            let bytes = shared.withUnsafeBytes { Array($0) }
            #expect(bytes == test.shared.bytes, "tcId \(test.tcId)")
            // The library hands out the zero secret of a low-order point, unlike what RFC 9180
            // §7.1.4 asks of DHKEM, so whoever agrees on keys has to refuse it.
            let isZero = bytes.allSatisfy { $0 == 0 }
            #expect(isZero == test.flags.contains("ZeroSharedSecret"), "tcId \(test.tcId)")
        }
    }
}
