/// Why bytes are not an acceptable Ed25519 key.
public enum KeyError: Error, Hashable, Sendable {
    /// A key is 32 bytes; this many were given.
    case wrongLength(Int)
    /// The y coordinate is not less than 2²⁵⁵-19, so the same point has another encoding.
    case notCanonical
    /// The point is one of the eight of small order, under which anybody can make signatures.
    case lowOrder
}

extension KeyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongLength(let count):
            "the Ed25519 key has \(count) bytes instead of 32; give the raw key"
        case .notCanonical:
            "the Ed25519 public key is not in its canonical encoding; ask for a new key"
        case .lowOrder:
            "the Ed25519 public key is of small order and protects nothing; ask for a new key"
        }
    }
}
