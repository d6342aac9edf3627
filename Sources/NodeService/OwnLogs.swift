import EventLogs
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog
import WitnessService

/// The two logs that a node knows itself: its own, and the register as it has followed it. What it is asked to cosign of
/// them must be what it has.
actor OwnLogs {
    private let store: NodeStore
    private let origin: Origin
    /// The register's nodes, kept up as heads come to be compared.
    private var tree = TreeLevels()

    init(store: NodeStore, origin: Origin) {
        self.store = store
        self.origin = origin
    }

    /// What is known of the log of a head; nil for other agencies' logs.
    func knowledge(of head: UnverifiedTreeHead, register: Origin?) throws -> OwnKnowledge? {
        if head.claimed.origin == origin { return try ownKnowledge(of: head) }
        return head.claimed.origin == register ? try registerKnowledge(of: head) : nil
    }

    private func ownKnowledge(of head: UnverifiedTreeHead) throws -> OwnKnowledge {
        guard let note = try store.headNote() else { return .differs(nil) }
        let newest = try UnverifiedTreeHead(parsing: note)
        let known = try OwnKnowledge(of: head, newest: newest, node: store.node)
        // This log has never got there, whoever has signed that it has.
        if case .beyond = known { return .differs(nil) }
        return known
    }

    /// What is known of the register at a head.
    func registerKnowledge(of head: UnverifiedTreeHead) throws -> OwnKnowledge {
        guard let note = try store.registerHead()?.note else { return .beyond }
        let newest = try UnverifiedTreeHead(parsing: note)
        let limit = newest.claimed.size
        guard head.claimed.size <= limit else { return .beyond }
        while tree.size < limit {
            let leaves = try store.registerLeaves(from: tree.size.value, limit: Limits.pageLeafCount)
            guard !leaves.isEmpty else {
                throw EventStoreError.damaged(StoredDamage(part: "register-leaf", index: nil))
            }
            for leaf in leaves.prefix(Int(limit.value - tree.size.value)) {
                tree.append(MerkleTree.leafHash(leaf))
            }
        }
        return try OwnKnowledge(of: head, newest: newest, node: tree.node)
    }
}
