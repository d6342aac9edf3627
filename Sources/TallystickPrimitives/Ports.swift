/// Where randomness comes from. Production uses the system's generator; simulation uses a seed.
public protocol Entropy: Sendable {
    /// Returns exactly `count` bytes, unpredictable to everybody else unless the source says otherwise.
    func bytes(count: Int) -> [UInt8]
}

/// Where the time comes from. Production reads the system's clock; simulation turns its own.
public protocol TimeSource: Sendable {
    /// The present instant. It may step back; whoever orders by it must say what happens then.
    func now() -> Timestamp
}
