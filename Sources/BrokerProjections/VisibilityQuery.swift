import DeterministicCBOR
public import TallystickPrimitives

/// A look-up: who holds something in an area and category. What is nil is not asked about.
public struct VisibilityQuery: Hashable, Sendable {
    /// The ward or LSOA, exactly as in the pointers.
    public let area: String?
    /// The category.
    public let category: String?

    /// States a query.
    public init(area: String?, category: String?) {
        self.area = area
        self.category = category
    }

    /// What the register records: SHA-256 of det([area / null, category / null]).
    public var hash: Hash256 {
        Hash256(
            hashing: CBOR.array([.optional(area, CBOR.text), .optional(category, CBOR.text)])
                .encoded)
    }
}
