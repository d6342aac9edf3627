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
    /// Keys that have been in force for the log's heads.
    var keys: Set<VerificationKey> = []
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
    mutating func append(_ leafHash: Hash256) {
        frontier.append(leafHash)
        if frontier.size == claimedSize { rootAtClaim = frontier.root }
    }
}
