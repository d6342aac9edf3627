public import TallystickPrimitives

extension Roster {
    /// Whether what a key signed at a register position is void by a revocation and not stood by since (WIRE §2, key
    /// compromise). The register's verdict stays; people are told.
    public func isInDoubt(_ keyID: Hash256, of origin: Origin, at position: TreeSize, index: LeafIndex) -> Bool {
        isRevoked(keyID, of: origin, at: position) && reaffirmed[origin]?[keyID]?.contains(index.value) != true
    }
}
