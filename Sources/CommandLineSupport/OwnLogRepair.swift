import EventLogs
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
    private let signer: SigningKey
    private var frontier = TreeFrontier()
    private var nodes: [TreeNode] = []
    private var streams: [StreamID: StreamHead] = [:]

    init(_ repair: StoreRepair, origin: Origin, signer: SigningKey) {
        self.repair = repair
        self.origin = origin
        self.signer = signer
    }

    mutating func run(ask: NodeRepair.Ask?) async throws {
        let stored = try repair.head()
        var heads = [verified(stored.note)].compactMap { $0 }
        if let ask, let head = verified(try await takePushed(ask)) {
            // The head that came with what was pushed covers it, or more than was admitted of it.
            if head.head.size == frontier.size, head.head.root != frontier.root {
                throw RepairObstacle.brokerDiffers(LeafIndex(0))
            }
            heads.append(head)
        }
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
            // A signature over the same head is the same signature; over another one it would be a second story.
            guard stored.size == frontier.size, stored.size != .empty else { throw RepairObstacle.head }
            let head = TreeHead(origin: origin, size: frontier.size, root: frontier.root)
            note = try SignedTreeHead.sign(head, with: signer).note
        }
        try repair.write { [nodes, streams, frontier] editor in
            try editor.put(nodes: nodes, streams: streams, size: frontier.size, note: note)
        }
    }

    private func verified(_ note: [UInt8]) -> SignedTreeHead? {
        try? SignedTreeHead(verifying: note, origin: origin, key: signer.publicKey)
    }

    /// Takes in everything of this log that the broker has; gives the newest head that it was given.
    private mutating func takePushed(_ ask: NodeRepair.Ask) async throws -> [UInt8] {
        // The head first: what it covers is there by then.
        let head = try await ask("/v1/own/edge", ["from": "0"])
        guard let edge = try? OwnLogEdge(decoding: head) else {
            throw RepairObstacle.brokerDiffers(LeafIndex(0))
        }
        while true {
            let next = frontier.size.nextIndex
            let bytes = try await ask("/v1/own", ["from": "\(next)"])
            guard let page = try? OwnLogPage(decoding: bytes) else {
                throw RepairObstacle.brokerDiffers(next)
            }
            guard !page.statements.isEmpty else { return edge.headNote }
            var placed: [(LeafIndex, Statement, CarriedStatement)] = []
            for (offset, carried) in page.statements.enumerated() {
                let index = LeafIndex(next.value + UInt64(offset))
                guard let statement = try? Statement(decoding: carried.bytes), statement.origin == origin else {
                    throw RepairObstacle.brokerDiffers(index)
                }
                placed.append((index, statement, carried))
            }
            try repair.write { editor in
                for (index, statement, carried) in placed {
                    try editor.put(statement, at: index)
                    try editor.removeStray(of: statement, at: index)
                    try editor.putParts(
                        of: statement, at: index, compartments: carried.compartments, grants: carried.grants,
                        addsGrants: true)
                }
            }
            for (_, statement, _) in placed { take(statement) }
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
        nodes += frontier.append(statement.leafHash)
        streams[statement.payload.stream] = StreamHead(sequence: statement.payload.sequence, hash: statement.hash)
    }
}
