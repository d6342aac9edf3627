public import TallystickPrimitives

/// Makes inclusion and consistency proofs (RFC 6962 §2.1.1 and §2.1.2) from stored nodes.
///
/// Verification is in `TreeProofs+Verification.swift`.
public enum TreeProofs {
    /// The proof that the leaf at `index` is in the tree of that size, lowest sibling first.
    ///
    /// - Parameter node: gives the hash of a stored node; it is asked only for nodes that exist at
    ///   `size`.
    /// - Precondition: `index` is less than `size`.
    public static func inclusion(
        of index: LeafIndex, in size: TreeSize, node: (NodeCoordinate) throws -> Hash256
    ) rethrows -> [Hash256] {
        precondition(index.value < size.value, "a tree proves only leaves that it has")
        var begin: UInt64 = 0
        var end = size.value
        var fromTheTop: [Hash256] = []
        while end - begin > 1 {
            let middle = begin + split(end - begin)
            if index.value < middle {
                fromTheTop.append(try root(of: middle..<end, node: node))
                end = middle
            } else {
                fromTheTop.append(try root(of: begin..<middle, node: node))
                begin = middle
            }
        }
        return fromTheTop.reversed()
    }

    /// The proof that the tree of size `newer` begins with all the leaves of the tree of size
    /// `older`.
    ///
    /// Empty when the sizes are equal or the older tree is empty.
    /// - Parameter node: gives the hash of a stored node; it is asked only for nodes that exist at
    ///   `newer`.
    /// - Precondition: `older` is at most `newer`.
    public static func consistency(
        from older: TreeSize, to newer: TreeSize, node: (NodeCoordinate) throws -> Hash256
    ) rethrows -> [Hash256] {
        precondition(older <= newer, "a tree is consistent only with a smaller one")
        guard older != .empty else { return [] }
        var begin: UInt64 = 0
        var end = newer.value
        var fromTheTop: [Hash256] = []
        while end != older.value {
            let middle = begin + split(end - begin)
            if older.value <= middle {
                fromTheTop.append(try root(of: middle..<end, node: node))
                end = middle
            } else {
                fromTheTop.append(try root(of: begin..<middle, node: node))
                begin = middle
            }
        }
        // The verifier knows the older root; it needs this subtree only when that is not the whole
        // older tree.
        if begin != 0 { fromTheTop.append(try root(of: begin..<end, node: node)) }
        return fromTheTop.reversed()
    }

    /// The root over a run of leaves that begins where a subtree of its size may begin.
    private static func root(
        of leaves: Range<UInt64>, node: (NodeCoordinate) throws -> Hash256
    ) rethrows -> Hash256 {
        let count = leaves.upperBound - leaves.lowerBound
        guard count.nonzeroBitCount > 1 else {
            let level = UInt8(count.trailingZeroBitCount)
            return try node(
                NodeCoordinate(level: level, index: leaves.lowerBound >> UInt64(level)))
        }
        let middle = leaves.lowerBound + split(count)
        return MerkleTree.nodeHash(
            try root(of: leaves.lowerBound..<middle, node: node),
            try root(of: middle..<leaves.upperBound, node: node))
    }

    /// The largest power of two less than `count` (the `k` of RFC 6962 §2.1), for counts of 2 and
    /// more.
    private static func split(_ count: UInt64) -> UInt64 {
        1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}
