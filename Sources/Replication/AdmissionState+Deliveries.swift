public import EventLogs
public import Partnership
public import TallystickPrimitives

/// Who receives a statement.
extension AdmissionState {
    /// What both the version judged under and the one in force now permit: a change in between narrows, never refuses.
    func deliveries(
        of statement: Statement, verdict: Verdict, before: OpenedCircle?, at position: TreeSize,
        admittedAt: Timestamp
    ) -> [AgencyCode: Delivery] {
        let payload = statement.payload
        guard let author = roster.party(of: statement.origin)?.code ?? boardCode(of: statement.origin) else {
            return [:]
        }
        if payload.kind.isControl {
            // A refused one too: it keeps its place, and would be missed there.
            let everybody = roster.parties.keys.filter { $0 != author }
            return Dictionary(uniqueKeysWithValues: everybody.map { ($0, Delivery(labels: [])) })
        }
        guard let circle = verdict.isAccepted ? coveringCircle(of: statement) : before else { return [:] }
        var result: [AgencyCode: Delivery] = [:]
        for (place, member) in circle.control.members.enumerated() where member != author {
            guard circle.holds(between: author, and: member, at: position, admittedAt: admittedAt, in: roster) else {
                continue
            }
            var labels: Set<Label> = []
            if verdict.isAccepted {
                for (label, due) in circle.control.labels where due.members.contains(place) { labels.insert(label) }
            }
            result[member] = Delivery(labels: labels)
        }
        if verdict.isAccepted, case .share(let share) = payload.control, share.recipient != author {
            give(share, of: payload, by: author, in: circle, at: (position, admittedAt), to: &result)
        }
        return result
    }

    /// What a share gives, to whom it is for and whom its statement reaches. Where it does not hold, its statement comes as
    /// one of the stream, and neither what it names nor the grants that open it.
    private func give(
        _ share: ShareControl, of payload: StatementPayload, by author: AgencyCode, in circle: OpenedCircle,
        at place: (position: TreeSize, admittedAt: Timestamp), to deliveries: inout [AgencyCode: Delivery]
    ) {
        let recipient = share.recipient
        let known = deliveries[recipient]
        // An auditor is in no circle; who is in one and is not reached has left it.
        guard known != nil || !circle.control.members.contains(recipient) else { return }
        if share.holds(of: payload, between: author, at: place.position, admittedAt: place.admittedAt, in: roster) {
            deliveries[recipient] = Delivery(
                labels: known?.labels ?? [], shared: share.compartments, sharedUntil: share.expires)
        } else if let known {
            deliveries[recipient] = Delivery(labels: known.labels, areGrantsDue: false)
        }
    }

    private func boardCode(of origin: Origin) -> AgencyCode? {
        // The board is no party; the code only keeps the board's statements from being fed back to a party.
        roster.board?.origin == origin ? AgencyCode("board") : nil
    }
}

extension ShareControl {
    /// Whether the protocol that a share names binds its author and its recipient at a register position as it did at the
    /// head the author had seen. A mandate and an emergency name none.
    ///
    /// - Parameter admittedAt: when it was admitted; a review may have passed by then.
    public func holds(
        of payload: StatementPayload, between author: AgencyCode, at position: TreeSize, admittedAt: Timestamp,
        in roster: Roster
    ) -> Bool {
        guard let bundle = payload.decision?.bundle, let seen = payload.seen else { return true }
        guard roster.parties[recipient]?.enrolment.party != .auditor else { return true }
        return !roster.hasLapsed(bundle, at: admittedAt)
            && roster.isInForce(bundle, between: author, and: recipient, since: seen.size, at: position)
    }
}
