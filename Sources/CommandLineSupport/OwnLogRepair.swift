import EventLogs
import KeyFiles
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// Puts a node's own log right in a copy of its store: statements and what travels with them from the broker, everything
/// that follows from them computed anew.
struct OwnLogRepair {
    private let repair: StoreRepair
    private let origin: Origin
    private let rootKey: VerificationKey
    /// The log keys that the party holds.
    private let signers: [SigningKey]
    /// What the second store says of the log's head.
    private let kept: KeptHead
    /// The sizes at which heads are known of what was here, and the root of what has been taken in at each.
    private var roots: [TreeSize: Hash256?] = [:]
    /// The log keys that the log announces, by the place of the key set.
    private var announced: [LeafIndex: [VerificationKey]] = [:]
    private var frontier = TreeFrontier()
    private var nodes: [TreeNode] = []
    private var streams: [StreamID: StreamHead] = [:]

    init(_ repair: StoreRepair, party: EnrolmentRequest, signers: [SigningKey], kept: KeptHead) throws {
        self.repair = repair
        self.signers = signers
        self.kept = kept
        origin = party.log
        if case .head(let head) = kept { roots[head.size] = .some(nil) }
        rootKey = try VerificationKey(bytes: party.rootKey)
        // Those that are damaged are learnt when they come from the broker.
        for (index, statement) in (try? repair.copy.controlStatements()) ?? [] { learn(statement, at: index) }
    }

    mutating func run(ask: NodeRepair.Ask?) async throws {
        let stored = try repair.head()
        if let head = try? UnverifiedTreeHead(parsing: stored.note) { roots[head.claimed.size] = .some(nil) }
        var heads: [SignedTreeHead] = []
        if let ask, let head = try await takePushed(ask) {
            // The head that came with what was pushed covers it, or more than was admitted of it.
            if head.head.size == frontier.size, head.head.root != frontier.root {
                throw RepairObstacle.brokerDiffers(LeafIndex(0))
            }
            heads.append(head)
        }
        let own = verified(stored.note)
        if let own { heads.append(own) }
        let newest = heads.max { $0.head.size < $1.head.size }
        try takeRest(upTo: newest?.head.size ?? stored.size)
        let note: [UInt8]
        if let newest {
            guard newest.head.size == frontier.size else {
                let count = newest.head.size.value - min(newest.head.size.value, frontier.size.value)
                throw RepairObstacle.lost(from: frontier.size.nextIndex, count: count)
            }
            guard newest.head.root == frontier.root else { throw RepairObstacle.brokerDiffers(LeafIndex(0)) }
            note = newest.note
        } else {
            note = try signedAnew(insteadOf: stored)
        }
        let known = try knownSize(own?.head)
        try repair.write { [nodes, streams, frontier] editor in
            for index in known.value..<frontier.size.value { try editor.noteReturned(LeafIndex(index)) }
            try editor.put(nodes: nodes, streams: streams, size: frontier.size, note: note)
        }
    }

    /// Up to where the log is the one that was here before: what lies beyond came from others.
    ///
    /// - Throws: where the newest head leads to another history than the one that was here.
    private func knownSize(_ own: TreeHead?) throws -> TreeSize {
        if let own, roots[own.size] != own.root { throw RepairObstacle.brokerDiffers(LeafIndex(0)) }
        guard case .head(let head) = kept, head.origin == origin, roots[head.size] == head.root else {
            return own?.size ?? .empty
        }
        return max(head.size, own?.size ?? .empty)
    }

    /// A head over what is here, in place of one of which nothing is left.
    ///
    /// A signature over the same head is the same signature; over another one it would be a second story. So it is made only
    /// where nothing says that there was another: a head that reads and is not ours says so, and the second store must say
    /// that this log leads on from the head that left the node last.
    private func signedAnew(insteadOf stored: (size: TreeSize, note: [UInt8])) throws -> [UInt8] {
        guard (try? UnverifiedTreeHead(parsing: stored.note)) == nil, stored.size == frontier.size,
            stored.size != .empty, case .head(let head) = kept, head.origin == origin, roots[head.size] == head.root,
            let signer = signerInForce()
        else { throw RepairObstacle.head }
        return try SignedTreeHead.sign(
            TreeHead(origin: origin, size: frontier.size, root: frontier.root), with: signer
        ).note
    }

