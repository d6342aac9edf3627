import EventLogs
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// Puts together what one party is due among a run of register leaves.
struct FeedAssembler {
    let due: PageDue
    let store: BrokerStore
    let peer: AgencyCode
    let now: Timestamp

    /// The leaves from a position on, as many as fit one page, and the statements due among them.
    func page(from: TreeSize) throws -> (leaves: [[UInt8]], entries: [FeedEntry]) {
        var leaves = try store.registerLeaves(from: from.value, limit: due.positions.count)
        var entries: [FeedEntry] = []
        var bytes = 0
        for due in dues() {
            let made = try makeEntries(for: due)
            bytes += made.reduce(0) { $0 + $1.statement.byteCount }
            if bytes > Limits.pageByteCount || entries.count + made.count > Limits.pageStatementCount,
                due.position > from.value
            {
                // The rest waits for the next page: this one ends before the statement that did not fit.
                leaves = Array(leaves.prefix(Int(due.position - from.value)))
                break
            }
            entries += made
        }
        return (leaves, entries)
    }

    private func dues() -> [RegisterState.Due] {
        guard due.isMandated else { return due.dues }
        let given = Dictionary(due.dues.map { ($0.position, $0.delivery) }) { first, _ in first }
        return due.positions.map {
            RegisterState.Due(position: $0, delivery: given[$0] ?? Delivery(labels: []))
        }
    }

    private func makeEntries(for due: RegisterState.Due) throws -> [FeedEntry] {
        guard let stored = try store.statementsAt(positions: [due.position]).first else { return [] }
        // An accepted statement that cannot be read is damage here, and nobody is told that it is not due.
        guard let statement = try? Statement(decoding: stored.bytes) else {
            guard stored.refusal == nil else { return [] }
            throw EventStoreError.damaged(StoredDamage(part: "statement", index: stored.index))
        }
        var wanted: [CompartmentID] = []
        var grants: [[UInt8]] = []
        if stored.refusal == nil {
            wanted = statement.payload.compartments.filter {
                isDue($0, of: statement.payload.kind, labels: due.delivery.labels)
            }.map(\.id)
            if due.delivery.areGrantsDue, !statement.payload.grants.isEmpty {
                grants = try store.grants(origin: stored.origin, index: stored.index, recipient: peer)
            }
        }
        var entries = [
            FeedEntry(
                position: due.position, statementPosition: due.position, index: stored.index,
                statement: CarriedStatement(
                    bytes: stored.bytes, compartments: try carried(wanted, of: stored), grants: grants))
        ]
        entries += try sharedEntries(of: due)
        return entries
    }

    /// What a share gives: the earlier statements with just the compartments that it names.
    private func sharedEntries(of due: RegisterState.Due) throws -> [FeedEntry] {
        if let end = due.delivery.sharedUntil, now >= end { return [] }
        let byStatement = Dictionary(grouping: due.delivery.shared) {
            StatementAddress(origin: $0.origin, index: $0.index)
        }
        return try byStatement.compactMap { place, addresses in
            guard let stored = try store.statement(origin: place.origin, index: place.index) else { return nil }
            return FeedEntry(
                position: due.position, statementPosition: stored.registerPosition, index: place.index,
                statement: CarriedStatement(
                    bytes: stored.bytes, compartments: try carried(addresses.map(\.compartment), of: stored),
                    grants: []))
        }.sorted { $0.statementPosition < $1.statementPosition }
    }

    private func isDue(
        _ descriptor: CompartmentDescriptor, of kind: StatementKind, labels: Set<Label>
    ) -> Bool {
        switch descriptor.reader {
        case .public: kind.isControl
        case .epoch: due.isMandated || labels.contains(descriptor.label)
        case .pointer, .match: due.isMandated
        case .home: false
        }
    }

    private func carried(_ ids: [CompartmentID], of stored: AdmittedStatement) throws -> [CarriedCompartment] {
        try ids.compactMap { id in
            let address = CompartmentAddress(origin: stored.origin, index: stored.index, compartment: id)
            return due.takenBack.contains(address) ? nil : try store.compartment(address)
        }
    }
}

extension Array {
    /// The first place whose element fulfils a condition that all later ones fulfil too; found by halving.
    func partitioningIndex(where condition: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
