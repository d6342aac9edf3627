import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A register as a broker shows it to one agency for good: one leaf of it is another than everybody else sees, all that
/// follow are the same, and every head is signed.
struct SecondRegister: Sendable {
    let victim: AgencyCode
    private let place: UInt64
    private let other: [UInt8]
    private let signer: any Signer
    private var memory = LogMemory()

    /// Goes apart from the register at the last verdict of a page; nil where there is none.
    ///
    /// - Parameter known: the leaf hashes of the register up to where the page begins, or further.
    init?(for victim: AgencyCode, at page: FeedPage, after known: [Hash256], signer: any Signer) throws {
        guard let last = page.leaves.last, case .verdict(let record) = try RegisterLeaf(decoding: last) else {
            return nil
        }
        self.victim = victim
        self.signer = signer
        place = page.from.value + UInt64(page.leaves.count) - 1
        other =
            RegisterLeaf.verdict(
                AdmissionRecord(
                    origin: record.origin, index: record.index, leafHash: record.leafHash, verdict: record.verdict,
                    admittedAt: record.admittedAt.adding(seconds: 1))
            ).encoded
        for hash in known.prefix(Int(place)) { memory.append(hash) }
        memory.append(MerkleTree.leafHash(other))
    }

    /// A page of the register as the victim gets it.
    mutating func page(in page: FeedPage) throws -> FeedPage {
        guard !page.leaves.isEmpty else { return page }
        var leaves = page.leaves
        if page.from.value <= place, place < page.next.value { leaves[Int(place - page.from.value)] = other }
        for (offset, leaf) in leaves.enumerated() where page.from.value + UInt64(offset) == memory.size.value {
            memory.append(MerkleTree.leafHash(leaf))
        }
        guard let root = memory.root(at: page.next) else { throw SimulationFault("a page after a gap") }
        let origin = try UnverifiedTreeHead(parsing: page.headNote).claimed.origin
        let head = TreeHead(origin: origin, size: page.next, root: root)
        return FeedPage(
            from: page.from, leaves: leaves, headNote: try SignedTreeHead.sign(head, with: signer).note,
            entries: page.entries)
    }
}
