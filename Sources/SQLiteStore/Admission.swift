public import TallystickPrimitives

/// What the register says of one of our own statements.
public struct Admission: Hashable, Sendable {
    /// The statement.
    public let index: LeafIndex
    /// The place of its leaf in the register.
    public let registerPosition: UInt64
    /// The verdict.
    public let isAccepted: Bool
    /// Why it was refused; nil when it was accepted.
    public let reason: ReasonCode?
    /// The broker's receipt, as it came.
    public let proof: [UInt8]

    /// States an admission.
    public init(
        index: LeafIndex, registerPosition: UInt64, isAccepted: Bool, reason: ReasonCode?,
        proof: [UInt8]
    ) {
        self.index = index
        self.registerPosition = registerPosition
        self.isAccepted = isAccepted
        self.reason = reason
        self.proof = proof
    }

    /// Whether both say the same; receipts made at different sizes of the register differ in their
    /// proofs.
    func hasSameVerdict(as other: Admission) -> Bool {
        index == other.index && registerPosition == other.registerPosition
            && isAccepted == other.isAccepted && reason == other.reason
    }
}
