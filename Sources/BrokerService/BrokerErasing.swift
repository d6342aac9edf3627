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
    private let owedVolumes = Mutex<[VolumeLeaves]>([])

    init(_ store: BrokerStore) { self.store = store }

    /// Destroys what is named by statements that the register has just accepted; whether all of it is done.
    @discardableResult
    func destroy(_ batch: BatchInProgress) -> Bool {
        let named = batch.admitted.compactMap { entry -> ErasedParts? in
            guard entry.record.verdict.isAccepted else { return nil }
            return ErasedParts(ofItsOwn: entry.submission.statement)
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

    /// Destroys the volumes that the board has let go by acts that the register has just accepted; whether anything was
    /// there. What cannot be destroyed at once is tried again with the next batch.
    func destroyVolumes(_ batch: BatchInProgress) -> Bool {
        let named = batch.admitted.compactMap { entry -> VolumeLeaves? in
            guard entry.record.verdict.isAccepted, case .destroy(let act) = entry.submission.statement.payload.control
            else { return nil }
            return act.decision.leaves
        }
        let due = owedVolumes.withLock { owed in
            owed += named
            return owed
        }
        guard !due.isEmpty, let changed = try? BrokerErasing.destroy(due, in: store) else { return false }
        owedVolumes.withLock { $0.removeFirst(due.count) }
        return changed
    }

    private static func destroy(_ volumes: [VolumeLeaves], in store: BrokerStore) throws(EventStoreError) -> Bool {
        var hasChanged = false
        for volume in volumes where try store.destroy(volume) { hasChanged = true }
        return hasChanged
    }

    /// What a start takes up, once every volume is away that the board ever let go: a stop in between loses nothing of it.
    static func loaded(_ loading: RegisterLoading) async throws -> (RegisterState, headNote: [UInt8]) {
        let found = try await loading.loadOnAllCores()
        let volumes = found.0.admission.roster.volumes.records.values.compactMap(\.decision.leaves)
        return try destroy(volumes, in: loading.store) ? try await loading.loadOnAllCores() : found
    }

    /// Destroys everything that authors have ever destroyed, as far as it is here.
    static func destroyAgain(_ holds: HoldsInForce, in store: BrokerStore) throws(EventStoreError) {
        try store.erase(ErasedParts.all(in: holds))
    }
}

extension ErasedParts {
    /// What a statement says is destroyed of the log that it stands in; nil for every other.
    init?(ofItsOwn statement: Statement) {
        guard case .erased(let erased) = statement.payload.control, erased.origin == statement.origin else {
            return nil
        }
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
