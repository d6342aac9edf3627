public import TallystickPrimitives

/// Inclusion proofs for a run of leaves under one head: what they have in common is hashed once.
///
/// A value of its own, apart from the tree, so that receipts can be written elsewhere while the tree goes on growing.
public struct InclusionProofs: Sendable {
    /// The size of the tree that the proofs are for.
    public let size: TreeSize
    /// The leaves that proofs can be given for.
    public let leaves: Range<UInt64>
    private let levels: [Level]

    /// The nodes of one level that proofs of the run need.
    private struct Level: Sendable {
        let first: UInt64
        let nodes: [Hash256]
    }

    /// Takes what proofs of a run need out of a tree.
    /// - Precondition: the run lies within the tree.
    init(of leaves: Range<UInt64>, in tree: TreeLevels) {
        precondition(leaves.upperBound <= tree.size.value, "a proof is of a leaf of the tree")
        size = tree.size
        self.leaves = leaves
        guard !leaves.isEmpty else {
            levels = []
            return
        }
        var levels: [Level] = []
        // The root of what lies at the right edge and is no complete subtree; it is passed on upwards until it has a
        // neighbour to its left (RFC 6962 §2.1).
        var edge: Hash256?
        var last = tree.size.value - 1
        var level: UInt8 = 0
        while true {
            let completeCount = tree.size.value >> UInt64(level)
            let first = leaves.lowerBound >> UInt64(level) & ~1
            let end = min(last, (leaves.upperBound - 1) >> UInt64(level) | 1)
            levels.append(
                Level(
                    first: first,
                    nodes: (first...end).map { index in
                        index < completeCount
                            ? tree.node(NodeCoordinate(level: level, index: index)) : edge ?? MerkleTree.emptyRoot
                    }))
            guard last > 0 else { break }
            edge = InclusionProofs.edge(above: edge, level: level, in: tree)
            last >>= 1
            level += 1
        }
        self.levels = levels
    }

    /// The incomplete node at the right edge one level up; nil where every node is complete.
    private static func edge(above edge: Hash256?, level: UInt8, in tree: TreeLevels) -> Hash256? {
        let completeCount = tree.size.value >> UInt64(level)
        guard !completeCount.isMultiple(of: 2) else { return edge }
        let left = tree.node(NodeCoordinate(level: level, index: completeCount - 1))
        return edge.map { MerkleTree.nodeHash(left, $0) } ?? left
    }

    /// The proof that the leaf at an index is in the tree (RFC 6962 §2.1.1).
    /// - Precondition: the leaf is one of the run.
    public func proof(of index: LeafIndex) -> [Hash256] {
        precondition(leaves.contains(index.value), "a proof is of a leaf of the run")
        var proof: [Hash256] = []
        proof.reserveCapacity(levels.count)
        var place = index.value
        for level in levels.dropLast() {
            let neighbour = place ^ 1
            let offset = neighbour &- level.first
            if offset < UInt64(level.nodes.count) { proof.append(level.nodes[Int(offset)]) }
            place >>= 1
        }
        return proof
    }
}

extension TreeLevels {
    /// What inclusion proofs of a run of leaves need, under the head as it is now.
    public func inclusionProofs(of leaves: Range<UInt64>) -> InclusionProofs { InclusionProofs(of: leaves, in: self) }

    /// The nodes that the leaves after an earlier size have completed, themselves included, level by level.
    public func nodes(completedSince earlier: TreeSize) -> [TreeNode] {
        var nodes: [TreeNode] = []
        var level: UInt8 = 0
        while size.value >> UInt64(level) > 0 {
            for index in earlier.value >> UInt64(level)..<size.value >> UInt64(level) {
                let coordinate = NodeCoordinate(level: level, index: index)
                nodes.append(TreeNode(coordinate: coordinate, hash: node(coordinate)))
            }
            level += 1
        }
        return nodes
    }
}
