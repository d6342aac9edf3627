import DeterministicCBOR
public import TallystickPrimitives

/// The control body of a HOLD: nothing of some streams of one log is destroyed anywhere while it stands, or it stands no
/// longer.
///
/// It names streams of one log only, so that nobody outside learns which streams of several logs one matter has.
public enum HoldControl: Hashable, Sendable {
    /// It stands from now on.
    case placed(HeldStreams, reason: ReasonCode)
    /// A hold of this log, by its event, stands no longer.
    case lifted(EventID)

    var item: CBOR {
        switch self {
        case .placed(let held, let reason): .array([held.item, .code(reason)])
        case .lifted(let hold): .array([.id(hold)])
        }
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        if case .array(let items) = item, items.count == 1 {
            self = .lifted(try items[0].id())
            return
        }
        let items = try item.items(count: 2)
        self = .placed(try HeldStreams(items[0]), reason: try items[1].code())
    }
}

/// Streams of one log.
public struct HeldStreams: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// The streams; at least one, none twice.
    public let streams: [StreamID]

    /// Names streams.
    public init(origin: Origin, streams: [StreamID]) {
        self.origin = origin
        self.streams = streams
    }

    var item: CBOR { .array([.origin(origin), .array(streams.map(CBOR.id))]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 2)
        origin = try items[0].origin()
        streams = try items[1].streams()
    }
}

extension CBOR {
    /// A list of streams, none twice and at least one.
    func streams() throws(CBORShapeError) -> [StreamID] {
        var found: [StreamID] = []
        for item in try items(atMost: Limits.heldStreamCount) { found.append(try item.id()) }
        guard !found.isEmpty, Set(found).count == found.count else {
            throw CBORShapeError("at least one stream, none twice")
        }
        return found
    }
}

extension Limits {
    /// Streams named by one HOLD or ERASE: with the longest origin they fit one statement.
    public static let heldStreamCount = 128
}
