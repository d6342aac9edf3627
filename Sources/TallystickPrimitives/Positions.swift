/// The 0-based place of a statement in a log.
public struct LeafIndex: Hashable, Comparable, Sendable {
    /// The place, counted from zero.
    public let value: UInt64

    /// Any place is a possible one; whether a log has it is for the log to say.
    public init(_ value: UInt64) { self.value = value }

    public static func < (left: LeafIndex, right: LeafIndex) -> Bool { left.value < right.value }
}

extension LeafIndex: CustomStringConvertible {
    public var description: String { String(value) }
}

/// How many statements a log holds.
public struct TreeSize: Hashable, Comparable, Sendable {
    /// The count.
    public let value: UInt64

    /// An empty log.
    public static let empty = TreeSize(0)

    /// Any count is a possible size.
    public init(_ value: UInt64) { self.value = value }

    /// The size of the smallest log that has a leaf at `index`.
    public init(after index: LeafIndex) { value = index.value + 1 }

    /// The index that the next appended leaf gets.
    public var nextIndex: LeafIndex { LeafIndex(value) }

    public static func < (left: TreeSize, right: TreeSize) -> Bool { left.value < right.value }
}

extension TreeSize: CustomStringConvertible {
    public var description: String { String(value) }
}

/// A length in bytes.
public struct ByteCount: Hashable, Comparable, Sendable {
    /// The count.
    public let value: Int

    /// A length; negative ones do not exist.
    /// - Precondition: `value` is at least 0.
    public init(_ value: Int) {
        precondition(value >= 0, "a length is never negative")
        self.value = value
    }

    public static func < (left: ByteCount, right: ByteCount) -> Bool { left.value < right.value }
}
