import Crypto
import DeterministicCBOR
import Foundation
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// The examples of the COSE working group: those that are Sign1 parse and verify, or must fail.
@Suite struct ConformanceCOSEExampleTests {
    private struct Vector: Decodable, Sendable {
        struct Input: Decodable, Sendable { let sign0: Signer? }
        struct Signer: Decodable, Sendable { let key: Key }
        struct Key: Decodable, Sendable {
            let crv: String
            let x, y: String?
            let x_hex: HexBytes?
        }
        struct Intermediates: Decodable, Sendable { let ToBeSign_hex: HexBytes? }
        struct Output: Decodable, Sendable { let cbor: HexBytes }

        let path: String
        let fail: Bool?
        let input: Input
        let intermediates: Intermediates?
        let output: Output
    }

    /// What each example is to us. Everything unnamed has another tag and must not parse.
    private enum Expectation { case verifies, anotherCurve, badSignature, unknownAlgorithm }

    private let expectations: [String: Expectation] = [
        "eddsa-examples/eddsa-sig-01.json": .verifies,
        "eddsa-examples/eddsa-sig-02.json": .anotherCurve,
        "sign1-tests/sign-fail-02.json": .badSignature,
        "sign1-tests/sign-fail-03.json": .unknownAlgorithm,
        "sign1-tests/sign-fail-04.json": .unknownAlgorithm,
        "sign1-tests/sign-pass-01.json": .verifies,
        "RFC8152/Appendix_C_2_1.json": .verifies,
    ]

    @Test func everyExampleIsWhatItShouldBe() throws {
        let file: VectorFile<Vector> = try VectorDirectory().load("cose/cose_wg_examples.json")
        #expect(file.vectors.count == file.count)
        #expect(file.count == 34)
        var parsed = 0
        for vector in file.vectors {
            if let expectation = expectations[vector.path] {
                parsed += 1
                try check(vector, expectation)
            } else {
                #expect(throws: Sign1Error.self, "\(vector.path)") {
                    try Sign1(decoding: vector.output.cbor.bytes)
                }
            }
            #expect(throws: StatementError.self, "\(vector.path)") {
                try SignedStatement(decoding: vector.output.cbor.bytes)
            }
        }
        #expect(parsed == expectations.count)
    }

    private func check(_ vector: Vector, _ expectation: Expectation) throws {
        let sign1 = try Sign1(decoding: vector.output.cbor.bytes)
        let payload = try #require(sign1.payload)
        let input = Sign1.signatureInput(
            protected: sign1.protected, externalAAD: [], payload: payload)
        let key = try #require(vector.input.sign0?.key)
        #expect(sign1.encoded == vector.output.cbor.bytes, "\(vector.path)")
        switch expectation {
        case .verifies:
            #expect(input == vector.intermediates?.ToBeSign_hex?.bytes, "\(vector.path)")
            #expect(try isValid(sign1.signature, input, key), "\(vector.path)")
        case .anotherCurve:
            #expect(input == vector.intermediates?.ToBeSign_hex?.bytes, "\(vector.path)")
            #expect(throws: KeyError.wrongLength(57)) {
                try VerificationKey(bytes: try #require(key.x_hex).bytes)
            }
        case .badSignature:
            #expect(vector.fail == true)
            #expect(try !isValid(sign1.signature, input, key), "\(vector.path)")
        case .unknownAlgorithm:
            #expect(vector.fail == true)
            #expect(throws: StatementError.self) { try StatementHeader(decoding: sign1.protected) }
        }
    }

    private func isValid(_ signature: [UInt8], _ input: [UInt8], _ key: Vector.Key) throws -> Bool {
        if key.crv == "Ed25519" {
            let publicKey = try VerificationKey(bytes: try #require(key.x_hex).bytes)
            return publicKey.isValid(signature: signature, over: input)
        }
        let point = try base64URL(try #require(key.x)) + base64URL(try #require(key.y))
        let publicKey = try P256.Signing.PublicKey(rawRepresentation: point)
        let parsed = try P256.Signing.ECDSASignature(rawRepresentation: signature)
        return publicKey.isValidSignature(parsed, for: input)
    }

    private func base64URL(_ text: String) throws -> [UInt8] {
        var standard = text.replacingOccurrences(of: "-", with: "+")
            .replacingOccurrences(of: "_", with: "/")
        while !standard.count.isMultiple(of: 4) { standard += "=" }
        return Array(try #require(Data(base64Encoded: standard)))
    }
}
