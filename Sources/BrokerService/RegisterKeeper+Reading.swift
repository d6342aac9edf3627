import BrokerProjections
import EventLogs
package import HTTPTransport
import Partnership
import Replication
import SQLiteStore
import SignedStatements
package import TallystickPrimitives
import TransparencyLog

/// What the register shows of itself: only what is on the disk.
extension RegisterKeeper {
    /// Answers from the visibility view, once it is registered that it was asked.
    func visibility(_ query: VisibilityQuery, asker: AgencyCode) async throws(ProblemDetails) -> [VisibilityEntry] {
        guard !isLost else { throw BrokerProblem.store(.outcomeUnknown) }
        _ = try await registered(.lookUp(RegisterLeaf.lookUp(asker: asker, hash: query.hash, at: time.now()))).get()
        let signed = roster.parties[asker].map { Set($0.adoptions.keys) } ?? []
        let inForce = signed.filter { roster.protocols[$0]?.isActive(at: size) == true }
        do { return try views.visibility(query, for: asker, signed: inForce) } catch {
            throw BrokerProblem.store(.unavailable("visibility"))
        }
    }

    /// The next page of a party's feed, from a position on; empty when there is nothing yet.
    func feedPage(for peer: AgencyCode, from: TreeSize) throws(ProblemDetails) -> FeedPage {
        guard !isLost else { throw BrokerProblem.store(.outcomeUnknown) }
        guard from <= size else { throw BrokerProblem.beyondRegister(from, size: size) }
        guard from < size else { return FeedPage(from: from, leaves: [], headNote: [], entries: []) }
        let assembler = FeedAssembler(state: state, size: size, store: store, peer: peer, now: time.now())
        do {
            let part = try assembler.page(from: from)
            let end = TreeSize(from.value + UInt64(part.leaves.count))
            var note = published.headNote
            if end < size, let edge = state.tree.frontier(at: end) {
                // A shorter page ends before the newest head; every earlier head is as true, so sign that one.
                note = try SignedTreeHead.sign(
                    TreeHead(origin: origin, size: end, root: edge.root), with: logSigner
                ).note
            }
            return FeedPage(from: from, leaves: part.leaves, headNote: note, entries: part.entries)
        } catch { throw BrokerProblem.store(error as? EventStoreError ?? .unavailable("feed")) }
    }

    /// The newest signed head of each log, the register's included.
    package func headNotes() throws(ProblemDetails) -> [Origin: [UInt8]] {
        do {
            var notes = Dictionary(uniqueKeysWithValues: try store.allLogs().map { ($0.origin, $0.headNote) })
            notes[origin] = published.headNote
            return notes
        } catch { throw BrokerProblem.store(.unavailable("heads")) }
    }
}
