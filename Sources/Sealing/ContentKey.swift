import Crypto
public import TallystickPrimitives

/// The key of one compartment: 32 random bytes, used once (WIRE §4, CEK).
///
/// It never prints itself; whoever compares two of them does so in constant time.
public struct ContentKey: Equatable, Sendable {
    let secret: SymmetricKey

    /// Draws a new key.
    /// - Precondition: the source returns as many bytes as it is asked for.
    public init(from entropy: any Entropy) { secret = SymmetricKey(from: entropy) }

    /// Restores a key from its 32 bytes; nil for any other length.
    public init?(bytes: [UInt8]) {
        guard let secret = SymmetricKey(secret: bytes) else { return nil }
        self.secret = secret
    }

    init(secret: SymmetricKey) { self.secret = secret }

    /// What the statement says of this key: HKDF-Expand(SHA-256, key, "tallystick/cmp/com/v1", 32).
    public var commitment: Hash256 { secret.commitment("tallystick/cmp/com/v1") }

    /// What the compartment is encrypted under: HKDF-Expand(SHA-256, key, "tallystick/cmp/enc/v1",
    /// 32).
    var encryptionKey: SymmetricKey { secret.expanded("tallystick/cmp/enc/v1") }
}

extension ContentKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says that there is a key, never which.
    public var description: String { "ContentKey(withheld)" }

    /// Says that there is a key, never which.
    public var debugDescription: String { description }

    /// Shows nothing, so that dumps and test reports stay free of secrets.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
