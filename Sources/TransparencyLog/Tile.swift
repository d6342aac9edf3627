public import TallystickPrimitives

/// Up to 256 neighbouring hashes of a tree, as published in one file (c2sp.org/tlog-tiles).
///
/// The hashes of a tile at level L are the stored nodes of tree level 8·L.
public struct Tile: Hashable, Sendable {
    /// Height in tiles: 0 holds leaf hashes, 1 the roots of full tiles of level 0, and so on.
    public let level: UInt8
    /// The 0-based place among the tiles of this level.
    public let index: UInt64
    /// How many hashes it holds, 1 to 256; a tile with fewer than 256 is partial.
    public let width: Int

    /// Hashes in a full tile.
    public static let fullWidth = 256

    /// Levels that a tree of fewer than 2⁶⁴ leaves can have.
    public static let levelCount: UInt8 = 8

    /// Names a tile.
    /// - Precondition: `level` is less than 8 and `width` is 1 to 256.
    public init(level: UInt8, index: UInt64, width: Int) {
        precondition(level < Tile.levelCount, "no tree has a ninth level of tiles")
        precondition((1...Tile.fullWidth).contains(width), "a tile holds 1 to 256 hashes")
        self.level = level
        self.index = index
        self.width = width
    }

    /// The stored nodes whose hashes make up the tile, in order.
    public var nodes: [NodeCoordinate] {
        (0..<UInt64(width)).map { NodeCoordinate(level: level * 8, index: index << 8 | $0) }
    }

    /// How many hashes a tree of that size has at a level of tiles.
    public static func hashCount(level: UInt8, in size: TreeSize) -> UInt64 {
        level < levelCount ? size.value >> (8 * UInt64(level)) : 0
    }

    /// The last tile of each level, lowest first: the only ones that may be partial.
    public static func rightEdge(of size: TreeSize) -> [Tile] {
        (0..<levelCount).compactMap { level in
            let count = hashCount(level: level, in: size)
            guard count > 0 else { return nil }
            let index = (count - 1) >> 8
            return Tile(level: level, index: index, width: Int(count - index << 8))
        }
    }

    /// The tiles that a tree of the newer size has and one of the older size has not, lowest level
    /// first.
    ///
    /// Only the tiles of the newer size: no partial tiles of sizes in between.
    /// - Precondition: `older` is at most `newer`.
    public static func added(from older: TreeSize, to newer: TreeSize) -> [Tile] {
        precondition(older <= newer, "a tree only grows")
        return rightEdge(of: newer).flatMap { last -> [Tile] in
            let before = hashCount(level: last.level, in: older)
            guard before < hashCount(level: last.level, in: newer) else { return [] }
            let full = (before >> 8..<last.index).map { index in
                Tile(level: last.level, index: index, width: fullWidth)
            }
            return full + [last]
        }
    }
}
