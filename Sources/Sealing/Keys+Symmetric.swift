import Crypto
import TallystickPrimitives

// What the 32-byte secrets have in common: one place for deriving, wrapping and drawing them.
extension SymmetricKey {
    /// Length in bytes of every symmetric secret.
    static let secretByteCount = 32

    /// Draws a new secret.
    /// - Precondition: the source returns as many bytes as it is asked for.
    init(from entropy: any Entropy) {
        let bytes = entropy.bytes(count: SymmetricKey.secretByteCount)
        precondition(
            bytes.count == SymmetricKey.secretByteCount,
            "an entropy source must return as many bytes as it was asked for")
        self.init(data: bytes)
    }

    /// Wraps exactly 32 bytes; nil for any other length.
    init?(secret bytes: [UInt8]) {
        guard bytes.count == SymmetricKey.secretByteCount else { return nil }
        self.init(data: bytes)
    }

    /// The secret itself.
    var secretBytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// HKDF-Expand with SHA-256 to 32 bytes (RFC 5869 §2.3); the secret is uniform, so nothing is
    /// extracted.
    func expanded(_ info: String) -> SymmetricKey {
        // Thirty-two bytes are the first block alone: HMAC(key, info || 1).
        var block = HMAC<SHA256>(key: self)
        block.update(data: Array(info.utf8) + [1])
        return SymmetricKey(data: block.finalize())
    }

    /// What may be published about the secret: 32 bytes derived under a name of its own.
    func commitment(_ info: String) -> Hash256 {
        guard let hash = Hash256(bytes: expanded(info).secretBytes) else {
            preconditionFailure("HKDF-Expand returns as many bytes as it was asked for")
        }
        return hash
    }

    /// Wraps `secret` under this key: 40 bytes (RFC 3394 §2.2.1).
    func wrapped(_ secret: SymmetricKey) -> [UInt8] {
        guard let wrapped = try? AES.KeyWrap.wrap(secret, using: self) else {
            preconditionFailure("a 32-byte key always wraps under a 32-byte key")
        }
        return Array(wrapped)
    }

    /// The secret in `wrapped`; nil when the integrity check fails (RFC 3394 §2.2.2).
    func unwrapped(_ wrapped: [UInt8]) -> SymmetricKey? {
        guard wrapped.count == SymmetricKey.secretByteCount + 8 else { return nil }
        return try? AES.KeyWrap.unwrap(wrapped, using: self)
    }
}
