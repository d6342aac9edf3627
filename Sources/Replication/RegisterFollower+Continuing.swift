import EventLogs
import TallystickPrimitives

extension RegisterFollower {
    /// What is wrong with a statement that goes on from a log: that log ends elsewhere in the register. The broker should
    /// have refused it; the root there is for who has every statement to say.
    func endsElsewhere(
        _ followed: FollowedStatement, in leaves: [(position: UInt64, leaf: RegisterLeaf)]
    ) -> ReceivedFinding? {
        let record = followed.record
        guard record.verdict.isAccepted, case .continues(let continues) = followed.statement.payload.control else {
            return nil
        }
        let later = leaves.count { position, leaf in
            guard position > followed.position, case .verdict(let record) = leaf else { return false }
            return record.origin == continues.origin
        }
        guard nextIndex(of: continues.origin).value != continues.size.value + UInt64(later) else { return nil }
        return ReceivedFinding(origin: record.origin, index: record.index, finding: AdmissionFault.continuesEdge.code)
    }
}
