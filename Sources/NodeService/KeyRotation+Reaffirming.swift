import EventLogs
public import KeyFiles
import PartyFiles
import SQLiteStore
import SignedStatements
public import TallystickPrimitives

/// What an agency may stand by of what a revoked key signed, and what it has stood by.
public struct Reaffirmation: Sendable {
    /// Indexes of the log that this node wrote itself, or that were named, in runs.
    public let indexes: [ClosedRange<UInt64>]
    /// Indexes that came back from others and were not named, in runs: whoever had the key may have written them.
    public let leftOut: [ClosedRange<UInt64>]
    /// The places of the statements that stand by them; none while it is only shown.
    public let places: [LeafIndex]
}

extension KeyRotation {
    /// What `reaffirm` would stand by; nothing is written.
    ///
    /// - Throws: as `reaffirm`.
    public func reaffirmable(
        _ keyID: Hash256, registeredFrom position: TreeSize, returned named: [ClosedRange<UInt64>] = [],
        passphrase: SecretBytes
    ) throws -> Reaffirmation {
        try locked {
            let opened = try openForReaffirming(keyID, passphrase)
            return try opened.store.reaffirmable(keyID, registeredFrom: position, named: named)
        }
    }

    /// Stands by what a revoked key signed: under the key in force, by index.
    ///
    /// What came back into the log from others, after a restore or a repair, is left out unless it is named: a thief with the
    /// key may have written it, and the node cannot tell.
    /// - Parameters:
    ///   - position: all that this log has of the key and that was registered there or later.
    ///   - named: indexes that came back and that a person has looked at.
    /// - Returns: what was stood by; nothing is written where there is nothing to name.
    /// - Throws: as `rotate`.
    public func reaffirm(
        _ keyID: Hash256, registeredFrom position: TreeSize, returned named: [ClosedRange<UInt64>] = [],
        passphrase: SecretBytes
    ) throws -> Reaffirmation {
        try locked {
            let opened = try openForReaffirming(keyID, passphrase)
            let found = try opened.store.reaffirmable(keyID, registeredFrom: position, named: named)
            let runs = found.indexes
            let drafts = stride(from: 0, to: runs.count, by: Limits.reaffirmedRunCount).map { start in
                let some = Array(runs[start..<min(start + Limits.reaffirmedRunCount, runs.count)])
                return StatementDraft(
                    eventID: EventID(from: entropy), stream: .control, expectedVersion: .any,
                    control: .reaffirm(ReaffirmControl(keyID: keyID, indexes: some)))
            }
            guard !drafts.isEmpty else { return found }
            let places = try append(drafts, in: opened, statement: opened.keys.statement, log: opened.keys.log)
            return Reaffirmation(indexes: runs, leftOut: found.leftOut, places: places)
        }
    }

    private func locked<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        return try body()
    }

    private func openForReaffirming(_ keyID: Hash256, _ passphrase: SecretBytes) throws -> Opened {
        let opened = try open(
            passphrase, rootKey: try VerificationKey(bytes: try directory.enrolment().rootKey))
        guard opened.sets.entry(of: keyID) != nil else { throw KeyChangeFault.unknownKey(keyID) }
        guard opened.keys.statement.publicKey.keyID != keyID else { throw KeyChangeFault.inForce(keyID) }
        return opened
    }
}

extension NodeStore {
    /// The log's own statements that a key signed and the register accepted from a position on.
    fileprivate func reaffirmable(
        _ keyID: Hash256, registeredFrom position: TreeSize, named: [ClosedRange<UInt64>]
    ) throws -> Reaffirmation {
        let returned = Set(try returnedIndexes())
        var indexes: [ClosedRange<UInt64>] = []
        var leftOut: [ClosedRange<UInt64>] = []
        var next = LeafIndex(0)
        while true {
            let page = try readLog(from: next, limit: Limits.pageStatementCount)
            guard let last = page.last else { return Reaffirmation(indexes: indexes, leftOut: leftOut, places: []) }
            for placed in page where placed.statement.signed.header.keyID == keyID {
                guard let admission = try admission(of: placed.index), admission.isAccepted,
                    admission.registerPosition >= position.value
                else { continue }
                let index = placed.index.value
                if returned.contains(placed.index), !named.contains(where: { $0.contains(index) }) {
                    leftOut.add(index)
                } else {
                    indexes.add(index)
                }
            }
            next = LeafIndex(last.index.value + 1)
        }
    }
}

extension [ClosedRange<UInt64>] {
    /// Adds an index that is larger than all before.
    fileprivate mutating func add(_ index: UInt64) {
        if let run = last, run.upperBound + 1 == index {
            self[count - 1] = run.lowerBound...index
        } else {
            append(index...index)
        }
    }
}
