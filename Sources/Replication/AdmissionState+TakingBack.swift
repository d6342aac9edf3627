import EventLogs
import Partnership
import TallystickPrimitives
import TransparencyLog

/// What is taken back: by a recall, or because it is withdrawn.
extension AdmissionState {
    /// Whoever is told to have something no more is in the circle, and it is the author's own; whether they ever had it is
    /// for them to say. What was never sealed was given to no agency.
    func judge(
        _ taken: TakeBackControl, of statement: Statement, in circle: CircleControl, by author: AgencyCode,
        records: some AdmissionRecords
    ) throws(AdmissionFault) {
        let isRecall = statement.payload.kind == .recall
        guard taken.recipient != author, circle.members.contains(taken.recipient) else { throw .circle }
        guard Set(taken.places.map(\.compartment)).count == taken.places.count else {
            throw isRecall ? .recallRepeats : .withdrawalRepeats
        }
        for address in taken.addresses(in: statement.origin) {
            guard isBehind(address, statement), let descriptor = records.descriptor(of: address) else {
                throw isRecall ? .recallOfOthers : .withdrawalOfOthers
            }
            guard descriptor.reader.isSealed else { throw isRecall ? .recallOfClear : .withdrawalOfClear }
        }
        // Saying it once more takes nothing back, and makes every node that has it look again.
        if !isRecall, let gone = takenBack[taken.recipient],
            taken.addresses(in: statement.origin).allSatisfy(gone.contains)
        {
            throw .withdrawnAlready
        }
    }

    /// Keeps what an accepted statement takes back, for the shares that come later.
    mutating func takeBack(by statement: Statement) {
        guard let taken = statement.payload.control.takenBack else { return }
        takenBack[taken.recipient, default: []].formUnion(taken.addresses(in: statement.origin))
    }
}
