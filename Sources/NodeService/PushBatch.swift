import EventLogs
import Replication
import SQLiteStore
import TallystickPrimitives

/// Puts together the next push: statements in index order with what travels beside them, and a head that covers them.
struct PushBatch {
    let store: NodeStore

    /// The statements of the push that begins at an index: as many as fit a page.
    func statements(from index: LeafIndex) throws -> [CarriedStatement] {
        var statements: [CarriedStatement] = []
        var bytes = 0
        for placed in try store.readLog(from: index, limit: Limits.pageStatementCount) {
            let next = try carried(placed)
            bytes +=
                next.bytes.count + next.compartments.reduce(0) { $0 + $1.content.count }
                + next.grants.reduce(0) { $0 + $1.count }
            guard bytes <= Limits.pageByteCount || statements.isEmpty else { break }
            statements.append(next)
        }
        return statements
    }

    private func carried(_ placed: SequencedStatement) throws -> CarriedStatement {
        let home = Set(placed.statement.payload.compartments.filter { $0.reader == .home }.map(\.id))
        var compartments = placed.compartments.filter { !home.contains($0.id) }
        if case .share(let share) = placed.statement.payload.control {
            compartments += try share.compartments.compactMap(homeCompartment)
        }
        return CarriedStatement(bytes: placed.statement.bytes, compartments: compartments, grants: placed.grants)
    }

    /// What was kept at home travels with the share that first gives it.
    private func homeCompartment(_ address: CompartmentAddress) throws -> CarriedCompartment? {
        func isMeant(_ descriptor: CompartmentDescriptor) -> Bool {
            descriptor.id == address.compartment && descriptor.reader == .home
        }
        if let placed = try store.readLog(from: address.index, limit: 1).first,
            placed.statement.origin == address.origin
        {
            guard placed.statement.payload.compartments.contains(where: isMeant) else { return nil }
            return placed.compartments.first { $0.id == address.compartment }
        }
        // Of a log that this one went on from.
        guard let kept = try store.received(origin: address.origin, index: address.index),
            try Statement(decoding: kept.bytes).payload.compartments.contains(where: isMeant)
        else { return nil }
        return kept.compartments.first { $0.id == address.compartment }
    }
}
