import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// Ready-made values for the tests of statements.
enum Samples {
    static let key = SigningKey(from: SeededEntropy(seed: 1))
    static let otherKey = SigningKey(from: SeededEntropy(seed: 2))
    static let payload: [UInt8] = [0xa1, 0x01, 0x01]

    static func header(
        signedBy key: SigningKey = key, subject: StreamID = StreamID(from: SeededEntropy(seed: 3))
    ) throws -> StatementHeader {
        StatementHeader(
            keyID: key.publicKey.keyID, issuer: try #require(Origin("health.example/log")),
            subject: subject, issuedAt: Timestamp(wholeSeconds: 1_772_000_000),
            eventID: EventID(from: SeededEntropy(seed: 4)))
    }

    static func statement() throws -> SignedStatement {
        try SignedStatement.sign(payload, header: header(), with: key)
    }
}
