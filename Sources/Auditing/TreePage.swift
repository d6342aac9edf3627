import Replication
import TallystickPrimitives
import TransparencyLog

/// A page of which everything is hashed and nothing judged.
struct TreePage: Sendable {
    /// Nil for bytes that have not the form of a page.
    let from: UInt64?
    /// The leaves of the register's tree, in order.
    let leaves: [Hash256]
    /// The register's own statements among them, as they stand there.
    let own: [[UInt8]]
    /// The place in the register, log, index and kind of what is not as the leaves say.
    let faults: [(position: UInt64, log: Origin?, index: UInt64, kind: AuditFinding.Kind)]
    /// How many statements are those that their leaves name.
    let statementCount: UInt64

    init(hashing bytes: [UInt8]) {
        guard let scan = try? PageScan(bytes) else {
            (from, leaves, own, faults, statementCount) = (nil, [], [], [], 0)
            return
        }
        from = scan.from
        leaves = scan.leaves.map { MerkleTree.leafHash(bytes, in: $0.bytes) }
        own = scan.leaves.filter { $0.bytes.first.map { bytes[$0] } == 0xd2 }.map { Array(bytes[$0.bytes]) }
        var faults: [(position: UInt64, log: Origin?, index: UInt64, kind: AuditFinding.Kind)] = []
        var missing = scan.leaves.map { $0.record != nil }
        var count: UInt64 = 0
        for entry in scan.entries {
            guard entry.position >= scan.from, entry.position - scan.from < scan.leaves.count,
                let record = scan.leaves[Int(entry.position - scan.from)].record
            else {
                faults.append((entry.position, nil, entry.index, .unregistered))
                continue
            }
            let place = Int(entry.position - scan.from)
            let hash = MerkleTree.leafHash(bytes, in: entry.statement)
            if record.index == entry.index, missing[place], hash == Hash256(bytes: bytes[record.leafHash]) {
                count += 1
            } else {
                let kind: AuditFinding.Kind =
                    !missing[place] ? .repeated : record.index == entry.index ? .statementChanged : .entryMisplaced
                faults.append((entry.position, TreePage.origin(bytes[record.origin]), record.index, kind))
            }
            missing[place] = false
        }
        for (place, isMissing) in missing.enumerated() where isMissing {
            guard let record = scan.leaves[place].record else { continue }
            let log = TreePage.origin(bytes[record.origin])
            faults.append((scan.from + UInt64(place), log, record.index, .statementMissing))
        }
        self.faults = faults
        statementCount = count
    }

    private static func origin(_ bytes: ArraySlice<UInt8>) -> Origin? {
        String(validating: bytes, as: UTF8.self).flatMap { Origin($0) }
    }
}
