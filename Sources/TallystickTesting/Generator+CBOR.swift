public import DeterministicCBOR
public import TallystickPrimitives

extension Generator {
    /// Any item of the strict subset, nested no deeper than `depth` levels.
    /// - Precondition: `depth` is at least 1.
    public mutating func cbor(depth: Int = Limits.cborDepth) -> CBOR {
        let kind = int(in: 0...(depth > 1 ? 9 : 6))
        switch kind {
        case 0: return .unsigned(unsigned())
        case 1: return .negative(unsigned())
        case 2: return .bytes(bytes(upTo: 300))
        case 3: return .text(text(upTo: 30))
        case 4: return .bool(bool())
        case 5: return .null
        case 6: return .unsigned(element(of: [23, 24, 255, 256, 65_535, 65_536, 1 << 32, .max]))
        case 7: return .array(array(upTo: 5) { generator in generator.cbor(depth: depth - 1) })
        case 8: return .map(map(depth: depth - 1))
        default: return .tag18(cbor(depth: depth - 1))
        }
    }

    private mutating func map(depth: Int) -> CBORMap {
        var pairs: [CBOR: CBOR] = [:]
        for _ in 0..<int(in: 0...5) { pairs[cbor(depth: depth)] = cbor(depth: depth) }
        return CBORMap(pairs.map { ($0.key, $0.value) })
    }
}
