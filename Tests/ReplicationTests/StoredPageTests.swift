import EventLogs
import Partnership
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// A node follows its own copy of the register at every start, and believes only what the signed head covers
/// (decision 0012).
@Suite struct StoredPageTests {
    private let world: World
    private let agency = World.council
    private let leaves: [[UInt8]]
    private let headNote: [UInt8]
    private let received: [FeedEntry]

    init() throws {
        let scene = try Scene.set.get()
        var told = scene.world
        try told.accept(scene.share())
        world = told
        let page = try world.register.page(for: agency, from: 0, to: world.register.tree.size.value)
        leaves = page.leaves
        headNote = page.headNote
        // What a share gives later is stored at its own place, once.
        var places: Set<UInt64> = []
        received = page.entries.map { $0.with(position: $0.statementPosition) }
            .sorted { $0.position < $1.position }
            .filter { places.insert($0.position).inserted }
    }

    private func follow(
        _ leaves: [[UInt8]], _ received: [FeedEntry], cuts: [Int] = [], head: [UInt8]? = nil
    ) throws -> (follower: RegisterFollower, statements: [Statement]) {
        var follower = try world.follower(of: agency)
        var statements: [Statement] = []
        let own = world.register.admitted.filter { $0.statement.origin == world.logs[agency]?.origin }
        var start = 0
        for end in cuts + [leaves.count] where end >= start {
            let entries = received.filter { (UInt64(start)..<UInt64(end)).contains($0.position) }
            let page = ReadPage(
                from: TreeSize(UInt64(start)),
                leaves: try (start..<end).map { try ReadLeaf(decoding: leaves[$0], at: UInt64($0)) },
                entries: try entries.map { entry in
                    ReadEntry(
                        stored: try Statement(decoding: entry.statement.bytes), index: entry.index,
                        position: entry.position, compartments: entry.statement.compartments,
                        grants: entry.statement.grants)
                })
            statements += try follower.takeStored(
                page, now: world.now, own: { index in own.first { $0.submission.index == index }?.statement }
            ).statements.map(\.statement)
            start = end
        }
        _ = try follower.verifyHead(head ?? headNote, now: nil)
        return (follower, statements)
    }

    @Test func theCopyGivesWhatTheFeedGaveInPagesOfAnySize() throws {
        var fed = try world.follower(of: agency)
        _ = try world.followToEnd(&fed, of: agency)
        try checkProperty(cases: 40) { generator in
            let cuts = generator.array(upTo: 12) { $0.int(in: 0...leaves.count) }.sorted()
            let stored = try follow(leaves, received, cuts: cuts)
            try #require(stored.follower.frontier == fed.frontier)
            try #require(stored.follower.roster.parties == fed.roster.parties)
            try #require(stored.statements.map(\.bytes) == received.map(\.statement.bytes))
        }
    }

    /// A statement with another signature, and the leaf that would fit it.
    private func forged(
        where isWanted: (Statement) -> Bool
    ) throws -> (place: Int, entry: FeedEntry, leaf: [UInt8]) {
        let place = try #require(
            received.firstIndex { entry in (try? Statement(decoding: entry.statement.bytes)).map(isWanted) ?? false })
        var bytes = received[place].statement.bytes
        bytes[bytes.count - 1] ^= 1
        let statement = try Statement(decoding: bytes)
        let position = Int(received[place].position)
        guard case .verdict(let record) = try RegisterLeaf(decoding: leaves[position]) else {
            throw FollowFault.notRegistered(position: UInt64(position))
        }
        let leaf = RegisterLeaf.verdict(
            AdmissionRecord(
                origin: record.origin, index: record.index, leafHash: statement.leafHash, verdict: .accepted,
                admittedAt: record.admittedAt))
        return (place, received[place].with(bytes: bytes), leaf.encoded)
    }

    private func fault(_ leaves: [[UInt8]], _ received: [FeedEntry], head: [UInt8]? = nil) -> FollowFault? {
        do {
            _ = try follow(leaves, received, head: head)
            return nil
        } catch { return error as? FollowFault }
    }

    @Test func anotherSignatureIsNotTheRegisteredStatement() throws {
        for isControl in [true, false] {
            let (place, entry, _) = try forged { $0.payload.kind.isControl == isControl }
            var changed = received
            changed[place] = entry
            #expect(fault(leaves, changed) == .notRegistered(position: entry.position))
        }
    }

    @Test func aLeafThatWasMadeToFitDoesNotFitTheHead() throws {
        let (place, entry, leaf) = try forged { !$0.payload.kind.isControl }
        var (changed, forgedLeaves) = (received, leaves)
        changed[place] = entry
        forgedLeaves[Int(entry.position)] = leaf
        guard case .rootMismatch = fault(forgedLeaves, changed) else {
            Issue.record("a leaf that the register never signed was believed")
            return
        }
    }

    @Test func whoIsWhoIsVerifiedAgain() throws {
        let (place, entry, leaf) = try forged {
            if case .adopt = $0.payload.control { true } else { false }
        }
        var (changed, forgedLeaves) = (received, leaves)
        changed[place] = entry
        forgedLeaves[Int(entry.position)] = leaf
        #expect(fault(forgedLeaves, changed) == .roster(position: entry.position, .badSignature))
    }

    @Test func aCopyThatEndsEarlyOrLacksAStatementOrItsHeadIsRefused() throws {
        let cut = Array(leaves.dropLast())
        let end = UInt64(cut.count)
        guard case .sizeMismatch = fault(cut, received.filter { $0.position < end }) else {
            Issue.record("a copy that ends early was believed")
            return
        }
        guard case .head = fault(leaves, received, head: []) else {
            Issue.record("a copy without a head was believed")
            return
        }
    }
}
