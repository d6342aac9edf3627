import CommandLineSupport
import EventLogs
import Foundation
import KeyFiles
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// Who can write the files can make every hash fit. What it cannot make is a signature.
@Suite("A rewritten log is damage") struct RewrittenLogTests {
    @Test("A store that a node wrote is whole, whoever checks it, and only under its own board")
    func untouched() async throws {
        let scene = try await SharedCase()
        for party in [SharedCase.owner, SharedCase.asker] {
            let check = try LogCheck(directory: scene.world.path(of: party).path)
            #expect(check.damage == [])
            #expect(try LogCheck(directory: scene.world.path(of: party).path, pageCount: 3).damage == [])
            #expect(check.board == (try scene.world.path(of: party).partnership().fingerprint.hex))
            let other = try LogCheck(directory: scene.world.path(of: party).path, fingerprint: .zero)
            #expect(other.damage.map(\.part) == ["partnership-file"])
            #expect(other.text.contains("partnership.tally"))
        }
    }

    @Test("From the first entry on, with keys of the attacker's own")
    func rewrittenFromTheStart() async throws {
        let scene = try await SharedCase()
        let place = scene.world.path(of: SharedCase.owner)
        await scene.harbour.close()
        let copy = try StoreCopy(of: place, in: scene.world.directory)
        let attacker = SigningKey(from: scene.world.entropy)
        try copy.found(by: attacker, fingerprint: try place.partnership().fingerprint, entropy: scene.world.entropy)
        #expect(try copy.damage() == ["signature at 0", "signature at 1", "head-signature"])
        // No key that the enrolled root key did not announce is believed.
        await #expect(throws: EventStoreError.damaged(StoredDamage(part: "signature", index: LeafIndex(1)))) {
            try await copy.open(as: scene.world)
        }
    }

    @Test("An entry and a head without the keys, and each of the two alone")
    func forgedEnd() async throws {
        let scene = try await SharedCase()
        let place = scene.world.path(of: SharedCase.owner)
        await scene.harbour.close()
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        let attacker = SigningKey(from: scene.world.entropy)
        let size = try NodeStore.open(in: place.path).verifyRightEdge().frontier.size.value
        for (statement, head) in [(attacker, attacker), (attacker, keys.log), (keys.statement, attacker)] {
            let copy = try StoreCopy(of: place, in: scene.world.directory)
            try copy.add(statementSigner: statement, headSigner: head, entropy: scene.world.entropy)
            var expected: [String] = []
            if statement.publicKey == attacker.publicKey { expected.append("signature at \(size)") }
            if head.publicKey == attacker.publicKey { expected.append("head-signature") }
            #expect(try copy.damage() == expected)
        }
    }

    @Test("Cut back to its founding, with the head that was signed then: the register knows more")
    func cutBack() async throws {
        let scene = try await SharedCase()
        let place = scene.world.path(of: SharedCase.owner)
        await scene.harbour.close()
        let copy = try StoreCopy(of: place, in: scene.world.directory)
        try copy.cutBack(to: 2, signedBy: try place.openKeys(passphrase: OneProcess.passphrase).log)
        let found = try LogCheck(directory: copy.path).damage
        #expect(found.map(\.part) == ["statement-missing"] && found.first?.index == 2)
    }

    @Test("A register with a head that nobody signed: no broker starts on it")
    func register() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let place = world.path(of: OneProcessFounding.brokerCode)
        let attacker = SigningKey(from: world.entropy)
        let store = try BrokerStore.open(in: place.path)
        let note = try #require(try store.registerHeadNote())
        let head = try UnverifiedTreeHead(parsing: note).claimed
        let forged = try SignedTreeHead.sign(head, with: attacker).note
        let (file, fingerprint) = try place.partnership()
        let bootstrap = try file.bootstrap(fingerprint: fingerprint, now: world.time.now())
        let loading = RegisterLoading(store: store, origin: try place.enrolment().origin, bootstrap: bootstrap)
        _ = try loading.load()
        let hash = Hash256(hashing: forged).hex
        try StoreCopy.run(
            "UPDATE tree_head SET note = X'\(Hex.encode(forged))', note_hash = X'\(hash)'",
            in: place.path + "/broker.sqlite")
        #expect(throws: RegisterLoadingFault.headSignature) { try loading.load() }
    }

    @Test("Another statement or another leaf in the copy of the register: no node starts on it")
    func rewrittenCopy() async throws {
        let scene = try await SharedCase()
        let place = scene.world.path(of: SharedCase.asker)
        await scene.fire.close()
        let store = try NodeStore.open(in: place.path)
        let position = try #require(try store.received(from: 0, limit: .max).last?.registerPosition)
        var leaf = try #require(try store.registerLeaves(from: position, limit: 1).first)
        leaf[leaf.count - 1] ^= 1
        var statement = try #require(try store.received(from: position, limit: 1).first?.bytes)
        statement[statement.count - 1] ^= 1
        let hash = MerkleTree.leafHash(statement)
        let changes = [
            (
                "DROP TRIGGER register_leaves_update",
                "UPDATE register_leaves SET bytes = X'\(Hex.encode(leaf))' WHERE position"
            ),
            (
                "DROP TRIGGER received_update",
                "UPDATE received SET bytes = X'\(Hex.encode(statement))', leaf_hash = X'\(hash.hex)' WHERE register_position"
            ),
        ]
        for (trigger, change) in changes {
            let copy = try StoreCopy(of: place, in: scene.world.directory)
            try StoreCopy.run("\(trigger); \(change) = \(position)", in: copy.path + "/log.sqlite")
            await #expect(throws: FollowFault.self) { try await copy.open(as: scene.world) }
        }
    }

    /// The register's own key can vouch for anything, and for nobody's signature.
    @Test("An entry that its author never signed, in a register that was signed anew to fit it")
    func forgedReceived() async throws {
        let scene = try await SharedCase()
        let place = scene.world.path(of: SharedCase.asker)
        await scene.fire.close()
        let store = try NodeStore.open(in: place.path)
        let last = try store.received(from: 0, limit: .max).last { received in
            try !Statement(decoding: received.bytes).payload.kind.isControl
        }
        var bytes = try #require(last).bytes
        let position = try #require(last).registerPosition
        let index = try #require(last).index
        bytes[bytes.count - 1] ^= 1
        let leafHash = MerkleTree.leafHash(bytes)
        let stored = try RegisterLeaf(decoding: try #require(try store.registerLeaves(from: position, limit: 1).first))
        guard case .verdict(let record) = stored else { throw FollowFault.notRegistered(position: position) }
        let leaf = RegisterLeaf.verdict(
            AdmissionRecord(
                origin: record.origin, index: record.index, leafHash: leafHash, verdict: record.verdict,
                admittedAt: record.admittedAt)
        ).encoded
        var leaves = try store.registerLeaves(from: 0, limit: .max)
        leaves[Int(position)] = leaf
        let frontier = leaves.reduce(into: TreeFrontier()) { $0.append(MerkleTree.leafHash($1)) }
        let broker = scene.world.path(of: OneProcessFounding.brokerCode)
        let head = TreeHead(origin: try broker.enrolment().origin, size: frontier.size, root: frontier.root)
        let note = try SignedTreeHead.sign(head, with: broker.openKeys(passphrase: OneProcess.passphrase).log).note
        let copy = try StoreCopy(of: place, in: scene.world.directory)
        try StoreCopy.run(
            """
            DROP TRIGGER register_leaves_update; DROP TRIGGER received_update;
            UPDATE register_leaves SET bytes = X'\(Hex.encode(leaf))' WHERE position = \(position);
            UPDATE received SET bytes = X'\(Hex.encode(bytes))', leaf_hash = X'\(leafHash.hex)'
                WHERE register_position = \(position);
            UPDATE register_head SET note = X'\(Hex.encode(note))',
                frontier = X'\(frontier.nodes.map(\.hex).joined())';
            """, in: copy.path + "/log.sqlite")
        #expect(try copy.damage() == ["received-signature at \(index)"])
    }
}
