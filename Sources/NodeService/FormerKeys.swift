import EventLogs
import KeyFiles
import PartyFiles
import Sealing
import SignedStatements
import TallystickPrimitives

/// Destroys keys that were replaced, once nothing needs them: what was sealed to them cannot be opened then with a copy of
/// the traffic and the key file of today.
struct FormerKeys {
    private let directory: PartyDirectory
    private let sets: OwnKeySets

    /// - Parameter sets: what the log has announced.
    init(_ directory: PartyDirectory, sets: OwnKeySets) {
        self.directory = directory
        self.sets = sets
    }

    /// Takes what is over out of the key file.
    ///
    /// - Parameter unused: the local keys that are not in use, by name.
    func destroy(
        of keys: PartyKeys, unused: Set<String>, now: Timestamp, passphrase: SecretBytes, entropy: any Entropy
    ) throws {
        let over = unused.union(try names(of: keys, now: now))
        guard !over.isEmpty else { return }
        var file = try directory.openKeyFile(passphrase: passphrase)
        file.remove(over)
        try file.save(entropy: entropy)
    }

    /// The names of the keys that are over.
    private func names(of keys: PartyKeys, now: Timestamp) throws -> Set<String> {
        var over: Set<String> = []
        for held in keys.statements where sets.isOver(.statement, held.key.publicKey.bytes, now: now) {
            over.insert(held.name)
        }
        for held in keys.logs where sets.isOver(.log, held.key.publicKey.bytes, now: now) { over.insert(held.name) }
        for held in keys.kems {
            let key = try Sealing.KEMPrivateKey(seed: held.key.bytes).publicKey
            if sets.isOver(.kem, key, now: now) { over.insert(held.name) }
        }
        return over
    }
}
