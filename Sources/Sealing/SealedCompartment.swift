import DeterministicCBOR
public import EventLogs
public import TallystickPrimitives

/// Where a compartment belongs: sealed bytes open nowhere else.
public struct SealingContext: Hashable, Sendable {
    /// The author's log.
    public let origin: Origin
    /// The event that carries the compartment.
    public let event: EventID

    /// Names the place.
    public init(origin: Origin, event: EventID) {
        self.origin = origin
        self.event = event
    }

    /// det(["tallystick/cmp/v1", origin, event id, cid, label, expires]) (WIRE §4).
    func additionalData(for id: CompartmentID, label: Label, expires: Timestamp?) -> [UInt8] {
        CBOR.array([
            .text("tallystick/cmp/v1"), .origin(origin), .id(event), .id(id), .code(label),
            .optional(expires, CBOR.seconds),
        ]).encoded
    }
}

/// For whom a compartment is sealed.
public enum SealingReader: Sendable {
    /// The members of an epoch who are due its label; the key is that label's.
    case epoch(EpochID, CircleKey)
    /// The author alone, until a SHARE names the compartment.
    case home

    /// What the statement says of it.
    var described: CompartmentReader {
        switch self {
        case .epoch(let epoch, _): .epoch(epoch)
        case .home: .home
        }
    }

    /// The carried wrap of `key`; none for a compartment kept at home.
    func wrap(_ key: ContentKey, of compartment: CompartmentID) -> [UInt8]? {
        switch self {
        case .epoch(let epoch, let circleKey):
            circleKey.wrap(key, of: compartment, epoch: epoch).encoded
        case .home: nil
        }
    }
}

/// A compartment just sealed: what the statement says of it, what travels, and the key to keep.
public struct SealedCompartment: Sendable {
    /// For the statement.
    public let descriptor: CompartmentDescriptor
    /// What travels beside the statement.
    public let carried: CarriedCompartment
    /// The author's own copy of the content key.
    public let contentKey: ContentKey
}
