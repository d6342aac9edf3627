import Crypto
import DeterministicCBOR
import TallystickPrimitives

/// The salts of a compartment's fields: HKDF-Expand of its seed (WIRE §4), with one key schedule for all of them.
///
/// The library's own HKDF makes the schedule again for each field, which made the tree of fields the dearest part of
/// sealing an entry; a test holds the two against each other.
struct FieldSalts {
    private static let blockByteCount = 64
    static let byteCount = 16

    /// How an array of two begins whose first item names this use.
    private static let infoPrefix: [UInt8] = {
        let whole = CBOR.array([.text("tallystick/field/v1"), .null]).encoded
        return Array(whole.dropLast())
    }()

    // HMAC-SHA-256 (RFC 2104) after its key: no seed is longer than a block, so it is padded and never hashed.
    private let inner: SHA256
    private let outer: SHA256

    init(seed: [UInt8]) {
        let key = seed + [UInt8](repeating: 0, count: FieldSalts.blockByteCount - seed.count)
        inner = FieldSalts.hasher(after: key.map { $0 ^ 0x36 })
        outer = FieldSalts.hasher(after: key.map { $0 ^ 0x5c })
    }

    /// The beginning of the first block, HMAC(seed, info || 1) (RFC 5869 §2.3).
    func salt(of field: FieldCode) -> [UInt8] {
        var (inner, outer) = (inner, outer)
        let message = FieldSalts.infoPrefix + CBOR.code(field).encoded + [1]
        message.withUnsafeBytes { inner.update(bufferPointer: $0) }
        inner.finalize().withUnsafeBytes { outer.update(bufferPointer: $0) }
        return outer.finalize().withUnsafeBytes { Array($0.prefix(FieldSalts.byteCount)) }
    }

    private static func hasher(after block: [UInt8]) -> SHA256 {
        var hasher = SHA256()
        block.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        return hasher
    }
}
