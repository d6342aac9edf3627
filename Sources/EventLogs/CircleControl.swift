import DeterministicCBOR
public import TallystickPrimitives

/// Who is due one label in an epoch, and the commitment to the key they are given.
public struct CircleLabel: Hashable, Sendable {
    /// Places in the list of members, ascending.
    public let members: [Int]
    /// HKDF-Expand(SHA-256, circle key, "tallystick/circle/com/v1", 32).
    public let keyCommitment: Hash256

    /// States who is due a label.
    public init(members: [Int], keyCommitment: Hash256) {
        self.members = members
        self.keyCommitment = keyCommitment
    }
}

/// The control body of a CIRCLE: the agencies with a role in one matter and the keys of their epoch.
public struct CircleControl: Hashable, Sendable {
    /// Names the epoch; all zero bytes never occur.
    public let epoch: EpochID
    /// The agencies, the author among them, ascending.
    public let members: [AgencyCode]
    /// For each label in use, who is due it.
    public let labels: [Label: CircleLabel]
    /// The first sequence of the stream that this epoch covers.
    public let fromSequence: UInt64
    /// The rules the circle was chosen under; nil for a stream of one's own.
    public let bundle: Hash256?
    /// Why the circle is as it is.
    public let reason: ReasonCode

    /// States a circle.
    public init(
        epoch: EpochID, members: [AgencyCode], labels: [Label: CircleLabel], fromSequence: UInt64, bundle: Hash256?,
        reason: ReasonCode
    ) {
        self.epoch = epoch
        self.members = members
        self.labels = labels
        self.fromSequence = fromSequence
        self.bundle = bundle
        self.reason = reason
    }

    /// The agencies due `label`, in order.
    public func recipients(of label: Label) -> [AgencyCode] {
        labels[label]?.members.map { members[$0] } ?? []
    }

    var item: CBOR {
        .array([
            .id(epoch), .array(members.map(CBOR.code)),
            .map(
                of: labels.map { label, due in
                    let places = due.members.map { CBOR.unsigned(UInt64($0)) }
                    return (.code(label), .array([.array(places), .hash(due.keyCommitment)]))
                }),
            .unsigned(fromSequence), .optional(bundle, CBOR.hash), .code(reason),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 6)
        epoch = try items[0].id()
        var members: [AgencyCode] = []
        for member in try items[1].items(atMost: Limits.circleMemberCount) { members.append(try member.code()) }
        guard !members.isEmpty, zip(members, members.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw CBORShapeError("members in ascending order, each once")
        }
        self.members = members
        var labels: [Label: CircleLabel] = [:]
        for pair in try items[2].entries().pairs {
            labels[try pair.key.code()] = try CircleLabel(pair.value, memberCount: members.count)
        }
        self.labels = labels
        fromSequence = try items[3].unsigned()
        bundle = try items[4].orNil?.hash256()
        reason = try items[5].code()
    }
}

extension CircleLabel {
    init(_ item: CBOR, memberCount: Int) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        var places: [Int] = []
        for place in try items[0].items(atMost: memberCount) { places.append(try place.count()) }
        let isAscending = zip(places, places.dropFirst()).allSatisfy { $0 < $1 }
        guard isAscending, places.allSatisfy({ $0 < memberCount }) else {
            throw CBORShapeError("places of members in ascending order")
        }
        members = places
        keyCommitment = try items[1].hash256()
    }
}
