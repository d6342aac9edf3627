import Synchronization
public import TallystickPrimitives

/// Bytes that look random and are the same for the same seed: SHA-256 over seed and counter.
///
/// For tests and simulation only; whoever knows the seed knows every byte.
public final class SeededEntropy: Entropy, Sendable {
    private struct State {
        var counter: UInt64 = 0
        var unused: ArraySlice<UInt8> = []
    }

    private let seed: [UInt8]
    private let state = Mutex(State())

    /// Starts a source at the given seed.
    public init(seed: UInt64) { self.seed = SeededEntropy.encode(seed) }

    /// Returns the next `count` bytes of the sequence.
    public func bytes(count: Int) -> [UInt8] {
        state.withLock { state in
            while state.unused.count < count {
                let counter = SeededEntropy.encode(state.counter)
                let block = Hash256(hashing: Array("seeded entropy".utf8), seed, counter)
                state.unused.append(contentsOf: block.bytes)
                state.counter += 1
            }
            defer { state.unused = state.unused.dropFirst(count) }
            return Array(state.unused.prefix(count))
        }
    }

    private static func encode(_ value: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
    }
}
