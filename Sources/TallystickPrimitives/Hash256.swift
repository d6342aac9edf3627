import Crypto

/// A SHA-256 value: 32 bytes, held inline so that trees of them stay cheap to copy and hash.
public struct Hash256: Hashable, Comparable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Length in bytes of every hash.
    public static let byteCount = 32

    /// Thirty-two zero bytes: the board fingerprint of a log that has no board yet, never a real hash.
    public static let zero = Hash256(words: (0, 0, 0, 0))

    /// Wraps exactly 32 bytes; nil for any other length.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Hash256.byteCount else { return nil }
        words = BigEndianWords.read(bytes) { ($0[0], $0[1], $0[2], $0[3]) }
    }

    /// SHA-256 (FIPS 180-4) over the concatenation of `parts`, without building it in memory.
    public init(hashing parts: [UInt8]...) {
        var hasher = SHA256()
        for part in parts { hasher.update(data: part) }
        self.init(digest: hasher.finalize())
    }

    /// Parses 64 hexadecimal digits.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes, most significant first.
    public var bytes: [UInt8] {
        let stored = (
            words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian
        )
        return withUnsafeBytes(of: stored) { Array($0) }
    }

    /// The hash as 64 lower-case hexadecimal digits.
    public var hex: String { Hex.encode(bytes) }

    public static func == (left: Hash256, right: Hash256) -> Bool { left.words == right.words }

    public static func < (left: Hash256, right: Hash256) -> Bool { left.words < right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }

    private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }

    private init(digest: SHA256.Digest) {
        words = digest.withUnsafeBytes { raw in
            let words = BigEndianWords(raw)
            return (words[0], words[1], words[2], words[3])
        }
    }
}

extension Hash256: CustomStringConvertible {
    public var description: String { hex }
}
