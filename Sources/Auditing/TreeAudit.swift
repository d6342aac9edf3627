import EventLogs
public import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
public import TransparencyLog

/// Checks quickly that a register goes on from a head that was audited before: every leaf and every statement is hashed
/// again, and nothing is judged again.
///
/// It proves that up to the trusted head the pages are those that were audited then, byte by byte as far as statements
/// go, and that what follows is what the register has signed since. Whether what follows is as it must be is for
/// `AuditReplay`. Memory does not grow with the register.
public struct TreeAudit: Sendable {
    private let register: Origin
    private let trusted: TreeHead
    private let heads: HeadNotes?
    private var roster: Roster
    private var tree = TreeFrontier()
    private var next: UInt64 = 0
    private var pageNumber = 0
    private var hasGap = false
    /// Whether a page that does not read has named the gap before the next page already.
    private var isGapNamed = false
    private var tally = AuditTally()
    private var signed: TreeHead?
    /// The root at the size of the newest head, when the tree has come to it.
    private var claimed: (size: TreeSize, root: Hash256?)?

    /// Begins before the first leaf.
    ///
    /// - Parameters:
    ///   - roster: from `Roster.bootstrap` over the board's log.
    ///   - trusted: the register's head at the end of an audit that found nothing.
    public init(roster: Roster, headNotes: [UInt8], trusted: TreeHead) throws(AuditRefusal) {
        guard let origin = roster.registerOrigin else { throw .noRegister }
        guard trusted.origin == origin else { throw .otherRegister(trusted.origin) }
        register = origin
        self.roster = roster
        self.trusted = trusted
        heads = HeadNotes(decoding: headNotes)
        if let note = heads?.notes[origin], let head = try? UnverifiedTreeHead(parsing: note).claimed {
            claimed = (head.size, nil)
        }
        noteRoot()
    }

    /// Goes through a whole bundle; pages are read and hashed on all cores.
    ///
    /// - Parameter progress: is told how many pages are done.
    /// - Throws: `AuditRefusal`, or what the source throws.
    public static func run(
        _ source: some AuditBundleSource, roster: Roster, trusted: TreeHead, progress: (Int) -> Void = { _ in }
    ) async throws -> TreeAuditReport {
        var audit = try TreeAudit(roster: roster, headNotes: try source.headNotes(), trusted: trusted)
        var pages = try await read(from: 0, of: source)
        while !pages.isEmpty {
            let done = audit.pageNumber + pages.count
            async let ahead = read(from: done, of: source)
            for page in pages { audit.take(page) }
            progress(done)
            pages = try await ahead
        }
        return audit.finish()
    }

    /// Reads and hashes the next few pages, each on a core.
    @concurrent private static func read(
        from start: Int, of source: some AuditBundleSource
    ) async throws -> [TreePage] {
        let end = min(start + Limits.auditedPageCount, source.pageCount)
        return try await withThrowingTaskGroup(of: (Int, TreePage).self) { group in
            for number in start..<max(start, end) {
                group.addTask { (number, TreePage(hashing: try source.page(number))) }
            }
            return try await group.reduce(into: [(Int, TreePage)]()) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    mutating func take(_ page: TreePage) {
        defer { pageNumber += 1 }
        guard let from = page.from else {
            report(.pageUnreadable(page: pageNumber), index: next)
            (hasGap, isGapNamed) = (true, true)
            return
        }
        guard from >= next else { return report(.pageRepeated(page: pageNumber), index: from) }
        if from > next {
            if !isGapNamed { report(.missingMiddle(next: from), index: next) }
            hasGap = true
            // A damaged number must not carry the count to where nothing comes after it.
            guard from - next <= Limits.auditGapCount << 16 else { return }
            next = from
        }
        isGapNamed = false
        for fault in page.faults {
            tally.note(fault.kind, of: fault.log ?? register, at: fault.index, register: register, roster: roster)
        }
        tally.statementCount += page.statementCount
        for bytes in page.own {
            guard let statement = try? Statement(decoding: bytes) else { continue }
            try? roster.takeRegisterOwn(statement, at: TreeSize(next), now: statement.issuedAt)
        }
        next += UInt64(page.leaves.count)
        for leaf in page.leaves {
            tree.append(leaf)
            if tree.size == trusted.size || tree.size == claimed?.size { noteRoot() }
        }
    }

    /// Compares the tree at a size that is known from elsewhere.
    private mutating func noteRoot() {
        if tree.size == claimed?.size { claimed?.root = tree.root }
        guard tree.size == trusted.size, !hasGap else { return }
        if tree.root != trusted.root { report(.otherHistory(trusted: trusted.size), index: nil) }
    }

    mutating func finish() -> TreeAuditReport {
        if !hasGap, tree.size < trusted.size { report(.cutTail(signed: trusted.size), index: next) }
        closeHead()
        return TreeAuditReport(tally: tally, register: register, leafCount: next, trusted: trusted, head: signed)
    }

    private mutating func closeHead() {
        guard let heads else { return report(.headsUnreadable, index: nil) }
        guard let note = heads.notes[register] else { return report(.headMissing, index: nil) }
        let origin = register
        let head = roster.logKeys(of: origin).lazy.compactMap { key in
            try? SignedTreeHead(verifying: note, origin: origin, key: key).head
        }.first
        guard let head, let claimed else { return report(.head, index: nil) }
        guard !hasGap else { return }
        guard let root = claimed.root else { return report(.cutTail(signed: head.size), index: next) }
        if root != head.root {
            report(.registerRoot(signed: head.size), index: nil)
        } else if head.size < tree.size {
            report(.beyondHead(signed: head.size), index: head.size.value)
        } else {
            signed = head
        }
    }

    private mutating func report(_ kind: AuditFinding.Kind, index: UInt64?) {
        tally.note(kind, of: register, at: index, register: register, roster: roster)
    }
}

extension AuditTally {
    /// Adds a finding; those about logs that nobody has enrolled are counted as the register's.
    @discardableResult
    mutating func note(
        _ kind: AuditFinding.Kind, of log: Origin, at index: UInt64?, register: Origin, roster: Roster
    ) -> Place {
        // Whoever makes up a register can make up as many logs as it has leaves.
        let isKnown = log == register || roster.party(of: log) != nil || roster.board?.origin == log
        let finding = AuditFinding(log: log, index: index.map { LeafIndex($0) }, kind: kind)
        return add(finding, countedFor: isKnown ? log : register)
    }
}

extension Limits {
    /// Pages that are read and hashed at the same time: some for each core, and still little memory.
    static let auditedPageCount = 8
}
