public import TallystickPrimitives
public import TransparencyLog

/// Durable, append-only storage of one agency's log. Conformances must pass `EventStoreConformance`.
public protocol EventStore: Sendable {
    /// Appends atomically; on return the batch and its head survive power loss.
    ///
    /// - Throws: `.headConflict`, `.duplicate`, `.diskFull`, `.unavailable`: nothing was written.
    ///   `.outcomeUnknown`: the caller must open the store anew.
    func append(_ batch: SequencedBatch) throws(EventStoreError)
    /// Statements in index order from `from`, no gaps, covered by the committed head; empty at the end.
    func readLog(from: LeafIndex, limit: Int) throws(EventStoreError) -> [SequencedStatement]
    /// The newest statement of each stream that exists.
    func streamHeads(_ streams: Set<StreamID>) throws(EventStoreError) -> [StreamID: StreamHead]
    /// The indexes of those events that are recorded.
    func recorded(_ events: Set<EventID>) throws(EventStoreError) -> [EventID: LeafIndex]
    /// The committed head's note; nil for an empty log.
    func headNote() throws(EventStoreError) -> [UInt8]?
    /// The stored node at a place of the tree.
    func node(_ coordinate: NodeCoordinate) throws(EventStoreError) -> Hash256
}

/// Why a store did not do what it was asked.
public enum EventStoreError: Error, Hashable, Sendable {
    /// Somebody else appended: the log is not at the size the batch was made for. Nothing was written.
    case headConflict(expected: TreeSize, actual: TreeSize)
    /// An event or a place in a stream exists already. Nothing was written.
    case duplicate
    /// The disk is full. Nothing was written.
    case diskFull
    /// It cannot be known whether the batch was written: stop, open the store anew, verify, resume.
    ///
    /// A store that has thrown this once throws it for every later write.
    case outcomeUnknown
    /// What is stored is not what must be there.
    case damaged(StoredDamage)
    /// Reading or writing failed, and nothing was written; the text names the operation and the database's own code,
    /// never content.
    case unavailable(String)
}

/// What is wrong with stored bytes: which log, where in it, and what. `docs/damage.md` lists the kinds.
public struct StoredDamage: Hashable, Sendable {
    /// Which kind of thing, such as `statement`, `statement-missing`, `compartment`, `tree-node` or `head`.
    public let part: String
    /// Its index in the log, if it has one; of a leaf of the register, its position there.
    public let index: LeafIndex?
    /// The log; nil for the store's own and for what belongs to none.
    public let log: Origin?
    /// How many in a row, from `index` on.
    public let count: UInt64

    /// Names damage.
    public init(part: String, index: LeafIndex?, log: Origin? = nil, count: UInt64 = 1) {
        self.part = part
        self.index = index
        self.log = log
        self.count = count
    }

    /// Whether it is about the statement at an index.
    public func covers(_ other: LeafIndex) -> Bool {
        index.map { other >= $0 && other.value - $0.value < count } ?? false
    }
}
