import EventLogs
import Partnership
import TallystickPrimitives

extension RegisterFollower {
    /// Takes in who leads a case from now on; what cannot be is reported, and not believed.
    mutating func takeLead(_ followed: FollowedStatement, findings: inout [ReceivedFinding]) {
        let (statement, position) = (followed.statement, followed.statementPosition)
        if case .handover(let handover) = statement.payload.control,
            let author = roster.party(of: statement.origin)?.code,
            let fault = leads.fault(
                in: handover, by: author, at: TreeSize(position), own: ownCode, roster: roster)
        {
            findings.append(
                ReceivedFinding(origin: statement.origin, index: followed.record.index, finding: fault.code))
            return
        }
        leads.take(statement, at: position, admittedAt: followed.record.admittedAt, in: roster)
    }

    /// A step of this agency's own: of its streams nothing else is followed here.
    func isOwnHandover(_ statement: Statement) -> Bool {
        statement.payload.kind == .handover && statement.origin == ownLog
    }

    mutating func takeOwn(_ followed: FollowedStatement) {
        guard followed.record.verdict.isAccepted else { return }
        leads.take(
            followed.statement, at: followed.position, admittedAt: followed.record.admittedAt, in: roster)
    }
}
