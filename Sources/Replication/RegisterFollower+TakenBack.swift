import EventLogs
import TallystickPrimitives

/// What was recalled or withdrawn from this agency: a share that gives it again is not believed, whoever accepted it.
extension RegisterFollower {
    /// What speaks against taking in anything of a statement that came.
    func against(_ followed: FollowedStatement, broughtBy share: GivingShare?) -> ReceivedFinding? {
        heardRevoked(followed) ?? outside(followed, broughtBy: share) ?? givesTakenBack(followed, broughtBy: share)
    }

    /// What is wrong with a share of what its author had taken back from this agency; the broker should have refused it.
    ///
    /// - Parameter share: the newest share of the page, which may have brought an earlier statement.
    func givesTakenBack(_ followed: FollowedStatement, broughtBy share: GivingShare?) -> ReceivedFinding? {
        let record = followed.record
        guard record.verdict.isAccepted, let control = giving(followed, broughtBy: share), control.recipient == ownCode,
            control.compartments.contains(where: takenBack.contains)
        else { return nil }
        return ReceivedFinding(origin: record.origin, index: record.index, finding: AdmissionFault.shareWithdrawn.code)
    }

    private func giving(_ followed: FollowedStatement, broughtBy share: GivingShare?) -> ShareControl? {
        guard followed.position == followed.statementPosition else { return share?.control }
        guard case .share(let control) = followed.statement.payload.control else { return nil }
        return control
    }

    /// Keeps what an accepted statement takes back from this agency.
    mutating func takeBack(by statement: Statement) {
        guard let taken = statement.payload.control.takenBack, taken.recipient == ownCode else { return }
        takenBack.formUnion(taken.addresses(in: statement.origin))
    }
}
