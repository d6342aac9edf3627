import EventLogs
public import KeyFiles
import Logging
import PartyFiles
import SQLiteStore
import Sealing
public import TallystickPrimitives

/// Commands that wait to be recorded are sealed under the local key.
public struct CommandsKept: Error, Hashable, CustomStringConvertible {
    /// How many.
    public let count: Int

    /// What is wrong and what to do.
    public var description: String {
        "\(count) commands are kept and not yet recorded; start the node, see 'tallystick node kept', and replace the key then"
    }
}

/// Puts a new local key in the place of the one under which a node keeps everything sealed, and destroys the former: what
/// was erased before does not open any more with a copy of the disk from then and the key file of today.
///
/// Crash-safe by its order. The new key is in the key file first; every kept key is wrapped anew in one transaction; the
/// former key goes last. A node started in between tries which of the two opens what it keeps, and forgets the other.
public struct LocalKeyReplacement: Sendable {
    private let directory: PartyDirectory
    private let entropy: any Entropy

    /// Works on a node's directory; the node must not run.
    public init(in path: String, entropy: any Entropy) {
        directory = PartyDirectory(path: path)
        self.entropy = entropy
    }

    /// Replaces the key.
    /// - Returns: how many kept keys were wrapped anew.
    public func replace(passphrase: SecretBytes) throws -> Int {
        let lock = try DirectoryLock(directory)
        defer { withExtendedLifetime(lock) {} }
        return try replaceLocked(passphrase: passphrase)
    }

    /// Replaces the key where something was destroyed since the last replacement; for a node that starts.
    ///
    /// Where commands are kept that are sealed under the key, it waits for a later start: nothing is said to be gone before.
    func replaceIfDue(_ passphrase: SecretBytes, logger: Logger) throws {
        let mark = LocalKeyMark(directory: directory.path)
        guard mark.isSet else { return }
        do { _ = try replaceLocked(passphrase: passphrase) } catch is CommandsKept {
            return logger.warning(
                "The local key waits for what is kept", metadata: ["error.code": "local-key-due"])
        }
        try mark.remove()
    }

    private func replaceLocked(passphrase: SecretBytes) throws -> Int {
        let store = try NodeStore.open(in: directory.path)
        let former = try LocalKeys(try directory.openKeys(passphrase: passphrase), store: store)
        let kept = try KeptCommands(in: directory.keptCommands, localKey: former.key, entropy: entropy)
        guard kept.count == 0 else { throw CommandsKept(count: kept.count) }
        var file = try directory.openKeyFile(passphrase: passphrase)
        file.remove(former.unused)
        let seed = entropy.bytes(count: 32)
        let name = file.add(seed, as: PartySecret.local)
        // What imported rows are known by stays: otherwise every file imported again would be recorded twice.
        file.replace(PartySecret.importSalt, by: former.key.derived(for: .importSalt))
        try file.save(entropy: entropy)
        guard let new = LocalKey(bytes: seed) else { throw PartyFileError.keyMissing(name) }
        let count = try store.rewrapKeys(
            content: { new.wrap(try former.key.unwrapContentKey($0)) },
            circle: { new.wrap(try former.key.unwrapCircleKey($0)) })
        // Under the former key and soon unreadable; the next start makes it anew.
        PublicFile.remove(directory.sealedViewsFile)
        file.remove([former.name])
        try file.save(entropy: entropy)
        return count
    }
}

/// The local key in use, among those of a key file: after a replacement that was cut short there are two.
struct LocalKeys {
    let key: LocalKey
    let name: String
    /// The names of the others.
    let unused: Set<String>

    /// Chooses the one that opens what is kept; the newest where nothing is kept yet.
    ///
    /// A single one is tried too: a log from before a replacement would otherwise be served, and nothing in it would open.
    /// - Throws: `NodeStartFault.otherLocalKey` where none does.
    init(_ keys: PartyKeys, store: NodeStore) throws {
        let all = keys.locals.compactMap { held in
            LocalKey(bytes: held.key.bytes, importSalt: keys.importSalt?.bytes).map { (held.name, $0) }
        }
        guard all.count == keys.locals.count, let newest = all.last else {
            throw PartyFileError.keyMissing(PartySecret.local)
        }
        let samples = try store.keptSamples()
        let chosen = samples.isEmpty ? newest : all.last { key in samples.contains { $0.opens(with: key.1) } }
        guard let chosen else { throw NodeStartFault.otherLocalKey }
        (name, key) = chosen
        unused = Set(all.map(\.0)).subtracting([chosen.0])
    }
}

extension KeptSample {
    fileprivate func opens(with key: LocalKey) -> Bool {
        switch self {
        case .content(let wrapped): (try? key.unwrapContentKey(wrapped)) != nil
        case .circle(let wrapped): (try? key.unwrapCircleKey(wrapped)) != nil
        }
    }
}
