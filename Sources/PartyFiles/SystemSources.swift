import Glibc
public import TallystickPrimitives

/// The operating system's random generator.
public struct SystemEntropy: Entropy {
    /// The only generator a daemon uses.
    public init() {}

    /// What the kernel gives at once (getentropy(3)).
    private static let drawByteCount = 256

    public func bytes(count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        for start in stride(from: 0, to: count, by: SystemEntropy.drawByteCount) {
            let end = min(start + SystemEntropy.drawByteCount, count)
            let isDrawn = bytes[start..<end].withUnsafeMutableBytes { getentropy($0.baseAddress, $0.count) == 0 }
            precondition(isDrawn, "a kernel without randomness can keep no secret")
        }
        return bytes
    }
}

/// The operating system's clock.
public struct SystemTime: TimeSource {
    /// The only clock a daemon reads.
    public init() {}

    public func now() -> Timestamp {
        var time = timespec()
        let result = clock_gettime(CLOCK_REALTIME, &time)
        precondition(result == 0, "the system has a clock")
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }
}
