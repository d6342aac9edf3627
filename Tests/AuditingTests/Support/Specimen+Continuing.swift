import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import TransparencyLog

/// A log that goes on in another's place, where the register has its end and elsewhere.
extension Specimen {
    static func continued(_ scenario: Scenario) throws -> [Specimen] {
        var found: [Specimen] = []
        for (name, cut, expected) in [
            ("log that goes on", 0 as UInt64, nil),
            ("log that goes on from an earlier place", 1, "marlow-vale-council 0 verdict-differs"),
        ] {
            var partnership = scenario.partnership
            let former = partnership.council
            let size = TreeSize(former.sequencer.frontier.size.value - cut)
            let root = former.sequencer.frontier.root
            partnership.council = try LogWriter(goingOnFrom: former, entropy: partnership.entropy)
            let continues = StatementDraft(
                eventID: EventID(from: partnership.entropy), stream: .control, expectedVersion: .noStream,
                control: .continues(ContinuesControl(origin: former.origin, size: size, root: root)),
                rootSigner: former.rootKey)
            let everybody = SyntheticPartnership.control(by: SyntheticPartnership.council)
            try partnership.push(
                \.council, [continues], came: [everybody], forced: cut == 0 ? nil : .accepted)
            let keys = try partnership.keys(of: partnership.council)
            try partnership.push(\.council, [keys], came: [everybody])
            let own = partnership.circle(
                [SyntheticPartnership.council], labels: [:], epoch: EpochID(from: partnership.entropy), isOwn: true)
            try partnership.push(
                \.council, [partnership.draft(own, in: StreamID(from: partnership.entropy))], came: [[:]])
            try partnership.register.closePage()
            found.append(Specimen(name, try Damage(partnership), expected))
        }
        return found
    }
}
