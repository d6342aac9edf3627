import EventLogs
import NodeProjections
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// Own statements that were lost here, and come back.
extension NodeCore {
    /// The head of a note, if this log signed it and enough co-signers stand behind it.
    func finalHead(_ note: [UInt8]) throws -> TreeHead? {
        let keys = writer.headKeys + roster.logKeys(of: origin)
        let signed = keys.lazy.compactMap { try? SignedTreeHead(verifying: note, origin: self.origin, key: $0) }.first
        guard let signed, Finality(of: signed, by: roster.witnesses).isFinal else { return nil }
        return signed.head
    }

    /// Puts proved statements back into the log, with what came beside them, and shows them as pending until the feed
    /// brings their verdicts.
    ///
    /// What did not come with them is noted first, and that they came from others: nobody could tell later.
    func putBack(_ placed: [SequencedStatement]) async throws {
        try store.noteReturned(placed.map(\.index))
        for statement in placed {
            _ = try opener.takeGrants(statement.grants, of: statement.statement)
            let opened = opener.open(
                statement.statement, at: statement.index, compartments: statement.compartments)
            try store.noteLost(lost(of: statement, withheld: Set(opened.withheld)))
            try store.keepContentKeys(opened.kept)
        }
        try await writer.putBack(placed)
        // What this log says is destroyed is destroyed before anything of what came back is opened to be shown.
        try store.erase(placed.compactMap { ErasedParts(saidBy: $0.statement) })
        try show(placed.map(\.index))
    }

    /// Whether this node signs with the keys that its log, as it is now, has announced.
    func hasKeysInForce() throws -> Bool {
        guard let rootKey = roster.party(of: origin)?.rootKey,
            let inForce = try OwnKeySets(store, rootKey: rootKey).inForce
        else { return true }
        let (statement, log) = writer.keys
        return inForce.has(.statement, statement.bytes) && inForce.has(.log, log.bytes)
    }

    private func lost(of placed: SequencedStatement, withheld: Set<Label>) -> [LostPart] {
        placed.statement.payload.compartments.compactMap { descriptor in
            let isHere = placed.compartments.contains { $0.id == descriptor.id }
            if isHere, !withheld.contains(descriptor.label) { return nil }
            return LostPart(
                index: placed.index, compartment: descriptor.id, label: descriptor.label,
                loss: isHere ? .key : .content)
        }
    }

    private func show(_ indexes: [LeafIndex]) throws {
        let reading = RebuildReading(
            store: store, opener: opener, origin: origin, foldedUpTo: nil, partCount: Limits.rebuildPartLeafCount)
        var prepared: [PreparedEvent] = []
        for own in try reading.pending(indexes[...]) {
            let stream = own.statement.payload.stream
            book.fold(own.statement, index: own.index, opened: own.opened.fields, isOwn: true)
            if let circle = own.circle { ownCircles.open(circle, in: stream) }
            if ownCircles[stream] == nil { book.forget(stream) }
            ownSignatures.take(own.statement, at: own.index)
            if let event = own.prepared { prepared.append(event) }
        }
        try views.addPending(prepared: prepared)
    }
}
