/// What one guess of a passphrase costs (RFC 7914 §2), within bounds a hostile file cannot leave.
public struct ScryptCost: Hashable, Sendable {
    /// N, a power of two.
    public let rounds: Int
    /// r, in units of 128 bytes.
    public let blockSize: Int
    /// p, done one after the other.
    public let parallelism: Int

    /// About 128 MiB and half a second: for every key file in use.
    public static let standard = ScryptCost(checked: 1 << 17, blockSize: 8, parallelism: 1)

    /// The least that is accepted, about 1 MiB: for secrets that protect nothing.
    public static let minimum = ScryptCost(checked: 1 << 10, blockSize: 8, parallelism: 1)

    /// Accepts N of 2¹⁰ to 2¹⁸ (a power of two), r of 1 to 8 and p of 1 to 4; nil otherwise.
    ///
    /// At the bounds that is 256 MiB of memory.
    public init?(rounds: Int, blockSize: Int, parallelism: Int) {
        guard KeyFileLimits.rounds.contains(rounds), rounds & (rounds - 1) == 0,
            KeyFileLimits.blockSize.contains(blockSize),
            KeyFileLimits.parallelism.contains(parallelism)
        else { return nil }
        self.init(checked: rounds, blockSize: blockSize, parallelism: parallelism)
    }

    private init(checked rounds: Int, blockSize: Int, parallelism: Int) {
        self.rounds = rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }
}
