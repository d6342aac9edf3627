import EventLogs
import HTTPTransport
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// A party's own log, as it was pushed: whoever lost something of it gets it back, and nobody else.
extension RegisterKeeper {
    /// The statements of a party's own log from an index on, as many as fit a page, with everything that travelled beside
    /// them, and the log's newest signed head; nil when there is nothing from there on.
    @concurrent nonisolated func logPage(
        of peer: AgencyCode, from index: LeafIndex
    ) async throws(ProblemDetails) -> PushRequest? {
        guard let origin = await roster.parties[peer]?.origin else { throw BrokerProblem.notForYou }
        do {
            guard let state = try store.logState(origin), index < state.size.nextIndex else { return nil }
            var statements: [CarriedStatement] = []
            var bytes = 0
            for stored in try store.statements(origin: origin, from: index, limit: Limits.pageStatementCount) {
                let next = CarriedStatement(
                    bytes: stored.bytes,
                    compartments: try store.compartments(origin: origin, index: stored.index),
                    grants: try store.grants(origin: origin, index: stored.index))
                bytes += next.byteCount
                guard bytes <= Limits.pageByteCount || statements.isEmpty else { break }
                statements.append(next)
            }
            guard !statements.isEmpty else { return nil }
            return PushRequest(origin: origin, firstIndex: index, statements: statements, headNote: state.headNote)
        } catch { throw BrokerProblem.store(error) }
    }
}
