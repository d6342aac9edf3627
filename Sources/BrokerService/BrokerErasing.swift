import EventLogs
import Partnership
import Replication
import SQLiteStore
import Synchronization
import TallystickPrimitives

/// The broker's part in an erasure (decision 0030): what an author says it has destroyed of its own log, the broker destroys
/// too, once the register has it.
///
/// What cannot be destroyed at once is tried again with the next batch; a start goes through everything that was ever
/// erased, so that a stop in between loses nothing of it.
final class BrokerErasing: Sendable {
    private let store: BrokerStore
    private let owed = Mutex<[ErasedParts]>([])

    init(_ store: BrokerStore) { self.store = store }

    /// Destroys what is named by statements that the register has just accepted; whether all of it is done.
    @discardableResult
    func destroy(_ batch: BatchInProgress, roster: Roster) -> Bool {
        let named = batch.admitted.compactMap { entry -> ErasedParts? in
            guard entry.record.verdict.isAccepted else { return nil }
            return ErasedParts(ofItsOwn: entry.submission.statement, roster: roster)
        }
        let due = owed.withLock { owed in
            owed += named
            return owed
        }
        guard !due.isEmpty else { return true }
        do { try store.erase(due) } catch { return false }
        owed.withLock { $0.removeFirst(due.count) }
        return true
    }

    /// Destroys everything that authors have ever destroyed, as far as it is here.
    static func destroyAgain(_ holds: HoldsInForce, in store: BrokerStore) throws(EventStoreError) {
        try store.erase(ErasedParts.all(in: holds))
    }
}

extension ErasedParts {
    /// What a statement says is destroyed of its author's logs; nil for every other.
    init?(ofItsOwn statement: Statement, roster: Roster) {
        guard case .erased(let erased) = statement.payload.control,
            roster.isSameParty(erased.origin, statement.origin)
        else { return nil }
        self.init(
            origin: erased.origin, stream: erased.stream, compartments: erased.addresses, grants: erased.grants)
    }

    /// Everything that is destroyed, by log; the streams play no part where no circle's key is kept.
    static func all(in holds: HoldsInForce) -> [ErasedParts] {
        let compartments = Dictionary(grouping: holds.erased, by: \.origin)
        let grants = Dictionary(grouping: holds.erasedGrants, by: \.origin)
        return Set(compartments.keys).union(grants.keys).sorted().map { origin in
            ErasedParts(
                origin: origin, stream: .control, compartments: compartments[origin] ?? [],
                grants: (grants[origin] ?? []).map(\.index))
        }
    }
}
