import DeterministicCBOR
import EventLogs
import Replication
import SignedStatements
import TallystickPrimitives
import Testing
import TransparencyLog

/// An older program beside a newer one: it stands still where it can no longer read, says that it must be updated, and has
/// taken in nothing.
@Suite struct LaterProgramTests {
    private let scene: Scene

    init() throws { scene = try Scene.set.get() }

    /// A page on which a later program has put another value at a place of a statement's payload.
    private func page(_ key: UInt64, _ value: CBOR, in world: World) throws -> FeedPage {
        let page = try world.register.page(for: World.council, from: 0, to: world.register.tree.size.value)
        let place = try #require(page.entries.firstIndex { $0.position == scene.record.position })
        let signed = scene.record.statement.signed
        guard case .map(let map) = try CBOR(decoding: signed.payload, limit: Limits.statementByteCount) else {
            throw WireFault.shape("a map")
        }
        let pairs = map.pairs.map { $0.key == .unsigned(key) ? ($0.key, value) : ($0.key, $0.value) }
        let key = SigningKey(from: world.entropy)
        let header = StatementHeader(
            keyID: key.publicKey.keyID, issuer: signed.header.issuer, subject: signed.header.subject,
            issuedAt: signed.header.issuedAt, eventID: signed.header.eventID)
        let later = try SignedStatement.sign(CBOR.map(of: pairs).encoded, header: header, with: key)
        var entries = page.entries
        let entry = entries[place]
        entries[place] = FeedEntry(
            position: entry.position, statementPosition: entry.statementPosition, index: entry.index,
            statement: CarriedStatement(bytes: later.bytes, compartments: [], grants: []))
        return page.with(entries: entries)
    }

    @Test(arguments: [(UInt64(6), UInt64(99), "of kind 99"), (1, 2, "of a later format")])
    func aNodeSaysThatItMustBeUpdated(key: UInt64, value: UInt64, words: String) throws {
        let world = scene.world
        var follower = try world.follower(of: World.council)
        let before = follower.size
        let later = try page(key, .unsigned(value), in: world)
        let fault = #expect(throws: FollowFault.self) { try world.take(later, into: &follower, of: World.council) }
        #expect(fault?.code == "program-too-old" && follower.size == before)
        #expect(fault?.updateNeeded?.contains(words) == true)
        // Once it is updated it reads what it was sent, from where it stood.
        #expect(try world.followToEnd(&follower, of: World.council).findings.isEmpty)
    }

    @Test func whatNoUpdateMendsSaysNothingOfOne() throws {
        let world = scene.world
        var follower = try world.follower(of: World.council)
        let broken = try page(2, .unsigned(1), in: world)
        let fault = #expect(throws: FollowFault.self) { try world.take(broken, into: &follower, of: World.council) }
        #expect(fault?.code == "statement-form" && fault?.updateNeeded == nil)
    }
}
