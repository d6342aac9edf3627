import Crypto
public import TallystickPrimitives

/// One of three shares of a recovery key, as it is printed and typed: two of them open the recovery file.
///
/// The text is the bytes 1, place, set b4, values b32 and a checksum b4, the first bytes of SHA-256 of those before it, in
/// the digits of Crockford's base 32, in groups of four. The set says which shares belong together; it is random.
public struct RecoveryShare: Hashable, Sendable {
    /// 1, 2 or 3.
    public let place: UInt8
    /// Which shares belong together.
    public let set: [UInt8]
    /// The share itself.
    let values: [UInt8]

    /// Bytes of a recovery key.
    public static let keyByteCount = 32

    private init(place: UInt8, set: [UInt8], values: [UInt8]) {
        self.place = place
        self.set = set
        self.values = values
    }

    /// Shares a new recovery key out.
    public static func make(from entropy: any Entropy) -> (key: SecretBytes, shares: [RecoveryShare]) {
        let key = entropy.bytes(count: keyByteCount)
        let set = entropy.bytes(count: 4)
        let shares = SecretSharing.split(key, entropy: entropy).enumerated().map { place, values in
            RecoveryShare(place: UInt8(place + 1), set: set, values: values)
        }
        return (SecretBytes(key), shares)
    }

    /// The recovery key of two shares.
    /// - Throws: `.sameShare`, `.otherSet`.
    public static func join(
        _ first: RecoveryShare, _ second: RecoveryShare
    ) throws(RecoveryShareError) -> SecretBytes {
        guard first.set == second.set else { throw .otherSet }
        guard first.place != second.place else { throw .sameShare }
        return SecretBytes(SecretSharing.join((first.place, first.values), (second.place, second.values)))
    }

    /// The share as people copy it.
    public var text: String {
        let bytes = Self.version + [place] + set + values
        let digits = Base32.encode(bytes + Self.checksum(bytes))
        return stride(from: 0, to: digits.count, by: 4).map { start in
            String(digits[start..<min(start + 4, digits.count)])
        }.joined(separator: "-")
    }

    /// Reads a share as it was typed: small letters, spaces and hyphens do not matter, nor O for 0 and I or L for 1.
    /// - Throws: `.unreadable`, `.mistyped`.
    public init(parsing text: String) throws(RecoveryShareError) {
        guard let bytes = Base32.decode(text), bytes.count == Self.byteCount else { throw .unreadable }
        let body = Array(bytes.dropLast(Self.checksumByteCount))
        guard Array(bytes.suffix(Self.checksumByteCount)) == Self.checksum(body) else { throw .mistyped }
        guard body[0] == Self.version[0], (1...UInt8(SecretSharing.shareCount)).contains(body[1]) else {
            throw .unreadable
        }
        self.init(place: body[1], set: Array(body[2..<6]), values: Array(body[6...]))
    }

    private static let version: [UInt8] = [1]
    private static let checksumByteCount = 4
    private static let byteCount = 1 + 1 + 4 + keyByteCount + checksumByteCount

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: bytes).prefix(checksumByteCount))
    }
}

/// Why a share does not serve.
public enum RecoveryShareError: Error, Hashable, Sendable {
    /// The text is no share, or a part of one.
    case unreadable
    /// A digit was copied wrongly.
    case mistyped
    /// The same share was given twice.
    case sameShare
    /// The shares were not made together.
    case otherSet
}

extension RecoveryShareError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable: "this is no share; copy all of its 17 groups"
        case .mistyped: "a digit of this share was copied wrongly; compare it group by group"
        case .sameShare: "this is the same share twice; give two different ones"
        case .otherSet: "these shares were not made together; use two of the newest three"
        }
    }
}

extension RecoveryShare: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Which share, never its values.
    public var description: String { "RecoveryShare(\(place) of \(SecretSharing.shareCount), withheld)" }

    /// Which share, never its values.
    public var debugDescription: String { description }

    /// Shows the place only.
    public var customMirror: Mirror { Mirror(self, children: ["place": place]) }
}

/// Crockford's base 32: digits and letters without I, L, O and U, which look like others.
enum Base32 {
    private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    static func encode(_ bytes: [UInt8]) -> [Character] {
        var (found, buffer, bitCount) = ([Character](), UInt32(0), 0)
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 5 {
                bitCount -= 5
                found.append(digits[Int(buffer >> UInt32(bitCount) & 31)])
            }
        }
        if bitCount > 0 { found.append(digits[Int(buffer << UInt32(5 - bitCount) & 31)]) }
        return found
    }

    /// Whole bytes; nil for anything that is no digit, or for bits that are left over and not zero.
    static func decode(_ text: String) -> [UInt8]? {
        var (bytes, buffer, bitCount) = ([UInt8](), UInt32(0), 0)
        for character in text.uppercased() where !(character.isWhitespace || character == "-") {
            let plain: Character = character == "O" ? "0" : character == "I" || character == "L" ? "1" : character
            guard let value = digits.firstIndex(of: plain) else { return nil }
            buffer = buffer << 5 | UInt32(value)
            bitCount += 5
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: buffer >> UInt32(bitCount)))
            }
        }
        guard bitCount < 5, buffer & (1 << UInt32(bitCount) - 1) == 0 else { return nil }
        return bytes
    }
}
