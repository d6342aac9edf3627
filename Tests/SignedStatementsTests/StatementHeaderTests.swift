import DeterministicCBOR
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct StatementHeaderTests {
    /// WIRE profile, spelt out by hand: a change of any byte is a change of the format.
    @Test func theEncodingIsFixed() throws {
        let header = StatementHeader(
            keyID: .zero, issuer: try #require(Origin("a")), subject: .control,
            issuedAt: Timestamp(wholeSeconds: 5),
            eventID: try #require(EventID(bytes: [UInt8](repeating: 7, count: 16))))
        let expected: [UInt8] =
            [0xa5, 0x01, 0x32, 0x03, 0x78, 0x29]
            + Array("application/vnd.tallystick.statement+cbor".utf8)
            + [0x04, 0x58, 0x20] + [UInt8](repeating: 0, count: 32)
            + [0x0f, 0xa4, 0x01, 0x61, 0x61, 0x02, 0x78, 0x20]
            + [UInt8](repeating: UInt8(ascii: "0"), count: 32)
            + [0x06, 0x05, 0x07, 0x50] + [UInt8](repeating: 7, count: 16)
            + [0x10, 0x78, 0x20] + Array("application/scitt-statement+cose".utf8)
        #expect(header.encoded == expected)
        #expect(try StatementHeader(decoding: expected) == header)
    }

    @Test func partsOfASecondAreCut() throws {
        let header = StatementHeader(
            keyID: .zero, issuer: try #require(Origin("a")), subject: .control,
            issuedAt: Timestamp(milliseconds: 5999), eventID: EventID(from: SeededEntropy(seed: 1)))
        #expect(header.issuedAt == Timestamp(wholeSeconds: 5))
        #expect(try StatementHeader(decoding: header.encoded) == header)
    }

    @Test func anyOtherLabelIsRefused() throws {
        let extra: [CBOR] = [
            .unsigned(0), .unsigned(2), .unsigned(5), .unsigned(33), .unsigned(258), .integer(-1),
            .text("alg"), .bytes([1]), .null,
        ]
        for label in extra {
            #expect(throws: StatementError.unknownLabel, "\(label)") {
                try StatementHeader(decoding: try changed { $0[label] = .null })
            }
        }
    }

    @Test(arguments: [1, 3, 4, 15, 16] as [UInt64])
    func everyLabelIsRequired(label: UInt64) throws {
        #expect(throws: StatementError.missingLabel(Int(label))) {
            try StatementHeader(decoding: try changed { $0[.unsigned(label)] = nil })
        }
    }

    @Test(arguments: [-8, -7, -50, 0, 5] as [Int64])
    func everyOtherAlgorithmIsRefused(algorithm: Int64) throws {
        #expect(throws: StatementError.algorithm) {
            try StatementHeader(decoding: try changed { $0[.unsigned(1)] = .integer(algorithm) })
        }
    }

    @Test(arguments: [3, 4, 15, 16] as [UInt64])
    func everyOtherValueIsRefused(label: UInt64) throws {
        let others: [CBOR] = [
            .null, .text("application/json"), .text("statement"), .bytes([1]), .unsigned(1),
            .map(of: []),
        ]
        for value in others {
            let error = #expect(throws: StatementError.self) {
                try StatementHeader(decoding: try changed { $0[.unsigned(label)] = value })
            }
            guard case .headerValue(Int(label), _) = error else {
                Issue.record("label \(label) is not the one named in \(String(describing: error))")
                continue
            }
        }
    }

    @Test func claimsAreExactlyTheFour() throws {
        for key in [1, 2, 6, 7] as [UInt64] {
            #expect(throws: StatementError.self) {
                try StatementHeader(decoding: try changedClaims { $0[.unsigned(key)] = nil })
            }
            #expect(throws: StatementError.self) {
                try StatementHeader(
                    decoding: try changedClaims { $0[.unsigned(key)] = .bool(true) })
            }
        }
        #expect(throws: StatementError.self) {
            try StatementHeader(decoding: try changedClaims { $0[.unsigned(4)] = .unsigned(9) })
        }
    }

    @Test func aStreamHasOneSpelling() throws {
        let upper = String(repeating: "A", count: 32)
        #expect(throws: StatementError.self) {
            try StatementHeader(decoding: try changedClaims { $0[.unsigned(2)] = .text(upper) })
        }
        let lower = try changedClaims { $0[.unsigned(2)] = .text(upper.lowercased()) }
        #expect(try StatementHeader(decoding: lower).subject.hex == upper.lowercased())
    }

    @Test func aHeaderThatIsNoMapIsRefused() throws {
        #expect(throws: StatementError.self) { try StatementHeader(decoding: [0x80]) }
        #expect(throws: StatementError.header(.truncated(at: 0))) {
            try StatementHeader(decoding: [])
        }
    }

    private func changed(_ change: (inout [CBOR: CBOR]) -> Void) throws -> [UInt8] {
        let map = try CBOR(decoding: try Samples.header().encoded).entries()
        return changed(map, change).encoded
    }

    private func changedClaims(_ change: (inout [CBOR: CBOR]) -> Void) throws -> [UInt8] {
        let map = try CBOR(decoding: try Samples.header().encoded).entries()
        let claims = changed(try #require(map[.unsigned(15)]).entriesOrEmpty, change)
        return changed(map) { $0[.unsigned(15)] = claims }.encoded
    }

    private func changed(_ map: CBORMap, _ change: (inout [CBOR: CBOR]) -> Void) -> CBOR {
        var pairs = Dictionary(uniqueKeysWithValues: map.pairs.map { ($0.key, $0.value) })
        change(&pairs)
        return .map(of: pairs.map { ($0.key, $0.value) })
    }
}

extension CBOR {
    fileprivate var entriesOrEmpty: CBORMap { (try? entries()) ?? CBORMap([]) }
}
