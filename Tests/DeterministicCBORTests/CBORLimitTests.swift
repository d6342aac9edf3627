import DeterministicCBOR
import TallystickPrimitives
import Testing

@Suite struct CBORLimitTests {
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
