import DeterministicCBOR
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct CBORPropertyTests {
    @Test func everyItemSurvivesARoundTrip() throws {
        try checkProperty(cases: 2000) { generator in
            let item = generator.cbor()
            try #require(try CBOR(decoding: item.encoded) == item)
        }
    }

    @Test func noProperPrefixOfAnItemIsAnItem() throws {
        try checkProperty(cases: 200) { generator in
            let bytes = generator.cbor(depth: 4).encoded
            for count in 0..<bytes.count {
                try #require(throws: CBORError.self) {
                    try CBOR(decoding: Array(bytes.prefix(count)))
                }
            }
        }
    }

    @Test func aChangedByteGivesAnotherItemOrNone() throws {
        try checkProperty(cases: 2000) { generator in
            let item = generator.cbor(depth: 4)
            var bytes = item.encoded
            let position = generator.int(in: 0...bytes.count - 1)
            bytes[position] ^= UInt8(generator.int(in: 1...255))
            guard let other = try? CBOR(decoding: bytes) else { return }
            try #require(other != item)
            try #require(other.encoded == bytes)
        }
    }

    @Test func randomBytesFailOrAreTheOnlyEncoding() throws {
        try checkProperty(cases: 5000) { generator in
            let bytes = generator.bytes(upTo: 24)
            guard let item = try? CBOR(decoding: bytes) else { return }
            try #require(item.encoded == bytes)
        }
    }

    @Test func textThatOnlyLooksTheSameIsAnotherItem() throws {
        let composed = try CBOR(decoding: [0x62, 0xc3, 0xa9])
        let decomposed = try CBOR(decoding: [0x63, 0x65, 0xcc, 0x81])
        #expect(composed != decomposed)
    }
}
