import DeterministicCBOR
public import TallystickPrimitives

/// The newest register head that the author had verified when it wrote: the statement is not earlier than it.
public struct SeenHead: Hashable, Sendable {
    /// The register's origin.
    public let origin: Origin
    /// How many leaves the register had.
    public let size: TreeSize
    /// The register's root at that size.
    public let root: Hash256

    /// Names a register head.
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
        root = try items[2].hash256()
    }
}
