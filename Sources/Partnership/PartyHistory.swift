import EventLogs
import SignedStatements
import TallystickPrimitives

/// What counted of a party at each register position: a statement may come to a node long after it was registered, and
/// is judged by what counted then.
struct PartyHistory: Hashable, Sendable {
    /// What counts from after a register position until the next takes its place.
    private struct Since<Value: Hashable & Sendable>: Hashable, Sendable {
        let position: TreeSize
        let value: Value
    }

    private struct Revocation: Hashable, Sendable {
        let keyID: Hash256
        let compromisedAfter: TreeSize
    }

    private var keySets: [Since<[HeldKey]>] = []
    private var enrolments: [Since<Timestamp?>] = []
    private var revocations: [Since<Revocation>] = []

    mutating func take(keys: [HeldKey], at position: TreeSize) {
        keySets.append(Since(position: position, value: keys))
    }

    mutating func take(enrolmentUntil end: Timestamp?, at position: TreeSize) {
        enrolments.append(Since(position: position, value: end))
    }

    mutating func take(revocationOf keyID: Hash256, after compromised: TreeSize, at position: TreeSize) {
        revocations.append(
            Since(position: position, value: Revocation(keyID: keyID, compromisedAfter: compromised)))
    }

    /// The keys of a role in force at a position.
    func keys(_ role: KeyRole, at position: TreeSize) -> [HeldKey] {
        keySets.last { $0.position < position }?.value.filter { $0.role == role } ?? []
    }

    /// Whether the enrolment in force at a position covers an instant.
    func isEnrolled(at position: TreeSize, _ instant: Timestamp) -> Bool {
        guard let enrolment = enrolments.last(where: { $0.position < position }) else { return false }
        return enrolment.value.map { instant < $0 } ?? true
    }

    /// Whether a key was revoked for a position by what had been registered before it.
    func isRevoked(_ keyID: Hash256, at position: TreeSize) -> Bool {
        revocations.contains {
            $0.position < position && $0.value.keyID == keyID && $0.value.compromisedAfter <= position
        }
    }
}
