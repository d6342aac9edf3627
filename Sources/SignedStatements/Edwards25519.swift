/// What has to be known of the curve to refuse bad public keys: judged on the y coordinate alone.
enum Edwards25519 {
    /// Whether the little-endian y coordinate, sign bit cleared, is below 2²⁵⁵-19.
    static func isCanonical(_ coordinate: [UInt8]) -> Bool {
        guard coordinate[31] == 0x7f, coordinate[1..<31].allSatisfy({ $0 == 0xff }) else {
            return true
        }
        return coordinate[0] < 0xed
    }

    /// Whether the canonical y coordinate is that of a point whose order divides eight.
    ///
    /// Both signs of x share a coordinate, so five values stand for the eight points (and for the
    /// two encodings that put a sign on x = 0).
    static func isLowOrder(_ coordinate: [UInt8]) -> Bool { lowOrder.contains(coordinate) }

    // Computed as the multiples of a point of order eight; checked against the C2SP CCTV vectors.
    private static let lowOrder: Set<[UInt8]> = [
        [1] + [UInt8](repeating: 0, count: 31),
        [UInt8](repeating: 0, count: 32),
        [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
        orderEight,
        oppositeOrderEight,
    ]

    private static let orderEight: [UInt8] = [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98,
        0xf0,
        0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc,
        0x05,
    ]

    private static let oppositeOrderEight: [UInt8] = [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67,
        0x0f,
        0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03,
        0x7a,
    ]
}
