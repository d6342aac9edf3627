import DeterministicCBOR
import EventLogs
public import TallystickPrimitives

/// One statement of a feed: its place in its log and in the register, and what its receiver is due.
public struct FeedEntry: Hashable, Sendable {
    /// The register position at which this became due: the statement's own, or that of the share which gives it.
    public let position: UInt64
    /// The register position of the statement itself.
    public let statementPosition: UInt64
    /// The statement's index in its log.
    public let index: LeafIndex
    /// The statement and what travels with it.
    public let statement: CarriedStatement

    /// States an entry.
    public init(position: UInt64, statementPosition: UInt64, index: LeafIndex, statement: CarriedStatement) {
        self.position = position
        self.statementPosition = statementPosition
        self.index = index
        self.statement = statement
    }

    var item: CBOR {
        .array([.unsigned(position), .unsigned(statementPosition), .unsigned(index.value), statement.item])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 4)
        position = try items[0].unsigned()
        statementPosition = try items[1].unsigned()
        index = LeafIndex(try items[2].unsigned())
        statement = try CarriedStatement(items[3])
    }
}

/// The answer to `GET /v1/feed?from=&wait=`: register leaves from a position, the head that covers them, and the
/// statements among them that the caller is due.
public struct FeedPage: Hashable, Sendable {
    /// The position of the first leaf.
    public let from: TreeSize
    /// The leaves' exact bytes; everything up to `from` plus their count is complete in this page.
    public let leaves: [[UInt8]]
    /// The register's signed head over exactly these leaves and all before them; empty when there is no new leaf.
    public let headNote: [UInt8]
    /// The statements due, in order of position.
    public let entries: [FeedEntry]

    /// States a page.
    public init(from: TreeSize, leaves: [[UInt8]], headNote: [UInt8], entries: [FeedEntry]) {
        self.from = from
        self.leaves = leaves
        self.headNote = headNote
        self.entries = entries
    }

    /// The position after the last leaf.
    public var next: TreeSize { TreeSize(from.value + UInt64(leaves.count)) }

    /// The body's bytes.
    public var encoded: [UInt8] {
        CBOR.array([
            .unsigned(from.value), .array(leaves.map(CBOR.bytes)), .bytes(headNote), .array(entries.map(\.item)),
        ]).encoded
    }

    /// Decodes a body.
    public init(decoding bytes: [UInt8]) throws(WireFault) {
        let items = try wireItems(bytes, limit: Limits.cborByteCount)
        guard items.count == 4 else { throw .shape("an array of 4 items") }
        from = TreeSize(try wireShape { () throws(CBORShapeError) in try items[0].unsigned() })
        leaves = try wireShape { () throws(CBORShapeError) in
            var list: [[UInt8]] = []
            for leaf in try items[1].items(atMost: Limits.pageLeafCount) { list.append(try leaf.byteString()) }
            return list
        }
        headNote = try wireShape { () throws(CBORShapeError) in try items[2].byteString() }
        entries = try wireShape { () throws(CBORShapeError) in
            var list: [FeedEntry] = []
            for entry in try items[3].items(atMost: Limits.pageStatementCount) { list.append(try FeedEntry(entry)) }
            return list
        }
    }
}

extension Limits {
    /// Bytes of statements and of what travels with them in one page of a feed, at the most.
    ///
    /// A page ends before the statement that would take it past `pageByteCount`. One statement alone may take it this
    /// far: admission lets compartments of `pageByteCount` travel with it and with its share, and beside them come their
    /// framing and wraps, the statements that its share brings again, and the grants to one recipient.
    public static let feedPageByteCount =
        pageByteCount + (compartmentCount + shareCompartmentCount) * (carriedByteCount - compartmentByteCount + wrapByteCount)
        + (1 + shareCompartmentCount) * statementByteCount + grantCount * grantByteCount
}
