public import KeyFiles
import PartyFiles
public import SignedStatements
public import TallystickPrimitives

/// One member of the board: the key that signs acts, and its file.
public struct BoardMember: Sendable {
    /// The member's key.
    public let key: SigningKey
    /// Its public half, for the office that is to list it.
    public var publicKey: [UInt8] { key.publicKey.bytes }
    /// What acts and the status call it.
    public var keyID: Hash256 { key.publicKey.keyID }

    /// Opens a member's key file.
    /// - Throws: `PartyFileError`.
    public static func open(_ path: String, passphrase: SecretBytes) throws -> BoardMember {
        guard let seed = try openKeyFile(path, passphrase: passphrase)[BoardSecret.member] else {
            throw PartyFileError.keyMissing(BoardSecret.member)
        }
        return BoardMember(key: try SigningKey(seed: seed.bytes))
    }

    /// Makes a new member's key and its file.
    /// - Throws: `PartyFileError` when the file is there or cannot be written.
    public static func create(
        at path: String, passphrase: SecretBytes, entropy: any Entropy, cost: ScryptCost = .standard
    ) throws -> BoardMember {
        let key = SigningKey(from: entropy)
        let sealed = try KeyFile.seal(
            KeyFileContents([BoardSecret.member: key.seed]), passphrase: passphrase.bytes,
            entropy: entropy,
            cost: cost)
        do { try KeyFileStore.write(sealed, to: path) } catch {
            throw PartyFileError.secretFile(error)
        }
        return BoardMember(key: key)
    }
}
