import DeterministicCBOR
import EventLogs
import TallystickPrimitives

/// What the views keep of a statement's control body; the rest is for the log.
enum KeptControl: Hashable {
    case none
    case share(recipient: AgencyCode, expires: Timestamp?)
    case request(asked: AgencyCode, due: Timestamp)
    case answer(origin: Origin, request: EventID)
    case circle(KeptCircle)

    init(_ control: ControlBody) {
        switch control {
        case .share(let share): self = .share(recipient: share.recipient, expires: share.expires)
        case .request(let asked, let due): self = .request(asked: asked, due: due)
        case .answer(let origin, let request): self = .answer(origin: origin, request: request)
        case .circle(let circle): self = .circle(KeptCircle(circle))
        case .genesis, .boardGenesis, .record, .purged, .access, .received, .keyset, .revoke,
            .adopt, .endAdoption, .enrol, .witnesses, .protocol, .activate:
            self = .none
        }
    }

    /// The kept form; nil for nothing.
    var item: CBOR? {
        switch self {
        case .none: nil
        case .share(let recipient, let expires):
            .array([.unsigned(1), .code(recipient), .optional(expires, CBOR.seconds)])
        case .request(let asked, let due): .array([.unsigned(2), .code(asked), .seconds(due)])
        case .answer(let origin, let request):
            .array([.unsigned(3), .origin(origin), .id(request)])
        case .circle(let circle): .array([.unsigned(4), circle.item])
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
        case (.unsigned(1), 3):
            self = .share(recipient: try items[1].code(), expires: try items[2].orNil?.seconds())
        case (.unsigned(2), 3):
            self = .request(asked: try items[1].code(), due: try items[2].seconds())
        case (.unsigned(3), 3):
            self = .answer(origin: try items[1].origin(), request: try items[2].id())
        case (.unsigned(4), 2): self = .circle(try KeptCircle(items[1]))
        default: throw CBORShapeError("a kept control")
        }
    }
}

/// Who is on a stream from a sequence on.
struct KeptCircle: Hashable {
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
