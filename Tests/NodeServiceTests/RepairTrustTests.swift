import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import Synchronization
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import NodeService

/// A repair believes what was signed, keeps what speaks against the broker, and signs nothing that could be a second story.
@Suite("What a repair believes") struct RepairTrustTests {
    private static func inDatabase(_ copy: StoreCopy, _ sql: String) throws {
        try StoreCopy.run(sql, in: copy.path + "/log.sqlite")
    }

    @Test("A signed head that the broker's register does not lead to is never replaced by another")
    func otherRegister() async throws {
        let scene = try await GivenBothWays()
        let world = scene.shared.world
        let store = try NodeStore.open(in: scene.place.path)
        let head = try #require(try store.registerHead())
        let broker = world.path(of: OneProcessFounding.brokerCode)
        let other = try SignedTreeHead.sign(
            TreeHead(origin: broker.enrolment().origin, size: head.frontier.size, root: .zero),
            with: broker.openKeys(passphrase: OneProcess.passphrase).log)
        // With the edge beside it as it was, and with one that does not read.
        for edge in ["", ", frontier = x''"] {
            let copy = try StoreCopy(of: scene.place, in: world.directory)
            try Self.inDatabase(copy, "UPDATE register_head SET note = X'\(Hex.encode(other.note))'\(edge)")
            let before = try copy.dump()
            let answer = try await copy.repair(world, as: SharedCase.owner)
            #expect(answer.obstacle?.contains("register-root") == true, "\(answer.text)")
            #expect(try copy.dump() == before)
        }
    }

    @Test("A receipt that the register contradicts is kept as evidence")
    func falseReceipt() async throws {
        let scene = try await SharedCase()
        let (world, node) = (scene.world, scene.harbour)
        let first = try node.core.store.firstUnadmitted()
        try await RotationTests.act("With a false receipt", in: scene, at: node)
        let place = (await node.core.follower.size).value
        let lying = BrokerLink(
            core: node.core, client: LyingBroker(world: world, peer: SharedCase.owner, place: place + 10),
            directory: node.link.directory, time: world.time, logger: world.logger)
        _ = try await lying.push(from: first)
        await node.close()
        let copy = try StoreCopy(of: world.path(of: SharedCase.owner), in: world.directory)
        _ = try copy.inflict(.registerHeadBit)
        let answer = try await copy.repair(world, as: SharedCase.owner)
        #expect(answer.isWhole, "\(answer.text)")
        let store = try NodeStore.open(in: copy.path)
        #expect(try store.admission(of: first)?.registerPosition == place)
        #expect(try store.contradictions().map(\.registerPosition) == [place + 10])
    }

    @Test("After a change of keys that was refused, the head is known and signed by the key that counts")
    func refusedKeys() async throws {
        let scene = try await SharedCase()
        let (world, owner) = (scene.world, SharedCase.owner)
        await scene.harbour.close()
        world.time.advance(seconds: 3600)
        _ = try world.rotate(owner, [.log])
        world.time.advance(seconds: -3600)
        var node = try await world.open(owner)
        _ = try await node.exchange()
        await #expect(throws: OtherKeys.self) { while true { _ = try await node.exchange() } }
        await node.close()
        world.time.advance(seconds: 3700)
        node = try await world.open(owner)
        try await RotationTests.act("Under the former key", in: scene, at: node)
        try await world.settle([node, scene.fire])
        await node.close()
        let whole = try StoreCopy(of: world.path(of: owner), in: world.directory).dump()
        for damage in [Infliction.statementBit, .headBit] {
            let copy = try StoreCopy(of: world.path(of: owner), in: world.directory)
            _ = try copy.inflict(damage)
            let answer = try await copy.repair(world, as: owner)
            #expect(answer.isWhole, "\(damage): \(answer.text)")
            #expect(try copy.dump() == whole, "\(damage)")
        }
        let alone = try StoreCopy(of: world.path(of: owner), in: world.directory)
        _ = try alone.inflict(.headBit)
        let repair = try NodeRepair(directory: alone.path, passphrase: OneProcess.passphrase, now: world.time.now())
        #expect(try await repair.run(ask: nil).isWhole)
        #expect(try alone.dump() == whole)
    }

