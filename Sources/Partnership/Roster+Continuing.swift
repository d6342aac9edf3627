import EventLogs
public import SignedStatements
public import TallystickPrimitives

/// A log that ended because its party went on in another (WIRE §2, rollback).
public struct ClosedLog: Hashable, Sendable {
    /// The log.
    public let origin: Origin
    /// How many of its statements were registered; none followed.
    public let size: TreeSize
    /// The root of its tree there.
    public let root: Hash256
    /// Where the register has the statement that goes on from it.
    public let position: TreeSize
    /// The keys that could sign its heads when it ended.
    public let logKeys: [VerificationKey]
    /// The keys that could sign its statements when it ended.
    public let statementKeys: [VerificationKey]
    /// Every signing key that it ever announced.
    let keyIDs: Set<Hash256>
}

extension Party {
    /// How one of its logs ended; nil for the one that it writes.
    public func closedLog(_ origin: Origin) -> ClosedLog? { closedLogs.first { $0.origin == origin } }

    /// Refuses signing keys of a log that ended: a copy of its node may have them, and must not write in the new one.
    func checkNew(_ entries: [KeySetEntry]) throws(RosterFault) {
        for entry in entries where entry.role != .kem {
            guard let key = try? VerificationKey(bytes: entry.key) else { continue }
            guard !closedLogs.contains(where: { $0.keyIDs.contains(key.keyID) }) else {
                throw .keyOfClosedLog(keyID: key.keyID)
            }
        }
    }
}

extension Roster {
    /// The party whose log would go on in a log that nobody has yet.
    public func party(goingOnIn origin: Origin) -> Party? {
        parties.values.first { $0.enrolment.party == .agency && $0.origin.continued == origin }
    }

    /// The keys that could sign the head at which a log ended; none for every other head, nor for a log that goes on.
    public func lastLogKeys(of origin: Origin, size: TreeSize, root: Hash256) -> [VerificationKey] {
        guard let closed = party(of: origin)?.closedLog(origin), closed.size == size, closed.root == root else {
            return []
        }
        return closed.logKeys
    }

    /// Whether two logs are one party's.
    public func isSameParty(_ one: Origin, _ other: Origin) -> Bool {
        guard one != other else { return true }
        guard let code = agencyByOrigin[one] else { return false }
        return agencyByOrigin[other] == code
    }

    /// Checks the first statement of a log that nobody has: it must go on from a log of an agency, under the next name, and
    /// be signed by the agency's root key. Where that log ends, admission holds against the register.
    func verifyContinuation(
        _ statement: Statement, index: LeafIndex, at position: TreeSize, now: Timestamp, signature: SignatureCheck
    ) throws(RosterFault) {
        let origin = statement.origin
        guard case .continues(let continues) = statement.payload.control else { throw .unknownLog(origin) }
        guard let party = party(goingOnIn: origin), party.origin == continues.origin, index.value == 0 else {
            throw .continuesOutOfPlace(origin)
        }
        guard party.isEnrolled(at: now) else { throw .enrolmentEnded(party.code) }
        let key = try party.key(for: statement, among: [], at: now)
        guard statement.isSigned(by: key, signature) else { throw .badSignature }
    }

    /// Ends a log and goes on in another, whose keys come with its own first key set. Until then its party has none that
    /// sign; what is sealed for it meanwhile is sealed to the keys that it had.
    mutating func goOn(from continues: ContinuesControl, in origin: Origin, at position: TreeSize) {
        guard let code = agencyByOrigin[continues.origin], var party = parties[code] else { return }
        party.closedLogs.append(
            ClosedLog(
                origin: continues.origin, size: continues.size, root: continues.root, position: position,
                logKeys: party.verificationKeys(.log), statementKeys: party.verificationKeys(.statement),
                keyIDs: party.heldKeys))
        party.origin = origin
        party.keys = party.keys.filter { $0.role == .kem }
        parties[code] = party
        agencyByOrigin[origin] = code
        revocations[origin] = revocations[continues.origin]
        histories[code, default: PartyHistory()].take(keys: [], at: position)
    }
}
