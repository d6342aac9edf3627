import Auditing
import Foundation
import Replication
import TallystickPrimitives
import TransparencyLog

/// The bytes that a check of the tree hashes, to be hashed and nothing else: what SHA-256 alone allows.
struct HashLoad: Sendable {
    /// How to say it beside a figure.
    static let command = """
        the same SHA-256 calls (swift-crypto) alone: each leaf, each statement, a node for each leaf, from pages in memory, \
        one task for each core, mean of before and after
        """
    /// Pages that are hashed again and again: more than the processor's caches hold.
    private static let pageCount = 64
    /// Times that each is.
    private static let rounds = 4

    private let pages: [PageScan]

    init(of load: AuditLoad) throws {
        pages = try (1..<min(1 + HashLoad.pageCount, load.pageCount)).map { try PageScan(try load.page($0)) }
    }

    /// Statements a second on all cores, with the leaf and the node of each.
    func run() async -> Double {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let clock = ContinuousClock()
        let started = clock.now
        let count = await withTaskGroup(of: Int.self) { group in
            for core in 0..<cores {
                group.addTask { (0..<HashLoad.rounds).reduce(0) { count, _ in count + hash(from: core, by: cores) } }
            }
            return await group.reduce(0, +)
        }
        return Double(count) / ((clock.now - started) / .seconds(1))
    }

    private func hash(from core: Int, by cores: Int) -> Int {
        var (count, last) = (0, Hash256.zero)
        for place in stride(from: core, to: pages.count, by: cores) {
            let page = pages[place]
            for leaf in page.leaves {
                last = MerkleTree.nodeHash(last, MerkleTree.leafHash(page.bytes, in: leaf.bytes))
            }
            for entry in page.entries {
                last = max(last, MerkleTree.leafHash(page.bytes, in: entry.statement))
                count += 1
            }
        }
        // Looked at, so that none of it can be left out.
        return last == .zero ? 0 : count
    }
}
