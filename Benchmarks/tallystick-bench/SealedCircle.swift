import Casework
import DeterministicCBOR
import EventLogs
import NodeService
import PartyFiles
import Sealing
import TallystickPrimitives

/// A stream of a case with a circle of seven agencies, and what is recorded there.
struct SealedCircle: Sendable {
    static let origin: Origin = {
        guard let origin = Origin("bench.example/log") else { preconditionFailure("an origin") }
        return origin
    }()
    static let agency: AgencyCode = "agency-1"
    static let label: Label = "record"
    static let entropy = SystemEntropy()
    private static let members: [AgencyCode] = (1...7).compactMap { AgencyCode("agency-\($0)") }

    let stream: StreamID
    let control: CircleControl
    let key: CircleKey
    let decision: DecisionCodes

    /// Draws the keys of a new circle.
    init() {
        stream = StreamID(from: SealedCircle.entropy)
        key = CircleKey(from: SealedCircle.entropy)
        let bundle = Hash256(hashing: Array("rules".utf8))
        decision = DecisionCodes(
            bundle: bundle, purpose: "prevent-asb", gateway: "crime-and-disorder-act-115",
            basis: "public-task", condition: nil)
        let everybody = CircleLabel(
            members: Array(SealedCircle.members.indices), keyCommitment: key.commitment)
        control = CircleControl(
            epoch: EpochID(from: SealedCircle.entropy), members: SealedCircle.members,
            labels: [SealedCircle.label: everybody], fromSequence: 0, bundle: bundle, reason: "case")
    }

    /// The circle as a node holds it.
    var circle: OwnCircle {
        OwnCircle(control: control, keys: [SealedCircle.label: key], decision: decision, basis: .empty)
    }

    /// The draft that opens the stream, with a grant of the key to each of the six others.
    func opening() throws -> StatementDraft {
        let event = EventID(from: SealedCircle.entropy)
        let context = GrantContext(origin: SealedCircle.origin, stream: stream, event: event)
        let contents = GrantContents(
            epoch: control.epoch, circleKeys: [SealedCircle.label: key], contentKeys: [])
        let grants = try SealedCircle.members.filter { $0 != SealedCircle.agency }.map { member in
            try GrantSeal.seal(
                contents, to: member,
                publicKey: KEMPrivateKey(from: SealedCircle.entropy).publicKey, in: context,
                entropy: SealedCircle.entropy
            ).encoded
        }
        return StatementDraft(
            eventID: event, stream: stream, expectedVersion: .noStream, decision: decision,
            control: .circle(control), grants: grants)
    }

    /// Fields that fill a compartment of 1 KiB.
    static let fields: EventFields = [
        label: [
            "event-type": .text("action-recorded"), "happened-at": .text("2026-01-01T00:00:00Z"),
            "action": .text(String(repeating: "Visit and write down what was seen. ", count: 24)),
            "owner": .text("agency-1"),
        ]
    ]
}
