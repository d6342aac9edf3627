import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// A page taken apart: its leaves with their positions, and the entries that belong to them.
struct OpenedPage {
    let leaves: [(position: UInt64, leaf: AuditLeaf)]
    let entries: [UInt64: AuditEntry]
    /// Places by leaf hash, to recognise a statement that stands in another's place.
    let placesByHash: [Hash256: UInt64]
    /// Whether the leaves lead to the signed root; nil when nothing verifiable says so.
    let isCovered: Bool?
}

extension AuditReplay {
    /// Takes in the next page.
    public mutating func take(_ read: AuditPage, observer: inout some AuditObserver) {
        defer { pageNumber += 1 }
        guard let page = read.page else {
            report(.pageUnreadable(page: pageNumber), log: registerOrigin, index: LeafIndex(next))
            noteGap()
            isGapNamed = true
            return
        }
        guard place(page, leaves: read.leaves) else { return }
        let opened = open(page, read)
        next += UInt64(page.leaves.count)
        for leaf in opened.leaves { take(leaf, in: opened, observer: &observer) }
        checkGivenLater()
    }

    /// Finds the place of a page; false when it has none that can be used.
    private mutating func place(_ page: FeedPage, leaves: [AuditLeaf]) -> Bool {
        defer { isGapNamed = false }
        let from = page.from.value
        if from == next { return true }
        if continuesTree(page, leaves) {
            report(.pageMisplaced(page: pageNumber), log: registerOrigin, index: LeafIndex(next))
            return true
        }
        guard from > next else {
            report(.pageRepeated(page: pageNumber), log: registerOrigin, index: LeafIndex(from))
            return false
        }
        if !isGapNamed {
            report(.missingMiddle(next: from), log: registerOrigin, index: LeafIndex(next))
            noteGap()
        }
        // A damaged number must not carry the count to where nothing comes after it.
        guard from - next <= Limits.auditGapCount << 16 else { return false }
        next = from
        return true
    }

    /// Whether the page's head covers its leaves in the place where the replay stands, whatever the
    /// page says.
    private func continuesTree(_ page: FeedPage, _ leaves: [AuditLeaf]) -> Bool {
        guard brokenFrom == nil, !leaves.isEmpty else { return false }
        var trial = tree
        for leaf in leaves { trial.append(leaf.hash) }
        let head = signedHead(
            page.headNote, keys: registerKeys(after: leaves.compactMap(\.leaf), at: trial.size))
        return head?.size == trial.size && head?.root == trial.frontier(at: trial.size)?.root
    }

    private mutating func open(_ page: FeedPage, _ read: AuditPage) -> OpenedPage {
        var leaves: [(position: UInt64, leaf: AuditLeaf)] = []
        for (offset, leaf) in read.leaves.enumerated() {
            leaves.append((next + UInt64(offset), leaf))
            if brokenFrom == nil { tree.append(leaf.hash) }
        }
        var places: [UInt64: AdmissionRecord] = [:]
        for (position, leaf) in leaves {
            guard case .verdict(let record)? = leaf.leaf else { continue }
            places[position] = record
            times.note(record.admittedAt, at: position)
        }
        statementRecords.merge(places) { first, _ in first }
        let isCovered = leaves.isEmpty ? nil : checkHead(of: page, over: leaves.compactMap(\.leaf.leaf))
        let byHash = Dictionary(places.map { ($0.value.leafHash, $0.key) }) { first, _ in first }
        return OpenedPage(
            leaves: leaves, entries: assign(read.entries, to: places), placesByHash: byHash,
            isCovered: isCovered)
    }

    /// Compares the page's head with the tree; nil when the head says nothing or the tree cannot be
    /// compared.
    private mutating func checkHead(of page: FeedPage, over leaves: [RegisterLeaf]) -> Bool? {
        let end = TreeSize(next + UInt64(page.leaves.count))
        guard let head = signedHead(page.headNote, keys: registerKeys(after: leaves, at: end)) else {
            report(.head, log: registerOrigin, index: end.nextIndex)
            return nil
        }
        guard brokenFrom == nil else { return nil }
        guard head.size == tree.size, head.root == tree.frontier(at: head.size)?.root else {
            report(.registerRoot(signed: head.size), log: registerOrigin, index: LeafIndex(next))
            brokenFrom = TreeSize(next)
            gapCount += 1
            return false
        }
        coveringHead = head
        return true
    }

    /// The keys that may sign a head over these leaves: key sets and revocations among them count for their own page.
    private func registerKeys(after leaves: [RegisterLeaf], at size: TreeSize) -> [VerificationKey] {
        var roster = admission.roster
        for case .own(let statement) in leaves {
            try? roster.takeRegisterOwn(statement, at: TreeSize(next), now: statement.issuedAt)
        }
        return roster.logKeys(of: registerOrigin, at: size, now: times.latest(before: size))
    }

    private func signedHead(_ note: [UInt8], keys: [VerificationKey]) -> TreeHead? {
        keys.lazy.compactMap {
            try? SignedTreeHead(verifying: note, origin: self.registerOrigin, key: $0)
        }.first?.head
    }

    private mutating func take(
        _ leaf: (position: UInt64, leaf: AuditLeaf), in page: OpenedPage,
        observer: inout some AuditObserver
    ) {
        switch leaf.leaf.leaf {
        case nil:
            report(.leafUnreadable, log: registerOrigin, index: LeafIndex(leaf.position))
            gapCount += 1
        case .own(let statement)?:
            do throws(RosterFault) {
                try admission.takeOwn(
                    statement, at: TreeSize(leaf.position), now: statement.issuedAt)
            } catch {
                report(.signature(error.code), log: registerOrigin, index: LeafIndex(leaf.position))
            }
        case .lookUp?: break
        case .verdict(let record)?: take(record, at: leaf.position, in: page, observer: &observer)
        }
    }
}
