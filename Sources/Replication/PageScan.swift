import DeterministicCBOR
import TallystickPrimitives

/// Where a page of the feed has its parts, found without making any of them: for who only hashes what is there.
public struct PageScan: Sendable {
    /// A leaf of the register.
    public struct Leaf: Sendable {
        /// Where its bytes are.
        public let bytes: Range<Int>
        /// What it says of a statement; nil for another leaf.
        public let record: Record?
    }

    /// What a verdict says of a statement's place and bytes.
    public struct Record: Sendable {
        /// Where the name of the statement's log is.
        public let origin: Range<Int>
        /// The statement's index there.
        public let index: UInt64
        /// Where its leaf hash is: 32 bytes.
        public let leafHash: Range<Int>
    }

    /// A statement that the page brings at its own place.
    public struct Entry: Sendable {
        /// Its register position.
        public let position: UInt64
        /// The index that the page gives it.
        public let index: UInt64
        /// Where its bytes are.
        public let statement: Range<Int>
    }

    /// The page.
    public let bytes: [UInt8]
    /// The position of the first leaf.
    public let from: UInt64
    /// The leaves, in order.
    public let leaves: [Leaf]
    /// The statements, in the order in which they stand there; not those that a share brings again.
    public let entries: [Entry]

    /// Finds the parts of a page.
    ///
    /// - Throws: `WireFault.shape` for what has not the form of a page. What lies within its parts is not looked at.
    public init(_ bytes: [UInt8]) throws(WireFault) {
        guard bytes.count <= Limits.cborByteCount else {
            throw .shape("a page of at most \(Limits.cborByteCount) bytes")
        }
        self.bytes = bytes
        do throws(CBORError) {
            var cursor = CBORCursor(bytes)
            guard try cursor.array() == 4 else { throw CBORError.illFormed(at: 0) }
            from = try cursor.unsigned()
            var leaves: [Leaf] = []
            let leafCount = try cursor.array()
            // A position after the last one there is would have no number.
            guard leafCount <= Limits.pageLeafCount, UInt64.max - from >= UInt64(leafCount) else {
                throw CBORError.tooManyItems(at: cursor.position)
            }
            leaves.reserveCapacity(leafCount)
            for _ in 0..<leafCount {
                let place = try cursor.byteString()
                leaves.append(Leaf(bytes: place, record: PageScan.record(bytes, place)))
            }
            _ = try cursor.byteString()
            var entries: [Entry] = []
            let entryCount = try cursor.array()
            guard entryCount <= Limits.pageStatementCount else { throw CBORError.tooManyItems(at: cursor.position) }
            entries.reserveCapacity(entryCount)
            for _ in 0..<entryCount {
                if let entry = try PageScan.entry(&cursor) { entries.append(entry) }
            }
            guard cursor.isAtEnd else { throw CBORError.trailingBytes(at: cursor.position) }
            self.leaves = leaves
            self.entries = entries
        } catch { throw .shape("a page of the feed") }
    }

    private static func entry(_ cursor: inout CBORCursor) throws(CBORError) -> Entry? {
        let start = cursor.position
        guard try cursor.array() == 4 else { throw .illFormed(at: start) }
        let (position, statementPosition) = (try cursor.unsigned(), try cursor.unsigned())
        let index = try cursor.unsigned()
        guard try cursor.array() == 3 else { throw .illFormed(at: start) }
        let statement = try cursor.byteString()
        try cursor.skip()
        try cursor.skip()
        return position == statementPosition ? Entry(position: position, index: index, statement: statement) : nil
    }

    /// What a leaf says, if it is a verdict.
    private static func record(_ bytes: [UInt8], _ place: Range<Int>) -> Record? {
        var cursor = CBORCursor(bytes, in: place)
        guard (try? cursor.array()) == 7, (try? cursor.unsigned()) == 1, let origin = try? cursor.text(),
            let index = try? cursor.unsigned(), let hash = try? cursor.byteString(), hash.count == Hash256.byteCount
        else { return nil }
        return Record(origin: origin, index: index, leafHash: hash)
    }
}
