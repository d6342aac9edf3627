public import TallystickPrimitives

/// The hash tree of RFC 6962 §2.1 with SHA-256, over leaf hashes already made.
public enum MerkleTree {
    /// The root of a tree without leaves: SHA-256 of nothing.
    public static let emptyRoot = Hash256(hashing: [UInt8]())

    /// The hash of a log entry as a leaf: SHA-256(0x00 || entry).
    public static func leafHash(_ entry: [UInt8]) -> Hash256 {
        Hash256(hashing: [0x00], entry)
    }

    /// The hash of a log entry that is a part of some bytes.
    public static func leafHash(_ bytes: [UInt8], in part: Range<Int>) -> Hash256 {
        Hash256(hashing: 0x00, bytes, in: part)
    }

    /// The hash of a node from its two children: SHA-256(0x01 || left || right).
    public static func nodeHash(_ left: Hash256, _ right: Hash256) -> Hash256 {
        Hash256(hashing: 0x01, left, right)
    }

    /// The root over `leaves`, in order (RFC 6962 §2.1, `MTH`).
    public static func root(of leaves: [Hash256]) -> Hash256 {
        var frontier = TreeFrontier()
        for leaf in leaves { frontier.append(leaf) }
        return frontier.root
    }
}
