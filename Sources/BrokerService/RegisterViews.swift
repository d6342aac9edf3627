import BrokerProjections
import EventLogs
import Partnership
import Replication
import SQLiteStore
import SharingProtocols
import TallystickPrimitives

/// Keeps the broker's views at the register's end; they are projections and may be rebuilt at any time.
struct RegisterViews {
    let store: BrokerStore
    let views: BrokerViews

    /// Folds what was registered since the views' checkpoint.
    func catchUp(roster: Roster) throws {
        var position = try views.checkpoint()
        while true {
            let leaves = try store.registerLeaves(from: position, limit: Limits.pageLeafCount)
            guard !leaves.isEmpty else { return }
            var admissions: [FoldedAdmission] = []
            for (offset, bytes) in leaves.enumerated() {
                let place = position + UInt64(offset)
                guard case .verdict(let record) = try RegisterLeaf(decoding: bytes),
                    let stored = try store.statementsAt(positions: [place]).first,
                    let statement = try? Statement(decoding: stored.bytes)
                else { continue }
                let carried = try store.compartments(origin: record.origin, index: record.index)
                admissions.append(
                    folded(statement, record: record, position: place, compartments: carried, roster: roster))
            }
            position += UInt64(leaves.count)
            try views.fold(admissions, next: position)
        }
    }

    /// Folds a batch that was just registered.
    func fold(_ batch: BatchInProgress, roster: Roster, next: UInt64) throws {
        let admissions = batch.admitted.map { entry in
            folded(
                entry.submission.statement, record: entry.record, position: entry.position,
                compartments: entry.submission.compartments, roster: roster)
        }
        try views.fold(admissions, next: next)
    }

    private func folded(
        _ statement: Statement, record: AdmissionRecord, position: UInt64, compartments: [CarriedCompartment],
        roster: Roster
    ) -> FoldedAdmission {
        let clear = statement.payload.compartments.filter { $0.reader == .pointer }
        let pointers = clear.compactMap { descriptor in
            compartments.first { $0.id == descriptor.id }.flatMap { try? $0.clearBody() }
        }
        let bundle = statement.payload.decision?.bundle
        return FoldedAdmission(
            position: position, record: record, statement: statement,
            agency: roster.party(of: statement.origin)?.code, pointers: pointers, bundle: bundle,
            pointerRules: clear.isEmpty ? nil : pointerRules(of: bundle, roster: roster),
            isBinding: isBinding(statement, at: position, roster: roster))
    }

    /// Whether a signature leaves no office lacking; of rules that are not known here nobody can say.
    private func isBinding(_ statement: Statement, at position: UInt64, roster: Roster) -> Bool {
        guard case .adopt(let bundle, _) = statement.payload.control, roster.protocols[bundle] != nil,
            let party = roster.party(of: statement.origin)
        else { return true }
        return party.adoptions[bundle]?.isInForce(at: TreeSize(position + 1)) ?? false
    }

    /// What this broker may show under a bundle; nothing where the parties agreed on another broker.
    private func pointerRules(of bundle: Hash256?, roster: Roster) -> PointerRules? {
        guard let rules = bundle.flatMap({ roster.terms(of: $0)?.pointer }),
            rules.broker == roster.parties(.broker).first?.code
        else { return nil }
        return rules
    }
}
