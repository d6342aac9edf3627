import EventLogs
package import HTTPTransport
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
package import TallystickPrimitives
import TransparencyLog

/// Feeds and heads. What is read from the disk for them is read outside of the register, which only says what is due and
/// signs: however much a reader asks for, admission goes on.
extension RegisterKeeper {
    /// The next page of a party's feed, from a position on; empty when there is nothing yet.
    @concurrent nonisolated func feedPage(
        for peer: AgencyCode, from: TreeSize
    ) async throws(ProblemDetails) -> FeedPage {
        guard let due = try await due(to: peer, from: from) else {
            return FeedPage(from: from, leaves: [], headNote: [], entries: [])
        }
        let assembler = FeedAssembler(due: due, store: store, peer: peer, now: time.now())
        let part: (leaves: [[UInt8]], entries: [FeedEntry])
        do { part = try assembler.page(from: from) } catch {
            throw BrokerProblem.store(error as? EventStoreError ?? .unavailable("feed"))
        }
        let note = try await headNote(at: TreeSize(from.value + UInt64(part.leaves.count)))
        return FeedPage(from: from, leaves: part.leaves, headNote: note, entries: part.entries)
    }

    /// What a party is due on the page from a position on; nil when the register ends there.
    private func due(to peer: AgencyCode, from: TreeSize) throws(ProblemDetails) -> PageDue? {
        guard !isLost else { throw BrokerProblem.store(.outcomeUnknown) }
        guard from <= size else { throw BrokerProblem.beyondRegister(from, size: size) }
        guard from < size else { return nil }
        return PageDue(
            from: from, until: size, of: state.deliveries[peer] ?? [],
            isMandated: roster.parties[peer]?.enrolment.party == .auditor,
            takenBack: state.admission.takenBack[peer] ?? [])
    }

    /// The register's head at a size that it has had. Every earlier head is as true as the newest.
    private func headNote(at end: TreeSize) throws(ProblemDetails) -> [UInt8] {
        guard !isLost, end <= size else { throw BrokerProblem.store(.outcomeUnknown) }
        guard end < size, let edge = state.tree.frontier(at: end) else { return published.headNote }
        guard let signer = signers.signer(at: end) else { throw BrokerProblem.formerKeyLost }
        do {
            return try SignedTreeHead.sign(TreeHead(origin: origin, size: end, root: edge.root), with: signer).note
        } catch { throw BrokerProblem.store(.unavailable("feed")) }
    }

    /// Tells who may connect as of now; in the register's order, so that nobody's roster replaces a newer one.
    func show(to directory: LiveDirectory) { directory.update(roster) }

    /// The newest signed head of each log, the register's included.
    @concurrent package nonisolated func headNotes() async throws(ProblemDetails) -> [Origin: [UInt8]] {
        do {
            var notes = Dictionary(uniqueKeysWithValues: try store.allLogs().map { ($0.origin, $0.headNote) })
            notes[origin] = await published.headNote
            return notes
        } catch { throw BrokerProblem.store(.unavailable("heads")) }
    }
}

/// What one party is due on one page of its feed: as much of the register's memory as takes to put it together.
struct PageDue: Sendable {
    /// The register leaves of the page, at the most.
    let positions: Range<UInt64>
    /// What is due among them.
    let dues: [RegisterState.Due]
    /// Whether a mandate gives the party every statement and every carried byte; only what agencies gave it opens.
    let isMandated: Bool
    /// What was recalled or withdrawn from the party.
    let takenBack: Set<CompartmentAddress>

    /// - Parameters:
    ///   - size: how many leaves are on the disk.
    ///   - all: everything that has become due to the party, and may be due before it is on the disk.
    init(
        from: TreeSize, until size: TreeSize, of all: [RegisterState.Due], isMandated: Bool,
        takenBack: Set<CompartmentAddress> = []
    ) {
        self.takenBack = takenBack
        let end = min(size.value, from.value + UInt64(Limits.pageLeafCount))
        positions = from.value..<end
        dues = Array(all[all.partitioningIndex { $0.position >= from.value }...].prefix { $0.position < end })
        self.isMandated = isMandated
    }
}
