public import EventLogs
import GRDB
import TallystickPrimitives
public import TransparencyLog

/// Putting back a register that was lost. The head comes first, because leaves must be covered by one; until the last leaf
/// is there the store does not verify, and no broker starts on it.
extension BrokerStore {
    /// States the head of a register of which nothing is here yet.
    ///
    /// - Throws: `.headConflict` when there is a leaf.
    public func beginRestoring(_ head: SignedTreeHead) throws(EventStoreError) {
        try connection.write("begin to restore the register") { database in
            try BrokerStore.register.replaceHead(
                database, previousSize: .empty, size: head.head.size, note: head.note)
        }
    }

    /// Adds the next leaves below that head, with everything that is stored with them; the batch's own head is left aside.
    public func restore(_ batch: AdmissionBatch) throws(EventStoreError) {
        try connection.write("restore the register") { try BrokerStore.add(batch, to: $0) }
    }

    /// Replaces the heads of logs by those that were found for what has been restored of them.
    public func restoreHeads(_ logs: [LogState]) throws(EventStoreError) {
        try connection.write("restore heads") { database in
            for log in logs {
                try database.run(
                    """
                    UPDATE logs SET note = ? WHERE size = ? AND log = (SELECT log FROM origins WHERE origin = ?)
                    """, [log.headNote.blob, log.size.value.stored, log.origin.text])
            }
        }
    }

    /// Puts a restored register in the place where a broker looks for it, and closes it.
    ///
    /// - Parameters:
    ///   - directory: where it was restored.
    ///   - place: the broker's directory, which has none.
    public func moveRestored(from directory: String, to place: String) throws {
        try connection.emptyWriteAheadLog()
        try connection.close()
        let made = StoreFile(directory: directory, name: BrokerSchema.kind.fileName)
        try made.replace(StoreFile(directory: place, name: BrokerSchema.kind.fileName))
        try made.remove()
    }
}
