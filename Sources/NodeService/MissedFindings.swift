import EventLogs
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// Finds again what was wrong with statements that were stored and never reported: a node that stopped between storing a
/// page and noting what it found would else report that all of it came as it should.
struct MissedFindings {
    let taking: PageTaking
    let roster: Roster
    /// The authors that are owed a report, each with the position from which on nothing was reported.
    let owed: [Origin: UInt64]

    private var store: NodeStore { taking.store }

    func find() throws -> [ReceivedFinding] {
        var findings: [ReceivedFinding] = []
        guard var next = owed.values.min() else { return [] }
        while true {
            let page = try store.received(from: next, limit: Limits.rebuildPartLeafCount)
            guard let last = page.last else { return findings }
            for received in page where owed[received.origin].map({ received.registerPosition >= $0 }) ?? false {
                guard let admittedAt = try admission(of: received) else { continue }
                findings += try find(in: received, admittedAt: admittedAt)
            }
            next = last.registerPosition + 1
        }
    }

    /// When a statement was admitted; nil where it was refused.
    private func admission(of received: ReceivedStatement) throws -> Timestamp? {
        guard let bytes = try store.registerLeaves(from: received.registerPosition, limit: 1).first,
            case .verdict(let record) = try RegisterLeaf(decoding: bytes)
        else { return nil }
        return record.verdict.isAccepted ? record.admittedAt : nil
    }

    /// What is wrong with a statement, and with what it gives if it is a share.
    private func find(in received: ReceivedStatement, admittedAt: Timestamp) throws -> [ReceivedFinding] {
        let statement = try Statement(decoding: received.bytes)
        var findings = try taking.open(
            statement, index: received.index, at: received.registerPosition, admittedAt: admittedAt,
            compartments: received.compartments,
            grants: received.grants, broughtBy: nil, roster: roster
        ).findings
        guard case .share(let share) = statement.payload.control, share.recipient == taking.opener.agency,
            taking.holds(statement, at: received.registerPosition, admittedAt: admittedAt, in: roster)
        else { return findings }
        for index in Set(share.compartments.map(\.index)).sorted() {
            guard let given = try store.received(origin: received.origin, index: index) else { continue }
            findings += try taking.open(
                try Statement(decoding: given.bytes), index: index, at: received.registerPosition,
                admittedAt: admittedAt, compartments: given.compartments, grants: [], broughtBy: statement,
                roster: roster
            ).findings
        }
        return findings
    }
}
