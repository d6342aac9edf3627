import Casework
public import Disclosures
import GRDB
public import TallystickPrimitives

extension NodeViews {
    /// Emergency disclosures by this agency and to it: those to review first, then the newest.
    ///
    /// - Parameter limit: rows at most, up to `ViewLimits.pageRows`.
    public func emergencies(at now: Timestamp, limit: Int) throws(NodeViewsError) -> [EmergencyView] {
        try found(limit: limit).sorted { left, right in
            let isReviewed = (left.state.review != nil, right.state.review != nil)
            if isReviewed.0 != isReviewed.1 { return isReviewed.1 }
            return left.opened.entry.issuedAt > right.opened.entry.issuedAt
        }.map { EmergencyView($0, at: now) }
    }

    /// One emergency as deciders need it; nil when there is none.
    public func emergencyState(_ event: EventID) throws(NodeViewsError) -> EmergencyState? {
        try found(only: event, limit: 1).first?.state
    }

    /// Where an emergency was told: its stream.
    public func emergencyStream(_ event: EventID) throws(NodeViewsError) -> StreamID? {
        try found(only: event, limit: 1).first?.opened.entry.stream
    }

    /// This agency's own that nobody has reviewed, the earliest due first.
    public func unreviewedEmergencies() throws(NodeViewsError) -> [EmergencyState] {
        try found(limit: ViewLimits.pageRows).map(\.state).filter { $0.teller == agency && $0.review == nil }
            .sorted { ($0.details.reviewDue, $0.id) < ($1.details.reviewDue, $1.id) }
    }

    private func found(only event: EventID? = nil, limit: Int) throws(NodeViewsError) -> [FoundEmergency] {
        try read("read emergencies") { database in
            guard let type = try database.nameID("emergency-disclosed") else { return [] }
            let told = try database.entries(
                where: """
                    entry.type = ?1 AND (entry.event = ?2 OR ?2 IS NULL) AND refused.event IS NULL
                    ORDER BY entry.issued DESC, entry.id DESC LIMIT ?3
                    """, [type, event?.blob, ViewLimits.rows(limit)])
            return try told.compactMap { opened in
                guard var found = FoundEmergency(opened) else { return nil }
                let reviews = try database.entries(
                    where: """
                        entry.about = ? AND refused.event IS NULL
                        ORDER BY entry.position IS NULL, entry.position, entry.leaf
                        """, [found.state.id.blob])
                for review in reviews { found.add(review) }
                found.told = try database.members(of: opened.entry)
                return found
            }
        }
    }
}

/// An emergency with its review.
private struct FoundEmergency {
    let opened: OpenedEntry
    private(set) var state: EmergencyState
    var told: [AgencyCode] = []

    init?(_ opened: OpenedEntry) {
        guard case .emergencyDisclosed(let details) = opened.disclosure else { return nil }
        self.opened = opened
        state = EmergencyState(
            id: opened.entry.eventID, teller: opened.entry.agency, person: opened.common?.actor, details: details)
    }

    mutating func add(_ review: OpenedEntry) {
        guard let event = review.disclosure, review.entry.stream == opened.entry.stream else { return }
        state.evolve(event, by: review.entry.agency)
    }
}

extension Database {
    /// Who is on the stream of an entry beside its author.
    func members(of entry: StoredEntry) throws -> [AgencyCode] {
        let circles = try entries(
            where: "entry.stream = ? AND entry.kind = 13 ORDER BY entry.sequence DESC", [entry.stream.blob])
        let circle = circles.first { $0.entry.origin == entry.origin && $0.entry.sequence <= entry.sequence }?.circle
        return (circle?.members ?? []).filter { $0 != entry.agency }
    }
}

extension EmergencyView {
    fileprivate init(_ found: FoundEmergency, at now: Timestamp) {
        let state = found.state
        eventID = state.id.hex
        teller = state.teller.text
        told = found.told.map(\.text)
        toldAt = found.opened.common?.happenedAt
        recordedAt = found.opened.entry.issuedAt.description
        reference = found.opened.read.reference?.text
        threat = state.details.threat
        personTold = state.details.personTold
        atRisk = state.details.atRisk
        whereabouts = state.details.whereabouts
        labels = state.details.labels.map(\.text)
        reviewDue = state.details.reviewDue.description
        finding = state.review?.finding.rawValue
        reviewWords = state.review?.words
        standing = state.review != nil ? "reviewed" : state.isReviewOverdue(at: now) ? "overdue" : "waiting"
        isPending = found.opened.isPending
    }
}
