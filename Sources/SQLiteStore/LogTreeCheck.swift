import EventLogs
import GRDB
import TallystickPrimitives
import TransparencyLog

/// Recomputes a tree leaf by leaf and names exactly what differs.
///
/// One wrong leaf changes every node above it. So a node that differs is not named at once: what was computed and what
/// is stored are both kept, and the node above, which was made from one of the two, says which of them is right. If the
/// stored one is, the leaves below were exchanged; if the computed one is, the node was damaged.
struct LogTreeCheck {
    let tree: LogTree
    private(set) var size = TreeSize.empty
    private(set) var found: [StoredDamage] = []
    private var innerNodeCount: Int64 = 0
    private var edge: [Subtree] = []
    /// Pairs of leaves that are whole in themselves and are not the two that stood there.
    private var pairs: [Pair] = []
    /// The last leaf without a sibling, if it is not known to be wrong.
    private var lonely: (index: UInt64, hash: Hash256)?
    private var hasUnknownLeaf = false

    /// A complete part of the tree: the hash that follows from below, and the stored one.
    private struct Subtree {
        let coordinate: NodeCoordinate
        let computed: Hash256?
        let stored: Hash256?
        var leaves: (UInt64, Hash256, Hash256)?

        var hashes: [Hash256] {
            guard let computed else { return stored.map { [$0] } ?? [] }
            return stored.map { $0 == computed ? [computed] : [computed, $0] } ?? [computed]
        }
    }

    private struct Pair {
        let index: UInt64
        let hashes: [Hash256]
        let parent: Hash256
    }

    /// Pairs of exchanged leaves among which it is worked out who stood where.
    private static let pairCount = 64

    /// The size that the head states, if it is whole.
    private let claimed: TreeHead?
    /// As many leaves as there can be by what is stored: nobody's number makes this count further.
    private let limit: UInt64
    /// What the leaves of this tree are called.
    private let leaf: String

    init(_ tree: LogTree, leaf: String, in database: Database) throws {
        self.tree = tree
        self.leaf = leaf
        claimed = try? tree.head(database).checked()
        let nodes = try Int64.fetchOne(database, sql: "SELECT count(*) FROM tree_nodes") ?? 0
        let leaves = try Int64.fetchOne(database, sql: tree.leafCountQuery) ?? 0
        limit = UInt64(clamping: max(nodes, leaves)) + 64
    }

    /// Goes on to the leaf at an index and names those missing before it; false for one that nothing covers.
    mutating func reach(_ index: UInt64, in database: Database) throws -> Bool {
        guard index >= size.value, index < claimed?.size.value ?? limit, index < limit else {
            name(leaf, index)
            return false
        }
        try skip(to: index, in: database)
        return true
    }

    private mutating func skip(to end: UInt64, in database: Database) throws {
        guard end > size.value else { return }
        name(leaf + "-missing", size.value, count: end - size.value)
        while size.value < min(end, limit) { try take(nil, in: database) }
    }

    /// Takes the next leaf.
    ///
    /// - Parameters:
    ///   - leafHash: the hash of its bytes as they are now; nil for a leaf that is missing or already named.
    ///   - stored: the hash stored beside it, if it may be another.
    mutating func take(_ leafHash: Hash256?, stored: Hash256? = nil, in database: Database) throws {
        let index = size.value
        if leafHash == nil { hasUnknownLeaf = true }
        var part = Subtree(
            coordinate: NodeCoordinate(level: 0, index: index), computed: leafHash, stored: stored)
        for level in 0..<UInt8((~index).trailingZeroBitCount) {
            innerNodeCount += 1
            let coordinate = NodeCoordinate(level: level + 1, index: index >> UInt64(level + 1))
            part = join(edge.removeLast(), part, at: coordinate, stored: try? tree.node(coordinate, in: database))
        }
        edge.append(part)
        lonely = index.isMultiple(of: 2) ? leafHash.map { (index, $0) } : nil
        size = TreeSize(index + 1)
    }

    private mutating func join(
        _ left: Subtree, _ right: Subtree, at coordinate: NodeCoordinate, stored: Hash256?
    ) -> Subtree {
        if stored == nil { name("tree-node", coordinate.index) }
        for first in left.hashes {
            for second in right.hashes where MerkleTree.nodeHash(first, second) == stored {
                settle(left, as: first)
                settle(right, as: second)
                return Subtree(coordinate: coordinate, computed: stored, stored: stored)
            }
        }
        var part = Subtree(coordinate: coordinate, computed: nil, stored: stored)
        if let first = left.hashes.first, let second = right.hashes.first {
            settle(left, as: first)
            settle(right, as: second)
            part = Subtree(coordinate: coordinate, computed: MerkleTree.nodeHash(first, second), stored: stored)
        }
        if coordinate.level == 1, let first = left.computed, let second = right.computed {
            part.leaves = (coordinate.index * 2, first, second)
        }
        return part
    }

