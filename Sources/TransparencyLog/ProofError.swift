public import TallystickPrimitives

/// Why a Merkle proof does not prove what it should.
public enum ProofError: Error, Hashable, Sendable {
    /// The tree has no leaf at that index.
    case indexOutsideTree(index: LeafIndex, size: TreeSize)
    /// Nothing can be proved from a tree without leaves.
    case emptyOlderTree
    /// The tree said to be older is the larger one.
    case sizesReversed(older: TreeSize, newer: TreeSize)
    /// A proof between these places has exactly so many hashes.
    case wrongLength(expected: Int, actual: Int)
    /// The proof leads to another root than the one of the tree of that size.
    case rootMismatch(size: TreeSize, implied: Hash256)
}

extension ProofError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .indexOutsideTree(let index, let size):
            "leaf \(index) is outside a tree of \(size) leaves; ask for a proof at a larger size"
        case .emptyOlderTree:
            "consistency with an empty tree proves nothing; compare from size 1 or more"
        case .sizesReversed(let older, let newer):
            "the older size \(older) exceeds the newer size \(newer); exchange the two"
        case .wrongLength(let expected, let actual):
            "the proof has \(actual) hashes where these sizes call for \(expected); fetch it again"
        case .rootMismatch(let size, let implied):
            """
            the proof leads to root \(implied) at size \(size), which is not the root given; \
            keep both as evidence and do not trust the newer one
            """
        }
    }
}
