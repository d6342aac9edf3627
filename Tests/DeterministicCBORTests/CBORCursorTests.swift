import DeterministicCBOR
import TallystickPrimitives
import TallystickTesting
import Testing

/// What walks over items reads them as what makes them does.
@Suite struct CBORCursorTests {
    @Test func everyItemIsPassedOverToItsEnd() throws {
        try checkProperty(cases: 2000) { generator in
            let (first, second) = (generator.cbor().encoded, generator.cbor(depth: 3).encoded)
            var cursor = CBORCursor(first + second)
            try cursor.skip()
            try #require(cursor.position == first.count)
            try cursor.skip()
            try #require(cursor.isAtEnd)
        }
    }

    @Test func noProperPrefixIsPassedOver() throws {
        try checkProperty(cases: 200) { generator in
            let bytes = generator.cbor(depth: 4).encoded
            for count in 0..<bytes.count {
                var cursor = CBORCursor(bytes, in: 0..<count)
                try #require(throws: CBORError.self) { try cursor.skip() }
            }
        }
    }

    /// Every string of two bytes, and every one of three under the heads that matter.
    @Test func whatIsAnItemIsPassedOverWholeAndNothingBeyond() {
        var (accepted, wrong) = (0, 0)
        func check(_ bytes: [UInt8]) {
            guard (try? CBOR(decoding: bytes)) != nil else {
                // It may pass over more than an item may be: keys out of order, text that is none. Never past the end.
                var cursor = CBORCursor(bytes)
                try? cursor.skip()
                if cursor.position > bytes.count { wrong += 1 }
                return
            }
            accepted += 1
            var cursor = CBORCursor(bytes)
            if (try? cursor.skip()) == nil || !cursor.isAtEnd { wrong += 1 }
        }
        for value in 0...UInt16.max {
            let two = [UInt8(value >> 8), UInt8(value & 0xFF)]
            check(two)
            for head: UInt8 in [0x18, 0x19, 0x41, 0x42, 0x61, 0x62, 0x81, 0x82, 0xa1, 0xd2, 0xf5] {
                check([head] + two)
            }
        }
        #expect(accepted > 10_000 && wrong == 0)
    }

    @Test func onlyTheShortestFormIsAccepted() {
        for bytes: [UInt8] in [
            [0x18, 23], [0x19, 0, 255], [0x1a, 0, 0, 255, 255], [0x58, 1, 0], [0x9f, 0xff], [0xd1, 0],
        ] {
            var cursor = CBORCursor(bytes)
            #expect(throws: CBORError.self) { try cursor.skip() }
        }
    }

    @Test func aCountBeyondTheBytesIsRefusedBeforeAnythingIsMade() {
        for head: UInt8 in [0x9b, 0xbb, 0x5b] {
            var cursor = CBORCursor([head] + Array(repeating: 0xff, count: 8))
            #expect(throws: CBORError.self) { try cursor.skip() }
        }
        var array = CBORCursor([0x9b] + Array(repeating: 0xff, count: 8))
        #expect(throws: CBORError.self) { try array.array() }
        var text = CBORCursor([0x41, 0x00])
        #expect(throws: CBORError.self) { try text.text() }
    }
}
