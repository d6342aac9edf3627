public import TallystickPrimitives
public import TransparencyLog

/// Holds what others have of a party's own log against what the party has of it: a value without I/O.
public struct LogRecovery: Sendable {
    /// How the two go together.
    public enum Comparison: Hashable, Sendable {
        /// What is here has everything, and nothing contradicts it.
        case hasEverything
        /// Others have more of the same log.
        case lacks
        /// Others have another history: the log has forked.
        case forked
    }

    /// The head that the log signed, and that others hold.
    public let target: TreeHead
    private var frontier: TreeFrontier
    /// The hashes of what is missing here, in order.
    public private(set) var hashes: [Hash256] = []
    private let firstIndex: LeafIndex

    /// Compares a head of the log with what is here.
    ///
    /// - Parameter root: the root here at a size that the log here has had.
    public static func compare(
        _ head: TreeHead, size: TreeSize, root: (TreeSize) throws -> Hash256
    ) rethrows -> Comparison {
        guard head.size <= size else { return .lacks }
        return try root(head.size) == head.root ? .hasEverything : .forked
    }

    /// Begins at the edge of what is here.
    public init(from frontier: TreeFrontier, to target: TreeHead) {
        self.frontier = frontier
        self.target = target
        firstIndex = frontier.size.nextIndex
    }

    /// The index whose hash is needed next; nil when there are as many as the target has.
    public var next: LeafIndex? { frontier.size < target.size ? frontier.size.nextIndex : nil }

    /// Takes the next leaf hashes; those beyond the target are left out.
    public mutating func take(_ more: [Hash256]) {
        for hash in more where frontier.size < target.size {
            frontier.append(hash)
            hashes.append(hash)
        }
    }

    /// Whether the hashes lead from what is here to the head that the log signed. Until they do, nothing of what is sent
    /// for them may be taken.
    public var isProven: Bool { frontier.size == target.size && frontier.root == target.root }

    /// The hash of a statement that is missing here; nil for one that is not.
    public func hash(at index: LeafIndex) -> Hash256? {
        guard index >= firstIndex, index.value - firstIndex.value < UInt64(hashes.count) else { return nil }
        return hashes[Int(index.value - firstIndex.value)]
    }
}