    /// Names what follows from the hash that turned out to be the right one.
    private mutating func settle(_ part: Subtree, as hash: Hash256) {
        guard let computed = part.computed, let stored = part.stored, computed != stored else { return }
        // A leaf that is not the one stored beside it has been named where it was read.
        guard part.coordinate.level > 0 else { return }
        guard hash == stored, let (index, first, second) = part.leaves else {
            return name("tree-node", part.coordinate.index)
        }
        pairs.append(Pair(index: index, hashes: [first, second], parent: stored))
    }

    /// Names damage to one part.
    mutating func name(_ part: String, _ index: UInt64?, log: Origin? = nil, count: UInt64 = 1) {
        let damage = StoredDamage(part: part, index: index.map { LeafIndex($0) }, log: log, count: count)
        if !found.contains(damage) { found.append(damage) }
    }

    /// Forgets what was named of things that hang on a leaf which turned out to be wrong: they are another's.
    mutating func forgetParts(_ parts: Set<String>) {
        let wrong = found.filter { $0.part.hasPrefix(leaf) }
        found.removeAll { part in
            parts.contains(part.part) && wrong.contains { wrong in part.index.map(wrong.covers) ?? false }
        }
    }

    /// Compares what has been computed with the head, after the last leaf.
    mutating func finish(_ database: Database) throws {
        if let claimed { try skip(to: claimed.size.value, in: database) }
        let count = try Int64.fetchOne(database, sql: "SELECT count(*) FROM tree_nodes") ?? 0
        if count != innerNodeCount { name("tree-node", nil) }
        let head = try? tree.head(database)
        if let head, head.size == .empty, size == .empty, head.note.isEmpty { return }
        let isRoot = settleEdge(root: claimed?.root)
        let hasMovedLast = nameExchanged()
        guard let claimed, claimed.size == size else { return name("head", nil) }
        if !isRoot, !hasUnknownLeaf, !hasMovedLast { name("head", nil) }
    }

    /// Settles what nothing stands above, by the root; whether that is the right one.
    private mutating func settleEdge(root: Hash256?) -> Bool {
        let firsts = edge.compactMap(\.hashes.first)
        guard firsts.count == edge.count else {
            for part in edge { if let stored = part.stored { settle(part, as: stored) } }
            return false
        }
        // One of them may be wrong, or all of them right; more than one wrong pair at the very edge are named as nodes.
        var choices = [firsts]
        for (place, part) in edge.enumerated() where part.hashes.count == 2 {
            var other = firsts
            other[place] = part.hashes[1]
            choices.append(other)
        }
        let chosen = choices.first { LogTreeCheck.root(of: $0) == root }
        for (part, hash) in zip(edge, chosen ?? firsts) { settle(part, as: hash) }
        return chosen != nil
    }

    private static func root(of nodes: [Hash256]) -> Hash256? {
        nodes.last.map { last in nodes.dropLast().reversed().reduce(last) { MerkleTree.nodeHash($1, $0) } }
    }

    /// Names leaves that stand where others should; whether the last leaf is one of them.
    private mutating func nameExchanged() -> Bool {
        guard pairs.count <= LogTreeCheck.pairCount else {
            for pair in pairs { name(leaf, pair.index, count: 2) }
            return false
        }
        let alone = lonely.map { [$0] } ?? []
        let all = pairs.flatMap { pair in zip([pair.index, pair.index + 1], pair.hashes) } + alone
        var hasMovedLast = false
        for pair in pairs {
            let right = all.lazy.compactMap { first in
                all.first { MerkleTree.nodeHash(first.1, $0.1) == pair.parent }.map { (first, $0) }
            }.first
            guard let (first, second) = right else {
                // One of the two, or both, are another's; a signature says which.
                name(leaf, pair.index, count: 2)
                continue
            }
            for (place, stood) in [(pair.index, first), (pair.index + 1, second)] where stood.0 != place {
                name(leaf + "-order", place)
                guard stood.0 == lonely?.index else { continue }
                name(leaf + "-order", stood.0)
                hasMovedLast = true
            }
        }
        return hasMovedLast
    }
}
