import DeterministicCBOR
import SignedStatements
import TallystickTesting
import Testing

@Suite struct ConformanceSign1Tests {
    private struct Vector: Decodable, Sendable {
        let id: String
        let public_key, external_aad, cose_sign1: HexBytes
        let seed, detached_payload, sig_structure: HexBytes?
        let valid: Bool
    }

    private func load() throws -> [Vector] {
        let file: VectorFile<Vector> = try VectorDirectory().load(
            "cose/sign1_ed25519_generated.json")
        try #require(file.vectors.count == file.count)
        try #require(file.count == 19)
        return file.vectors
    }

    @Test func generatedVectorsAreAcceptedOrRefusedAsTheySay() throws {
        for vector in try load() {
            let key = try VerificationKey(bytes: vector.public_key.bytes)
            let sign1 = try? Sign1(decoding: vector.cose_sign1.bytes)
            let input = sign1.flatMap { signatureInput(of: $0, vector) }
            let isValid = sign1.map { sign1 in
                input.map { key.isValid(signature: sign1.signature, over: $0) } ?? false
            }
            #expect((isValid ?? false) == vector.valid, "\(vector.id)")
            #expect(sign1.map { $0.encoded == vector.cose_sign1.bytes } ?? true, "\(vector.id)")
            if vector.valid { #expect(input == vector.sig_structure?.bytes, "\(vector.id)") }
        }
    }

    @Test func ourSignaturesAreTheVectorsOwn() throws {
        var signed = 0
        for vector in try load() where vector.valid {
            let key = try SigningKey(seed: try #require(vector.seed).bytes)
            #expect(key.publicKey.bytes == vector.public_key.bytes, "\(vector.id)")
            let sign1 = try Sign1(decoding: vector.cose_sign1.bytes)
            let input = try #require(signatureInput(of: sign1, vector))
            #expect(try key.sign(input) == sign1.signature, "\(vector.id)")
            signed += 1
        }
        #expect(signed == 12)
    }

    /// Their headers name eight-byte key ids, other content types or EdDSA: none is our profile.
    @Test func noneOfThemIsAStatement() throws {
        for vector in try load() {
            #expect(throws: StatementError.self, "\(vector.id)") {
                try SignedStatement(decoding: vector.cose_sign1.bytes)
            }
        }
    }

    private func signatureInput(of sign1: Sign1, _ vector: Vector) -> [UInt8]? {
        guard let payload = sign1.payload ?? vector.detached_payload?.bytes else { return nil }
        return Sign1.signatureInput(
            protected: sign1.protected, externalAAD: vector.external_aad.bytes, payload: payload)
    }
}
