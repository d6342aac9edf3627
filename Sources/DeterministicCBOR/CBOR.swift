/// One item of the strict subset of CBOR that Tallystick signs and hashes (RFC 8949 §4.2.1).
///
/// No floats, no undefined, no indefinite lengths, no tags but 18 (COSE_Sign1, RFC 9052 §4.2); map keys unique and in
/// bytewise order of their encoding. Two different byte strings never decode to the same item.
public enum CBOR: Hashable, Sendable {
    /// A number from 0 to 2⁶⁴-1.
    case unsigned(UInt64)
    /// The number -1 - n, for n from 0 to 2⁶⁴-1.
    case negative(UInt64)
    /// A byte string.
    case bytes([UInt8])
    /// A text string, valid UTF-8.
    case text(String)
    /// A sequence of items.
    case array([CBOR])
    /// Pairs with unique keys.
    case map(CBORMap)
    /// True or false.
    case bool(Bool)
    /// Nothing.
    case null
    /// An item with tag 18.
    indirect case tag18(CBOR)

    /// The only encoding of this item.
    public var encoded: [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(encodedByteCount)
        encode(into: &output)
        return output
    }

    /// A signed number as one of the two integer items.
    public static func integer(_ value: Int64) -> CBOR {
        value >= 0 ? .unsigned(UInt64(value)) : .negative(UInt64(-1 - value))
    }

    /// A byte string holding the encoding of `item`: how one of our objects appears inside another (WIRE §4).
    public static func embedded(_ item: CBOR) -> CBOR { .bytes(item.encoded) }

    /// A map of the given pairs, put in order.
    /// - Precondition: no key occurs twice.
    public static func map(of pairs: [(CBOR, CBOR)]) -> CBOR { .map(CBORMap(pairs)) }
}

extension CBOR {
    /// Bytes of the encoding.
    private var encodedByteCount: Int {
        switch self {
        case .unsigned(let value), .negative(let value): CBOR.headByteCount(value)
        case .bytes(let bytes): CBOR.headByteCount(UInt64(bytes.count)) + bytes.count
        case .text(let text): CBOR.headByteCount(UInt64(text.utf8.count)) + text.utf8.count
        case .array(let items): items.reduce(CBOR.headByteCount(UInt64(items.count))) { $0 + $1.encodedByteCount }
        case .map(let map):
            map.pairs.reduce(CBOR.headByteCount(UInt64(map.pairs.count))) {
                $0 + $1.key.encodedByteCount + $1.value.encodedByteCount
            }
        case .tag18(let item): 1 + item.encodedByteCount
        case .bool, .null: 1
        }
    }

    /// Bytes of a major type and its argument in the shortest form.
    private static func headByteCount(_ value: UInt64) -> Int {
        switch value {
        case 0..<24: 1
        case 24...0xff: 2
        case 0x100...0xffff: 3
        case 0x1_0000...0xffff_ffff: 5
        default: 9
        }
    }

    func encode(into output: inout [UInt8]) {
        switch self {
        case .unsigned(let value): CBOR.encodeHead(major: 0, value, into: &output)
        case .negative(let value): CBOR.encodeHead(major: 1, value, into: &output)
        case .bytes(let bytes):
            CBOR.encodeHead(major: 2, UInt64(bytes.count), into: &output)
            output.append(contentsOf: bytes)
        case .text(let text):
            CBOR.encodeHead(major: 3, UInt64(text.utf8.count), into: &output)
            output.append(contentsOf: text.utf8)
        case .array(let items):
            CBOR.encodeHead(major: 4, UInt64(items.count), into: &output)
            for item in items { item.encode(into: &output) }
        case .map(let map):
            CBOR.encodeHead(major: 5, UInt64(map.pairs.count), into: &output)
            for pair in map.pairs {
                pair.key.encode(into: &output)
                pair.value.encode(into: &output)
            }
        case .tag18(let item):
            output.append(0xd2)
            item.encode(into: &output)
        case .bool(let value): output.append(value ? 0xf5 : 0xf4)
        case .null: output.append(0xf6)
        }
    }

    /// Writes a major type and its argument in the shortest form (RFC 8949 §4.2.1).
    private static func encodeHead(major: UInt8, _ value: UInt64, into output: inout [UInt8]) {
        let high = major << 5
        let width: Int
        switch value {
        case 0..<24:
            output.append(high | UInt8(value))
            return
        case 24...0xff: (width, _) = (1, output.append(high | 24))
        case 0x100...0xffff: (width, _) = (2, output.append(high | 25))
        case 0x1_0000...0xffff_ffff: (width, _) = (4, output.append(high | 26))
        default: (width, _) = (8, output.append(high | 27))
        }
        for position in stride(from: width - 1, through: 0, by: -1) {
            output.append(UInt8(truncatingIfNeeded: value >> UInt64(position * 8)))
        }
    }
}

extension CBOR {
    /// Items are equal when their encodings are. Text is compared by its bytes, because `String`
    /// takes canonically equivalent texts for equal.
    public static func == (left: CBOR, right: CBOR) -> Bool {
        switch (left, right) {
        case (.unsigned(let left), .unsigned(let right)): left == right
        case (.negative(let left), .negative(let right)): left == right
        case (.bytes(let left), .bytes(let right)): left == right
        case (.text(let left), .text(let right)): isSameText(left, right)
        case (.array(let left), .array(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        case (.bool(let left), .bool(let right)): left == right
        case (.null, .null): true
        case (.tag18(let left), .tag18(let right)): left == right
        default: false
        }
    }

    private static func isSameText(_ left: String, _ right: String) -> Bool {
        let (left, right) = (left.utf8Span.span, right.utf8Span.span)
        guard left.count == right.count else { return false }
        for place in left.indices where left[place] != right[place] { return false }
        return true
    }

    /// Feeds the encoding, which equal items share.
    public func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
}
