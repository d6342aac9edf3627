import TallystickPrimitives
import Testing
import TransparencyLog

/// Proofs of a run of leaves are those that are made one by one, and the nodes are those that a frontier completes.
@Suite struct InclusionProofsTests {
    private func leaf(_ number: UInt64) -> Hash256 { MerkleTree.leafHash([UInt8(number & 255), UInt8(number >> 8)]) }

    @Test func everyRunOfEverySmallTreeGivesTheProofsOfTheTree() throws {
        var tree = TreeLevels()
        for size: UInt64 in 1...40 {
            tree.append(leaf(size - 1))
            for first in 0..<size {
                for end in first + 1...size {
                    let proofs = tree.inclusionProofs(of: first..<end)
                    for index in first..<end {
                        let one = TreeProofs.inclusion(of: LeafIndex(index), in: tree.size) { tree.node($0) }
                        #expect(proofs.proof(of: LeafIndex(index)) == one, "\(index) of \(first)..<\(end) in \(size)")
                    }
                }
            }
        }
    }

    @Test func aLargeTreeGivesProofsThatLeadToItsRoot() throws {
        var tree = TreeLevels()
        for number: UInt64 in 0..<3_001 { tree.append(leaf(number)) }
        let root = try #require(tree.frontier(at: tree.size)?.root)
        let proofs = tree.inclusionProofs(of: 2_040..<3_001)
        #expect(proofs.size == tree.size)
        for index: UInt64 in 2_040..<3_001 {
            let implied = try TreeProofs.impliedRoot(
                leaf: leaf(index), index: LeafIndex(index), size: tree.size, proof: proofs.proof(of: LeafIndex(index)))
            #expect(implied == root)
        }
    }

    @Test func theNodesSinceASizeAreThoseThatAFrontierCompletes() throws {
        for earlier: UInt64 in 0...20 {
            for later in earlier...40 {
                var tree = TreeLevels()
                var frontier = TreeFrontier()
                var completed: Set<TreeNode> = []
                for number in 0..<later {
                    tree.append(leaf(number))
                    let nodes = frontier.append(leaf(number))
                    if number >= earlier { completed.formUnion(nodes) }
                }
                let nodes = tree.nodes(completedSince: TreeSize(earlier))
                #expect(Set(nodes) == completed && nodes.count == completed.count)
            }
        }
    }
}
