public import EventLogs
public import TallystickPrimitives
import TransparencyLog

/// A leaf of the register, read and hashed: on any core, before its page is followed.
public struct ReadLeaf: Sendable {
    /// The leaf.
    public let leaf: RegisterLeaf
    let hash: Hash256

    /// Reads a leaf's exact bytes.
    public init(decoding bytes: [UInt8], at position: UInt64) throws(FollowFault) {
        do { leaf = try RegisterLeaf(decoding: bytes) } catch { throw .leaf(position: position, error) }
        hash = MerkleTree.leafHash(bytes)
    }
}

/// A statement with what travels with it, read and held against what it says of itself: on any core, before its page is
/// followed. It never changes and is passed about a lot, hence a reference.
public final class ReadEntry: Sendable {
    /// The register position at which it became due.
    public let position: UInt64
    /// The register position of the statement itself.
    public let statementPosition: UInt64
    /// The statement's index in its log.
    public let index: LeafIndex
    /// The statement.
    public let statement: Statement
    /// The compartments that came and are what the statement says of them.
    public let compartments: [CarriedCompartment]
    /// The grants that came and are what the statement says of them.
    public let grants: [[UInt8]]
    /// What is wrong with what came.
    let faults: [ReasonCode]

    /// Reads an entry of a feed.
    convenience init(_ entry: FeedEntry) throws(FollowFault) {
        let statement: Statement
        do { statement = try Statement(decoding: entry.statement.bytes) } catch {
            throw .statement(position: entry.position, error)
        }
        self.init(
            statement, index: entry.index, position: entry.position, statementPosition: entry.statementPosition,
            compartments: entry.statement.compartments, grants: entry.statement.grants)
    }

    /// Reads a statement of this node's own copy, at its own place in the register.
    public convenience init(
        stored statement: Statement, index: LeafIndex, position: UInt64, compartments: [CarriedCompartment],
        grants: [[UInt8]]
    ) {
        self.init(
            statement, index: index, position: position, statementPosition: position, compartments: compartments,
            grants: grants)
    }

    private init(
        _ statement: Statement, index: LeafIndex, position: UInt64, statementPosition: UInt64,
        compartments: [CarriedCompartment], grants: [[UInt8]]
    ) {
        self.position = position
        self.statementPosition = statementPosition
        self.index = index
        self.statement = statement
        var faults: [ReasonCode] = []
        var fitting: [CarriedCompartment] = []
        for carried in compartments {
            let descriptor = statement.payload.compartments.first { $0.id == carried.id }
            if let descriptor, carried.mismatch(with: descriptor) == nil {
                fitting.append(carried)
            } else {
                faults.append("compartment-mismatch")
            }
        }
        self.compartments = fitting
        self.grants = grants.filter { statement.payload.grants.contains(Hash256(hashing: $0)) }
        if self.grants.count != grants.count { faults.append("grant-mismatch") }
        self.faults = faults
    }
}

/// A part of a node's own copy of the register, read.
public struct ReadPage: Sendable {
    /// The position of the first leaf.
    public let from: TreeSize
    /// The leaves.
    public let leaves: [ReadLeaf]
    /// The received statements among them, in order of position.
    public let entries: [ReadEntry]

    /// States a part.
    public init(from: TreeSize, leaves: [ReadLeaf], entries: [ReadEntry]) {
        self.from = from
        self.leaves = leaves
        self.entries = entries
    }
}
