import Crypto
import EventLogs
import Foundation
import SignedStatements

/// Signatures of statements, to be verified and nothing else: what verification alone allows.
struct SignatureLoad: Sendable {
    /// How to say it beside a figure.
    static let command = """
        raw Ed25519 verification (swift-crypto) of the same statements' signed bytes, one task for each core, mean of before \
        and after
        """

    private struct Signed: Sendable {
        let key: [UInt8]
        let signature: [UInt8]
        let bytes: [UInt8]
    }

    private var signed: [Signed] = []

    /// How many there are.
    var count: Int { signed.count }

    /// Adds a statement that the given key signed.
    mutating func add(_ statement: [UInt8], key: [UInt8]) throws {
        let read = try SignedStatement(decoding: statement)
        let sign1 = try Sign1(decoding: statement)
        signed.append(
            Signed(
                key: key, signature: read.signature,
                bytes: Sign1.signatureInput(protected: sign1.protected, externalAAD: [], payload: read.payload)))
    }

    /// Signatures a second on all cores.
    func verify() async throws -> Double {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let clock = ContinuousClock()
        let started = clock.now
        let valid = try await withThrowingTaskGroup(of: Int.self) { group in
            for core in 0..<cores {
                group.addTask {
                    var valid = 0
                    for place in stride(from: core, to: signed.count, by: cores) {
                        let item = signed[place]
                        let key = try Curve25519.Signing.PublicKey(rawRepresentation: item.key)
                        if key.isValidSignature(item.signature, for: item.bytes) { valid += 1 }
                    }
                    return valid
                }
            }
            return try await group.reduce(0, +)
        }
        guard valid == signed.count else { throw BenchmarkFailure("a signature that does not verify") }
        return Double(valid) / ((clock.now - started) / .seconds(1))
    }
}
