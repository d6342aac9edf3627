import EventLogs
import Partnership
import TallystickPrimitives

/// Who receives a statement.
extension AdmissionState {
    /// What both the version judged under and the one in force now permit: a change in between narrows, never refuses.
    func deliveries(
        of statement: Statement, verdict: Verdict, before: OpenedCircle?, at position: TreeSize
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
        guard let circle = verdict.isAccepted ? coveringCircle(of: statement) : before else { return [:] }
        var result: [AgencyCode: Delivery] = [:]
        for (place, member) in circle.control.members.enumerated() where member != author {
            guard circle.holds(between: author, and: member, at: position, in: roster) else { continue }
            var labels: Set<Label> = []
            if verdict.isAccepted {
                for (label, due) in circle.control.labels where due.members.contains(place) { labels.insert(label) }
            }
            result[member] = Delivery(labels: labels)
        }
        if verdict.isAccepted, case .share(let share) = payload.control, share.recipient != author,
            share.holds(of: payload, between: author, at: position, in: roster)
        {
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

}

extension ShareControl {
    /// Whether the protocol that a share names binds its author and its recipient at a register position as it did at the
    /// head the author had seen. A mandate and an emergency name none.
    func holds(
        of payload: StatementPayload, between author: AgencyCode, at position: TreeSize, in roster: Roster
    ) -> Bool {
        guard let bundle = payload.decision?.bundle, let seen = payload.seen else { return true }
        guard roster.parties[recipient]?.enrolment.party != .auditor else { return true }
        return roster.isInForce(bundle, between: author, and: recipient, since: seen.size, at: position)
    }
}
