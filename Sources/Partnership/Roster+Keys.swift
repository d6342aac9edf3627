import EventLogs
public import SignedStatements
public import TallystickPrimitives

/// The keys of logs.
extension Roster {
    /// The keys that may sign heads of a log, whenever they were signed.
    public func logKeys(of origin: Origin) -> [VerificationKey] {
        if let board, board.origin == origin { return [board.logKey] }
        guard let party = party(of: origin) else { return [] }
        return party.closedLog(origin)?.logKeys ?? party.verificationKeys(.log)
    }

    /// The keys whose signatures under new heads of a log are believed: neither revoked nor past their term. Of a log that
    /// another goes on from there are none.
    ///
    /// - Parameters:
    ///   - position: the size of the register when the head comes in.
    ///   - now: when it comes in; nil for what came in at a time that is not known any more.
    public func logKeys(of origin: Origin, at position: TreeSize, now: Timestamp?) -> [VerificationKey] {
        if let board, board.origin == origin { return [board.logKey] }
        guard let party = party(of: origin), party.origin == origin else { return [] }
        return party.heldSigningKeys.filter { held in
            held.role == .log && now.map(held.isLive) ?? true && !isRevoked(held.key.keyID, of: origin, at: position)
        }.map(\.key)
    }

    /// Every key that may turn out to have signed a statement of a log, for whoever checks signatures beforehand. Of a log
    /// that would go on from a known one it is the root key of who has that.
    public func statementKeys(of origin: Origin) -> [VerificationKey] {
        if let board, board.origin == origin { return [board.statementKey] }
        guard let party = party(of: origin) else { return [party(goingOnIn: origin)?.rootKey].compactMap(\.self) }
        return [party.rootKey] + (party.closedLog(origin)?.statementKeys ?? party.verificationKeys(.statement))
    }

    /// Whether the owner of a log has revoked a key, from whenever on.
    public func isEverRevoked(_ keyID: Hash256, of origin: Origin) -> Bool { revocations[origin]?[keyID] != nil }

    func isRevoked(_ keyID: Hash256, of origin: Origin, at position: TreeSize) -> Bool {
        revocations[origin]?[keyID].map { position >= $0 } ?? false
    }
}
