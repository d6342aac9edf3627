public import TallystickPrimitives

extension Limits {
    /// Hashes in one Merkle proof: a consistency proof between sizes below 2⁶⁴ has at most 65.
    public static let proofHashCount = 65
    /// Bytes in one receipt: the longest proof with a generous header.
    public static let receiptByteCount = 8 << 10
}
