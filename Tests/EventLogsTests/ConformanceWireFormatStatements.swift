import EventLogs
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

/// Statements of format 1 as a second implementation writes them: every kind, byte for byte.
@Suite struct ConformanceWireFormatStatements {
    @Test func statementsAreWrittenAndReadAsElsewhere() throws {
        let file = try VectorDirectory().load(
            "tallystick/statements.json", as: WireStatement.self)
        for vector in file.vectors {
            let made = try vector.made()
            #expect(made.encoded == vector.payload.bytes, "\(vector.id)")
            let statement = try Statement(decoding: vector.statement.bytes)
            #expect(statement.payload == made, "\(vector.id)")
            #expect(statement.bytes == vector.statement.bytes)
            #expect(statement.signed.payload == vector.payload.bytes)
            #expect(statement.hash.bytes == vector.hash.bytes, "\(vector.id)")
            #expect(statement.leafHash.bytes == vector.leaf_hash.bytes, "\(vector.id)")
            try checkHeader(of: statement, vector)
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 64)
    }

    private func checkHeader(of statement: Statement, _ vector: WireStatement) throws {
        let header = StatementHeader(
            keyID: try vector.key_id.hash(), issuer: try wireOrigin(vector.origin),
            subject: try vector.stream.id(),
            issuedAt: Timestamp(wholeSeconds: vector.issued_at), eventID: try vector.event.id())
        #expect(statement.signed.header == header, "\(vector.id)")
        #expect(header.encoded == vector.protected.bytes, "\(vector.id)")
        #expect(
            Sign1.signatureInput(
                protected: header.encoded, externalAAD: [], payload: vector.payload.bytes)
                == vector.sig_structure.bytes, "\(vector.id)")
        let key = try SigningKey(seed: vector.seed.bytes)
        #expect(key.publicKey.bytes == vector.public_key.bytes)
        #expect(key.publicKey.keyID.bytes == vector.key_id.bytes)
        _ = try statement.signed.verified(by: key.publicKey)
        let signed = try SignedStatement.sign(vector.payload.bytes, header: header, with: key)
        _ = try signed.verified(by: key.publicKey)
        #expect(signed.bytes.count == vector.statement.bytes.count, "\(vector.id)")
        #if os(Linux)
            // RFC 8032 signatures are deterministic; Apple's own library adds randomness.
            #expect(signed.bytes == vector.statement.bytes, "\(vector.id)")
        #endif
    }

    @Test func everyKindHasAVector() throws {
        let file = try VectorDirectory().load(
            "tallystick/statements.json", as: WireStatement.self)
        #expect(Set(file.vectors.map(\.kind)) == Set(StatementKind.allCases.map(\.rawValue)))
        let boards = file.vectors.filter { $0.control?.threshold != nil }
        #expect(boards.map(\.id) == ["board-genesis"])
    }

    /// Within each stream, every statement names the one before it.
    @Test func streamsAreChained() throws {
        let file = try VectorDirectory().load(
            "tallystick/statements.json", as: WireStatement.self)
        var heads: [String: Statement] = [:]
        for vector in file.vectors {
            let statement = try Statement(decoding: vector.statement.bytes)
            let stream = "\(statement.origin) \(statement.payload.stream)"
            #expect(statement.payload.previous == heads[stream]?.hash, "\(vector.id)")
            #expect(
                statement.payload.sequence == heads[stream].map { $0.payload.sequence + 1 } ?? 0)
            heads[stream] = statement
        }
        #expect(heads.count == 6)
    }

    @Test func theLargestStatementHasExactlyTheLimit() throws {
        let file = try VectorDirectory().load(
            "tallystick/statements.json", as: WireStatement.self)
        let largest = try #require(file.vectors.first { $0.id == "share-largest" })
        #expect(largest.statement.bytes.count == Limits.statementByteCount)
    }
}
