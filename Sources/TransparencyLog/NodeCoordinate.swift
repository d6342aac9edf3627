public import TallystickPrimitives

/// The place of a stored node: the root of a complete subtree of 2^`level` leaves.
public struct NodeCoordinate: Hashable, Sendable {
    /// Height above the leaves; 0 is a leaf hash.
    public let level: UInt8
    /// The 0-based place among the nodes of this level, from the left.
    public let index: UInt64

    /// Names the `index`-th subtree of 2^`level` leaves.
    public init(level: UInt8, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// Whether a tree of that size has this node: all the leaves below it are there.
    public func exists(in size: TreeSize) -> Bool {
        level < 64 && index < size.value >> UInt64(level)
    }
}

/// A stored node: its place and its hash. A node never changes once it exists.
public struct TreeNode: Hashable, Sendable {
    /// Where the node stands.
    public let coordinate: NodeCoordinate
    /// The root of the subtree below it.
    public let hash: Hash256

    /// Puts a hash in its place.
    public init(coordinate: NodeCoordinate, hash: Hash256) {
        self.coordinate = coordinate
        self.hash = hash
    }
}
