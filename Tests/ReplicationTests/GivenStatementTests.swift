import EventLogs
import Partnership
import Replication
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

/// What a share brings later must have been signed by who might sign it where it was registered: that its hash is
/// registered says only that somebody handed it in.
@Suite struct GivenStatementTests {
    private let scene: Scene
    private let agency = World.council

    init() throws { scene = try Scene.set.get() }

    /// A partnership whose broker registers as accepted whatever it likes.
    private struct Telling {
        var world: World
        var entries: [FeedEntry] = []
        let start: UInt64

        init(_ world: World) {
            self.world = world
            start = world.register.tree.size.value
        }

        mutating func register(_ sketch: Sketch, verdict: Verdict = .accepted) throws -> AdmissionRecord {
            let made = try world.submission(sketch)
            world.logs[sketch.author]?.append(made.statement)
            let record = AdmissionRecord(
                origin: made.statement.origin, index: made.index, leafHash: made.statement.leafHash,
                verdict: verdict, admittedAt: world.now)
            let position = world.register.tree.size.value
            world.register.append(.verdict(record))
            bytes[position] = made.statement.bytes
            return record
        }

        private(set) var bytes: [UInt64: [UInt8]] = [:]

        /// Feeds the statement at a position at its own place, or beside a share.
        mutating func feed(_ statement: UInt64, at position: UInt64? = nil, index: LeafIndex) {
            entries.append(
                FeedEntry(
                    position: position ?? statement, statementPosition: statement, index: index,
                    statement: CarriedStatement(bytes: bytes[statement] ?? [], compartments: [], grants: [])))
        }

        mutating func tell(_ sketch: Sketch) throws {
            let position = world.register.tree.size.value
            let record = try register(sketch)
            feed(position, index: record.index)
        }

        func page() throws -> FeedPage {
            let end = world.register.tree.size
            return FeedPage(
                from: TreeSize(start), leaves: world.register.leaves[Int(start)...].map(\.encoded),
                headNote: try world.register.note(at: end), entries: entries)
        }
    }

    /// Whether a node believes an account that was registered, with something before and something after it, and then
    /// given by a share.
    private func fault(
        _ account: Sketch, before: [Sketch] = [], after: [Sketch] = [], by key: SigningKey? = nil,
        verdict: Verdict = .accepted, later: Int64 = 0
    ) throws -> FollowFault? {
        var telling = Telling(scene.world)
        for sketch in before { try telling.tell(sketch) }
        let place = telling.world.register.tree.size.value
        let record = try telling.register(account, verdict: verdict)
        for sketch in after { try telling.tell(sketch) }
        telling.world.now = telling.world.now.adding(seconds: later)
        let share = telling.world.register.tree.size.value
        let address = CompartmentAddress(
            origin: record.origin, index: record.index, compartment: scene.accountPart.descriptor.id)
        try telling.tell(scene.share(of: address).with { $0.signer = key })
        telling.feed(place, at: share, index: record.index)
        return try fault(telling)
    }

    private func fault(_ telling: Telling) throws -> FollowFault? {
        var follower = try scene.world.follower(of: agency)
        _ = try scene.world.followToEnd(&follower, of: agency)
        let size = follower.size
        do {
            let page = try telling.world.take(try telling.page(), into: &follower, of: agency)
            #expect(page.statements.count == telling.entries.count)
            return nil
        } catch let fault as FollowFault {
            #expect(follower.size == size)
            return fault
        }
    }

    private func account(by key: (any Signer)? = nil, from author: AgencyCode = World.police) -> Sketch {
        Sketch(author, .record, in: scene.ownStream).with { $0.signer = key }
    }

    private func keySet(_ keys: [SigningKey], until end: Timestamp? = nil) -> Sketch {
        Sketch(
            World.police,
            .keyset(
                keys.map {
                    KeySetEntry(
                        role: .statement, algorithm: KeySetEntry.ed25519, key: $0.publicKey.bytes, expires: end)
                }))
    }

    private func revocation(of key: SigningKey) -> Sketch {
        Sketch(World.police, .revoke(RevokeControl(keyID: key.publicKey.keyID, compromisedAfter: .empty)))
    }

    private var position: UInt64 { scene.world.register.tree.size.value }

    @Test func whatItsAuthorSignedIsBelieved() throws {
        #expect(try fault(account()) == nil)
    }

    @Test func whatNobodySignedIsRefused() throws {
        let police = try #require(scene.world.logs[World.police])
        let garbled = GarbledSigner(publicKey: police.statementKey.publicKey)
        #expect(try fault(account(by: garbled)) == .roster(position: position, .badSignature))
    }

