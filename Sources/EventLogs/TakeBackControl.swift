import DeterministicCBOR
public import TallystickPrimitives

/// The control body of a RECALL and of a WITHDRAW, each the mirror of a SHARE. What its author gave to one agency, that
/// agency is to have no more: because it was given in error, or because its author no longer gives it.
///
/// It names compartments of its author's own log only, so that their origin is not said again.
public struct TakeBackControl: Hashable, Sendable {
    /// A compartment of the author's log.
    public struct Place: Hashable, Sendable {
        /// The index of the statement that carries it.
        public let index: LeafIndex
        /// The compartment.
        public let compartment: CompartmentID

        /// Names a compartment.
        public init(index: LeafIndex, compartment: CompartmentID) {
            self.index = index
            self.compartment = compartment
        }
    }

    /// From whom it is taken back.
    public let recipient: AgencyCode
    /// What is taken back.
    public let places: [Place]
    /// Why, as a code that everybody may see who sees the statement.
    public let reason: ReasonCode

    /// States what is taken back.
    public init(recipient: AgencyCode, places: [Place], reason: ReasonCode) {
        self.recipient = recipient
        self.places = places
        self.reason = reason
    }

    /// The compartments with the log that they are in.
    public func addresses(in origin: Origin) -> [CompartmentAddress] {
        places.map { CompartmentAddress(origin: origin, index: $0.index, compartment: $0.compartment) }
    }

    var item: CBOR {
        .array([
            .code(recipient), .array(places.map { .array([.unsigned($0.index.value), .id($0.compartment)]) }),
            .code(reason),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        recipient = try items[0].code()
        var places: [Place] = []
        for place in try items[1].items(atMost: Limits.takeBackCount) {
            let parts = try place.items(count: 2)
            places.append(Place(index: LeafIndex(try parts[0].unsigned()), compartment: try parts[1].id()))
        }
        guard !places.isEmpty else { throw CBORShapeError("at least one compartment to take back") }
        self.places = places
        reason = try items[2].code()
    }
}

extension Limits {
    /// Compartments taken back by one RECALL or WITHDRAW.
    public static let takeBackCount = 128
}
