import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

/// Trees too large to build: every leaf is the same, so that each level has one hash.
@Suite struct TreeProofsLargeTests {
    let levels: [Hash256] = (0..<63).reduce(into: [MerkleTree.leafHash([])]) { levels, _ in
        let last = levels[levels.count - 1]
        levels.append(MerkleTree.nodeHash(last, last))
    }

    @Test func proofsVerifyAtAnySize() throws {
        try checkProperty(cases: 300) { generator in
            let newer = TreeSize(max(1, generator.unsigned()))
            try check(newer: newer, number: generator.next())
        }
    }

    @Test(arguments: [1, 2, 1 << 62, 1 << 63, .max - 1, .max] as [UInt64])
    func proofsVerifyAtTheEdges(value: UInt64) throws {
        for number in [0, 1, value / 2, value - 1, value] {
            try check(newer: TreeSize(value), number: number)
        }
    }

    private func check(newer: TreeSize, number: UInt64) throws {
        let index = LeafIndex(number % newer.value)
        let older = TreeSize(after: index)
        let inclusion = try TreeProofs.inclusion(of: index, in: newer) { try node($0, in: newer) }
        try TreeProofs.verifyInclusion(
            leaf: levels[0], index: index, size: newer, proof: inclusion, root: root(newer))
        let consistency = try TreeProofs.consistency(from: older, to: newer) {
            try node($0, in: newer)
        }
        try #require(consistency.count <= Limits.proofHashCount)
        try TreeProofs.verifyConsistency(
            from: older, root: root(older), to: newer, root: root(newer), proof: consistency)
    }

    private func node(_ coordinate: NodeCoordinate, in size: TreeSize) throws -> Hash256 {
        try #require(coordinate.exists(in: size))
        return levels[Int(coordinate.level)]
    }

    private func root(_ size: TreeSize) throws -> Hash256 {
        let nodes = try TreeFrontier.coordinates(for: size).map { try node($0, in: size) }
        return try TreeFrontier(size: size, nodes: nodes).root
    }
}
