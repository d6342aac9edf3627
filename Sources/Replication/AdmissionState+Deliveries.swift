import EventLogs
import Partnership
import TallystickPrimitives

/// Who receives a statement.
extension AdmissionState {
    /// What both the version judged under and the one in force now permit: a change in between narrows, never refuses.
    func deliveries(
        of statement: Statement, verdict: Verdict, before: CircleControl?, at position: TreeSize
    ) -> [AgencyCode: Delivery] {
        let payload = statement.payload
        guard let author = roster.party(of: statement.origin)?.code ?? boardCode(of: statement.origin) else {
            return [:]
        }
        if payload.kind.isControl {
            guard verdict.isAccepted else { return [:] }
            let everybody = roster.parties.keys.filter { $0 != author }
            return Dictionary(uniqueKeysWithValues: everybody.map { ($0, Delivery(labels: [])) })
        }
        let covering = verdict.isAccepted ? coveringCircle(of: statement, accepted: true) : before
        guard let circle = covering else { return [:] }
        var result: [AgencyCode: Delivery] = [:]
        for (place, member) in circle.members.enumerated() where member != author {
            guard isStillInForce(circle, between: author, and: member, at: position) else { continue }
            var labels: Set<Label> = []
            if verdict.isAccepted {
                for (label, due) in circle.labels where due.members.contains(place) { labels.insert(label) }
            }
            result[member] = Delivery(labels: labels)
        }
        if verdict.isAccepted, case .share(let share) = payload.control, share.recipient != author {
            result[share.recipient] = Delivery(
                labels: result[share.recipient]?.labels ?? [], shared: share.compartments,
                sharedUntil: share.expires)
        }
        return result
    }

    private func boardCode(of origin: Origin) -> AgencyCode? {
        // The board is no party; the code only keeps the board's statements from being fed back to a party.
        roster.board?.origin == origin ? AgencyCode("board") : nil
    }

    private func isStillInForce(
        _ circle: CircleControl, between author: AgencyCode, and member: AgencyCode, at position: TreeSize
    ) -> Bool {
        guard let bundle = circle.bundle else { return true }
        return roster.isInForce(bundle, between: author, and: member, at: position)
    }
}
