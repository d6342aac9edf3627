import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// A node believes what the register's signed heads cover, and nothing else (DESIGN §4).
@Suite struct RegisterFollowerTests {
    private let scene: Scene
    private let world: World
    private let agency = World.council

    init() throws {
        scene = try Scene.set.get()
        var told = scene.world
        try told.accept(scene.share())
        world = told
    }

    private func faulty(_ page: FeedPage) throws -> FollowFault? {
        var follower = try world.follower(of: agency)
        do {
            _ = try world.take(page, into: &follower, of: agency)
            return nil
        } catch let fault as FollowFault {
            // A page that is not believed leaves nothing behind.
            #expect(follower.size == .empty)
            #expect(follower.roster.parties.values.allSatisfy { !$0.hasGenesis })
            return fault
        }
    }

    private func whole() throws -> FeedPage {
        try world.register.page(for: agency, from: 0, to: world.register.tree.size.value)
    }

    @Test func anHonestFeedGivesTheSameInPagesOfAnySize() throws {
        var whole = try world.follower(of: agency)
        let once = try world.followToEnd(&whole, of: agency)
        #expect(whole.frontier.root == world.register.seen?.root)
        #expect(once.findings.isEmpty)
        #expect(once.statements.count == world.register.entries(for: agency).count)
        try checkProperty(cases: 60) { generator in
            let end = Int(world.register.tree.size.value)
            // The first page brings the broker's own statements: without them no head is known.
            let cuts = generator.array(upTo: 12) { UInt64($0.int(in: 2...end)) }.sorted()
            var follower = try world.follower(of: agency)
            let parts = try world.followToEnd(&follower, of: agency, cuts: cuts)
            try #require(follower.frontier == whole.frontier)
            try #require(follower.roster.parties == whole.roster.parties)
            try #require(parts.leaves == once.leaves)
            try #require(parts.findings.isEmpty)
            try #require(parts.statements.map(\.position) == once.statements.map(\.position))
            try #require(
                parts.statements.map(\.statement) == once.statements.map(\.statement))
            try #require(
                parts.statements.map(\.compartments) == once.statements.map(\.compartments))
            let address = StreamAddress(
                origin: scene.record.statement.origin, stream: scene.caseStream)
            try #require(follower.circle(of: address)?.epoch == scene.epoch)
        }
    }

    @Test func aPageWithNothingNewNeedsNoHead() throws {
        var follower = try world.follower(of: agency)
        _ = try world.followToEnd(&follower, of: agency)
        let size = follower.size
        let empty = try world.register.page(for: agency, from: size.value, to: size.value)
        let taken = try world.take(empty, into: &follower, of: agency)
        #expect(taken.head == nil)
        #expect(follower.size == size)
    }

    @Test func everyMemberFollowsToTheSameRoster() throws {
        let expected = world.register.admission.roster
        for code in World.signatories + [World.county] {
            var follower = try world.follower(of: code)
            let followed = try world.followToEnd(&follower, of: code)
            #expect(followed.findings.isEmpty, "\(code)")
            #expect(follower.roster.parties == expected.parties, "\(code)")
        }
    }

    /// A node that catches up after an enrolment has ended believes what was admitted before.
    @Test func whatStoodWhenItWasAdmittedStandsHoweverLateItIsFollowed() throws {
        var late = world
        late.now = world.fireExpires.adding(seconds: 86_400)
        var follower = try late.follower(of: agency)
        let followed = try late.followToEnd(&follower, of: agency)
        #expect(followed.findings.isEmpty)
        #expect(follower.frontier.root == world.register.seen?.root)
    }

    @Test func entriesOutOfOrderOrTwiceAreRefused() throws {
        let page = try whole()
        let last = page.entries.count - 1
        guard case .notRegistered = try faulty(page.with(entries: page.entries + [page.entries[last]])) else {
            Issue.record("what a share gives was believed twice")
            return
        }
        for place in page.entries.indices.dropLast() {
            var swapped = page.entries
            swapped.swapAt(place, place + 1)
            let again = page.entries + [page.entries[place]]
            var twice = page.entries
            twice.insert(page.entries[place], at: place)
            for entries in [swapped, again, twice] {
                guard case .notRegistered = try faulty(page.with(entries: entries)) else {
                    Issue.record("entries out of order were believed: \(place)")
                    continue
                }
            }
        }
    }

    /// A statement that is said to have come due later would not be folded: no keys, no revocation, no circle.
    @Test func noEntryIsBelievedAtAnotherPositionThanItsOwnOrItsShares() throws {
        let page = try whole()
        let end = world.register.tree.size.value
        for (place, entry) in page.entries.enumerated() where place % 4 == 0 || place > page.entries.count - 4 {
            let next = place + 1 < page.entries.count ? page.entries[place + 1].position : end
            for position in Set([entry.position + 1, next, end - 1]).subtracting([entry.position]) {
                var entries = page.entries
                entries[place] = entry.with(position: position)
                guard case .notRegistered = try faulty(page.with(entries: entries)) else {
                    Issue.record("entry \(place) was believed at \(position)")
                    continue
                }
            }
        }
    }

    @Test func aPageFromElsewhereIsRefused() throws {
        let page = try whole()
        #expect(
            try faulty(page.with(from: TreeSize(1)))
                == .notOurPosition(expected: .empty, found: TreeSize(1)))
    }

    @Test func aLeafThatSkipsOrRepeatsAnIndexIsRefused() throws {
        let page = try whole()
        let origin = world.board.log.origin
        var skipped = page.leaves
        // The broker's two own statements come first, then the board's log from its genesis.
        skipped.remove(at: 3)
        #expect(
            try faulty(page.with(leaves: skipped))
                == .registerGap(origin, expected: LeafIndex(1), found: LeafIndex(2)))
        var repeated = page.leaves
        repeated.insert(page.leaves[3], at: 3)
        #expect(
            try faulty(page.with(leaves: repeated))
                == .registerGap(origin, expected: LeafIndex(2), found: LeafIndex(1)))
    }

    @Test func aLeafThatDoesNotReadIsRefused() throws {
        let page = try whole()
        var leaves = page.leaves
        leaves[5] = [0x80]
        guard case .leaf(position: 5, _) = try faulty(page.with(leaves: leaves)) else {
            Issue.record("an empty array was taken for a leaf")
            return
        }
    }

    @Test func aHeadOfAnotherSizeIsRefused() throws {
        let page = try whole()
        let size = world.register.tree.size
        let less = TreeSize(size.value - 1)
        #expect(
            try faulty(page.with(headNote: try world.register.note(at: less)))
                == .sizeMismatch(leaves: size, head: less))
        #expect(
            try faulty(page.with(leaves: page.leaves.dropLast()))
                == .sizeMismatch(leaves: less, head: size))
    }

    /// Another verdict in a leaf is another register: the head does not cover it.
    @Test func aHeadOverOtherLeavesIsRefused() throws {
        let page = try whole()
        var leaves = page.leaves
        let last = try #require(world.register.admitted.last?.record)
        let other = AdmissionRecord(
            origin: last.origin, index: last.index, leafHash: last.leafHash,
            verdict: .refused("quota"), admittedAt: last.admittedAt)
        leaves[leaves.count - 1] = RegisterLeaf.verdict(other).encoded
        guard case .rootMismatch(let size, _, let theirs) = try faulty(page.with(leaves: leaves))
        else {
            Issue.record("a changed verdict was believed")
            return
        }
        #expect(size == world.register.tree.size)
        #expect(theirs == world.register.seen?.root)
    }

    @Test func aHeadThatTheRegisterDidNotSignIsRefused() throws {
        let page = try whole()
        let stranger = SigningKey(from: SeededEntropy(seed: 77))
        let size = world.register.tree.size
        let notes = [
            try world.register.note(at: size, by: stranger), [],
            Array(page.headNote.dropLast(2)),
        ]
        for note in notes {
            guard case .head = try faulty(page.with(headNote: note)) else {
                Issue.record("an unsigned head was believed")
                return
            }
        }
    }

    @Test func aHeadOfAnotherLogOfTheSameKeyIsRefused() throws {
        let page = try whole()
        let root = try #require(world.register.seen?.root)
        let head = TreeHead(
            origin: Origins.stranger, size: world.register.tree.size, root: root)
        let signed = try SignedTreeHead.sign(head, with: world.register.logKey)
        #expect(
            try faulty(page.with(headNote: signed.note))
                == .head(
                    .wrongOrigin(expected: world.register.origin, found: Origins.stranger)))
    }

    /// The broker's own statements say which key signs its heads: one that it revoked, replaced or let end does not.
    @Test func aHeadByARegisterKeyThatDoesNotCountAnyMoreIsNotBelieved() throws {
        let old = world.register.logKey
        let next = SigningKey(from: SeededEntropy(seed: 78))
        func keys(_ keys: [(SigningKey, Timestamp?)]) throws -> ControlBody {
            let broker = try #require(world.logs[World.broker])
            let statement = KeySetEntry(
                role: .statement, algorithm: KeySetEntry.ed25519, key: broker.statementKey.publicKey.bytes, expires: nil
            )
            return .keyset(
                [statement]
                    + keys.map { key, expires in
                        KeySetEntry(
                            role: .log, algorithm: KeySetEntry.ed25519, key: key.publicKey.bytes, expires: expires)
                    })
        }
        let size = world.register.tree.size
        let revoked = { (position: UInt64) in
            ControlBody.revoke(
                RevokeControl(keyID: old.publicKey.keyID, compromisedAfter: TreeSize(size.value + position)))
        }
        let ended = Timestamp(wholeSeconds: world.now.wholeSeconds)
        let later = ended.adding(seconds: 1)
        let voidKey = FollowFault.registerKey(keyID: old.publicKey.keyID)
        let cases: [([ControlBody], by: SigningKey, FollowFault?)] = [
            ([try keys([(next, nil)])], next, nil),
            ([try keys([(old, nil), (next, nil)])], old, nil),
            ([try keys([(old, ended), (next, nil)])], old, voidKey),
            ([try keys([(old, later), (next, nil)])], old, nil),
            ([try keys([(old, nil), (next, nil)]), revoked(0)], old, voidKey),
            ([try keys([(old, nil), (next, nil)]), revoked(2)], old, voidKey),
            // It is void from a later position on only.
            ([try keys([(old, nil), (next, nil)]), revoked(3)], old, nil),
            ([try keys([(old, nil), (next, nil)]), revoked(0)], next, nil),
        ]
        for (number, (controls, signer, expected)) in cases.enumerated() {
            var told = world
            for control in controls { try told.takeOwn(control) }
            let page = try told.register.page(for: agency, from: 0, to: told.register.tree.size.value)
            let note = try told.register.note(at: told.register.tree.size, by: signer)
            var follower = try told.follower(of: agency)
            do {
                _ = try told.take(page.with(headNote: note), into: &follower, of: agency)
                #expect(expected == nil, "\(number)")
            } catch let fault as FollowFault { #expect(fault == expected, "\(number)") }
        }
        var told = world
        try told.takeOwn(try keys([(next, nil)]))
        let page = try told.register.page(for: agency, from: 0, to: told.register.tree.size.value)
        var follower = try told.follower(of: agency)
        // Replaced, it is a stranger's.
        do {
            _ = try told.take(page, into: &follower, of: agency)
            Issue.record("a head by a key that was replaced was believed")
        } catch FollowFault.head {}
    }

    @Test func leavesBeforeTheBrokersKeysAreNotBelieved() throws {
        let page = try world.register.page(for: agency, from: 0, to: 1)
        #expect(try faulty(page) == .registerUnknown)
    }

    @Test func aStatementThatWasNotRegisteredIsRefused() throws {
        let page = try whole()
        let entry = try #require(page.entries.last)
        let place = page.entries.count - 1
        let stranger = try scene.world.submission(scene.sound()).statement.bytes
        let past = world.register.tree.size.value
        let changes = [
            entry.with(bytes: stranger), entry.with(index: LeafIndex(999)),
            entry.with(statementPosition: entry.statementPosition - 1),
            entry.with(statementPosition: past), entry.with(statementPosition: 0),
        ]
        for (number, change) in changes.enumerated() {
            var entries = page.entries
            entries[place] = change
            guard case .notRegistered = try faulty(page.with(entries: entries)) else {
                Issue.record("an entry was believed: \(number)")
                continue
            }
        }
        var entries = page.entries
        entries[place] = entry.with(bytes: [1, 2, 3])
        guard case .statement = try faulty(page.with(entries: entries)) else {
            Issue.record("three bytes were taken for a statement")
            return
        }
    }

    @Test func aRegisterThatHoldsAnotherStatementOfOursIsRefused() throws {
        let page = try whole()
        var follower = try world.follower(of: agency)
        #expect(throws: FollowFault.self) {
            try follower.take(page, now: world.now, own: { _ in nil }, registered: { _ in nil })
        }
        #expect(follower.size == .empty)
    }
}
