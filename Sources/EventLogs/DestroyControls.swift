public import DeterministicCBOR
public import TallystickPrimitives

/// What stays of a volume when its entries go, and why they go: its number, how many leaves it has, the root over them.
public struct VolumeFacts: Hashable, Sendable {
    /// The number of the volume in its log.
    public let number: UInt64
    /// How many leaves it has.
    public let size: UInt64
    /// The root of the tree over exactly these leaves.
    public let root: Hash256
    /// Why, as a code.
    public let reason: ReasonCode

    /// States them.
    public init(number: UInt64, size: UInt64, root: Hash256, reason: ReasonCode) {
        self.number = number
        self.size = size
        self.root = root
        self.reason = reason
    }

    var items: [CBOR] { [.unsigned(number), .unsigned(size), .hash(root), .code(reason)] }

    /// The control body of a DESTROY by which an agency proposes to destroy a volume of its own log.
    var item: CBOR { .array(items) }

    init(_ item: CBOR) throws(CBORShapeError) { try self.init(try item.items(count: 4)[...]) }

    fileprivate init(_ items: ArraySlice<CBOR>) throws(CBORShapeError) {
        let first = items.startIndex
        number = try items[first].unsigned()
        size = try items[first + 1].unsigned()
        root = try items[first + 2].hash256()
        reason = try items[first + 3].code()
        guard size > 0 else { throw CBORShapeError("a volume with leaves") }
    }
}

/// That the board lets a volume be destroyed: what stands for it in everybody's books from then on.
public struct VolumeDestruction: BoardDecision {
    /// The log.
    public let origin: Origin
    /// What stays of the volume, and why it goes.
    public let facts: VolumeFacts
    /// The agency's proposal, by its event.
    public let proposal: EventID
    /// When the board decided.
    public let decidedAt: Timestamp

    /// States an act.
    public init(origin: Origin, facts: VolumeFacts, proposal: EventID, decidedAt: Timestamp) {
        self.origin = origin
        self.facts = facts
        self.proposal = proposal
        self.decidedAt = decidedAt
    }

    /// The volume.
    public var volume: Volume { Volume(origin: origin, number: facts.number) }

    public var item: CBOR { .array([.origin(origin)] + facts.items + [.id(proposal), .seconds(decidedAt)]) }

    public init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 7)
        origin = try items[0].origin()
        facts = try VolumeFacts(items[1...4])
        proposal = try items[5].id()
        decidedAt = try items[6].seconds()
    }
}
