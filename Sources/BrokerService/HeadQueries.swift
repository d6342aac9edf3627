import Replication
import TallystickPrimitives

/// What parties ask the witnesses about their own logs, and what those have answered.
///
/// The broker believes nothing of it: whoever asked checks who signed. It is in memory alone; who asks asks again.
struct HeadQueries {
    private struct Asked {
        let query: HeadQuery
        let since: Timestamp
        var testimonies: [AgencyCode: HeadTestimony] = [:]
    }

    /// The newest first.
    private var asked: [Origin: [Asked]] = [:]

    /// Takes up a query, and gives what has been answered to it.
    mutating func ask(_ query: HeadQuery, at now: Timestamp) -> HeadTestimonies {
        if let known = asked[query.origin]?.first(where: { $0.query == query }) {
            return HeadTestimonies(
                testimonies: known.testimonies.sorted { $0.key < $1.key }.prefix(Limits.testimonyCount).map(\.value))
        }
        let kept = (asked[query.origin] ?? []).prefix(Limits.headQueryCount - 1)
        asked[query.origin] = [Asked(query: query, since: now)] + kept
        return HeadTestimonies(testimonies: [])
    }

    /// What a witness has not answered.
    mutating func waiting(for witness: AgencyCode, at now: Timestamp) -> [HeadQuery] {
        for origin in asked.keys {
            asked[origin]?.removeAll { $0.since.adding(seconds: Limits.headQuerySeconds) < now }
            if asked[origin]?.isEmpty == true { asked[origin] = nil }
        }
        return asked.sorted { $0.key < $1.key }.prefix(Limits.offeredHeadCount / Limits.headQueryCount).flatMap(\.value)
            .filter { $0.testimonies[witness] == nil }.map(\.query)
    }

    /// Takes in an answer; one to a query that nobody asks is let pass.
    mutating func take(_ testimony: HeadTestimony, to query: HeadQuery, by witness: AgencyCode) {
        guard testimony.note?.count ?? 0 <= Limits.testimonyNoteByteCount,
            let place = asked[query.origin]?.firstIndex(where: { $0.query == query })
        else { return }
        asked[query.origin]?[place].testimonies[witness] = testimony
    }
}

extension Limits {
    /// Queries about one log at a time: a node that starts twice asks twice.
    static let headQueryCount = 2
    /// Seconds for which a query waits for witnesses; whoever still waits asks again.
    static let headQuerySeconds: Int64 = 600
}
