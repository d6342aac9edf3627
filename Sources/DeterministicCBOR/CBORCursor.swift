/// Walks over encoded items and makes none of them: for bytes of which only some are looked at.
///
/// Of what it passes over it checks lengths and shortest forms, and no more: whoever keeps an item decodes it.
public struct CBORCursor: Sendable {
    /// What it walks over.
    public let bytes: [UInt8]
    /// Where the next item begins.
    public private(set) var position: Int
    private let end: Int

    /// Begins at the start of bytes, or of a part of them.
    ///
    /// - Precondition: the part lies within the bytes.
    public init(_ bytes: [UInt8], in part: Range<Int>? = nil) {
        let part = part ?? bytes.startIndex..<bytes.endIndex
        precondition(part.lowerBound >= 0 && part.upperBound <= bytes.count, "a part of the bytes")
        self.bytes = bytes
        position = part.lowerBound
        end = part.upperBound
    }

    /// Whether nothing follows.
    public var isAtEnd: Bool { position == end }

    /// The next item, a number.
    public mutating func unsigned() throws(CBORError) -> UInt64 { try argument(of: 0) }

    /// The next item's count, an array; its items follow.
    public mutating func array() throws(CBORError) -> Int {
        let start = position
        let count = try argument(of: 4)
        // Every item takes a byte at least.
        guard count <= UInt64(end - position) else { throw .truncated(at: start) }
        return Int(count)
    }

    /// Where the next item's bytes are, a byte string.
    public mutating func byteString() throws(CBORError) -> Range<Int> { try take(try argument(of: 2)) }

    /// Where the next item's bytes are, a text; whether it is UTF-8 is not looked at.
    public mutating func text() throws(CBORError) -> Range<Int> { try take(try argument(of: 3)) }

    /// Passes over the next item, whatever it is.
    public mutating func skip() throws(CBORError) {
        // Items that are still to be passed over; never more than there are bytes.
        var left: UInt64 = 1
        while left > 0 {
            left -= 1
            let start = position
            let (major, value) = try head()
            switch major {
            case 0, 1: break
            case 2, 3: _ = try take(value)
            case 4, 5:
                guard value <= UInt64(end - position) else { throw .truncated(at: start) }
                left += major == 4 ? value : 2 * value
                guard left <= UInt64(end - position) else { throw .truncated(at: start) }
            case 6:
                guard value == 18 else { throw .unsupported(at: start) }
                left += 1
            default: guard (20...22).contains(value) else { throw .unsupported(at: start) }
            }
        }
    }

    private mutating func argument(of major: UInt8) throws(CBORError) -> UInt64 {
        let start = position
        let (found, value) = try head()
        guard found == major else { throw .unsupported(at: start) }
        return value
    }

    private mutating func take(_ count: UInt64) throws(CBORError) -> Range<Int> {
        guard count <= UInt64(end - position) else { throw .truncated(at: position) }
        defer { position += Int(count) }
        return position..<position + Int(count)
    }

    private mutating func head() throws(CBORError) -> (major: UInt8, value: UInt64) {
        let start = position
        guard start < end else { throw .truncated(at: start) }
        let initial = bytes[start]
        position += 1
        let (width, least): (Int, UInt64)
        switch initial & 31 {
        case let small where small < 24: return (initial >> 5, UInt64(small))
        case 24: (width, least) = (1, 24)
        case 25: (width, least) = (2, 0x100)
        case 26: (width, least) = (4, 0x1_0000)
        case 27: (width, least) = (8, 0x1_0000_0000)
        case 31: throw .indefiniteLength(at: start)
        default: throw .illFormed(at: start)
        }
        guard initial >> 5 != 7 else { throw .unsupported(at: start) }
        guard width <= end - position else { throw .truncated(at: start) }
        var value: UInt64 = 0
        for offset in 0..<width { value = value << 8 | UInt64(bytes[position + offset]) }
        position += width
        guard value >= least else { throw .notShortest(at: start) }
        return (initial >> 5, value)
    }
}