    // MARK: Whose heads these are

    private func verified(_ note: [UInt8]) -> SignedTreeHead? {
        let keys = signers.map(\.publicKey) + announced.values.joined()
        return keys.lazy.compactMap { try? SignedTreeHead(verifying: note, origin: self.origin, key: $0) }.first
    }

    /// The key of the newest key set that was not refused, if the party holds it.
    private func signerInForce() -> SigningKey? {
        let inForce = announced.keys.sorted().last { index in
            index < frontier.size.nextIndex && (try? repair.copy.admission(of: index))??.isAccepted != false
        }
        guard let keys = inForce.flatMap({ announced[$0] }) else { return nil }
        return signers.last { keys.contains($0.publicKey) }
    }

    private mutating func learn(_ statement: Statement, at index: LeafIndex) {
        guard case .keyset(let entries) = statement.payload.control,
            (try? statement.signed.verified(by: rootKey)) != nil
        else { return }
        announced[index] = entries.filter { $0.role == .log }.compactMap { try? VerificationKey(bytes: $0.key) }
    }

    // MARK: Taking in

    /// Takes in everything of this log that the broker has, up to the newest head that it was given; gives that head.
    private mutating func takePushed(_ ask: NodeRepair.Ask) async throws -> SignedTreeHead? {
        // The head first: what it covers is there by then, and nothing beyond it is asked for.
        let answer = try await ask("/v1/own/edge", ["from": "0"])
        guard let edge = try? OwnLogEdge(decoding: answer) else { throw RepairObstacle.brokerDiffers(LeafIndex(0)) }
        guard !edge.headNote.isEmpty else { return nil }
        guard let head = verified(edge.headNote) else { throw RepairObstacle.brokerDiffers(LeafIndex(0)) }
        while frontier.size < head.head.size {
            let next = frontier.size.nextIndex
            let bytes = try await ask("/v1/own", ["from": "\(next)"])
            guard let page = try? OwnLogPage(decoding: bytes),
                UInt64(page.statements.count) <= head.head.size.value - next.value
            else { throw RepairObstacle.brokerDiffers(next) }
            guard !page.statements.isEmpty else { break }
            var placed: [(LeafIndex, Statement, CarriedStatement)] = []
            for (offset, carried) in page.statements.enumerated() {
                let index = LeafIndex(next.value + UInt64(offset))
                guard let statement = try? Statement(decoding: carried.bytes), statement.origin == origin else {
                    throw RepairObstacle.brokerDiffers(index)
                }
                placed.append((index, statement, carried))
            }
            try put(placed)
            for (_, statement, _) in placed { take(statement) }
        }
        return head
    }

    private func put(_ placed: [(LeafIndex, Statement, CarriedStatement)]) throws {
        try repair.write { editor in
            for (index, statement, carried) in placed {
                try editor.put(statement, at: index)
                try editor.removeStray(of: statement, at: index)
                try editor.putParts(
                    of: statement, at: index, compartments: carried.compartments, grants: carried.grants,
                    addsGrants: true)
            }
        }
    }

    /// Takes in what never reached the broker, as far as it is whole.
    private mutating func takeRest(upTo size: TreeSize) throws {
        while frontier.size < size {
            let next = frontier.size.nextIndex
            let rows = try repair.rows(from: next, limit: Limits.pageStatementCount)
            for row in rows where frontier.size < size {
                guard row.index == frontier.size.nextIndex, let statement = row.statement, statement.origin == origin
                else { return }
                take(statement)
            }
            guard frontier.size.nextIndex > next else { return }
        }
    }

    private mutating func take(_ statement: Statement) {
        learn(statement, at: frontier.size.nextIndex)
        nodes += frontier.append(statement.leafHash)
        if roots[frontier.size] != nil { roots[frontier.size] = frontier.root }
        streams[statement.payload.stream] = StreamHead(sequence: statement.payload.sequence, hash: statement.hash)
    }
}
