import Crypto
public import TallystickPrimitives

/// Something that signs under one public key: a key in memory, or one behind other walls.
public protocol Signer: Sendable {
    /// The key under which the signatures verify.
    var publicKey: VerificationKey { get }

    /// Signs `bytes` with Ed25519 (RFC 8032 §5.1.6).
    /// - Returns: the 64 bytes of the signature.
    /// - Throws: whatever keeps the secret from being used.
    func sign(_ bytes: [UInt8]) throws -> [UInt8]
}

/// An Ed25519 secret held in memory. It never prints itself.
public struct SigningKey: Signer {
    /// The public half.
    public let publicKey: VerificationKey

    private let secret: Curve25519.Signing.PrivateKey

    /// Length of a seed in bytes.
    public static let seedByteCount = 32

    /// Restores the key of a 32-byte seed (RFC 8032 §5.1.5).
    /// - Throws: `KeyError.wrongLength`.
    public init(seed: [UInt8]) throws(KeyError) {
        guard let secret = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            throw .wrongLength(seed.count)
        }
        self.init(secret: secret)
    }

    /// Draws a new key.
    /// - Precondition: the source returns as many bytes as it is asked for.
    public init(from entropy: any Entropy) {
        let seed = entropy.bytes(count: SigningKey.seedByteCount)
        guard let secret = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed) else {
            preconditionFailure("an entropy source must return as many bytes as it was asked for")
        }
        self.init(secret: secret)
    }

    private init(secret: Curve25519.Signing.PrivateKey) {
        self.secret = secret
        publicKey = VerificationKey(derived: Array(secret.publicKey.rawRepresentation))
    }

    /// The seed, for a key file and for nothing else.
    public var seed: [UInt8] { Array(secret.rawRepresentation) }

    /// Signs `bytes` with Ed25519; the same bytes always give the same signature.
    public func sign(_ bytes: [UInt8]) throws -> [UInt8] {
        Array(try secret.signature(for: bytes))
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Names the public half only.
    public var description: String { "SigningKey(secret withheld, public \(publicKey))" }

    /// Names the public half only.
    public var debugDescription: String { description }

    /// Shows the public half only, so that dumps and test reports stay free of secrets.
    public var customMirror: Mirror { Mirror(self, children: ["publicKey": publicKey]) }
}
