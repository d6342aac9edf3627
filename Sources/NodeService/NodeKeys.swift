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
    /// The roles whose key in force the file does not hold: for these, the newest that it holds stands above.
    let missing: Set<KeyRole>

    /// Chooses.
    ///
    /// - Parameters:
    ///   - sets: what the log has announced.
    ///   - mayLack: whether keys in force may be missing. The log may be behind what others hold: a copy from before a
    ///     change of keys names keys that the file no longer has, and nothing is signed then before the rest has come
    ///     back, and with it the newest list. Or the keys are about to be replaced.
    /// - Throws: `PartyFileError.keyMissing` where the file does not hold the keys in force.
    init(_ keys: PartyKeys, sets: OwnKeySets, mayLack: Bool = false) throws {
        kems = try keys.kems.map { try Sealing.KEMPrivateKey(seed: $0.key.bytes) }
        let announced = sets.all.filter { $0.standing != .refused }.flatMap(\.entries)
        headKeys =
            keys.logs.map(\.key.publicKey)
            + announced.filter { $0.role == .log }.compactMap { try? VerificationKey(bytes: $0.key) }
        guard let inForce = sets.inForce else {
            (statement, log, former, missing) = (keys.statement, keys.log, [], [])
            return
        }
        func held(_ all: [NamedKey<SigningKey>], _ role: KeyRole, in set: OwnKeySets.Announced) -> SigningKey? {
            all.last { set.has(role, $0.key.publicKey.bytes) }?.key
        }
        let statement = held(keys.statements, .statement, in: inForce)
        let log = held(keys.logs, .log, in: inForce)
        var missing: Set<KeyRole> = []
        if statement == nil { missing.insert(.statement) }
        if log == nil { missing.insert(.log) }
        if !kems.contains(where: { inForce.has(.kem, $0.publicKey) }) { missing.insert(.kem) }
        if !mayLack, let role = KeyRole.allCases.first(where: missing.contains) {
            throw PartyFileError.keyMissing(role.rawValue)
        }
        (self.statement, self.log, self.missing) = (statement ?? keys.statement, log ?? keys.log, missing)
        let standing = sets.all.filter { $0.standing != .refused }
        former = zip(standing, standing.dropFirst()).compactMap { set, next in
            held(keys.logs, .log, in: set).map { FormerLogSigner(limit: TreeSize(next.index.value), signer: $0) }
        }
    }
}
