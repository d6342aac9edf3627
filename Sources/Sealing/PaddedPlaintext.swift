import TallystickPrimitives

/// u32be(length of body) || body || zeros up to a bucket: a size tells no more than its bucket
/// (WIRE §4).
enum PaddedPlaintext {
    /// Length in bytes of the length before the body.
    static let headByteCount = 4
    /// Length in bytes of the longest body that fits the largest bucket.
    static let bodyLimit = Limits.compartmentByteCount - headByteCount

    /// Pads `body` to the smallest bucket, and to one of `room` bytes at least; nil when it fits none.
    static func pad(_ body: [UInt8], room: Int = 0) -> [UInt8]? {
        let used = headByteCount + body.count
        guard let bucket = Limits.paddingBuckets.first(where: { $0 >= max(used, room) }) else { return nil }
        var padded: [UInt8] = []
        padded.reserveCapacity(bucket)
        for shift in stride(from: 24, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: body.count >> shift))
        }
        padded += body
        padded += repeatElement(0, count: bucket - used)
        return padded
    }

    /// The body; nil when its length does not fit or a byte after it is not zero.
    static func body(of padded: [UInt8]) -> [UInt8]? {
        guard padded.count >= headByteCount else { return nil }
        let count = padded[..<headByteCount].reduce(0) { $0 << 8 | Int($1) }
        guard count <= padded.count - headByteCount else { return nil }
        let end = headByteCount + count
        guard padded[end...].allSatisfy({ $0 == 0 }) else { return nil }
        return Array(padded[headByteCount..<end])
    }
}
