import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct FixedLengthTests {
    /// FIPS 180-4 examples, published by NIST.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func hashesAreSHA256(text: String, expected: String) {
        let hash = Hash256(hashing: Array(text.utf8))
        #expect(hash.hex == expected)
        #expect(Hash256(hex: expected) == hash)
        #expect(hash.description == expected)
    }

    @Test func hashingPartsIsHashingTheirConcatenation() throws {
        try checkProperty { generator in
            let left = generator.bytes(upTo: 100)
            let right = generator.bytes(upTo: 100)
            try #require(Hash256(hashing: left, right) == Hash256(hashing: left + right))
        }
    }

    @Test func hashesKeepTheirBytesAndOrder() throws {
        try checkProperty { generator in
            let left = generator.bytes(count: 32)
            let right = generator.bytes(count: 32)
            let leftHash = try #require(Hash256(bytes: left))
            let rightHash = try #require(Hash256(bytes: right))
            try #require(leftHash.bytes == left)
            try #require((leftHash < rightHash) == left.lexicographicallyPrecedes(right))
        }
    }

    @Test func otherLengthsAreNoHash() {
        #expect([31, 33, 0].allSatisfy { Hash256(bytes: [UInt8](repeating: 0, count: $0)) == nil })
        #expect(Hash256(bytes: [UInt8](repeating: 0, count: 32)) == .zero)
        #expect(Hash256(hex: String(repeating: "0", count: 63)) == nil)
    }

    @Test func identifiersKeepTheirBytesAndOrder() throws {
        try checkProperty { generator in
            let left = generator.bytes(count: 16)
            let right = generator.bytes(count: 16)
            let leftID = try #require(StreamID(bytes: left))
            let rightID = try #require(StreamID(bytes: right))
            try #require(leftID.bytes == left)
            try #require(StreamID(hex: leftID.hex) == leftID)
            try #require((leftID < rightID) == left.lexicographicallyPrecedes(right))
        }
        #expect([15, 17, 0].allSatisfy { EventID(bytes: [UInt8](repeating: 0, count: $0)) == nil })
    }

    @Test func identifiersComeFromTheEntropyThatIsGiven() {
        let bytes = SeededEntropy(seed: 5).bytes(count: 16)
        #expect(EventID(from: SeededEntropy(seed: 5)).bytes == bytes)
        #expect(StreamID.control.bytes == [UInt8](repeating: 0, count: 16))
    }

    @Test func positionsCountFromZero() {
        #expect(TreeSize(after: LeafIndex(0)).value == 1)
        #expect(TreeSize.empty.nextIndex == LeafIndex(0))
        #expect(LeafIndex(3) < LeafIndex(4))
        #expect(TreeSize(3) < TreeSize(4))
        #expect(ByteCount(0) < ByteCount(1))
    }

    @Test func noLengthIsNegative() async {
        await #expect(processExitsWith: .failure) { _ = ByteCount(-1) }
    }
}
