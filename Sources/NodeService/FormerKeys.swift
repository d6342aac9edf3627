import EventLogs
import KeyFiles
import PartyFiles
import SQLiteStore
import Sealing
import SignedStatements
import TallystickPrimitives

/// Destroys keys that were replaced, once nothing needs them: what was sealed to them cannot be opened then with a copy of
/// the traffic and the key file of today.
struct FormerKeys {
    private let directory: PartyDirectory
    private let rootKey: VerificationKey

    init(_ directory: PartyDirectory, rootKey: VerificationKey) {
        self.directory = directory
        self.rootKey = rootKey
    }

    /// Takes what is over out of the key file.
    ///
    /// - Parameter unused: the local keys that are not in use, by name.
    func destroy(
        of keys: PartyKeys, unused: Set<String>, in store: NodeStore, passphrase: SecretBytes, entropy: any Entropy
    ) throws {
        var over = unused
        if !keys.isPlain { over.formUnion(try FormerKeys.names(of: keys, over: OwnKeySets(store, rootKey: rootKey))) }
        guard !over.isEmpty else { return }
        var file = try directory.openKeyFile(passphrase: passphrase)
        file.remove(over)
        try file.save(entropy: entropy)
    }

    /// The names of the keys that are over.
    static func names(of keys: PartyKeys, over sets: OwnKeySets) throws -> Set<String> {
        var over: Set<String> = []
        for held in keys.statements where sets.isOver(.statement, held.key.publicKey.bytes) { over.insert(held.name) }
        for held in keys.logs where sets.isOver(.log, held.key.publicKey.bytes) { over.insert(held.name) }
        for held in keys.kems {
            let key = try Sealing.KEMPrivateKey(seed: held.key.bytes).publicKey
            if sets.isOver(.kem, key) { over.insert(held.name) }
        }
        return over
    }
}
