import EventLogs
public import Partnership
public import SignedStatements
public import TransparencyLog

/// The keys with which a log may have signed heads at any time, for whoever judges evidence.
public struct LogKeys: Sendable {
    private let roster: Roster

    /// Looks in a roster; it need know no more than the board and who is enrolled.
    public init(roster: Roster) { self.roster = roster }

    /// The log's keys that the evidence itself shows, each in a key set that the party's root key signed, and those that
    /// the roster has. The board's key is in its first statement.
    public func everAnnounced(by evidence: Equivocation) -> [VerificationKey] {
        var keys = roster.logKeys(of: evidence.origin)
        guard let party = roster.party(of: evidence.origin) else { return keys }
        for bytes in evidence.keyStatements {
            guard let statement = try? Statement(decoding: bytes), statement.origin == party.origin,
                (try? statement.signed.verified(by: party.rootKey)) != nil,
                case .keyset(let entries) = statement.payload.control
            else { continue }
            keys += entries.filter { $0.role == .log }.compactMap { try? VerificationKey(bytes: $0.key) }
        }
        return keys
    }
}
