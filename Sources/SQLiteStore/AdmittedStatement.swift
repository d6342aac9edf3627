public import TallystickPrimitives
public import TransparencyLog

/// A statement of some log with the register's verdict. Refused ones are kept too: their leaf is in
/// their log.
public struct AdmittedStatement: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// The index there.
    public let index: LeafIndex
    /// The place of its leaf in the register.
    public let registerPosition: UInt64
    /// The exact bytes.
    public let bytes: [UInt8]
    /// Its leaf in its log's tree (RFC 6962 §2.1).
    public let leafHash: Hash256
    /// Why it was refused; nil when it was accepted.
    public let refusal: ReasonCode?

    /// States an admitted statement.
    public init(
        origin: Origin, index: LeafIndex, registerPosition: UInt64, bytes: [UInt8],
        leafHash: Hash256, refusal: ReasonCode?
    ) {
        self.origin = origin
        self.index = index
        self.registerPosition = registerPosition
        self.bytes = bytes
        self.leafHash = leafHash
        self.refusal = refusal
    }
}

/// A log as the broker knows it.
public struct LogState: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// The right edge of its tree.
    public let frontier: TreeFrontier
    /// The newest signed head that was admitted.
    public let headNote: [UInt8]

    /// States a log.
    public init(origin: Origin, frontier: TreeFrontier, headNote: [UInt8]) {
        self.origin = origin
        self.frontier = frontier
        self.headNote = headNote
    }

    /// How many of its statements have been admitted.
    public var size: TreeSize { frontier.size }
}
