import TallystickTesting

/// Bytes that were right, made wrong in the ways in which bytes go wrong.
enum Mutation {
    /// Lengths, counts and numbers at their edges, as CBOR writes them.
    private static let edges: [[UInt8]] = [
        [0x17], [0x18, 0x18], [0x18, 0xff], [0x19, 0xff, 0xff], [0x1a, 0xff, 0xff, 0xff, 0xff],
        [0x1b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        [0x7a, 0xff, 0xff, 0xff, 0xff], [0x9b, 0, 0, 0, 0, 0, 0, 1, 0], [0xbb, 0, 0, 0, 0, 0, 1, 0, 0], [0x80], [0xa0],
        [0x40], [0x60], [0xf6], [0xf7], [0xd2], [0xff], Array("18446744073709551616".utf8), Array("-1".utf8), [10], [0],
    ]

    /// One to four changes to a seed.
    static func of(_ seed: [UInt8], other: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = seed
        for _ in 0..<generator.int(in: 1...4) { change(&bytes, other, &generator) }
        return bytes
    }

    private static func change(_ bytes: inout [UInt8], _ other: [UInt8], _ generator: inout Generator) {
        let place = generator.int(in: 0...bytes.count)
        let end = min(bytes.count, place + generator.int(in: 1...16))
        switch generator.int(in: 0...8) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(generator.int(in: 0...7))
        case 1 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 2: bytes.insert(contentsOf: generator.bytes(upTo: 8), at: place)
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 5: bytes = Array(bytes.prefix(place))
        case 6 where !other.isEmpty:
            let cut = generator.int(in: 0...other.count)
            bytes = Array(bytes.prefix(place)) + other.dropFirst(cut)
        case 7: bytes.replaceSubrange(place..<end, with: generator.element(of: edges))
        default: bytes.insert(contentsOf: generator.element(of: edges), at: place)
        }
    }
}
