public import TallystickPrimitives

extension TreeProofs {
    /// Checks that the leaf at `index` is in the tree of that size and root (RFC 9162 §2.1.3.2).
    public static func verifyInclusion(
        leaf: Hash256, index: LeafIndex, size: TreeSize, proof: [Hash256], root: Hash256
    ) throws(ProofError) {
        let implied = try impliedRoot(leaf: leaf, index: index, size: size, proof: proof)
        guard implied == root else { throw .rootMismatch(size: size, implied: implied) }
    }

    /// The root that an inclusion proof leads to, for whoever has a signature over the root only.
    ///
    /// The size and index are the prover's claim: different pairs can lead to the same root (leaf 1
    /// of 2 and leaf 2 of 3, say, when a hash stands for a subtree). Only a root whose size is
    /// known settles them.
    public static func impliedRoot(
        leaf: Hash256, index: LeafIndex, size: TreeSize, proof: [Hash256]
    ) throws(ProofError) -> Hash256 {
        guard index.value < size.value else { throw .indexOutsideTree(index: index, size: size) }
        let shape = ProofShape(index: index.value, size: size.value)
        guard proof.count == shape.inner + shape.border else {
            throw .wrongLength(expected: shape.inner + shape.border, actual: proof.count)
        }
        let inside = climb(leaf, past: proof[..<shape.inner], along: index.value)
        return climbRightEdge(inside, past: proof[shape.inner...])
    }

    /// Checks that the tree of size `newer` begins with the leaves of the older tree (RFC 9162
    /// §2.1.4.2).
    ///
    /// An empty older tree is refused, as nothing can be proved about it.
    public static func verifyConsistency(
        from older: TreeSize, root olderRoot: Hash256, to newer: TreeSize, root newerRoot: Hash256,
        proof: [Hash256]
    ) throws(ProofError) {
        let implied = try impliedNewerRoot(
            from: older, root: olderRoot, to: newer, proof: proof)
        guard implied == newerRoot else { throw .rootMismatch(size: newer, implied: implied) }
    }

    /// The newer root that a consistency proof leads to, once it has led to the older root.
    public static func impliedNewerRoot(
        from older: TreeSize, root olderRoot: Hash256, to newer: TreeSize, proof: [Hash256]
    ) throws(ProofError) -> Hash256 {
        guard older != .empty else { throw .emptyOlderTree }
        guard older <= newer else { throw .sizesReversed(older: older, newer: newer) }
        guard older != newer else {
            guard proof.isEmpty else { throw .wrongLength(expected: 0, actual: proof.count) }
            return olderRoot
        }
        let level = older.value.trailingZeroBitCount
        let shape = ProofShape(index: older.value - 1, size: newer.value)
        let inner = shape.inner - level
        // A complete older tree is itself the node to start from; otherwise the proof names that
        // node first.
        let isComplete = older.value.nonzeroBitCount == 1
        let expected = (isComplete ? 0 : 1) + inner + shape.border
        guard proof.count == expected else {
            throw .wrongLength(expected: expected, actual: proof.count)
        }
        let start = isComplete ? olderRoot : proof[0]
        let path = isComplete ? proof[...] : proof.dropFirst()
        let (inside, edge) = (path.prefix(inner), path.dropFirst(inner))
        let turns = (older.value - 1) >> UInt64(level)
        let impliedOlder = climbRightEdge(
            climbOlder(start, past: inside, along: turns), past: edge)
        guard impliedOlder == olderRoot else {
            throw .rootMismatch(size: older, implied: impliedOlder)
        }
        return climbRightEdge(climb(start, past: inside, along: turns), past: edge)
    }

    /// Hashes upwards with a sibling at each level; bit n of `turns` says whether we are the right
    /// child at level n.
    private static func climb(
        _ start: Hash256, past siblings: ArraySlice<Hash256>, along turns: UInt64
    ) -> Hash256 {
        var (hash, turns) = (start, turns)
        for sibling in siblings {
            hash =
                turns & 1 == 0
                ? MerkleTree.nodeHash(hash, sibling) : MerkleTree.nodeHash(sibling, hash)
            turns >>= 1
        }
        return hash
    }

    /// As `climb`, but in the older tree, which has none of the siblings to the right.
    private static func climbOlder(
        _ start: Hash256, past siblings: ArraySlice<Hash256>, along turns: UInt64
    ) -> Hash256 {
        var (hash, turns) = (start, turns)
        for sibling in siblings {
            if turns & 1 == 1 { hash = MerkleTree.nodeHash(sibling, hash) }
            turns >>= 1
        }
        return hash
    }

    /// Hashes upwards along the right edge, where levels without a sibling are skipped.
    private static func climbRightEdge(
        _ start: Hash256, past siblings: ArraySlice<Hash256>
    ) -> Hash256 {
        siblings.reduce(start) { MerkleTree.nodeHash($1, $0) }
    }
}

/// How the path from a leaf to the root divides: below and along the right edge of the tree.
private struct ProofShape {
    /// Levels below the node where the path meets that of the last leaf: a sibling on each.
    let inner: Int
    /// Siblings from there on: one, to the left, for each 1 in the rest of the index.
    let border: Int

    init(index: UInt64, size: UInt64) {
        inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
        border = inner == 64 ? 0 : (index >> UInt64(inner)).nonzeroBitCount
    }
}
