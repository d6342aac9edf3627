/// Pairs with unique keys, in bytewise order of the encoded key (RFC 8949 §4.2.1, not the length-first order of RFC 7049).
public struct CBORMap: Hashable, Sendable {
    /// One entry.
    public struct Pair: Hashable, Sendable {
        /// The key.
        public let key: CBOR
        /// What the key stands for.
        public let value: CBOR
    }

    /// The entries in order.
    public let pairs: [Pair]

    /// Puts the pairs in order.
    /// - Precondition: no key occurs twice.
    public init(_ unordered: [(CBOR, CBOR)]) {
        guard !CBORMap.areAscendingNumbers(unordered) else {
            pairs = unordered.map { Pair(key: $0.0, value: $0.1) }
            return
        }
        let keyed = unordered.map { (encoded: $0.0.encoded, pair: Pair(key: $0.0, value: $0.1)) }
        let ordered = keyed.sorted { $0.encoded.lexicographicallyPrecedes($1.encoded) }
        for (left, right) in zip(ordered, ordered.dropFirst()) {
            precondition(left.encoded != right.encoded, "a map never has one key twice")
        }
        pairs = ordered.map(\.pair)
    }

    /// Whether the keys are numbers in order: then their encodings are, because shorter ones come first.
    private static func areAscendingNumbers(_ pairs: [(CBOR, CBOR)]) -> Bool {
        var previous: UInt64?
        for (key, _) in pairs {
            guard case .unsigned(let number) = key, previous.map({ $0 < number }) ?? true else { return false }
            previous = number
        }
        return true
    }

    init(inOrder pairs: [Pair]) { self.pairs = pairs }

    /// The value of `key`, if there is one.
    public subscript(key: CBOR) -> CBOR? { pairs.first { $0.key == key }?.value }
}
