import EventLogs
public import TallystickPrimitives

extension Roster {
    /// Whether what a key signed at a register position is void by a revocation and not stood by since (WIRE §2, key
    /// compromise). The register's verdict stays; people are told.
    public func isInDoubt(_ keyID: Hash256, of origin: Origin, at position: TreeSize, index: LeafIndex) -> Bool {
        isRevoked(keyID, of: origin, at: position) && reaffirmed[origin]?[keyID]?.contains(index.value) != true
    }

    /// Refuses a revocation of another's key, and a reaffirmation of what is not written.
    func verifyRevocation(
        _ control: ControlBody, of party: Party, at index: LeafIndex
    ) throws(RosterFault) {
        switch control {
        // Nobody revokes another's key, nor the root key that signs the revocation.
        case .revoke(let revoke):
            guard party.heldKeys.contains(revoke.keyID) else { throw .unknownKey(keyID: revoke.keyID) }
        case .boardRevoke: throw .wrongLogForKind(.revoke)
        case .reaffirm(let reaffirm):
            guard isEverRevoked(reaffirm.keyID, of: party.origin) else { throw .unknownKey(keyID: reaffirm.keyID) }
            // Nobody stands by what is not written yet.
            guard reaffirm.indexes.allSatisfy({ $0.upperBound < index.value }) else { throw .reaffirmAhead }
            let known = reaffirmed[party.origin]?.values.reduce(0) { $0 + $1.runs.count } ?? 0
            guard known + reaffirm.indexes.count <= Limits.reaffirmedTotalCount else { throw .reaffirmLimit }
        default: break
        }
    }
}
