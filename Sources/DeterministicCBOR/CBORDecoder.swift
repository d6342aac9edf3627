public import TallystickPrimitives

/// Why bytes are not one item of the strict subset, with the offset of the first byte at fault.
public enum CBORError: Error, Hashable, Sendable {
    /// More bytes than the limit for one item.
    case tooLarge(byteCount: Int, limit: Int)
    /// The bytes end inside an item.
    case truncated(at: Int)
    /// Bytes follow the item.
    case trailingBytes(at: Int)
    /// Reserved additional information (28 to 30), or a break outside an indefinite-length item.
    case illFormed(at: Int)
    /// A number or length not in its shortest form.
    case notShortest(at: Int)
    /// An indefinite length.
    case indefiniteLength(at: Int)
    /// A key that is not greater than the one before it.
    case keyOrder(at: Int)
    /// A key that occurs twice.
    case duplicateKey(at: Int)
    /// More items inside than the limit.
    case tooManyItems(at: Int)
    /// More nesting than the limit.
    case tooDeep(at: Int)
    /// Text that is not UTF-8.
    case invalidText(at: Int)
    /// A float, a simple value other than false, true and null, or a tag other than 18.
    case unsupported(at: Int)
}

extension CBOR {
    /// Decodes exactly one item and nothing after it.
    ///
    /// - Parameter limit: bytes accepted at most.
    /// - Throws: `CBORError`; every encoding but the one `encoded` gives is refused.
    public init(decoding bytes: [UInt8], limit: Int = Limits.cborByteCount) throws(CBORError) {
        guard bytes.count <= limit else { throw .tooLarge(byteCount: bytes.count, limit: limit) }
        var decoder = CBORDecoder(bytes: bytes)
        self = try decoder.item(depth: 1)
        guard decoder.position == bytes.count else { throw .trailingBytes(at: decoder.position) }
    }
}

private struct CBORDecoder {
    let bytes: [UInt8]
    var position = 0
    /// How many more items may come: an item takes many times the memory of its bytes.
    private var itemsLeft = Limits.cborItemCount

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func item(depth: Int) throws(CBORError) -> CBOR {
        let start = position
        guard depth <= Limits.cborDepth else { throw .tooDeep(at: start) }
        guard itemsLeft > 0 else { throw .tooManyItems(at: start) }
        itemsLeft -= 1
        let initial = try byte()
        let major = initial >> 5
        if major == 7 { return try simple(initial, at: start) }
        let argument = try argument(additional: initial & 31, at: start)
        switch major {
        case 0: return .unsigned(argument)
        case 1: return .negative(argument)
        case 2: return .bytes(Array(bytes[try take(argument, from: start)]))
        case 3: return .text(try text(argument, from: start))
        case 4: return try array(count: argument, at: start, depth: depth)
        case 5: return try map(count: argument, at: start, depth: depth)
        default:
            guard argument == 18 else { throw .unsupported(at: start) }
            return .tag18(try item(depth: depth + 1))
        }
    }

    private func simple(_ initial: UInt8, at start: Int) throws(CBORError) -> CBOR {
        switch initial & 31 {
        case 20: return .bool(false)
        case 21: return .bool(true)
        case 22: return .null
        case 28...31: throw .illFormed(at: start)
        default: throw .unsupported(at: start)
        }
    }

    private mutating func byte() throws(CBORError) -> UInt8 {
        guard position < bytes.count else { throw .truncated(at: position) }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func argument(additional: UInt8, at start: Int) throws(CBORError) -> UInt64 {
        let width: Int
        let least: UInt64
        switch additional {
        case 0..<24: return UInt64(additional)
        case 24: (width, least) = (1, 24)
        case 25: (width, least) = (2, 0x100)
        case 26: (width, least) = (4, 0x1_0000)
        case 27: (width, least) = (8, 0x1_0000_0000)
        case 31: throw .indefiniteLength(at: start)
        default: throw .illFormed(at: start)
        }
        var value: UInt64 = 0
        for _ in 0..<width { value = value << 8 | UInt64(try byte()) }
        guard value >= least else { throw .notShortest(at: start) }
        return value
    }

    /// Where the next bytes are.
    private mutating func take(_ count: UInt64, from start: Int) throws(CBORError) -> Range<Int> {
        guard count <= UInt64(bytes.count - position) else { throw .truncated(at: start) }
        defer { position += Int(count) }
        return position..<position + Int(count)
    }

    private mutating func text(_ count: UInt64, from start: Int) throws(CBORError) -> String {
        let place = try take(count, from: start)
        guard let valid = try? UTF8Span(validating: bytes.span.extracting(place)) else { throw .invalidText(at: start) }
        return String(copying: valid)
    }

    private mutating func array(count: UInt64, at start: Int, depth: Int) throws(CBORError) -> CBOR {
        guard count <= UInt64(bytes.count - position) else { throw .truncated(at: start) }
        guard count <= UInt64(itemsLeft) else { throw .tooManyItems(at: start) }
        var items: [CBOR] = []
        items.reserveCapacity(Int(count))
        for _ in 0..<count { items.append(try item(depth: depth + 1)) }
        return .array(items)
    }

    private mutating func map(count: UInt64, at start: Int, depth: Int) throws(CBORError) -> CBOR {
        guard count <= UInt64(bytes.count - position) / 2 else { throw .truncated(at: start) }
        guard count <= UInt64(itemsLeft) / 2 else { throw .tooManyItems(at: start) }
        var pairs: [CBORMap.Pair] = []
        pairs.reserveCapacity(Int(count))
        var previous: Range<Int>?
        for _ in 0..<count {
            let keyStart = position
            let key = try item(depth: depth + 1)
            let encoded = keyStart..<position
            if let previous { try checkOrder(of: previous, encoded) }
            previous = encoded
            pairs.append(CBORMap.Pair(key: key, value: try item(depth: depth + 1)))
        }
        return .map(CBORMap(inOrder: pairs))
    }

    /// Of two encoded items neither begins with the other, so the first byte that differs tells.
    private func checkOrder(of first: Range<Int>, _ second: Range<Int>) throws(CBORError) {
        for (left, right) in zip(first, second) where bytes[left] != bytes[right] {
            guard bytes[left] < bytes[right] else { throw .keyOrder(at: second.lowerBound) }
            return
        }
        throw .duplicateKey(at: second.lowerBound)
    }
}
