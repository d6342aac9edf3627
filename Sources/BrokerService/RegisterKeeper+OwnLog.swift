import EventLogs
import HTTPTransport
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// What the broker gives back to a party of its own log, when the party has lost some of it. It is read from the disk,
/// outside of the register.
extension RegisterKeeper {
    /// The newest head that a party pushed, and the leaf hashes from an index on.
    @concurrent nonisolated func ownEdge(
        of peer: AgencyCode, from index: LeafIndex
    ) async throws(ProblemDetails) -> OwnLogEdge {
        let origin = try await ownOrigin(of: peer)
        do throws(EventStoreError) {
            // The head first: what comes after it is there by then.
            guard let log = try store.logState(origin) else { return OwnLogEdge(headNote: [], hashes: []) }
            let hashes = try store.leafHashes(of: origin, from: index, limit: Limits.pageLeafCount)
            return OwnLogEdge(headNote: log.headNote, hashes: hashes)
        } catch { throw BrokerProblem.store(error) }
    }

    /// A party's own statements from an index on, with everything that is here beside them, refused ones too.
    @concurrent nonisolated func ownPage(
        of peer: AgencyCode, from index: LeafIndex
    ) async throws(ProblemDetails) -> OwnLogPage {
        let origin = try await ownOrigin(of: peer)
        do throws(EventStoreError) {
            var statements: [CarriedStatement] = []
            var byteCount = 0
            for stored in try store.statements(origin: origin, from: index, limit: Limits.pageStatementCount) {
                let next = CarriedStatement(
                    bytes: stored.bytes, compartments: try store.compartments(origin: origin, index: stored.index),
                    grants: try store.grants(origin: origin, index: stored.index))
                byteCount += next.byteCount
                guard byteCount <= Limits.pageByteCount || statements.isEmpty else { break }
                statements.append(next)
            }
            return OwnLogPage(statements: statements)
        } catch { throw BrokerProblem.store(error) }
    }

    private func ownOrigin(of peer: AgencyCode) throws(ProblemDetails) -> Origin {
        guard !isLost else { throw BrokerProblem.store(.outcomeUnknown) }
        guard let origin = roster.parties[peer]?.origin else { throw BrokerProblem.notForYou }
        return origin
    }
}

extension CarriedStatement {
    fileprivate var byteCount: Int {
        bytes.count + compartments.reduce(0) { $0 + $1.content.count + ($1.wrap?.count ?? 0) }
            + grants.reduce(0) { $0 + $1.count }
    }
}
