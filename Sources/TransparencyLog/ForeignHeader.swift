import DeterministicCBOR
import TallystickPrimitives

/// A CBOR map made by others, whose keys may be in any order.
///
/// COSE does not ask for deterministic headers (RFC 9052 §9), so only ours are decoded strictly.
/// Here the map is merely divided into its entries; each value is then decoded strictly when it is
/// needed.
struct ForeignHeader {
    private let values: [[UInt8]: ArraySlice<UInt8>]

    /// Nil for bytes that are not one map of definite lengths with unique keys.
    init?(_ bytes: [UInt8]) {
        var reader = ItemReader(bytes: bytes)
        guard let (major, count) = reader.head(), major == 5, count <= bytes.count else {
            return nil
        }
        var values: [[UInt8]: ArraySlice<UInt8>] = [:]
        for _ in 0..<count {
            guard let key = reader.item(depth: 2), let value = reader.item(depth: 2),
                values.updateValue(value, forKey: Array(key)) == nil
            else { return nil }
        }
        guard reader.position == bytes.count else { return nil }
        self.values = values
    }

    /// Whether the map has that label.
    func has(_ label: Int64) -> Bool { values[CBOR.integer(label).encoded] != nil }

    /// The bytes of the value of that label.
    func bytes(_ label: Int64) -> [UInt8]? {
        values[CBOR.integer(label).encoded].map(Array.init)
    }

    /// The value of that label, if it has one in the strict subset.
    func item(_ label: Int64) -> CBOR? {
        bytes(label).flatMap { try? CBOR(decoding: $0) }
    }
}

/// Finds where CBOR items end, without understanding them.
private struct ItemReader {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a major type and its argument; nil at the end and for indefinite lengths.
    mutating func head() -> (major: UInt8, argument: Int)? {
        guard position < bytes.count else { return nil }
        let initial = bytes[position]
        position += 1
        let additional = Int(initial & 31)
        guard additional >= 24 else { return (initial >> 5, additional) }
        guard additional <= 27 else { return nil }
        let width = 1 << (additional - 24)
        guard width <= bytes.count - position else { return nil }
        let number = NoteText.number(bytes[position..<position + width])
        position += width
        // Only lengths have to fit: the value of a number is read by whoever decodes the item.
        return (initial >> 5, Int(clamping: number))
    }

    mutating func item(depth: Int) -> ArraySlice<UInt8>? {
        let start = position
        return skip(depth: depth) ? bytes[start..<position] : nil
    }

    private mutating func skip(depth: Int) -> Bool {
        guard depth <= Limits.cborDepth, let (major, argument) = head() else { return false }
        switch major {
        case 0, 1, 7: return true
        case 2, 3:
            guard argument <= bytes.count - position else { return false }
            position += argument
            return true
        case 6: return skip(depth: depth + 1)
        default:
            // Each item has at least one byte, so a larger count cannot be honest; this bounds the
            // loop.
            let pairs = major == 5 ? 2 : 1
            guard argument <= (bytes.count - position) / pairs else { return false }
            for _ in 0..<argument * pairs where !skip(depth: depth + 1) { return false }
            return true
        }
    }
}
