import SignedStatements
public import TallystickPrimitives

/// A new member's public key as one reads it out and types it: four check bytes keep a key's identifier, or a slip of the
/// fingers, from taking a seat on the board that nobody can ever fill.
public struct MemberLine: Hashable, Sendable {
    /// The Ed25519 public key.
    public let key: [UInt8]

    /// The line of a key.
    public init(_ key: [UInt8]) { self.key = key }

    /// Parses a line; nil for anything that `text` does not write.
    public init?(parsing text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let key = Hex.decode(String(parts[1])), key.count == VerificationKey.byteCount else {
            return nil
        }
        self.init(key)
        guard self.text == text else { return nil }
    }

    /// The key's identifier, by which the board lists its members.
    public var keyID: Hash256? { try? VerificationKey(bytes: key).keyID }

    /// `member-`, the key and the check, in hexadecimal digits.
    public var text: String {
        let check = Hash256(hashing: Array("tallystick/board-member/v1".utf8) + key).bytes.prefix(4)
        return "member-\(Hex.encode(key))-\(Hex.encode(check))"
    }
}
