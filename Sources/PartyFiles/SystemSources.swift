import Glibc
public import TallystickPrimitives

/// The operating system's random generator.
public struct SystemEntropy: Entropy {
    /// The only generator a daemon uses.
    public init() {}

    public func bytes(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        // Each draw asks the kernel: eight bytes at a time and not one.
        while bytes.count < count {
            withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
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
