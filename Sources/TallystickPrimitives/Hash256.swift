import Crypto

/// A SHA-256 value: 32 bytes, held inline so that trees of them stay cheap to copy and hash.
public struct Hash256: Hashable, Comparable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Length in bytes of every hash.
    public static let byteCount = 32

    /// Thirty-two zero bytes: the board fingerprint of a log that has no board yet, never a real hash.
    public static let zero = Hash256(words: (0, 0, 0, 0))

    /// Wraps exactly 32 bytes; nil for any other length.
    public init?(bytes: some Collection<UInt8>) { self.init(bytes: Array(bytes)) }

    /// Wraps exactly 32 bytes; nil for any other length.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Hash256.byteCount else { return nil }
        self = bytes.withUnsafeBytes { Hash256(unaligned: $0) }
    }

    /// SHA-256 (FIPS 180-4) over the concatenation of `parts`, without building it in memory.
    public init(hashing parts: [UInt8]...) {
        var hasher = SHA256()
        for part in parts { part.withUnsafeBytes { hasher.update(bufferPointer: $0) } }
        self.init(digest: hasher.finalize())
    }

    /// SHA-256 over one byte and a part of some bytes, without a copy of either.
    ///
    /// - Precondition: the part lies within the bytes.
    public init(hashing prefix: UInt8, _ bytes: [UInt8], in part: Range<Int>) {
        var hasher = SHA256()
        withUnsafeBytes(of: prefix) { hasher.update(bufferPointer: $0) }
        bytes.withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[part])) }
        self.init(digest: hasher.finalize())
    }

    /// SHA-256 over one byte and two hashes, the shape of a node of a tree, without an array for any of them.
    public init(hashing prefix: UInt8, _ left: Hash256, _ right: Hash256) {
        let (one, two) = (left.words, right.words)
        var hasher = SHA256()
        withUnsafeBytes(of: prefix) { hasher.update(bufferPointer: $0) }
        let joined = (
            one.0.bigEndian, one.1.bigEndian, one.2.bigEndian, one.3.bigEndian, two.0.bigEndian, two.1.bigEndian,
            two.2.bigEndian, two.3.bigEndian
        )
        withUnsafeBytes(of: joined) { hasher.update(bufferPointer: $0) }
        self.init(digest: hasher.finalize())
    }

    /// Parses 64 hexadecimal digits.
    public init?(hex: String) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes: bytes)
    }

    /// The 32 bytes, most significant first.
    public var bytes: [UInt8] {
        withUnsafeBytes(
            of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)
        ) { Array($0) }
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
        self = digest.withUnsafeBytes { Hash256(unaligned: $0) }
    }

    /// Reads 32 bytes, most significant first.
    private init(unaligned raw: UnsafeRawBufferPointer) {
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }
}

extension Hash256: CustomStringConvertible {
    public var description: String { hex }
}
