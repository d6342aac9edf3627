import BrokerProjections
import EventLogs
import HTTPTransport
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives

/// The visibility view: kept at the register's end, and looked into. A look-up is a leaf of the register before it is
/// answered.
extension RegisterKeeper {
    /// Answers from the visibility view, once it is registered that it was asked.
    ///
    /// A view that is behind answers nobody: what it lacks would be taken for what is not held.
    nonisolated func visibility(
        _ query: VisibilityQuery, asker: AgencyCode
    ) async throws(ProblemDetails) -> [VisibilityEntry] {
        let signed = try await registerLookUp(query, by: asker)
        do { return try views.visibility(query, for: asker, signed: signed) } catch {
            throw BrokerProblem.store(.unavailable("visibility"))
        }
    }

    /// Registers a look-up; gives the bundles under which its asker may see anything.
    private func registerLookUp(
        _ query: VisibilityQuery, by asker: AgencyCode
    ) async throws(ProblemDetails) -> Set<Hash256> {
        guard !isLost else { throw BrokerProblem.store(.outcomeUnknown) }
        if viewsFault != nil { catchUpViews() }
        guard viewsFault == nil else { throw BrokerProblem.viewsBehind }
        let now = time.now()
        _ = try await registered(.lookUp(RegisterLeaf.lookUp(asker: asker, hash: query.hash, at: now))).get()
        let roster = roster
        return roster.bundlesInForce(of: asker, at: size).filter { !roster.hasLapsed($0, at: now) }
    }

    /// What was erased goes first. The views follow the register and never hold it up. What they missed they fold before
    /// anything that came later.
    func fold(_ batch: BatchInProgress) {
        erasing.destroy(batch, roster: roster)
        if viewsFault != nil { return catchUpViews() }
        do {
            try RegisterViews(store: store, views: views).fold(batch, roster: roster, next: size.value)
        } catch { viewsFault = RegisterKeeper.viewsBehind }
    }

    /// Folds what the views missed, as far as they can be written again.
    private func catchUpViews() {
        do {
            try RegisterViews(store: store, views: views).catchUp(roster: roster)
            viewsFault = nil
        } catch { viewsFault = RegisterKeeper.viewsBehind }
    }

    private static let viewsBehind: ProblemCode = "views-behind"
}
