import EventLogs
import KeyFiles
import PartyFiles
import Sealing
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A log key that was replaced, for the heads of what was written before: whoever has not seen the change believes no other.
package struct FormerLogSigner: Sendable {
    /// The size of the largest head that it signs: the key set that replaced it is the next entry.
    let limit: TreeSize
    let signer: SigningKey
}

/// The keys that a node works with now, chosen from its key file by what its own log has announced.
struct NodeKeys: Sendable {
    let statement: SigningKey
    let log: SigningKey
    /// The former log keys that the file still holds, the oldest first.
    let former: [FormerLogSigner]
    /// All that open grants, the oldest first.
    let kems: [Sealing.KEMPrivateKey]
    /// Every key that may have signed the newest head, also under a key set that was refused since.
    let headKeys: [VerificationKey]

    /// Chooses.
    ///
    /// - Parameters:
    ///   - sets: what the log has announced; nil for a file whose keys have never changed.
    ///   - mayLack: whether the log may be behind what others hold. A copy from before a change of keys names keys that the
    ///     file no longer has; nothing is signed then before the rest has come back, and with it the newest list.
    /// - Throws: `PartyFileError.keyMissing` where the file does not hold the keys in force.
    init(_ keys: PartyKeys, sets: OwnKeySets?, mayLack: Bool = false) throws {
        kems = try keys.kems.map { try Sealing.KEMPrivateKey(seed: $0.key.bytes) }
        let announced = (sets?.all ?? []).filter { $0.standing != .refused }.flatMap(\.entries)
        headKeys =
            keys.logs.map(\.key.publicKey)
            + announced.filter { $0.role == .log }.compactMap { try? VerificationKey(bytes: $0.key) }
        guard let sets, let inForce = sets.inForce else {
            (statement, log, former) = (keys.statement, keys.log, [])
            return
        }
        func held(_ all: [NamedKey<SigningKey>], _ role: KeyRole, in set: OwnKeySets.Announced) -> SigningKey? {
            all.last { set.has(role, $0.key.publicKey.bytes) }?.key
        }
        let newest = mayLack ? (keys.statements.last?.key, keys.logs.last?.key) : (nil, nil)
        guard let statement = held(keys.statements, .statement, in: inForce) ?? newest.0 else {
            throw PartyFileError.keyMissing(PartySecret.statement)
        }
        guard let log = held(keys.logs, .log, in: inForce) ?? newest.1 else {
            throw PartyFileError.keyMissing(PartySecret.log)
        }
        (self.statement, self.log) = (statement, log)
        let standing = sets.all.filter { $0.standing != .refused }
        former = zip(standing, standing.dropFirst()).compactMap { set, next in
            held(keys.logs, .log, in: set).map { FormerLogSigner(limit: TreeSize(next.index.value), signer: $0) }
        }
    }
}
