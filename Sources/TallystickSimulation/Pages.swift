import EventLogs
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TransparencyLog

/// What a broker that misbehaves makes of an honest page.
enum Pages {
    private static func with(_ page: FeedPage, entries: [FeedEntry]) -> FeedPage {
        FeedPage(from: page.from, leaves: page.leaves, headNote: page.headNote, entries: entries)
    }

    /// The last entry of casework that came at its own place.
    private static func lastOfCasework(_ page: FeedPage, _ condition: (Statement) -> Bool = { _ in true }) -> Int? {
        page.entries.lastIndex { entry in
            guard let statement = try? Statement(decoding: entry.statement.bytes) else { return false }
            return entry.position == entry.statementPosition && statement.payload.kind == .record
                && condition(statement)
        }
    }

    private static func replacing(
        _ page: FeedPage, at place: Int, _ change: (CarriedStatement) -> CarriedStatement
    ) -> FeedPage {
        var entries = page.entries
        let entry = entries[place]
        entries[place] = FeedEntry(
            position: entry.position, statementPosition: entry.statementPosition, index: entry.index,
            statement: change(entry.statement))
        return with(page, entries: entries)
    }

    static func withholding(_ page: FeedPage) -> FeedPage? {
        guard let place = lastOfCasework(page) else { return nil }
        var entries = page.entries
        entries.remove(at: place)
        return with(page, entries: entries)
    }

    static func rewriting(_ page: FeedPage) -> FeedPage? {
        guard let place = lastOfCasework(page) else { return nil }
        return replacing(page, at: place) { carried in
            var bytes = carried.bytes
            bytes[bytes.count - 1] ^= 1
            return CarriedStatement(bytes: bytes, compartments: carried.compartments, grants: carried.grants)
        }
    }

    static func changingCompartment(_ page: FeedPage) -> FeedPage? {
        guard let place = page.entries.lastIndex(where: { !$0.statement.compartments.isEmpty }) else { return nil }
        return replacing(page, at: place) { carried in
            let changed = carried.compartments.map { part in
                CarriedCompartment(id: part.id, content: part.content.map { $0 ^ 1 }, wrap: part.wrap)
            }
            return CarriedStatement(bytes: carried.bytes, compartments: changed, grants: carried.grants)
        }
    }

    /// All sealed parts that the broker has of the last entry which has some that are not for the reader.
    static func addingCompartments(to page: FeedPage, from store: BrokerStore) throws -> FeedPage? {
        for place in page.entries.indices.reversed() {
            let entry = page.entries[place]
            let statement = try Statement(decoding: entry.statement.bytes)
            guard entry.position == entry.statementPosition, !statement.payload.kind.isControl else { continue }
            let all = try store.compartments(origin: statement.origin, index: entry.index)
            let sealed = Set(
                statement.payload.compartments.filter { if case .epoch = $0.reader { true } else { false } }.map(\.id))
            let had = Set(entry.statement.compartments.map(\.id))
            let added = all.filter { sealed.contains($0.id) && !had.contains($0.id) }
            guard !added.isEmpty else { continue }
            return replacing(page, at: place) { carried in
                CarriedStatement(
                    bytes: carried.bytes, compartments: carried.compartments + added, grants: carried.grants)
            }
        }
        return nil
    }

    /// All grants that the broker has of the last entry which has some for others.
    static func addingGrants(to page: FeedPage, from store: BrokerStore) throws -> FeedPage? {
        for place in page.entries.indices.reversed() {
            let entry = page.entries[place]
            let statement = try Statement(decoding: entry.statement.bytes)
            let all = try store.grants(origin: statement.origin, index: entry.index)
            guard entry.position == entry.statementPosition, all.count > entry.statement.grants.count else { continue }
            return replacing(page, at: place) { carried in
                CarriedStatement(bytes: carried.bytes, compartments: carried.compartments, grants: all)
            }
        }
        return nil
    }

    /// The first circle on the page that leaves the reader out.
    static func addingStatement(
        to page: FeedPage, from store: BrokerStore, hiddenFrom reader: AgencyCode
    ) throws -> FeedPage? {
        for position in page.from.value..<page.next.value {
            guard let stored = try store.statementsAt(positions: [position]).first, stored.refusal == nil,
                case .circle(let circle) = try Statement(decoding: stored.bytes).payload.control,
                !circle.members.contains(reader), circle.members.count > 1
            else { continue }
            let stray = FeedEntry(
                position: position, statementPosition: position, index: stored.index,
                statement: CarriedStatement(bytes: stored.bytes, compartments: [], grants: []))
            return with(
                page,
                entries: page.entries.filter { $0.position < position } + [stray]
                    + page.entries.filter { $0.position >= position })
        }
        return nil
    }

    /// The page with another newest verdict, under a head that the register's key signed.
    static func forking(_ page: FeedPage, after known: [Hash256], signer: any Signer) throws -> FeedPage? {
        guard let last = page.leaves.last, case .verdict(let record) = try RegisterLeaf(decoding: last) else {
            return nil
        }
        let other = RegisterLeaf.verdict(
            AdmissionRecord(
                origin: record.origin, index: record.index, leafHash: record.leafHash, verdict: record.verdict,
                admittedAt: record.admittedAt.adding(seconds: 1))
        ).encoded
        let leaves = page.leaves.dropLast() + [other]
        var frontier = TreeFrontier()
        for leaf in known.prefix(Int(page.from.value)) { _ = frontier.append(leaf) }
        for leaf in leaves { _ = frontier.append(MerkleTree.leafHash(leaf)) }
        let origin = try UnverifiedTreeHead(parsing: page.headNote).claimed.origin
        let head = TreeHead(origin: origin, size: frontier.size, root: frontier.root)
        return FeedPage(
            from: page.from, leaves: Array(leaves), headNote: try SignedTreeHead.sign(head, with: signer).note,
            entries: page.entries)
    }

    /// A receipt that the register's key signed, over a tree that never was.
    static func falseReceipt(
        for push: PushRequest, at place: UInt64, origin: Origin, signer: any Signer, now: Timestamp
    ) throws -> AdmissionReceipt? {
        guard let first = push.statements.first else { return nil }
        let statement = try Statement(decoding: first.bytes)
        let leaf = RegisterLeaf.verdict(
            AdmissionRecord(
                origin: statement.origin, index: push.firstIndex, leafHash: statement.leafHash, verdict: .accepted,
                admittedAt: now))
        var tree = TreeLevels()
        for _ in 0..<place { tree.append(.zero) }
        tree.append(leaf.leafHash)
        guard let root = tree.frontier(at: tree.size)?.root else { return nil }
        let receipt = try InclusionReceipt.sign(
            index: LeafIndex(place), head: TreeHead(origin: origin, size: tree.size, root: root),
            proof: TreeProofs.inclusion(of: LeafIndex(place), in: tree.size, node: tree.node), with: signer)
        return AdmissionReceipt(position: place, leaf: leaf.encoded, receipt: receipt.encoded)
    }
}
