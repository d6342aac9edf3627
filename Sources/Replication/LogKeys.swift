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
            guard let statement = try? Statement(decoding: bytes), statement.origin == evidence.origin,
                (try? statement.signed.verified(by: party.rootKey)) != nil,
                case .keyset(let entries) = statement.payload.control
            else { continue }
            keys += entries.filter { $0.role == .log }.compactMap { try? VerificationKey(bytes: $0.key) }
        }
        return keys
    }

    /// Verifies evidence, and gives it with those statements alone that announced the keys of its two heads.
    ///
    /// They are looked for in the evidence and among all that the roster knows: however often a log has changed its keys,
    /// its evidence file reads.
    public func proven(_ evidence: Equivocation) throws(EquivocationFault) -> Equivocation {
        try evidence.check()
        var needed: [[UInt8]] = []
        for (number, head) in [evidence.smaller, evidence.larger].enumerated() {
            if let announcement = announcement(ofKeyOf: head, among: evidence.keyStatements) {
                if !needed.contains(announcement) { needed.append(announcement) }
            } else if !isSignedNow(head) {
                throw .unsigned(number: number + 1)
            }
        }
        return evidence.adding(keyStatements: needed)
    }

    /// Whether a log signed a head with a key that it has announced at some time.
    public func isSigned(_ head: UnverifiedTreeHead) -> Bool {
        isSignedNow(head) || announcement(ofKeyOf: head, among: []) != nil
    }

    /// Whether one of the two heads is only by keys that the log's owner has revoked: then a thief may have signed it, and
    /// the log must not end for it.
    public func isUnderRevokedKey(_ evidence: Equivocation) -> Bool {
        let origin = evidence.origin
        let known = evidence.adding(keyStatements: evidence.keyStatements + (roster.keyStatements[origin] ?? []))
        let live = everAnnounced(by: known).filter { !roster.isEverRevoked($0.keyID, of: origin) }
        return ![evidence.smaller, evidence.larger].allSatisfy { head in live.contains { head.isSigned(by: $0) } }
    }

    private func isSignedNow(_ head: UnverifiedTreeHead) -> Bool {
        roster.logKeys(of: head.claimed.origin).contains { head.isSigned(by: $0) }
    }

    private func announcement(ofKeyOf head: UnverifiedTreeHead, among statements: [[UInt8]]) -> [UInt8]? {
        let origin = head.claimed.origin
        guard let party = roster.party(of: origin) else { return nil }
        return (statements + (roster.keyStatements[origin] ?? []).reversed()).first { bytes in
            guard let statement = try? Statement(decoding: bytes), statement.origin == origin,
                case .keyset(let entries) = statement.payload.control
            else { return false }
            let hasKey = entries.contains { entry in
                guard entry.role == .log, let key = try? VerificationKey(bytes: entry.key) else { return false }
                return head.isSigned(by: key)
            }
            return hasKey && (try? statement.signed.verified(by: party.rootKey)) != nil
        }
    }
}

extension UnverifiedTreeHead {
    fileprivate func isSigned(by key: VerificationKey) -> Bool {
        (try? SignedTreeHead(verifying: self, origin: claimed.origin, key: key)) != nil
    }
}
