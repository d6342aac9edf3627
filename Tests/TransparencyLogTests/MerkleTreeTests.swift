import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct MerkleTreeTests {
    static let limit = 130
    let tree = NaiveTree(count: limit)

    @Test func theEmptyRootIsTheHashOfNothing() {
        let expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(MerkleTree.emptyRoot.hex == expected)
        #expect(MerkleTree.root(of: []) == MerkleTree.emptyRoot)
        #expect(TreeFrontier().root == MerkleTree.emptyRoot)
    }

    @Test func leavesAndNodesAreHashedWithDifferentPrefixes() {
        let (left, right) = (tree.leaves[0], tree.leaves[1])
        #expect(MerkleTree.leafHash([7]) == Hash256(hashing: [0, 7] as [UInt8]))
        #expect(MerkleTree.nodeHash(left, right) == Hash256(hashing: [1], left.bytes, right.bytes))
        #expect(MerkleTree.leafHash(left.bytes + right.bytes) != MerkleTree.nodeHash(left, right))
    }

    @Test func theFrontierHasTheNaiveRootAtEverySize() throws {
        var frontier = TreeFrontier()
        var stored: [NodeCoordinate: Hash256] = [:]
        for count in 0...Self.limit {
            #expect(frontier.size == size(count))
            #expect(frontier.root == tree.root(size: count), "size \(count)")
            #expect(MerkleTree.root(of: Array(tree.leaves[..<count])) == frontier.root)

            let edge = TreeFrontier.coordinates(for: size(count))
            let nodes = try edge.map { try #require(stored[$0]) }
            #expect(nodes == frontier.nodes)
            #expect(try TreeFrontier(size: size(count), nodes: nodes) == frontier)

            guard count < Self.limit else { break }
            for node in frontier.append(tree.leaves[count]) {
                #expect(stored.updateValue(node.hash, forKey: node.coordinate) == nil)
            }
        }
    }

    @Test func appendingReturnsExactlyTheNodesThatComeIntoBeing() throws {
        var frontier = TreeFrontier()
        for count in 0..<Self.limit {
            let completed = frontier.append(tree.leaves[count])
            for node in completed {
                #expect(node.coordinate.exists(in: size(count + 1)))
                #expect(!node.coordinate.exists(in: size(count)))
                #expect(try node.hash == tree.node(node.coordinate, in: count + 1))
            }
            let expected = (0..<8).filter { (count + 1).isMultiple(of: 1 << $0) }
            #expect(completed.map { Int($0.coordinate.level) } == expected)
        }
    }

    @Test func aFrontierNeedsAllItsNodes() {
        let leaf = tree.leaves[0]
        #expect(throws: TreeFrontierError.wrongNodeCount(size: size(6), expected: 2, actual: 1)) {
            try TreeFrontier(size: size(6), nodes: [leaf])
        }
        #expect(throws: TreeFrontierError.wrongNodeCount(size: size(0), expected: 0, actual: 1)) {
            try TreeFrontier(size: size(0), nodes: [leaf])
        }
    }

    @Test func noNodeExistsAboveLevel63() {
        let size = TreeSize(.max)
        #expect(NodeCoordinate(level: 63, index: 0).exists(in: size))
        #expect(!NodeCoordinate(level: 63, index: 1).exists(in: size))
        #expect(!NodeCoordinate(level: 64, index: 0).exists(in: size))
        #expect(!NodeCoordinate(level: 255, index: 0).exists(in: size))
        #expect(TreeFrontier.coordinates(for: size).count == 64)
    }
}
