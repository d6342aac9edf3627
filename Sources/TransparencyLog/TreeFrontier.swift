public import TallystickPrimitives

/// The right edge of a tree: the roots of its largest complete subtrees, at most 64 of them.
///
/// It is all a log needs in memory to append and to know its root.
public struct TreeFrontier: Hashable, Sendable {
    /// How many leaves have been appended.
    public private(set) var size: TreeSize
    /// The roots of the complete subtrees, from the left (largest) to the right; see
    /// `coordinates(for:)`.
    public private(set) var nodes: [Hash256]

    /// The edge of an empty tree.
    public init() {
        size = .empty
        nodes = []
    }

    /// Takes up a stored tree: `nodes` are the hashes at `coordinates(for: size)`, in that order.
    public init(size: TreeSize, nodes: [Hash256]) throws(TreeFrontierError) {
        let expected = size.value.nonzeroBitCount
        guard nodes.count == expected else {
            throw .wrongNodeCount(size: size, expected: expected, actual: nodes.count)
        }
        self.size = size
        self.nodes = nodes
    }

    /// The stored nodes that make up the edge of a tree of that size, from the left to the right.
    public static func coordinates(for size: TreeSize) -> [NodeCoordinate] {
        (0..<UInt8(64)).reversed().compactMap { level in
            let count = size.value >> UInt64(level)
            return count.isMultiple(of: 2) ? nil : NodeCoordinate(level: level, index: count - 1)
        }
    }

    /// The root of the tree (RFC 6962 §2.1).
    public var root: Hash256 {
        guard let last = nodes.last else { return MerkleTree.emptyRoot }
        return nodes.dropLast().reversed().reduce(last) { MerkleTree.nodeHash($1, $0) }
    }

    /// Appends a leaf and returns what is to be stored: the leaf and every node it completes,
    /// lowest first.
    ///
    /// - Precondition: the tree has fewer than 2⁶⁴-1 leaves.
    @discardableResult
    public mutating func append(_ leafHash: Hash256) -> [TreeNode] {
        precondition(size.value < .max, "a tree never grows past 2⁶⁴-1 leaves")
        let index = size.value
        var hash = leafHash
        var completed = [
            TreeNode(coordinate: NodeCoordinate(level: 0, index: index), hash: hash)
        ]
        for level in 0..<UInt8(index.trailingOneBitCount) {
            hash = MerkleTree.nodeHash(nodes.removeLast(), hash)
            let coordinate = NodeCoordinate(level: level + 1, index: index >> UInt64(level + 1))
            completed.append(TreeNode(coordinate: coordinate, hash: hash))
        }
        nodes.append(hash)
        size = TreeSize(index + 1)
        return completed
    }
}

/// Why stored nodes do not make up the edge of a tree.
public enum TreeFrontierError: Error, Hashable, Sendable {
    /// A tree of this size has one edge node for each 1 in the binary form of its size.
    case wrongNodeCount(size: TreeSize, expected: Int, actual: Int)
}

extension TreeFrontierError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongNodeCount(let size, let expected, let actual):
            """
            the edge of a tree of \(size) leaves has \(expected) nodes, but \(actual) were given; \
            load exactly the nodes that TreeFrontier.coordinates(for:) lists
            """
        }
    }
}

extension UInt64 {
    /// How many of the lowest bits are 1, up to the first 0: the subtrees that the next leaf
    /// completes.
    fileprivate var trailingOneBitCount: Int { (~self).trailingZeroBitCount }
}
