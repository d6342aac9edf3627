public import KeyFiles
import PartyFiles
import Sealing
public import TallystickPrimitives

/// The key to which backups are sealed: its public half lies at the node, its private half under a passphrase somewhere
/// else.
public enum RecoveryKey {
    /// The public half: a text file of the key in hexadecimal digits and a checksum.
    public struct Public: Hashable, Sendable {
        /// The key's bytes.
        public let bytes: [UInt8]

        /// Reads the file that `make` wrote.
        ///
        /// - Throws: `RecoveryKeyFault.notPublic`.
        public init(reading path: String) throws {
            let text = String(decoding: try PublicFile.read(path, limit: 8192), as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.count == 4, lines[0] == Public.mark, let bytes = Hex.decode(String(lines[1])),
                Hash256(hashing: bytes).hex == lines[2], lines[3].isEmpty
            else { throw RecoveryKeyFault.notPublic(path: path) }
            self.bytes = bytes
        }

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        fileprivate static let mark = "tallystick-backup-key 1"

        fileprivate var text: String { "\(Public.mark)\n\(Hex.encode(bytes))\n\(Hash256(hashing: bytes).hex)\n" }
    }

    /// Makes a new pair: the private half as a key file, the public half beside it.
    public static func make(
        _ privatePath: String, publicPath: String, passphrase: SecretBytes, entropy: any Entropy,
        cost: ScryptCost = .standard
    ) throws {
        guard !PublicFile.exists(publicPath) else { throw RecoveryKeyFault.alreadyThere(path: publicPath) }
        let key = Sealing.KEMPrivateKey(from: entropy)
        let sealed = try KeyFile.seal(
            KeyFileContents([secretName: key.seedRepresentation]), passphrase: passphrase.bytes, entropy: entropy,
            cost: cost)
        do { try KeyFileStore.write(sealed, to: privatePath) } catch { throw PartyFileError.secretFile(error) }
        try PublicFile.write(Array(Public(key.publicKey).text.utf8), to: publicPath)
    }

    static func open(_ path: String, passphrase: SecretBytes) throws -> Sealing.KEMPrivateKey {
        let bytes: [UInt8]
        do { bytes = try KeyFileStore.read(from: path) } catch { throw PartyFileError.secretFile(error) }
        let contents: KeyFileContents
        do { contents = try KeyFile.open(bytes, passphrase: passphrase.bytes) } catch {
            throw PartyFileError.keyFile(path: path, error)
        }
        guard let seed = contents[secretName] else { throw PartyFileError.keyMissing(secretName) }
        return try Sealing.KEMPrivateKey(seed: seed.bytes)
    }

    private static let secretName = "recovery"
}

/// Why a recovery key cannot be used.
public enum RecoveryKeyFault: Error, Hashable, Sendable {
    /// The file is not the public half of one.
    case notPublic(path: String)
    /// There is a file already.
    case alreadyThere(path: String)
}

extension RecoveryKeyFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notPublic(let path):
            "\(path) is not the public half of a backup key; use the file that 'tallystick-node backup-key' wrote"
        case .alreadyThere(let path): "\(path) is there already; name another file"
        }
    }
}
