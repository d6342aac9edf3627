import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// What a replay keeps of one log: the right edge of its tree, and what it has missed.
struct AuditedLog: Sendable {
    /// The tree of the registered leaf hashes.
    private(set) var frontier = TreeFrontier()
    /// The size that the log's newest head claims.
    let claimedSize: TreeSize?
    /// The tree's root when it had that size.
    private(set) var rootAtClaim: Hash256?
    /// Where the register has the newest statement that the log's newest head covers, and when it was admitted.
    private(set) var coveredPlace: (position: UInt64, admittedAt: Timestamp)?
    /// Whether leaf hashes are missing, so that the tree cannot be compared.
    var isTreeBroken = false
    /// The newest statement that is missing or unreadable; some of what follows it cannot be
    /// judged.
    var newestHole: LeafIndex?
    /// Whether a gap was too wide to go on.
    var isAbandoned = false
    /// The number of gaps of the register that this log has been seen after.
    var gapsSeen = 0

    init(claimedSize: TreeSize?) {
        self.claimedSize = claimedSize
        if claimedSize == .empty { rootAtClaim = MerkleTree.emptyRoot }
    }

    /// Whether a statement is missing or unreadable.
    var hasHole: Bool { newestHole != nil }

    /// How many statements have been passed.
    var size: TreeSize { frontier.size }

    /// Passes one statement.
    ///
    /// - Parameter place: where the register has it; nil for one that it has not named.
    mutating func append(_ leafHash: Hash256, at place: (position: UInt64, admittedAt: Timestamp)?) {
        frontier.append(leafHash)
        if let place, claimedSize.map({ frontier.size <= $0 }) ?? true { coveredPlace = place }
        if frontier.size == claimedSize { rootAtClaim = frontier.root }
    }
}