    @Test("A head is signed anew only where nothing is left of the former, and the second store leads to it")
    func signedAnew() async throws {
        let scene = try await GivenBothWays()
        let world = scene.shared.world
        let origin = try scene.place.enrolment().origin
        let size = try NodeStore.open(in: scene.place.path).verifyRightEdge().frontier.size
        let theirs = try SignedTreeHead.sign(
            TreeHead(origin: origin, size: size, root: .zero), with: SigningKey(from: world.entropy))
        let changes: [(String, (StoreCopy, HeadStore) throws -> Void)] = [
            (
                "a head by somebody else",
                { copy, _ in
                    try Self.inDatabase(
                        copy,
                        """
                        DROP TRIGGER tree_head_update;
                        UPDATE tree_head SET note = X'\(Hex.encode(theirs.note))',
                            note_hash = X'\(Hash256(hashing: theirs.note).hex)'
                        """)
                }
            ),
            (
                "no second store",
                { copy, heads in
                    _ = try copy.inflict(.headBit)
                    PublicFile.remove(heads.path)
                }
            ),
            (
                "another history on the second store",
                { copy, heads in
                    _ = try copy.inflict(.headBit)
                    let head = TreeHead(origin: origin, size: TreeSize(3), root: .zero)
                    _ = try heads.replace(try heads.read().bytes, by: head)
                }
            ),
        ]
        for (name, change) in changes {
            let copy = try StoreCopy(of: scene.place, in: world.directory)
            try change(copy, HeadStore(beside: PartyDirectory(path: copy.path)))
            let before = try copy.dump()
            let repair = try NodeRepair(directory: copy.path, passphrase: OneProcess.passphrase, now: world.time.now())
            let answer = try await repair.run(ask: nil)
            #expect(answer.obstacle?.contains("no signed head of this log is left") == true, "\(name): \(answer.text)")
            #expect(try copy.dump() == before, "\(name)")
        }
    }

    @Test("What goes on beyond the head that this log signed is not asked for, and not taken")
    func endless() async throws {
        let scene = try await GivenBothWays()
        let world = scene.shared.world
        let asked = Mutex(0)
        let copy = try StoreCopy(of: scene.place, in: world.directory)
        _ = try copy.inflict(.statementBit)
        let answer = try await copy.repair(world, as: SharedCase.owner) { path, body in
            guard path == "/v1/own", let body, let page = try? OwnLogPage(decoding: body) else { return body }
            // As if there were more, again and again.
            let count = asked.withLock {
                $0 += 1
                return $0
            }
            return page.statements.isEmpty && count < 99 ? OwnLogPage(statements: [Self.empty]).encoded : body
        }
        #expect(answer.isWhole && asked.withLock { $0 } == 1, "\(answer.text)")
        let more = try StoreCopy(of: scene.place, in: world.directory)
        _ = try more.inflict(.statementBit)
        let refused = try await more.repair(world, as: SharedCase.owner) { path, body in
            guard path == "/v1/own", let body, let page = try? OwnLogPage(decoding: body), !page.statements.isEmpty
            else { return body }
            return OwnLogPage(statements: page.statements + page.statements).encoded
        }
        #expect(refused.obstacle?.contains("not what this log signed") == true, "\(refused.text)")
    }

    @Test("What the broker has beyond what was here is noted, and what it has beside it is refused")
    func cameBack() async throws {
        let scene = try await SharedCase()
        let (world, owner) = (scene.world, SharedCase.owner)
        let place = world.path(of: owner)
        let size = await scene.harbour.core.writer.size
        let behind = try StoreCopy(of: place, in: world.directory)
        let beside = try StoreCopy(of: place, in: world.directory)
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        try beside.add(statementSigner: keys.statement, headSigner: keys.log, entropy: world.entropy)
        for number in 0..<3 { try await RotationTests.act("Number \(number)", in: scene, at: scene.harbour) }
        try await world.settle([scene.harbour, scene.fire])
        let newest = await scene.harbour.core.writer.size
        await scene.harbour.close()
        for copy in [behind, beside] { _ = try copy.inflict(.statementBit) }
        let answer = try await behind.repair(world, as: owner)
        #expect(answer.isWhole, "\(answer.text)")
        let returned = try NodeStore.open(in: behind.path).returnedIndexes()
        #expect(returned.map(\.value) == Array(size.value..<newest.value))
        let before = try beside.dump()
        let refused = try await beside.repair(world, as: owner)
        #expect(refused.obstacle?.contains("not what this log signed") == true, "\(refused.text)")
        #expect(try beside.dump() == before)
    }

    private static let empty = CarriedStatement(bytes: [], compartments: [], grants: [])
}
