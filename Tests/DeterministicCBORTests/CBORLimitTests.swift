import DeterministicCBOR
import TallystickPrimitives
import Testing

@Suite struct CBORLimitTests {
    /// Each pair is an item in an item, which takes fifty times the memory of its two bytes.
    @Test func moreItemsThanTheLimitAreRefusedBeforeTheyFillTheMemory() throws {
        let count = Limits.cborItemCount
        func array(of pairs: Int) -> [UInt8] {
            var bytes: [UInt8] = [0x9a] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: pairs >> $0) }
            for _ in 0..<pairs { bytes += [0x81, 0x00] }
            return bytes
        }
        // With the array itself that is one less than the limit, and one more.
        let most = try CBOR(decoding: array(of: count / 2 - 1))
        #expect(try most.items().count == count / 2 - 1)
        #expect(throws: CBORError.tooManyItems(at: 5 + (count / 2) * 2 - 2)) {
            try CBOR(decoding: array(of: count / 2))
        }
        let claimed: [UInt8] = [0x9a, 0x00, 0x10, 0x00, 0x00] + [UInt8](repeating: 0, count: 1 << 20)
        #expect(throws: CBORError.tooManyItems(at: 0)) { try CBOR(decoding: claimed) }
    }

    @Test func nestingEndsAtItsLimit() throws {
        let deepest = nested(Limits.cborDepth)
        #expect(try CBOR(decoding: deepest).encoded == deepest)
        #expect(throws: CBORError.tooDeep(at: Limits.cborDepth)) {
            try CBOR(decoding: nested(Limits.cborDepth + 1))
        }
    }

    @Test func sizeEndsAtTheGivenLimit() throws {
        let item = CBOR.bytes([UInt8](repeating: 7, count: 30)).encoded
        #expect(item.count == 32)
        #expect(try CBOR(decoding: item, limit: 32).encoded == item)
        #expect(throws: CBORError.tooLarge(byteCount: 32, limit: 31)) {
            try CBOR(decoding: item, limit: 31)
        }
    }

    @Test func sizeEndsAtTheLimitOfThePeer() throws {
        let head: [UInt8] = [0x5a] + bigEndian(Limits.cborByteCount - 5)
        let largest = head + [UInt8](repeating: 0, count: Limits.cborByteCount - 5)
        #expect(try CBOR(decoding: largest).byteString().count == Limits.cborByteCount - 5)
        let limit = Limits.cborByteCount
        #expect(throws: CBORError.tooLarge(byteCount: limit + 1, limit: limit)) {
            try CBOR(decoding: largest + [0])
        }
    }

    @Test(arguments: [0x9a, 0xba, 0x5a, 0x7a] as [UInt8])
    func aLengthThatTheBytesCannotHoldIsRefusedAtOnce(head: UInt8) {
        #expect(throws: CBORError.truncated(at: 0)) {
            try CBOR(decoding: [head, 0xff, 0xff, 0xff, 0xff])
        }
        #expect(throws: CBORError.truncated(at: 0)) {
            try CBOR(decoding: [head | 1] + [UInt8](repeating: 0xff, count: 8))
        }
    }

    /// Arrays in arrays, `depth` levels of them.
    private func nested(_ depth: Int) -> [UInt8] {
        [UInt8](repeating: 0x81, count: depth - 1) + [0x80]
    }

    private func bigEndian(_ value: Int) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
