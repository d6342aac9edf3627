public import TallystickPrimitives

/// A repeatable source of test values (splitmix64; Steele, Lea and Flood, 2014).
public struct Generator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts at the given seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range, each about as likely as the others.
    public mutating func int(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(bitPattern: Int64(range.upperBound) &- Int64(range.lowerBound)) &+ 1
        let offset = width == 0 ? next() : next() % width
        return range.lowerBound &+ Int(truncatingIfNeeded: offset)
    }

    /// A number of any size: small ones and the edges of the encodings come up often.
    public mutating func unsigned() -> UInt64 {
        next() >> UInt64(int(in: 0...63))
    }

    /// True or false.
    public mutating func bool() -> Bool { next() & 1 == 1 }

    /// Exactly `count` bytes.
    public mutating func bytes(count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// Up to `limit` bytes.
    public mutating func bytes(upTo limit: Int) -> [UInt8] {
        let count = int(in: 0...limit)
        return bytes(count: count)
    }

    /// One of the elements.
    /// - Precondition: there is at least one.
    public mutating func element<Element>(of elements: [Element]) -> Element {
        elements[int(in: 0...elements.count - 1)]
    }

    /// Up to `limit` elements, each made by `make`.
    public mutating func array<Element>(
        upTo limit: Int, of make: (inout Generator) -> Element
    ) -> [Element] {
        let count = int(in: 0...limit)
        return (0..<count).map { _ in make(&self) }
    }

    /// Up to `limit` characters from one to four bytes long.
    public mutating func text(upTo limit: Int) -> String {
        let alphabet: [Character] = ["a", "Z", "0", "-", " ", "\n", "\0", "ü", "水", "🜁", "\u{301}"]
        return String(array(upTo: limit) { generator in generator.element(of: alphabet) })
    }

    /// A hash of nothing in particular.
    public mutating func hash() -> Hash256 { Hash256(hashing: bytes(count: 16)) }

    /// An entropy source seeded by this generator.
    public mutating func entropy() -> SeededEntropy { SeededEntropy(seed: next()) }
}
