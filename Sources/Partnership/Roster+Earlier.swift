public import EventLogs
public import SignedStatements
public import TallystickPrimitives

extension Roster {
    /// Checks who signed an agency's statement that comes later than it was registered, and whether they might at its own
    /// place: by the keys, the revocations and the enrolment that counted there.
    ///
    /// It must be checked even so: that its hash is registered says only that somebody handed it in, and the register
    /// might vouch for what nobody signed.
    /// - Parameters:
    ///   - index: its index in its log.
    ///   - position: its own register position; the roster has been folded past it.
    ///   - admittedAt: when it was admitted there; enrolments and the terms of keys end.
    public func verifyEarlier(
        _ statement: Statement, index: LeafIndex, at position: TreeSize, admittedAt: Timestamp
    ) throws(RosterFault) {
        guard let party = party(of: statement.origin), let history = histories[party.code] else {
            throw .unknownLog(statement.origin)
        }
        guard history.isEnrolled(at: position, admittedAt) else { throw .enrolmentEnded(party.code) }
        guard !statement.payload.kind.isBoardAct else { throw .wrongLogForKind(statement.payload.kind) }
        guard (index.value == 0) == statement.payload.kind.isFirst else {
            throw .genesisOutOfPlace(statement.origin)
        }
        let key = try party.key(for: statement, among: history.keys(.statement, at: position), at: admittedAt)
        guard !history.isRevoked(key.keyID, at: position) else { throw .revokedKey(keyID: key.keyID) }
        guard (try? statement.signed.verified(by: key)) != nil else { throw .badSignature }
    }

    /// The keys whose signatures under a head of an earlier register position are believed: in force there, their term not
    /// over, and not revoked from there or before, whenever that was said.
    ///
    /// - Parameters:
    ///   - position: the size of the register when the head was signed.
    ///   - moment: a time at which it was not yet signed, as far as the register tells; nil where it tells none.
    public func earlierLogKeys(of origin: Origin, at position: TreeSize, after moment: Timestamp?) -> [VerificationKey]
    {
        if let board, board.origin == origin { return [board.logKey] }
        guard let code = party(of: origin)?.code, let history = histories[code] else { return [] }
        return history.keys(.log, at: position).filter { held in
            moment.map(held.isLive) ?? true && !isRevoked(held.key.keyID, of: origin, at: position)
        }.map(\.key)
    }
}

extension Party {
    /// The key that must have signed a statement of this party: the root key for what says who the party is, and else the
    /// one that the statement names.
    ///
    /// - Parameters:
    ///   - held: the statement keys that count.
    ///   - moment: when it is or was admitted; the terms of keys end.
    func key(
        for statement: Statement, among held: [HeldKey], at moment: Timestamp
    ) throws(RosterFault) -> VerificationKey {
        let keyID = statement.signed.header.keyID
        switch statement.payload.kind {
        case .genesis, .continues, .keyset, .revoke:
            guard rootKey.keyID == keyID else { throw .unknownKey(keyID: keyID) }
            return rootKey
        default:
            let named = held.filter { $0.key.keyID == keyID }
            guard let first = named.first else { throw .unknownKey(keyID: keyID) }
            guard named.contains(where: { $0.isLive(at: moment) }) else { throw .expiredKey(keyID: keyID) }
            return first.key
        }
    }
}
