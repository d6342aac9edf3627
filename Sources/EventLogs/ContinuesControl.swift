import DeterministicCBOR
public import TallystickPrimitives

/// The first statement of a log that goes on in another's place: where the log before it ends, and nothing else.
///
/// It is signed by the agency's root key. What the log before it holds up to here stands; what may have been written in it
/// above, by whatever copy of its node, is lost and is never signed again (WIRE §2, rollback).
public struct ContinuesControl: Hashable, Sendable {
    /// The log that ends.
    public let origin: Origin
    /// How many statements of it are registered: no more follow.
    public let size: TreeSize
    /// The root of its tree there.
    public let root: Hash256

    /// States where a log ends.
    public init(origin: Origin, size: TreeSize, root: Hash256) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    var item: CBOR { .array([.origin(origin), .unsigned(size.value), .hash(root)]) }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 3)
        origin = try items[0].origin()
        size = TreeSize(try items[1].unsigned())
        // A log of nothing has no genesis: there is nothing to go on from.
        guard size != .empty else { throw CBORShapeError("a log with at least its genesis") }
        root = try items[2].hash256()
    }
}

extension Origin {
    /// The name of the log that goes on in this one's place: this name followed by `/r1`, or, where this one went on from
    /// another itself, with the next number; nil where no such name can be made.
    public var continued: Origin? {
        let number = incarnation
        guard number < UInt64.max else { return nil }
        let base = number == 0 ? text : String(text.dropLast("/r\(number)".count))
        return Origin("\(base)/r\(number + 1)")
    }

    /// How often the log has gone on in another's place: the number after a final `/r`, without leading zeros; else zero.
    private var incarnation: UInt64 {
        guard let slash = text.lastIndex(of: "/") else { return 0 }
        let last = text[text.index(after: slash)...]
        guard last.first == "r", let number = UInt64(last.dropFirst()), number > 0, last == "r\(number)" else {
            return 0
        }
        return number
    }
}
