import EventLogs
import Partnership
import TallystickPrimitives

/// An accepted SHARE, beside which earlier statements may come again.
struct GivingShare {
    let position: UInt64
    let origin: Origin
    let admittedAt: Timestamp
    let control: ShareControl
    let payload: StatementPayload

    init?(_ followed: FollowedStatement) {
        guard followed.record.verdict.isAccepted, case .share(let share) = followed.statement.payload.control else {
            return nil
        }
        position = followed.position
        origin = followed.record.origin
        admittedAt = followed.record.admittedAt
        control = share
        payload = followed.statement.payload
    }

    /// Whether a statement is one that it gives: an author gives only what stands in its own logs.
    func names(_ record: AdmissionRecord, in roster: Roster) -> Bool {
        roster.isSameParty(record.origin, origin)
            && control.compartments.contains { $0.origin == record.origin && $0.index == record.index }
    }
}

extension RegisterFollower {
    /// An earlier statement comes again only beside the share that names it, once. Were it believed anywhere else, the
    /// broker could keep a node from folding a statement by saying that it came due later.
    ///
    /// Who signed it is checked here and never again (decision 0012): by what counted at its own place in the register,
    /// as it would have been when it was registered.
    func checkGiven(
        _ followed: FollowedStatement, by share: GivingShare?, after last: ReadEntry?
    ) throws(FollowFault) {
        let isOnce = last.map {
            $0.position == $0.statementPosition || $0.statementPosition < followed.statementPosition
        }
        guard let share, share.position == followed.position, share.names(followed.record, in: roster), isOnce == true
        else {
            throw .notRegistered(position: followed.position)
        }
        // As at its own place, nothing is believed of a refused statement, so nobody need have signed it.
        guard followed.record.verdict.isAccepted else { return }
        do throws(RosterFault) {
            try roster.verifyEarlier(
                followed.statement, index: followed.record.index, at: TreeSize(followed.statementPosition),
                admittedAt: followed.record.admittedAt)
        } catch { throw .roster(position: followed.statementPosition, error) }
    }
}
