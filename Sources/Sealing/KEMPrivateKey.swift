import Crypto
import EventLogs
public import TallystickPrimitives

/// An agency's X-Wing secret for one term, to which grants are sealed
/// (draft-connolly-cfrg-xwing-kem).
///
/// Where Crypto is imported too, write `Sealing.KEMPrivateKey`: Crypto has a protocol of this name.
public struct KEMPrivateKey: Sendable {
    /// The public half, 1,216 bytes.
    public let publicKey: [UInt8]
    /// What grants call the key: SHA-256(det(["tallystick/kem/v1", kem, public key])).
    public let keyID: Hash256

    let secret: XWingMLKEM768X25519.PrivateKey

    /// Length of a seed in bytes.
    public static let seedByteCount = 32

    /// Draws a new key.
    /// - Precondition: the source returns as many bytes as it is asked for.
    public init(from entropy: any Entropy) {
        let seed = entropy.bytes(count: KEMPrivateKey.seedByteCount)
        guard let key = try? KEMPrivateKey(seed: seed) else {
            preconditionFailure("an entropy source must return as many bytes as it was asked for")
        }
        self = key
    }

    /// Restores the key of a 32-byte seed.
    /// - Throws: `SealingError.wrongSeedLength`.
    public init(seed: [UInt8]) throws(SealingError) {
        guard seed.count == KEMPrivateKey.seedByteCount,
            let secret = try? XWingMLKEM768X25519.PrivateKey(
                seedRepresentation: seed, publicKey: nil)
        else { throw .wrongSeedLength(seed.count) }
        self.secret = secret
        publicKey = Array(secret.publicKey.rawRepresentation)
        keyID = DirectGrant.kemKeyID(kem: GrantSuite.kem, publicKey: publicKey)
    }

    /// The seed, for a key file and for nothing else.
    public var seedRepresentation: [UInt8] { Array(secret.seedRepresentation) }
}

extension KEMPrivateKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Names the public half only.
    public var description: String { "KEMPrivateKey(secret withheld, key \(keyID))" }

    /// Names the public half only.
    public var debugDescription: String { description }

    /// Shows the public half only, so that dumps and test reports stay free of secrets.
    public var customMirror: Mirror { Mirror(self, children: ["keyID": keyID]) }
}
