import Crypto
import SignedStatements
import TallystickTesting
import Testing

@Suite struct ConformanceEd25519Tests {
    private struct EdgeVector: Decodable, Sendable {
        let number: Int
        let key, sig: HexBytes
        let msg: String
        let flags: [String]?

        var accepted: Bool { !has("non_canonical_R") && !has("low_order_residue") }
        var keyIsRefused: Bool { has("low_order_A") || has("non_canonical_A") }

        func has(_ flag: String) -> Bool { flags?.contains(flag) == true }
    }

    private struct Group: Decodable, Sendable {
        struct Key: Decodable, Sendable { let pk: HexBytes }
        struct Test: Decodable, Sendable {
            let tcId: Int
            let msg, sig: HexBytes
            let result: String
        }

        let publicKey: Key
        let tests: [Test]
    }

    private func edgeVectors() throws -> [EdgeVector] {
        let file: VectorFile<EdgeVector> = try VectorDirectory().load(
            "wycheproof/cctv_ed25519_edge.json")
        try #require(file.vectors.count == file.count)
        try #require(file.count == 457)
        return file.vectors
    }

    /// Auditors that follow other rules would disagree about these signatures.
    @Test func theLibraryFollowsTheRuleOfRef10() throws {
        var accepted = 0
        for vector in try edgeVectors() {
            let key = try Curve25519.Signing.PublicKey(rawRepresentation: vector.key.bytes)
            let isValid = key.isValidSignature(vector.sig.bytes, for: Array(vector.msg.utf8))
            #expect(isValid == vector.accepted, "vector \(vector.number)")
            if isValid { accepted += 1 }
        }
        #expect(accepted > 0)
    }

    @Test func badKeysAreRefusedAndAllOthersFollowTheRule() throws {
        var refused = 0
        for vector in try edgeVectors() {
            if vector.keyIsRefused {
                refused += 1
                #expect(throws: KeyError.self, "vector \(vector.number)") {
                    try VerificationKey(bytes: vector.key.bytes)
                }
            } else {
                let key = try VerificationKey(bytes: vector.key.bytes)
                let isValid = key.isValid(
                    signature: vector.sig.bytes, over: Array(vector.msg.utf8))
                #expect(isValid == vector.accepted, "vector \(vector.number)")
            }
        }
        #expect(refused > 0)
        #expect(refused < 457)
    }

    @Test func wycheproof() throws {
        let file: VectorFile<Group> = try VectorDirectory().load("wycheproof/ed25519_test.json")
        #expect(file.vectors.count == file.count)
        #expect(file.vectors.reduce(0) { $0 + $1.tests.count } == 76)
        for group in file.vectors {
            let key = try VerificationKey(bytes: group.publicKey.pk.bytes)
            for test in group.tests {
                let isValid = key.isValid(signature: test.sig.bytes, over: test.msg.bytes)
                #expect(isValid == (test.result == "valid"), "tcId \(test.tcId)")
            }
        }
    }
}
