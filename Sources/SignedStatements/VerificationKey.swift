import Crypto
public import TallystickPrimitives

/// An Ed25519 public key (RFC 8032) that has passed the checks of enrolment.
///
/// Points of small order and non-canonical encodings are refused, because under them verifiers
/// disagree about who signed what. Bytes that are no point of the curve are not told apart here:
/// such a key verifies nothing.
public struct VerificationKey: Hashable, Sendable {
    /// The encoded point, 32 bytes (RFC 8032 §5.1.2).
    public let bytes: [UInt8]
    /// The thumbprint of the key (RFC 9679 §4), used as `kid` everywhere.
    ///
    /// SHA-256 of the COSE_Key `{1: 1 (OKP), -1: 6 (Ed25519), -2: x}` in deterministic CBOR.
    public let keyID: Hash256

    /// Length of a key in bytes.
    public static let byteCount = 32

    /// Length of a signature in bytes.
    public static let signatureByteCount = 64

    /// Accepts the 32 bytes of a public key.
    /// - Throws: `KeyError` for another length, a non-canonical encoding or a point of small order.
    public init(bytes: [UInt8]) throws(KeyError) {
        guard bytes.count == VerificationKey.byteCount else { throw .wrongLength(bytes.count) }
        let coordinate = Array(bytes.dropLast()) + [bytes[31] & 0x7f]
        guard Edwards25519.isCanonical(coordinate) else { throw .notCanonical }
        guard !Edwards25519.isLowOrder(coordinate) else { throw .lowOrder }
        self.init(derived: bytes)
    }

    /// Wraps a key that was derived from a seed, and hence is a multiple of the base point.
    init(derived bytes: [UInt8]) {
        self.bytes = bytes
        keyID = Hash256(hashing: [0xa3, 0x01, 0x01, 0x20, 0x06, 0x21, 0x58, 0x20], bytes)
    }

    /// Whether `signature` over `bytes` was made with the secret half of this key.
    ///
    /// The rule of ref10: no cofactor, S below the group order, R compared by its bytes.
    public func isValid(signature: [UInt8], over bytes: [UInt8]) -> Bool {
        guard signature.count == VerificationKey.signatureByteCount,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: self.bytes)
        else { return false }
        return key.isValidSignature(signature, for: bytes)
    }
}

extension VerificationKey: CustomStringConvertible {
    /// The thumbprint in hexadecimal.
    public var description: String { keyID.hex }
}
