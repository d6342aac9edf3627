import EventLogs
public import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A page of the feed with everything worked out that needs nothing but the page: its leaves and statements are read,
/// hashes are made, and signatures are checked, each under a key that is named.
///
/// Nothing of it is believed yet. Whether those keys are the ones in force is for the replay to say, in register order;
/// what is slow is done here, for many pages at the same time.
public struct AuditPage: Sendable {
    /// Nil for bytes that are no page.
    let page: FeedPage?
    let leaves: [AuditLeaf]
    let entries: [AuditEntry]

    private init(page: FeedPage?, leaves: [AuditLeaf], entries: [AuditEntry]) {
        self.page = page
        self.leaves = leaves
        self.entries = entries
    }

    /// Reads a page on this core.
    ///
    /// - Parameter roster: whose keys are known so far; a signature by another is checked when its key is known.
    public init(decoding bytes: [UInt8], roster: Roster) {
        guard let page = try? FeedPage(decoding: bytes) else {
            self.init(page: nil, leaves: [], entries: [])
            return
        }
        self.init(
            page: page, leaves: page.leaves.map(AuditLeaf.init),
            entries: page.entries.map { AuditEntry($0, roster: roster) })
    }

    /// Reads a page of a bundle on all cores; nil after the last.
    @concurrent static func read(
        _ number: Int, of source: some AuditBundleSource, roster: Roster
    ) async throws -> AuditPage? {
        guard number < source.pageCount else { return nil }
        guard let page = try? FeedPage(decoding: try source.page(number)) else {
            return AuditPage(page: nil, leaves: [], entries: [])
        }
        let parts = await withTaskGroup(of: (Int, [AuditEntry]).self) { group in
            for start in stride(from: 0, to: page.entries.count, by: Limits.auditedTogetherCount) {
                let part = page.entries[start..<min(start + Limits.auditedTogetherCount, page.entries.count)]
                group.addTask { (start, part.map { AuditEntry($0, roster: roster) }) }
            }
            return await group.reduce(into: [(Int, [AuditEntry])]()) { $0.append($1) }
        }
        return AuditPage(
            page: page, leaves: page.leaves.map(AuditLeaf.init),
            entries: parts.sorted { $0.0 < $1.0 }.flatMap(\.1))
    }
}

/// A leaf of the register, read.
struct AuditLeaf: Sendable {
    let hash: Hash256
    /// Nil for bytes that are no leaf.
    let leaf: RegisterLeaf?

    init(_ bytes: [UInt8]) {
        hash = MerkleTree.leafHash(bytes)
        leaf = try? RegisterLeaf(decoding: bytes)
    }
}

/// A statement of a page with what came with it, read. It never changes and is passed about a lot, hence a reference.
final class AuditEntry: Sendable {
    let entry: FeedEntry
    /// The leaf that these bytes make.
    let leafHash: Hash256
    /// The statement at the index that the page gives it, with its hashes; nil for bytes that are no statement.
    let submission: Submission?

    init(_ entry: FeedEntry, roster: Roster) {
        self.entry = entry
        guard let statement = try? Statement(decoding: entry.statement.bytes) else {
            leafHash = MerkleTree.leafHash(entry.statement.bytes)
            submission = nil
            return
        }
        leafHash = statement.leafHash
        submission = Submission(
            index: entry.index, statement: statement, compartments: entry.statement.compartments, grants: [],
            keys: roster.statementKeys(of: statement.origin))
    }

    var statement: Statement? { submission?.statement }
}

extension Limits {
    /// Statements of a page that one core reads and checks in one go: a few milliseconds of work.
    static let auditedTogetherCount = 32
}
