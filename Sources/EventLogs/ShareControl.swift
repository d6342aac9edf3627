import DeterministicCBOR
public import TallystickPrimitives

/// One compartment of some log, by name.
public struct CompartmentAddress: Hashable, Sendable {
    /// The log of the statement that carries it.
    public let origin: Origin
    /// That statement's index.
    public let index: LeafIndex
    /// The compartment.
    public let compartment: CompartmentID

    /// Names a compartment.
    public init(origin: Origin, index: LeafIndex, compartment: CompartmentID) {
        self.origin = origin
        self.index = index
        self.compartment = compartment
    }
}

/// The control body of a SHARE: it entitles one more agency to statements and compartments.
public struct ShareControl: Hashable, Sendable {
    /// Who receives them.
    public let recipient: AgencyCode
    /// What is given.
    public let compartments: [CompartmentAddress]
    /// When the recipient's node drops the keys.
    public let expires: Timestamp?

    /// States a share.
    public init(recipient: AgencyCode, compartments: [CompartmentAddress], expires: Timestamp?) {
        self.recipient = recipient
        self.compartments = compartments
        self.expires = expires
    }

    var item: CBOR {
        .array([
            .code(recipient),
            .array(compartments.map { .array([.origin($0.origin), .unsigned($0.index.value), .id($0.compartment)]) }),
            .optional(expires, CBOR.seconds),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        recipient = try items[0].code()
        var addresses: [CompartmentAddress] = []
        for address in try items[1].items(atMost: Limits.shareCompartmentCount) {
            let parts = try address.items(count: 3)
            addresses.append(
                CompartmentAddress(
                    origin: try parts[0].origin(), index: LeafIndex(try parts[1].unsigned()),
                    compartment: try parts[2].id()))
        }
        guard !addresses.isEmpty else { throw CBORShapeError("at least one compartment to share") }
        compartments = addresses
        expires = try items[2].orNil?.seconds()
    }
}

extension Limits {
    /// Compartments given by one SHARE.
    public static let shareCompartmentCount = 128
}