    @Test func whatAStrangersKeySignedIsRefused() throws {
        let stranger = SigningKey(from: SeededEntropy(seed: 77))
        let council = try #require(scene.world.logs[World.council]).statementKey
        let root = try #require(scene.world.logs[World.police]).rootKey
        for key in [stranger, council, root] {
            #expect(
                try fault(account(by: key))
                    == .roster(position: position, .unknownKey(keyID: key.publicKey.keyID)))
        }
    }

    @Test func whatAKeySignedThatWasRevokedBeforeIsRefused() throws {
        let first = try #require(scene.world.logs[World.police]).statementKey
        let second = SigningKey(from: SeededEntropy(seed: 78))
        let before = [keySet([first, second]), revocation(of: first)]
        #expect(
            try fault(account(), before: before, by: second)
                == .roster(position: position + 2, .revokedKey(keyID: first.publicKey.keyID)))
        #expect(try fault(account(by: second), before: before, by: second) == nil)
    }

    /// Judged where it was registered: neither is a key believed that came later, nor one forgotten that was good then.
    @Test func theKeysThatCountAreThoseOfItsOwnPlace() throws {
        let first = try #require(scene.world.logs[World.police]).statementKey
        let second = SigningKey(from: SeededEntropy(seed: 79))
        let after = [keySet([second]), revocation(of: first)]
        #expect(try fault(account(), after: after, by: second) == nil)
        #expect(
            try fault(account(by: second), after: after, by: second)
                == .roster(position: position, .unknownKey(keyID: second.publicKey.keyID)))
        let dropped = [keySet([second])]
        #expect(
            try fault(account(), before: dropped, by: second)
                == .roster(position: position + 1, .unknownKey(keyID: first.publicKey.keyID)))
    }

    @Test func aTermCountsWhenItWasAdmittedAndNotWhenItIsGiven() throws {
        let first = try #require(scene.world.logs[World.police]).statementKey
        let brief = SigningKey(from: SeededEntropy(seed: 80))
        let ends = scene.world.now.adding(seconds: 60)
        let both = keySet([first]).with { sketch in
            guard case .keyset(let entries) = sketch.control,
                case .keyset(let more) = keySet([brief], until: ends).control
            else { return }
            sketch.control = .keyset(entries + more)
        }
        #expect(try fault(account(by: brief), before: [both], by: first, later: 600) == nil)
        let over = keySet([brief], until: scene.world.now)
        #expect(
            try fault(account(by: brief), before: [over], after: [keySet([first])], by: first)
                == .roster(position: position + 1, .expiredKey(keyID: brief.publicKey.keyID)))
    }

    /// Nothing is believed of a refused statement, at its own place as here.
    @Test func whatWasRefusedNeedNotBeSigned() throws {
        let stranger = SigningKey(from: SeededEntropy(seed: 81))
        #expect(try fault(account(by: stranger), verdict: .refused("key-unknown")) == nil)
    }

    @Test func aShareBringsNothingFromAnothersLog() throws {
        var telling = Telling(scene.world)
        let place = telling.world.register.tree.size.value
        let record = try telling.register(account(from: World.homes))
        let share = telling.world.register.tree.size.value
        let address = CompartmentAddress(
            origin: record.origin, index: record.index, compartment: scene.accountPart.descriptor.id)
        try telling.tell(scene.share(of: address))
        telling.feed(place, at: share, index: record.index)
        #expect(try fault(telling) == .notRegistered(position: share))
    }

    @Test func anEnrolmentCountsAsItWasAtItsOwnPlace() throws {
        let world = scene.world
        let fire = try #require(world.logs[World.fire]).origin
        let made = try #require(world.register.admitted.last { $0.statement.origin == fire })
        let roster = world.register.admission.roster
        func fault(at position: UInt64, _ instant: Timestamp) -> RosterFault? {
            do throws(RosterFault) {
                try roster.verifyEarlier(
                    made.statement, index: made.submission.index, at: TreeSize(position), admittedAt: instant)
                return nil
            } catch { return error }
        }
        #expect(fault(at: made.position, world.fireExpires.adding(seconds: -1)) == nil)
        #expect(fault(at: made.position, world.fireExpires) == .enrolmentEnded(World.fire))
        #expect(fault(at: 0, made.now) == .enrolmentEnded(World.fire))
    }

    /// The two judgements are one: whatever stood where it was registered stands when it is given later.
    @Test func whateverTheRegisterAcceptedStandsLater() throws {
        var follower = try scene.world.follower(of: agency)
        _ = try scene.world.followToEnd(&follower, of: agency)
        let agencies = scene.world.register.admitted.filter { $0.statement.origin != scene.world.board.log.origin }
        #expect(agencies.count > 20)
        for made in agencies {
            try follower.roster.verifyEarlier(
                made.statement, index: made.submission.index, at: TreeSize(made.position), admittedAt: made.now)
        }
    }
}

/// A key's name under signatures that it never made.
private struct GarbledSigner: Signer {
    let publicKey: VerificationKey

    func sign(_ bytes: [UInt8]) throws -> [UInt8] { [UInt8](repeating: 7, count: 64) }
}
