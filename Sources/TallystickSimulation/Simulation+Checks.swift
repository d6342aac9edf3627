import BrokerService
import EventLogs
import Foundation
import NodeService
import Replication
import SQLiteStore
import TallystickPrimitives
import TransparencyLog

/// What is looked at after every step, and what after every start.
extension Simulation {
    /// Cheap enough for every step: logs only grow, and every head that anybody follows is one of this register.
    func checkStep() async throws {
        try await watchRegister()
        for agency in agencies {
            guard let node = nodes[agency] else { continue }
            try await watchLog(of: node)
            try checkHead(await node.hosted.followed, of: agency)
            try await checkFinality(of: node)
            await noteFaults(of: node)
        }
        for witness in witnessCodes {
            if let followed = witnesses[witness]?.followed { try checkHead(followed, of: witness) }
        }
        if let contradiction = network.cosigned.contradiction { throw Violation(contradiction) }
    }

    /// Below four listed witnesses nothing is final; what is final is of the one register that everybody else sees.
    private func checkFinality(of node: SimulatedNode) async throws {
        guard let head = await node.hosted.finalHead else { return }
        guard swarm.witnesses == .enough else {
            throw Violation("\(node.agency) has a final head with too few witnesses listed")
        }
        guard ledger.register.root(at: head.size) == head.root else {
            throw Violation("\(node.agency) has a final head of another register, of size \(head.size.value)")
        }
    }

    /// Takes note of how the register grew.
    func watchRegister() async throws {
        guard let broker else { return }
        let size = await broker.hosted.size
        guard size >= ledger.register.size else {
            throw Violation("the register shrank from \(ledger.register.size.value) to \(size.value)")
        }
        let new = try broker.hosted.store.registerLeaves(
            from: ledger.register.size.value, limit: Int(size.value - ledger.register.size.value))
        for leaf in new {
            ledger.register.append(MerkleTree.leafHash(leaf))
            guard case .verdict(let record) = try RegisterLeaf(decoding: leaf) else { continue }
            guard record.index == ledger.registered[record.origin, default: LogMemory()].size.nextIndex else {
                throw Violation("the register has a gap in \(record.origin), before \(record.index.value)")
            }
            ledger.registered[record.origin, default: LogMemory()].append(record.leafHash)
        }
    }

    /// Takes note of how a log grew.
    func watchLog(of node: SimulatedNode) async throws {
        // A log that was put back is held against what the world knows of it when others have said what they hold.
        guard node.hosted.doubt == nil || !restored.contains(node.agency) else { return }
        if restored.remove(node.agency) != nil { try checkStored(node) }
        let size = await node.hosted.logSize
        let log = ledger.logs[node.agency] ?? LogMemory()
        guard size >= log.size else {
            throw Violation("the log of \(node.agency) shrank from \(log.size.value) to \(size.value)")
        }
        guard size > log.size else { return }
        let new = try node.hosted.store.readLog(
            from: log.size.nextIndex, limit: Int(size.value - log.size.value))
        for placed in new { ledger.logs[node.agency, default: LogMemory()].append(placed.statement.leafHash) }
    }

    private func checkHead(_ followed: (size: TreeSize, root: Hash256), of agency: AgencyCode) throws {
        guard ledger.register.root(at: followed.size) == followed.root || deceived.contains(agency) else {
            throw Violation("\(agency) follows another register of size \(followed.size.value)")
        }
    }

    /// After a start: what was on the disk before is there, leaf by leaf, and every acknowledged entry with it.
    func checkRestarted(_ node: SimulatedNode) throws {
        guard !restored.contains(node.agency) || node.hosted.doubt == nil else { return }
        restored.remove(node.agency)
        try checkStored(node)
    }

    private func checkStored(_ node: SimulatedNode) throws {
        let known = ledger.logs[node.agency] ?? LogMemory()
        let stored = try node.hosted.store.readLog(from: LeafIndex(0), limit: known.leaves.count)
        guard stored.map(\.statement.leafHash) == known.leaves else {
            throw Violation("\(node.agency) lost or changed statements: \(stored.count) of \(known.leaves.count)")
        }
        let acknowledged = ledger.acknowledged[node.agency] ?? []
        let found = try node.hosted.store.recorded(acknowledged)
        guard found.count == acknowledged.count else {
            throw Violation("\(node.agency) lost \(acknowledged.count - found.count) acknowledged entries")
        }
    }

    /// The same of the broker: every leaf that was there.
    func checkRestarted(_ broker: SimulatedBroker) throws {
        let known = ledger.register.leaves
        let stored = try broker.hosted.store.registerLeaves(from: 0, limit: known.count)
        guard stored.map({ MerkleTree.leafHash($0) }) == known else {
            throw Violation("the register lost or changed leaves: \(stored.count) of \(known.count)")
        }
    }
}
