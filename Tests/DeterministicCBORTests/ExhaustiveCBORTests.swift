import DeterministicCBOR
import Foundation
import TallystickTesting
import Testing

/// Whatever is accepted has one encoding, and it is the one that was read.
@Suite struct ExhaustiveCBORTests {
    @Test func everyInputOfOneOrTwoBytesFailsOrIsTheOnlyEncoding() throws {
        var accepted = 0
        for first in UInt8.min...UInt8.max {
            if try isAccepted([first]) { accepted += 1 }
            for second in UInt8.min...UInt8.max where try isAccepted([first, second]) {
                accepted += 1
            }
        }
        #expect(accepted == oneByteItems + twoByteItems)
    }

    /// The third byte stands for every kind of head: each major type with arguments of all widths,
    /// reserved ones and a break.
    @Test(arguments: UInt8.min...UInt8.max)
    func inputsOfThreeBytesFailOrAreTheOnlyEncoding(first: UInt8) throws {
        let thirds: [UInt8] = [
            0x00, 0x17, 0x18, 0x1c, 0x1f, 0x20, 0x40, 0x60, 0x7f, 0x80, 0xa0, 0xc0, 0xd2, 0xf6,
            0xff,
        ]
        for second in UInt8.min...UInt8.max {
            for third in thirds { _ = try isAccepted([first, second, third]) }
        }
    }

    @Test(
        .enabled(if: everythingIsTried, "16,777,216 inputs; set TALLYSTICK_EXHAUSTIVE=1"),
        arguments: UInt8.min...UInt8.max)
    func everyInputOfThreeBytesFailsOrIsTheOnlyEncoding(first: UInt8) throws {
        for second in UInt8.min...UInt8.max {
            for third in UInt8.min...UInt8.max { _ = try isAccepted([first, second, third]) }
        }
    }

    /// 24 + 24 integers, an empty item of each of four kinds, false, true and null.
    private let oneByteItems = 48 + 4 + 3
    /// Integers of 24 to 255 and their negatives, strings of one byte and of one ASCII character,
    /// and a one-byte item in an array or under tag 18.
    private let twoByteItems = 2 * 232 + 256 + 128 + 55 + 55

    private func isAccepted(_ bytes: [UInt8]) throws -> Bool {
        let item: CBOR
        do throws(CBORError) { item = try CBOR(decoding: bytes) } catch { return false }
        try #require(item.encoded == bytes)
        return true
    }
}

private let everythingIsTried = ProcessInfo.processInfo.environment["TALLYSTICK_EXHAUSTIVE"] == "1"
