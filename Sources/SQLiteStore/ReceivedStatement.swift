public import EventLogs
public import TallystickPrimitives

/// A statement of another agency, with what came with it.
public struct ReceivedStatement: Hashable, Sendable {
    /// The place of its leaf in the register.
    public let registerPosition: UInt64
    /// The author's log.
    public let origin: Origin
    /// Its index there.
    public let index: LeafIndex
    /// The exact bytes.
    public let bytes: [UInt8]
    /// The compartments that came, here or later; what has been purged is absent.
    public let compartments: [CarriedCompartment]
    /// The direct grants that came.
    public let grants: [[UInt8]]

    /// States what was received.
    public init(
        registerPosition: UInt64, origin: Origin, index: LeafIndex, bytes: [UInt8],
        compartments: [CarriedCompartment], grants: [[UInt8]]
    ) {
        self.registerPosition = registerPosition
        self.origin = origin
        self.index = index
        self.bytes = bytes
        self.compartments = compartments
        self.grants = grants
    }
}

/// A compartment that comes after its statement, and the statement it belongs to.
public struct LateCompartment: Hashable, Sendable {
    /// The author's log.
    public let origin: Origin
    /// The index of the statement that describes it.
    public let index: LeafIndex
    /// The bytes.
    public let compartment: CarriedCompartment

    /// States a late arrival.
    public init(origin: Origin, index: LeafIndex, compartment: CarriedCompartment) {
        self.origin = origin
        self.index = index
        self.compartment = compartment
    }
}
