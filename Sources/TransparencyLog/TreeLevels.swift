public import TallystickPrimitives

/// Every complete node of a tree in memory: 64 bytes a leaf, for proofs and earlier roots without a look at the disk.
public struct TreeLevels: Sendable {
    private var levels: [[Hash256]] = []

    /// An empty tree.
    public init() {}

    /// How many leaves there are.
    public var size: TreeSize { TreeSize(UInt64(levels.first?.count ?? 0)) }

    /// Appends a leaf and completes the nodes above it.
    public mutating func append(_ leafHash: Hash256) {
        var hash = leafHash
        for level in 0... {
            if levels.count == level { levels.append([]) }
            levels[level].append(hash)
            guard levels[level].count.isMultiple(of: 2) else { return }
            hash = MerkleTree.nodeHash(levels[level][levels[level].count - 2], hash)
        }
    }

    /// The node at a place.
    /// - Precondition: its subtree is complete.
    public func node(_ coordinate: NodeCoordinate) -> Hash256 {
        levels[Int(coordinate.level)][Int(coordinate.index)]
    }

    /// The right edge at an earlier size; nil beyond the end.
    public func frontier(at size: TreeSize) -> TreeFrontier? {
        guard size <= self.size else { return nil }
        return try? TreeFrontier(size: size, nodes: TreeFrontier.coordinates(for: size).map(node))
    }
}
