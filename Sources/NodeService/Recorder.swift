package import Casework
package import EventLogs
import Partnership
package import Sealing
package import TallystickPrimitives

/// Turns what a person recorded into sealed drafts. Pure but for the randomness of the seals.
package struct Recorder: Sendable {
    let origin: Origin
    let agency: AgencyCode
    let localKey: LocalKey
    let entropy: any Entropy

    package init(origin: Origin, agency: AgencyCode, localKey: LocalKey, entropy: any Entropy) {
        self.origin = origin
        self.agency = agency
        self.localKey = localKey
        self.entropy = entropy
    }

    /// The draft that opens a stream for this agency alone.
    ///
    /// - Parameter sequence: its place in the stream: not the first where an earlier one was refused.
    func ownCircle(
        of stream: StreamID, event: EventID, sequence: UInt64 = 0
    ) -> (draft: StatementDraft, circle: OwnCircle) {
        let control = CircleControl(
            epoch: EpochID(from: entropy), members: [agency], labels: [:], fromSequence: sequence, bundle: nil,
            reason: "own-use")
        let draft = StatementDraft(
            eventID: event, stream: stream, expectedVersion: ExpectedVersion(before: sequence),
            control: .circle(control))
        return (draft, OwnCircle(control: control, keys: [:], basis: .empty))
    }

    /// The draft of an event with its fields sealed for a circle.
    ///
    /// - Parameters:
    ///   - fields: by label; a label that the circle has no key for stays home.
    ///   - caveats: by label, the restrictions that travel along.
    ///   - pointer: whether the clear pointer goes to the broker.
    ///   - room: the bytes that each part takes at least, so that its size does not tell how much it says.
    package func draft(
        _ fields: EventFields, event: EventID, stream: StreamID, circle: OwnCircle, decision: DecisionCodes?,
        control: ControlBody = .record, expected: ExpectedVersion = .any, grants: [[UInt8]] = [],
        caveats: [Label: Set<CaveatCode>] = [:], pointer: Bool = false, room: Int = 0
    ) throws(SealingError) -> StatementDraft {
        var descriptors: [CompartmentDescriptor] = []
        var carried: [CarriedCompartment] = []
        var wraps: [LocalWrap] = []
        for label in fields.keys.sorted() {
            let body = CompartmentBody(seed: entropy.bytes(count: 32), fields: fields[label] ?? [:])
            let id = CompartmentID(from: entropy)
            if label == Recorder.pointerLabel {
                guard pointer else { continue }
                let (descriptor, compartment) = try CompartmentSeal.clear(
                    body, id: id, label: label, reader: .pointer, caveats: [], expires: nil)
                descriptors.append(descriptor)
                carried.append(compartment)
                continue
            }
            let sealed = try CompartmentSeal.seal(
                body, id: id, label: label, reader: circle.reader(for: label),
                caveats: caveats[label, default: []].sorted(), expires: nil, room: room,
                in: SealingContext(origin: origin, event: event), entropy: entropy)
            descriptors.append(sealed.descriptor)
            carried.append(sealed.carried)
            wraps.append(LocalWrap(compartment: id, wrapped: localKey.wrap(sealed.contentKey)))
        }
        return StatementDraft(
            eventID: event, stream: stream, expectedVersion: expected, decision: decision, control: control,
            descriptors: descriptors, compartments: carried, grants: grants, localWraps: wraps)
    }

    /// The draft that opens an epoch for several agencies: a key for each label, and a grant for each member with the
    /// keys it is due.
    ///
    /// - Parameters:
    ///   - recipients: by label, the agencies due it; this agency always is.
    ///   - roster: whose KEM keys.
    ///   - basis: the size of the register up to which the roster goes.
    /// - Returns: also the members that have no live key and are left out.
    func sharedCircle(
        of stream: StreamID, event: EventID, members: [AgencyCode], recipients: [Label: Set<AgencyCode>],
        sequence: UInt64, decision: DecisionCodes?, reason: ReasonCode, roster: Roster, basis: TreeSize,
        now: Timestamp
    ) throws(SealingError) -> NewCircle {
        let others = members.filter { $0 != agency }
        let withKey = others.filter { roster.parties[$0]?.kemKey(at: now) != nil }
        let present = (withKey + [agency]).sorted()
        var keys: [Label: CircleKey] = [:]
        var labels: [Label: CircleLabel] = [:]
        for (label, due) in recipients {
            let key = CircleKey(from: entropy)
            let places = present.indices.filter { due.contains(present[$0]) || present[$0] == agency }
            keys[label] = key
            labels[label] = CircleLabel(members: places, keyCommitment: key.commitment)
        }
        let control = CircleControl(
            epoch: EpochID(from: entropy), members: present, labels: labels, fromSequence: sequence,
            bundle: labels.isEmpty ? nil : decision?.bundle, reason: reason)
        let context = GrantContext(origin: origin, stream: stream, event: event)
        var grants: [[UInt8]] = []
        // The author is given its keys too: should it lose its store, they come back with its own statement.
        for member in present {
            let due = keys.filter { control.recipients(of: $0.key).contains(member) }
            guard !due.isEmpty, let publicKey = roster.parties[member]?.kemKey(at: now) else { continue }
            let contents = GrantContents(epoch: control.epoch, circleKeys: due, contentKeys: [])
            grants.append(
                try GrantSeal.seal(contents, to: member, publicKey: publicKey, in: context, entropy: entropy).encoded)
        }
        let draft = StatementDraft(
            eventID: event, stream: stream, expectedVersion: ExpectedVersion(before: sequence),
            decision: labels.isEmpty ? nil : decision, control: .circle(control), grants: grants)
        return NewCircle(
            draft: draft,
            circle: OwnCircle(
                control: control, keys: keys, decision: labels.isEmpty ? nil : decision, basis: basis),
            withoutKey: others.filter { !withKey.contains($0) })
    }

    /// The label of what the broker may see.
    static let pointerLabel: Label = "pointer"
}

/// A circle about to be opened.
struct NewCircle {
    let draft: StatementDraft
    let circle: OwnCircle
    let withoutKey: [AgencyCode]
}

extension ExpectedVersion {
    /// What a statement that is to have a sequence expects of its stream.
    init(before sequence: UInt64) { self = sequence == 0 ? .noStream : .exactly(sequence - 1) }
}
