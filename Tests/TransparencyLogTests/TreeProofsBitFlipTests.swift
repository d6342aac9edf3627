import TallystickPrimitives
import Testing

@testable import TransparencyLog

/// A proof, leaf or root with any one bit changed proves nothing.
@Suite struct TreeProofsBitFlipTests {
    let tree = NaiveTree(count: 130)

    @Test func everyBitOfAnInclusionProofMatters() throws {
        for count in 1...7 {
            for place in 0..<count { try flipInclusion(place, count, bits: 0..<256) }
        }
    }

    @Test func everyHashOfLongerInclusionProofsMatters() throws {
        for count in 8...130 {
            for place in stride(from: count % 9, to: count, by: 9) {
                let bit = (count * 131 + place * 17) % 256
                try flipInclusion(place, count, bits: bit..<bit + 1)
            }
        }
    }

    @Test func everyBitOfAConsistencyProofMatters() throws {
        for newer in 1...7 {
            for older in 1...newer { try flipConsistency(older, newer, bits: 0..<256) }
        }
    }

    @Test func everyHashOfLongerConsistencyProofsMatters() throws {
        for newer in 8...130 {
            for older in stride(from: 1 + newer % 9, through: newer, by: 9) {
                let bit = (newer * 131 + older * 17) % 256
                try flipConsistency(older, newer, bits: bit..<bit + 1)
            }
        }
    }

    private func flipInclusion(_ place: Int, _ count: Int, bits: Range<Int>) throws {
        let honest = [tree.leaves[place], tree.root(size: count)] + tree.path(place, 0..<count)
        func holds(_ parts: [Hash256]) -> Bool {
            (try? TreeProofs.verifyInclusion(
                leaf: parts[0], index: index(place), size: size(count),
                proof: Array(parts[2...]), root: parts[1])) != nil
        }
        try #require(holds(honest))
        try requireRefusal(of: honest, bits: bits, holds)
    }

    private func flipConsistency(_ older: Int, _ newer: Int, bits: Range<Int>) throws {
        let honest =
            [tree.root(size: older), tree.root(size: newer)] + tree.subproof(older, 0..<newer, true)
        func holds(_ parts: [Hash256]) -> Bool {
            (try? TreeProofs.verifyConsistency(
                from: size(older), root: parts[0], to: size(newer), root: parts[1],
                proof: Array(parts[2...]))) != nil
        }
        try #require(holds(honest))
        try requireRefusal(of: honest, bits: bits, holds)
    }

    private func requireRefusal(
        of honest: [Hash256], bits: Range<Int>, _ holds: ([Hash256]) -> Bool
    ) throws {
        for position in honest.indices {
            for bit in bits {
                var changed = honest
                changed[position] = try changed[position].flipping(bit: bit)
                if holds(changed) { Issue.record("part \(position), bit \(bit) does not matter") }
            }
        }
    }
}
