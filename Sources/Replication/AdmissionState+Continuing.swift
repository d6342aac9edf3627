public import EventLogs
import Partnership
public import TallystickPrimitives
import TransparencyLog

/// Logs that go on in another's place (decision 0042).
extension AdmissionState {
    /// A log ends where the register has it: nothing that was registered is undone by whoever goes on from it, and what was
    /// seen before it was written does not go back.
    func judge(_ continues: ContinuesControl, seen: SeenHead?) throws(AdmissionFault) {
        let edge = edge(of: continues.origin)
        guard continues.size == edge.frontier.size, continues.root == edge.frontier.root else { throw .continuesEdge }
        guard let seen, seen.size >= edge.seen else { throw .seen }
    }

    /// Refuses the first statement of a log that nobody has, unless it goes on from one where the register has its end, and
    /// would be admitted whole: what the register refuses takes the place, and the log could never go on under its name.
    public func requireGoingOn(
        _ submission: Submission, at position: TreeSize, now: Timestamp, records: some AdmissionRecords
    ) throws(AdmissionFault) {
        guard case .continues = submission.statement.payload.control else { throw .continuesEdge }
        try judge(submission, at: position, now: now, records: records)
    }

    /// Whether a compartment is of its author's own log, before a statement, or of a log that the author went on from.
    public func isBehind(_ address: CompartmentAddress, _ statement: Statement) -> Bool {
        guard address.origin != statement.origin else {
            return address.index < edge(of: statement.origin).frontier.size.nextIndex
        }
        return roster.isSameParty(address.origin, statement.origin)
            && address.index < edge(of: address.origin).frontier.size.nextIndex
    }
}
