import DeterministicCBOR
public import TallystickPrimitives

/// The control body of a RECALL and of a WITHDRAW, each the mirror of a SHARE. What its author gave to one agency, that
/// agency is to have no more: because it was given in error, or because its author no longer gives it.
///
/// It names compartments of its author's own log, whose origin is not said again, or of one log that its author went on from.
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
    /// The log that they are in, where that has ended and the statement's goes on from it; nil for the statement's own.
    public let endedLog: Origin?

    /// States what is taken back.
    public init(recipient: AgencyCode, places: [Place], reason: ReasonCode, endedLog: Origin? = nil) {
        self.endedLog = endedLog
        self.recipient = recipient
        self.places = places
        self.reason = reason
    }

    /// The compartments with the log that they are in.
    public func addresses(in origin: Origin) -> [CompartmentAddress] {
        places.map {
            CompartmentAddress(origin: endedLog ?? origin, index: $0.index, compartment: $0.compartment)
        }
    }

    var item: CBOR {
        .array(
            [
                .code(recipient), .array(places.map { .array([.unsigned($0.index.value), .id($0.compartment)]) }),
                .code(reason),
            ] + [endedLog].compactMap(\.self).map(CBOR.origin))
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        // As with an adoption, the number of items says which form it is.
        let hasEndedLog = if case .array(let all) = item { all.count == 4 } else { false }
        let items = try item.items(count: hasEndedLog ? 4 : 3)
        endedLog = hasEndedLog ? try items[3].origin() : nil
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
