import DeterministicCBOR
import EventLogs
public import TallystickPrimitives

/// What the views keep of a statement's control body; the rest is for the log.
enum KeptControl: Hashable {
    case none
    case share(KeptShare)
    case request(asked: AgencyCode, due: Timestamp)
    case answer(origin: Origin, request: EventID)
    case circle(KeptCircle)
    case recall(KeptTakeBack)
    case withdraw(KeptTakeBack)

    init(_ control: ControlBody) {
        switch control {
        case .share(let share): self = .share(KeptShare(share))
        case .request(let asked, let due): self = .request(asked: asked, due: due)
        case .answer(let origin, let request): self = .answer(origin: origin, request: request)
        case .circle(let circle): self = .circle(KeptCircle(circle))
        case .recall(let recall): self = .recall(KeptTakeBack(recall))
        case .withdraw(let taken): self = .withdraw(KeptTakeBack(taken))
        case .genesis, .boardGenesis, .record, .purged, .erased, .erase, .hold, .access, .received, .keyset, .revoke,
            .boardRevoke, .reaffirm, .continues, .adopt, .endAdoption, .consulted, .enrol, .witnesses, .protocol,
            .activate, .members, .handover, .succession, .successionWord, .reassign:
            self = .none
        }
    }

    /// What it takes back; nil for everything else.
    var takenBack: KeptTakeBack? {
        switch self {
        case .recall(let taken), .withdraw(let taken): taken
        case .none, .share, .request, .answer, .circle: nil
        }
    }

    /// The kept form; nil for nothing.
    var item: CBOR? {
        switch self {
        case .none: nil
        case .share(let share): .array([.unsigned(1), share.item])
        case .request(let asked, let due): .array([.unsigned(2), .code(asked), .seconds(due)])
        case .answer(let origin, let request):
            .array([.unsigned(3), .origin(origin), .id(request)])
        case .circle(let circle): .array([.unsigned(4), circle.item])
        case .recall(let recall): .array([.unsigned(5), recall.item])
        case .withdraw(let taken): .array([.unsigned(6), taken.item])
        }
    }

    init(_ item: CBOR?) throws(CBORShapeError) {
        guard let item else {
            self = .none
            return
        }
        let items = try item.items()
        guard let number = items.first, items.count >= 2 else { throw CBORShapeError("a control") }
        switch (number, items.count) {
        case (.unsigned(1), 2): self = .share(try KeptShare(items[1]))
        case (.unsigned(2), 3):
            self = .request(asked: try items[1].code(), due: try items[2].seconds())
        case (.unsigned(3), 3):
            self = .answer(origin: try items[1].origin(), request: try items[2].id())
        case (.unsigned(4), 2): self = .circle(try KeptCircle(items[1]))
        case (.unsigned(5), 2): self = .recall(try KeptTakeBack(items[1]))
        case (.unsigned(6), 2): self = .withdraw(try KeptTakeBack(items[1]))
        default: throw CBORShapeError("a kept control")
        }
    }
}

/// What was given to one agency.
struct KeptShare: Hashable {
    /// An entry of which something was given.
    struct Place: Hashable {
        let origin: Origin
        let leaf: UInt64
    }

    let recipient: AgencyCode
    let expires: Timestamp?
    let given: [Place]

    init(_ share: ShareControl) {
        recipient = share.recipient
        expires = share.expires
        var places: [Place] = []
        for address in share.compartments {
            let place = Place(origin: address.origin, leaf: address.index.value)
            if !places.contains(place) { places.append(place) }
        }
        given = places
    }

    var item: CBOR {
        .array([
            .code(recipient), .optional(expires, CBOR.seconds),
            .array(given.map { .array([.origin($0.origin), .unsigned($0.leaf)]) }),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        recipient = try items[0].code()
        expires = try items[1].orNil?.seconds()
        var places: [Place] = []
        for place in try items[2].items() {
            let parts = try place.items(count: 2)
            places.append(Place(origin: try parts[0].origin(), leaf: try parts[1].unsigned()))
        }
        given = places
    }
}

/// What was recalled or withdrawn from one agency.
struct KeptTakeBack: Hashable {
    let recipient: AgencyCode
    let reason: ReasonCode
    /// Places of the entries in the log of the statement that takes them back, or in the one that it names.
    let leaves: [UInt64]

    /// The log that they are in, where that has ended and the statement's goes on from it.
    let endedLog: Origin?

    init(_ recall: TakeBackControl) {
        endedLog = recall.endedLog
        recipient = recall.recipient
        reason = recall.reason
        leaves = Set(recall.places.map(\.index.value)).sorted()
    }

    var item: CBOR {
        .array(
            [.code(recipient), .code(reason), .array(leaves.map(CBOR.unsigned))]
                + [endedLog].compactMap(\.self).map(CBOR.origin))
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let all = try item.items()
        let items = try item.items(count: all.count == 4 ? 4 : 3)
        endedLog = all.count == 4 ? try items[3].origin() : nil
        recipient = try items[0].code()
        reason = try items[1].code()
        var leaves: [UInt64] = []
        for leaf in try items[2].items() { leaves.append(try leaf.unsigned()) }
        self.leaves = leaves
    }
}

/// Why the stream was opened in which an agency gives earlier entries again to somebody who came later.
public let earlierCircleReason: ReasonCode = "earlier"

/// Who is on a stream from a sequence on.
struct KeptCircle: Hashable {
    static let earlierReason = earlierCircleReason

    let members: [AgencyCode]
    let recipients: [Label: [AgencyCode]]
    let fromSequence: UInt64
    let reason: ReasonCode

    init(_ circle: CircleControl) {
        members = circle.members
        var recipients: [Label: [AgencyCode]] = [:]
        for label in circle.labels.keys { recipients[label] = circle.recipients(of: label) }
        self.recipients = recipients
        fromSequence = circle.fromSequence
        reason = circle.reason
    }

    var item: CBOR {
        .array([
            .array(members.map(CBOR.code)),
            .map(of: recipients.map { (.code($0), .array($1.map(CBOR.code))) }),
            .unsigned(fromSequence), .code(reason),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 4)
        members = try KeptCircle.agencies(items[0])
        var recipients: [Label: [AgencyCode]] = [:]
        for pair in try items[1].entries().pairs {
            recipients[try pair.key.code()] = try KeptCircle.agencies(pair.value)
        }
        self.recipients = recipients
        fromSequence = try items[2].unsigned()
        reason = try items[3].code()
    }

    private static func agencies(_ item: CBOR) throws(CBORShapeError) -> [AgencyCode] {
        var agencies: [AgencyCode] = []
        for code in try item.items() { agencies.append(try code.code()) }
        return agencies
    }
}
