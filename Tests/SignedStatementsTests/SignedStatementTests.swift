import DeterministicCBOR
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct SignedStatementTests {
    @Test func whatIsSignedDecodesAndVerifies() throws {
        try checkProperty(cases: 100) { generator in
            let key = SigningKey(from: generator.entropy())
            let header = StatementHeader(
                keyID: key.publicKey.keyID, issuer: try #require(Origin("a.example/log")),
                subject: StreamID(from: generator.entropy()),
                issuedAt: Timestamp(milliseconds: Int64(generator.int(in: 0...2_000_000_000_000))),
                eventID: EventID(from: generator.entropy()))
            let payload = generator.bytes(upTo: 1000)
            let signed = try SignedStatement.sign(payload, header: header, with: key)
            let decoded = try SignedStatement(decoding: signed.bytes)
            try #require(decoded == signed)
            try #require(decoded.header == header)
            try #require(decoded.payload == payload)
            let verified = try decoded.verified(by: key.publicKey)
            try #require(verified.statement == signed)
            try #require(verified.key == key.publicKey)
        }
    }

    @Test func everyFlippedBitIsNoticed() throws {
        let statement = try Samples.statement()
        var refused = 0
        for position in statement.bytes.indices {
            for bit in 0..<8 {
                var bytes = statement.bytes
                bytes[position] ^= 1 << bit
                do throws(StatementError) {
                    _ = try SignedStatement(decoding: bytes).verified(by: Samples.key.publicKey)
                } catch { refused += 1 }
            }
        }
        #expect(refused == statement.bytes.count * 8)
    }

    @Test func everyPrefixAndEveryAdditionIsNoticed() throws {
        let bytes = try Samples.statement().bytes
        for count in bytes.indices {
            #expect(throws: StatementError.self) {
                try SignedStatement(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: StatementError.notSign1(.cbor(.trailingBytes(at: bytes.count)))) {
            try SignedStatement(decoding: bytes + [0])
        }
    }

    @Test func aWrongKeyAndABadSignatureAreDifferentErrors() throws {
        let key = Samples.key.publicKey
        let other = Samples.otherKey.publicKey
        let statement = try Samples.statement()
        #expect(throws: StatementError.wrongKey(named: key.keyID, given: other.keyID)) {
            try statement.verified(by: other)
        }
        var bytes = statement.bytes
        bytes[bytes.count - 64] ^= 1
        #expect(throws: StatementError.badSignature(keyID: key.keyID)) {
            try SignedStatement(decoding: bytes).verified(by: key)
        }
    }

    @Test func sizeEndsAtItsLimit() throws {
        let limit = Limits.statementByteCount
        let small = try Samples.statement().bytes.count
        // The head of the payload grows from one byte to three on the way.
        let room = limit - small + Samples.payload.count - 2
        let largest = try SignedStatement.sign(
            [UInt8](repeating: 0, count: room), header: Samples.header(), with: Samples.key)
        #expect(largest.bytes.count == limit)
        #expect(throws: StatementError.tooLarge(byteCount: limit + 1, limit: limit)) {
            try SignedStatement.sign(
                [UInt8](repeating: 0, count: room + 1), header: Samples.header(), with: Samples.key)
        }
    }

    @Test func aHeaderThatNamesAnotherKeyIsNeverSigned() async {
        await #expect(processExitsWith: .failure) {
            // A thrown error would be a failure too, hence the quiet ends.
            guard let header = try? Samples.header(signedBy: Samples.otherKey) else { return }
            _ = try? SignedStatement.sign([], header: header, with: Samples.key)
        }
    }

    @Test func partsOutsideTheProfileAreRefused() throws {
        let good = try Sign1(decoding: Samples.statement().bytes)
        func error(
            unprotected: CBORMap = CBORMap([]), payload: [UInt8]? = [1], signature: [UInt8]? = nil
        ) -> StatementError? {
            let sign1 = Sign1(
                protected: good.protected, unprotected: unprotected, payload: payload,
                signature: signature ?? good.signature)
            do throws(StatementError) {
                _ = try SignedStatement(decoding: sign1.encoded)
                return nil
            } catch { return error }
        }
        #expect(error() == nil)
        #expect(error(unprotected: CBORMap([(.unsigned(4), .null)])) == .unprotectedNotEmpty)
        #expect(error(payload: nil) == .payloadMissing)
        #expect(error(signature: good.signature.dropLast()) == .signatureLength(63))
        #expect(error(signature: []) == .signatureLength(0))
        #expect(throws: StatementError.notSign1(.notTagged)) {
            try SignedStatement(decoding: Array(try Samples.statement().bytes.dropFirst()))
        }
    }

    @Test func randomBytesAreRefusedAndNeverStopTheProgram() throws {
        try checkProperty(cases: 2000) { generator in
            let bytes = [0xd2, 0x84] + generator.bytes(upTo: 200)
            try #require(throws: StatementError.self) { try SignedStatement(decoding: bytes) }
        }
    }
}
