public import EventLogs
import Partnership
import SignedStatements
public import TallystickPrimitives

/// Revocations that came by another way than the register: by file, from an agency or the board. They bind this node at
/// once, whether or not the broker passes them on (DESIGN §4, Keys).
public struct HeardRevocations: Hashable, Sendable {
    private var positions: [Origin: [Hash256: TreeSize]] = [:]

    /// Knows of none.
    public init() {}

    /// Takes one in that its reader has verified.
    public mutating func take(_ revoke: RevokeControl, of origin: Origin) {
        let earlier = positions[origin]?[revoke.keyID] ?? revoke.compromisedAfter
        positions[origin, default: [:]][revoke.keyID] = min(earlier, revoke.compromisedAfter)
    }

    /// Whether any key of a log was said to be revoked.
    public func isEver(of origin: Origin) -> Bool { positions[origin] != nil }

    /// Whether a key's signature at a register position is void.
    public func voids(_ keyID: Hash256, of origin: Origin, at position: TreeSize) -> Bool {
        positions[origin]?[keyID].map { $0 <= position } ?? false
    }
}

extension RegisterFollower {
    /// A key that was said, by another way than the register, to be revoked.
    static let heardKey: ReasonCode = "key-revoked"

    /// What is wrong with an accepted statement by a key of which this node has heard that it is revoked: the register may
    /// not have been told yet, or its broker may not say so. Nothing of its content is taken in.
    func heardRevoked(_ followed: FollowedStatement) -> ReceivedFinding? {
        let record = followed.record
        guard record.verdict.isAccepted,
            heard.voids(
                followed.statement.signed.header.keyID, of: record.origin, at: TreeSize(followed.statementPosition))
        else { return nil }
        return ReceivedFinding(origin: record.origin, index: record.index, finding: RegisterFollower.heardKey)
    }
}
