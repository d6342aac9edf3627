public import EventLogs
public import TallystickPrimitives
public import TransparencyLog

/// A compartment with the statement it belongs to.
public struct AdmittedCompartment: Hashable, Sendable {
    /// Which compartment of which statement.
    public let address: CompartmentAddress
    /// The carried bytes.
    public let content: [UInt8]
    /// The wrap, if it has one.
    public let wrap: [UInt8]?

    /// States a compartment.
    public init(address: CompartmentAddress, content: [UInt8], wrap: [UInt8]?) {
        self.address = address
        self.content = content
        self.wrap = wrap
    }

    var carried: CarriedCompartment {
        CarriedCompartment(id: address.compartment, content: content, wrap: wrap)
    }
}

/// A direct grant with the statement it belongs to.
public struct AdmittedGrant: Hashable, Sendable {
    /// The log of the statement.
    public let origin: Origin
    /// The statement's index.
    public let index: LeafIndex
    /// Who can open it.
    public let recipient: AgencyCode
    /// The bytes.
    public let bytes: [UInt8]

    /// States a grant.
    public init(origin: Origin, index: LeafIndex, recipient: AgencyCode, bytes: [UInt8]) {
        self.origin = origin
        self.index = index
        self.recipient = recipient
        self.bytes = bytes
    }
}

/// What one transaction of the broker writes: it is all there afterwards, or nothing of it is.
///
/// A batch without statements is allowed: leaves of other kinds, a head with more cosignatures, or
/// compartments that come after their statements.
public struct AdmissionBatch: Sendable {
    /// The size that the register must have for the batch to fit.
    public let previousSize: TreeSize
    /// The new register leaves, from `previousSize` on.
    public let registerLeaves: [[UInt8]]
    /// Every node of the register that the leaves complete.
    public let registerNodes: [TreeNode]
    /// The signed register head after the batch.
    public let registerHead: SignedTreeHead
    /// The statements, those of each log in index order without gaps.
    public let statements: [AdmittedStatement]
    /// Compartments of these statements or of earlier ones.
    public let compartments: [AdmittedCompartment]
    /// Grants of these statements.
    public let grants: [AdmittedGrant]
    /// Every log that grew, after the batch.
    public let logs: [LogState]

    /// States a batch.
    public init(
        previousSize: TreeSize, registerLeaves: [[UInt8]], registerNodes: [TreeNode],
        registerHead: SignedTreeHead, statements: [AdmittedStatement],
        compartments: [AdmittedCompartment], grants: [AdmittedGrant], logs: [LogState]
    ) {
        self.previousSize = previousSize
        self.registerLeaves = registerLeaves
        self.registerNodes = registerNodes
        self.registerHead = registerHead
        self.statements = statements
        self.compartments = compartments
        self.grants = grants
        self.logs = logs
    }
}
