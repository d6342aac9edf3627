/// Bounds of key files and passphrases, with their reasons.
public enum KeyFileLimits {
    /// Bytes in one key file or passphrase file: hundreds of secrets, and nothing to wait for.
    public static let byteCount = 64 << 10
    /// Characters in the shortest passphrase accepted: scrypt cannot save a shorter one.
    public static let passphraseLength = 12
    /// scrypt N: below, a guess is too cheap; above, a hostile file could exhaust memory.
    public static let rounds = 1 << 10...1 << 18
    /// scrypt r: with the largest N, 256 MiB.
    public static let blockSize = 1...8
    /// scrypt p: bounds the time of one attempt to a few seconds.
    public static let parallelism = 1...4
}
