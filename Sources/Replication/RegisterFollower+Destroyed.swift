import EventLogs
import Partnership
public import TallystickPrimitives

/// What a node makes of volumes that are destroyed (decision 0039).
extension RegisterFollower {
    /// An entry of a destroyed volume that comes all the same: nobody is to have it, and nothing of it is taken in.
    public static let destroyedEntry: ReasonCode = "volume-destroyed"

    func destroyed(_ record: AdmissionRecord) -> ReceivedFinding? {
        guard roster.volumes.record(of: record.origin, at: record.index) != nil else { return nil }
        return ReceivedFinding(origin: record.origin, index: record.index, finding: RegisterFollower.destroyedEntry)
    }

    /// An own entry is not here because its volume is said to be gone. The board's act stands later in the register.
    mutating func miss(_ record: AdmissionRecord) {
        guard roster.volumes.record(of: record.origin, at: record.index) == nil else { return }
        let number = roster.volumes.width.volume(of: record.index)
        unexplained.insert(Volume(origin: record.origin, number: number))
    }

    mutating func explain(by statement: Statement) {
        guard case .destroy(let act) = statement.payload.control,
            roster.volumes.records[act.decision.volume] != nil
        else { return }
        unexplained.remove(act.decision.volume)
    }
}
