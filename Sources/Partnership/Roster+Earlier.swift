public import EventLogs
import SignedStatements
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
        guard (index.value == 0) == (statement.payload.kind == .genesis) else {
            throw .genesisOutOfPlace(statement.origin)
        }
        let keyID = statement.signed.header.keyID
        let key: VerificationKey
        switch statement.payload.kind {
        case .genesis, .keyset, .revoke:
            guard party.rootKey.keyID == keyID else { throw .unknownKey(keyID: keyID) }
            key = party.rootKey
        default:
            let held = history.statementKeys(at: position).filter { $0.key.keyID == keyID }
            guard let first = held.first else { throw .unknownKey(keyID: keyID) }
            guard held.contains(where: { $0.isLive(at: admittedAt) }) else { throw .expiredKey(keyID: keyID) }
            key = first.key
        }
        guard !history.isRevoked(keyID, at: position) else { throw .revokedKey(keyID: keyID) }
        guard (try? statement.signed.verified(by: key)) != nil else { throw .badSignature }
    }
}
