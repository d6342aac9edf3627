import Glibc
public import KeyFiles
import SignedStatements
public import TallystickPrimitives

/// The way back when a passphrase or a key file is lost: every secret of the party in a file, sealed under a random key of
/// which three people hold a share each. Two of them open it; one alone learns nothing.
///
/// The file may lie beside the key files, and on media of its own; in no backup, because it holds the local key. The shares
/// are never on the same machine.
public struct Recovery: Sendable {
    private let directory: PartyDirectory

    /// Works on a party's directory.
    public init(in path: String) { directory = PartyDirectory(path: path) }

    /// The file that two shares open.
    public var file: String { directory.recoveryFile }

    /// Makes the file anew, and three shares.
    ///
    /// Former shares open former copies of the file only: those copies are to be destroyed where keys in them must be gone.
    /// - Parameter handOut: keeps the new shares; only then the file is replaced, so that it is never under a key of which
    ///   nobody has a share.
    public func make(
        rootKeyFile: String?, party: SecretBytes, root: SecretBytes, entropy: any Entropy,
        handOut: ([RecoveryShare]) throws -> Void
    ) throws {
        let rootKey = try directory.openRootKey(at: rootKeyFile, passphrase: root)
        let held = try directory.openKeyFile(passphrase: party)
        let contents = held.contents.adding(PartySecret.root, rootKey.seed)
        let (key, shares) = RecoveryShare.make(from: entropy)
        // The key is as long as any, so that nobody guesses it: the cost is only that of opening the file again.
        let bytes = try KeyFile.seal(contents, passphrase: key.bytes, entropy: entropy, cost: .minimum)
        try handOut(shares)
        do {
            if access(file, F_OK) == 0 {
                try KeyFileStore.replace(bytes, at: file)
            } else {
                try KeyFileStore.write(bytes, to: file)
            }
        } catch { throw PartyFileError.secretFile(error) }
    }

    /// Whether two shares would bring everything back, without bringing it: for the yearly drill.
    ///
    /// - Throws: `PartyFileError.recoveryOutdated` where keys have changed since the file was made.
    public func check(_ key: SecretBytes, party: SecretBytes) throws {
        let contents = try open(file, key)
        let held = try directory.openKeyFile(passphrase: party).contents
        // It may hold keys that have been destroyed since; it must hold every one that there is.
        guard held.secrets.allSatisfy({ contents[$0.key] == $0.value }) else {
            throw PartyFileError.recoveryOutdated(path: file)
        }
    }

    /// Writes both key files anew under a new passphrase. A file that is there stays: move it away first.
    ///
    /// - Parameter path: the recovery file, if it is not in the directory.
    public func restore(
        _ key: SecretBytes, from path: String?, passphrase: SecretBytes, entropy: any Entropy,
        cost: ScryptCost = .standard
    ) throws {
        let contents = try open(path ?? file, key)
        guard let root = contents[PartySecret.root] else { throw PartyFileError.keyMissing(PartySecret.root) }
        let parts = [
            (KeyFileContents([PartySecret.root: root.bytes]), directory.rootKeyFile),
            (contents.removing([PartySecret.root]), directory.keyFile),
        ]
        for (_, path) in parts where access(path, F_OK) == 0 {
            throw PartyFileError.secretFile(.alreadyExists(path: path))
        }
        for (contents, path) in parts {
            let bytes = try KeyFile.seal(contents, passphrase: passphrase.bytes, entropy: entropy, cost: cost)
            do { try KeyFileStore.write(bytes, to: path) } catch { throw PartyFileError.secretFile(error) }
        }
    }

    /// Opens a recovery file and holds it against what the board enrolled.
    private func open(_ path: String, _ key: SecretBytes) throws -> KeyFileContents {
        let bytes: [UInt8]
        do { bytes = try KeyFileStore.read(from: path) } catch { throw PartyFileError.secretFile(error) }
        let contents: KeyFileContents
        do { contents = try KeyFile.open(bytes, passphrase: key.bytes) } catch {
            guard error == .wrongPassphraseOrDamaged else { throw PartyFileError.keyFile(path: path, error) }
            throw PartyFileError.otherShares(path: path)
        }
        guard let seed = contents[PartySecret.root] else { throw PartyFileError.keyMissing(PartySecret.root) }
        guard try SigningKey(seed: seed.bytes).publicKey.bytes == directory.enrolment().rootKey else {
            throw PartyFileError.otherRootKey(path: path)
        }
        return contents
    }
}
