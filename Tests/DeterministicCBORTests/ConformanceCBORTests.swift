import DeterministicCBOR
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct ConformanceCBORTests {
    private struct Vector: Decodable, Sendable {
        let hex: HexBytes
    }

    private func load(_ name: String) throws -> VectorFile<Vector> {
        let file: VectorFile<Vector> = try VectorDirectory().load("cbor/\(name).json")
        try #require(file.vectors.count == file.count)
        return file
    }

    @Test func appendixAIsReadExactlyWhereItIsInsideTheSubset() throws {
        let vectors = try load("appendix_a").vectors
        var inside = 0
        for vector in vectors {
            let bytes = vector.hex.bytes
            if let expected = AppendixA.inside[Hex.encode(bytes)] {
                inside += 1
                let item = try CBOR(decoding: bytes)
                #expect(item == expected)
                #expect(item.encoded == bytes)
            } else {
                let reason = try #require(
                    AppendixA.outside[Hex.encode(bytes)], "classify \(Hex.encode(bytes))")
                #expect(throws: CBORError.self, "\(reason)") { try CBOR(decoding: bytes) }
            }
        }
        #expect(inside == AppendixA.inside.count)
        #expect(vectors.count - inside == AppendixA.outside.count)
    }

    @Test(arguments: [("not_well_formed", 47), ("non_deterministic", 27)])
    func everyVectorIsRefused(name: String, count: Int) throws {
        let vectors = try load(name).vectors
        #expect(vectors.count == count)
        for vector in vectors {
            #expect(throws: CBORError.self, "\(Hex.encode(vector.hex.bytes))") {
                try CBOR(decoding: vector.hex.bytes)
            }
        }
    }

    @Test func keysComeInBytewiseOrder() throws {
        let vectors = try load("key_order").vectors
        #expect(vectors.count == 4)
        for vector in vectors {
            let bytes = vector.hex.bytes
            let map = try CBOR(decoding: bytes).entries()
            #expect(CBOR.map(map).encoded == bytes)
            let reversed = map.pairs.reversed().map { ($0.key, $0.value) }
            #expect(CBOR.map(of: reversed).encoded == bytes)
        }
    }
}

/// The examples of RFC 8949 Appendix A in the vector file, each on one side of the subset's edge.
private enum AppendixA {
    static let inside: [String: CBOR] = [
        "01": .unsigned(1), "0a": .unsigned(10), "17": .unsigned(23), "1818": .unsigned(24),
        "1819": .unsigned(25), "1864": .unsigned(100),
        "1b000000e8d4a51000": .unsigned(1_000_000_000_000), "3903e7": .integer(-1000), "f6": .null,
        "4401020304": .bytes([1, 2, 3, 4]), "60": .text(""), "6161": .text("a"),
        "62225c": .text("\"\\"), "62c3bc": .text("\u{fc}"), "63e6b0b4": .text("\u{6c34}"),
        "83010203": .array([.unsigned(1), .unsigned(2), .unsigned(3)]),
        "98190102030405060708090a0b0c0d0e0f101112131415161718181819":
            .array((1...25).map { .unsigned($0) }),
        "826161a161626163": .array([.text("a"), .map(of: [(.text("b"), .text("c"))])]),
    ]

    static let outside: [String: String] = [
        "c349010000000000000000": "a bignum", "fb3ff199999999999a": "a float",
        "f93e00": "a float", "f97bff": "a float", "fa7f7fffff": "a float",
        "fb7e37e43c8800759c": "a float", "f9c400": "a float", "fbc010666666666666": "a float",
        "f97e00": "a float", "fa7f800000": "a float", "fbfff0000000000000": "a float",
        "f7": "undefined", "f0": "a simple value", "f818": "a simple value",
        "f8ff": "a simple value", "c1fb41d452d9ec200000": "tag 1", "d74401020304": "tag 23",
        "d818456449455446": "tag 24", "7f657374726561646d696e67ff": "indefinite text",
        "9fff": "an indefinite array", "9f01820203820405ff": "an indefinite array",
        "bf61610161629f0203ffff": "an indefinite map",
        "bf6346756ef563416d7421ff": "an indefinite map",
    ]
}
