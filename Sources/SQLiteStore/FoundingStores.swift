import EventLogs

/// Stores to found a log in. A founding that is cut short leaves an empty one: it is gone on with, and nothing else is.
extension NodeStore {
    /// A new store, or one that is there and empty.
    ///
    /// - Throws: `StoreOpeningError.alreadyExists` for a store with an entry.
    public static func createOrResume(in directory: String) throws -> NodeStore {
        do throws(StoreOpeningError) { return try .create(in: directory) } catch {
            guard case .alreadyExists = error else { throw error }
            let store = try NodeStore.open(in: directory)
            guard try store.verifyRightEdge().newest == nil else { throw error }
            return store
        }
    }
}

extension WitnessStore {
    /// A new store, or one that is there and knows of no head.
    ///
    /// - Throws: `StoreOpeningError.alreadyExists` for a store with a head or with evidence.
    public static func createOrResume(in directory: String) throws -> WitnessStore {
        do throws(StoreOpeningError) { return try .create(in: directory) } catch {
            guard case .alreadyExists = error else { throw error }
            let store = try WitnessStore.open(in: directory)
            guard try store.cosigned().isEmpty, try store.gathered().isEmpty, try store.evidence().isEmpty else {
                throw error
            }
            return store
        }
    }
}

extension BrokerStore {
    /// A new store, or one that is there and empty.
    ///
    /// - Throws: `StoreOpeningError.alreadyExists` for a store with a leaf.
    public static func createOrResume(in directory: String) throws -> BrokerStore {
        do throws(StoreOpeningError) { return try .create(in: directory) } catch {
            guard case .alreadyExists = error else { throw error }
            let store = try BrokerStore.open(in: directory)
            guard try store.registerHeadNote() == nil else { throw error }
            return store
        }
    }
}
