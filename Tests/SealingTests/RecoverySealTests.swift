import EventLogs
import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing

/// A sealed file opens to exactly what was sealed, in its order and to its end, or not at all.
@Suite struct RecoverySealTests {
    private let key = Sealing.KEMPrivateKey(from: SeededEntropy(seed: 3))
    private let entropy = SeededEntropy(seed: 4)

    private func seal(_ parts: [[UInt8]]) throws -> (header: [UInt8], sealed: [[UInt8]]) {
        var (header, sealer) = try RecoverySeal.begin(to: key.publicKey, entropy: entropy)
        let sealed = parts.enumerated().map { sealer.seal($1, isLast: $0 == parts.count - 1) }
        return (header, sealed)
    }

    private func open(_ header: [UInt8], _ sealed: [[UInt8]]) throws(OpeningFault) -> [[UInt8]] {
        var opener = try RecoverySeal.open(header, with: key)
        var parts: [[UInt8]] = []
        for (place, part) in sealed.enumerated() {
            parts.append(try opener.open(part, isLast: place == sealed.count - 1))
        }
        return parts
    }

    @Test func whatWasSealedOpensAgain() throws {
        for count in 1...5 {
            let parts = (0..<count).map { [UInt8](repeating: UInt8($0), count: 100 * $0) }
            let (header, sealed) = try seal(parts)
            #expect(try open(header, sealed) == parts)
            #expect(header.count <= RecoverySeal.headerByteCount)
        }
        let full = [UInt8](repeating: 7, count: RecoverySeal.partByteCount)
        let (header, sealed) = try seal([full, full])
        #expect(try open(header, sealed) == [full, full])
    }

    @Test func nothingIsLeftOutMovedRepeatedCutOffOrTakenFromAnother() throws {
        let parts: [[UInt8]] = [[1], [2], [2], [3]]
        let (header, sealed) = try seal(parts)
        let (otherHeader, others) = try seal(parts)
        var wrong: [[[UInt8]]] = [Array(sealed.dropLast()), sealed + [sealed[3]], [], sealed.reversed()].filter {
            !$0.isEmpty
        }
        for place in sealed.indices {
            wrong.append(Array(sealed[..<place] + sealed[(place + 1)...]))
            wrong.append(Array(sealed[..<place] + [others[place]] + sealed[(place + 1)...]))
            for bit in 0..<8 {
                var flipped = sealed
                flipped[place][0] ^= 1 << bit
                wrong.append(flipped)
            }
            wrong.append(Array(sealed[..<place] + [[]] + sealed[(place + 1)...]))
        }
        for (number, sealed) in wrong.enumerated() {
            #expect(throws: OpeningFault.self, "\(number)") { try open(header, sealed) }
        }
        #expect(throws: OpeningFault.wrongTag) { try open(otherHeader, sealed) }
    }

    @Test func everyBitOfTheHeaderMatters() throws {
        let (header, sealed) = try seal([[1, 2, 3]])
        for place in stride(from: 0, to: header.count, by: 7) {
            var changed = header
            changed[place] ^= 0x10
            #expect(throws: OpeningFault.self, "\(place)") { try open(changed, sealed) }
        }
        let other = Sealing.KEMPrivateKey(from: SeededEntropy(seed: 5))
        #expect(throws: OpeningFault.unknownKEMKey) { _ = try RecoverySeal.open(header, with: other) }
        #expect(throws: SealingError.unusablePublicKey) {
            _ = try RecoverySeal.begin(to: [1, 2, 3], entropy: entropy)
        }
    }
}
