import Foundation
import TallystickPrimitives
import TallystickTesting
import Testing
import TimestampTokens

/// Tokens of a local authority (`openssl ts`) against the vectors' own roots.
@Suite struct ConformanceTimestampTests {
    struct File: Decodable {
        let rootPEM: String
        let count: Int
        let vectors: [Vector]

        enum CodingKeys: String, CodingKey {
            case rootPEM = "root_pem"
            case count, vectors
        }
    }

    struct Vector: Decodable {
        /// What the token is held against.
        let about: HexBytes
        let token: HexBytes
        let answer: HexBytes
        let isValid: Bool

        enum CodingKeys: String, CodingKey {
            case about = "imprint_input"
            case token = "tst_der"
            case answer = "tsr_der"
            case isValid = "valid"
        }
    }

    /// RFC 9921 §3.1: the imprint is over a signature with its CBOR head, `58 40`.
    @Test func tokensOfALocalAuthority() async throws {
        let bytes = try VectorDirectory().bytes(of: "tsa/rfc3161_generated.json")
        let file = try JSONDecoder().decode(File.self, from: Data(bytes))
        for vector in file.vectors {
            for answer in [vector.token.bytes, vector.answer.bytes] {
                let token = try? await TimestampToken.check(answer, about: vector.about.bytes, roots: file.rootPEM)
                #expect((token != nil) == vector.isValid)
                if let token { #expect(token.at.description == "2026-11-21T02:01:46Z") }
            }
        }
        #expect(file.vectors.count == 4 && file.count == 4)
    }
}
