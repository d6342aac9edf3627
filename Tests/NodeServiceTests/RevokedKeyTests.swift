import Auditing
import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
import NodeProjections
import Partnership
import PartyFiles
import Replication
import SQLiteStore
import Sealing
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// An agency revokes a key of its own, and stands by what it wrote itself (WIRE §2, key compromise).
@Suite("Revoking an agency's key") struct RevokedKeyTests {
    /// A case with an entry from before the doubt began and some from within it; the node is closed.
    private static func scene() async throws -> (scene: SharedCase, keyID: Hash256, after: TreeSize) {
        let scene = try await SharedCase(hasAuditor: true)
        let after = await scene.harbour.core.follower.size
        for number in 0..<3 { try await RotationTests.act("In doubt \(number)", in: scene, at: scene.harbour) }
        try await scene.world.settle([scene.harbour, scene.fire])
        await scene.harbour.close()
        let keys = try scene.world.path(of: SharedCase.owner).openKeys(passphrase: OneProcess.passphrase)
        return (scene, keys.statement.publicKey.keyID, after)
    }

    @Test("With it comes a new key; what the old one signed since is void, and listed, until it is reaffirmed")
    func revokedAndReaffirmed() async throws {
        let (scene, keyID, after) = try await Self.scene()
        let (world, owner) = (scene.world, SharedCase.owner)
        let rotation = world.rotation(of: owner)
        let inForce = KeyChangeFault.inForce(keyID)
        #expect(throws: inForce) {
            _ = try rotation.reaffirm(keyID, registeredFrom: after, passphrase: OneProcess.passphrase)
        }
        let outcome = try rotation.revoke(keyID, after: after, passphrases: OneProcess.passphrases)
        #expect(Set(outcome.announced.keys) == [.statement] && outcome.keySet != nil && outcome.revocation != nil)
        var node = try await world.open(owner)
        try await RotationTests.act("Under the new key", in: scene, at: node)
        try await world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == 0)
        for reader in [node, scene.fire] {
            let page = try await reader.core.showCase(CaseQuery(officer: "x1", caseReference: scene.reference))
            let doubted = page.timeline.filter { page.inDoubt.contains($0.eventID) }
            #expect(doubted.count { $0.fields.contains { $0.value.hasPrefix("In doubt") } } == 3)
            #expect(!doubted.contains { $0.fields.contains { $0.value == "Under the new key" } })
            #expect(doubted.allSatisfy { ($0.position ?? 0) >= after.value } && doubted.count < page.timeline.count)
        }
        var report = try await world.audit()
        #expect(report.findings == [])
        var doubt = try #require(report.doubts.first)
        #expect(report.doubts.count == 1 && doubt.agency == owner && doubt.keyID == keyID && doubt.after == after)
        #expect(doubt.reaffirmed == [] && doubt.void.count == 1)
        let inDoubt = doubt.void
        let first = try #require(inDoubt.first)
        #expect(report.text.contains("void, not reaffirmed: index \(first.lowerBound) to"))
        // Everything in doubt is by the old key, and was registered from the position on.
        for index in first {
            let placed = try #require(try node.core.store.readLog(from: LeafIndex(index), limit: 1).first)
            #expect(placed.statement.signed.header.keyID == keyID)
            #expect(try #require(try node.core.store.admission(of: placed.index)).registerPosition >= after.value)
        }

        await node.close()
        let reaffirmed = try rotation.reaffirm(keyID, registeredFrom: after, passphrase: OneProcess.passphrase)
        #expect(reaffirmed.indexes == inDoubt && reaffirmed.places.count == 1)
        node = try await world.open(owner)
        try await world.settle([node, scene.fire])
        report = try await world.audit()
        doubt = try #require(report.doubts.first)
        #expect(report.findings == [] && doubt.void == [] && doubt.reaffirmed == inDoubt)
        for reader in [node, scene.fire] {
            let page = try await reader.core.showCase(CaseQuery(officer: "x1", caseReference: scene.reference))
            #expect(page.inDoubt.isEmpty)
        }
        #expect(report.text.contains("void, not reaffirmed: nothing"))
        try await RotationTests.expectSound(scene, [node, scene.fire])
    }

    @Test("What came back from the broker is shown apart and not stood by, but for what a person names")
    func broughtBack() async throws {
        let (scene, keyID, after) = try await Self.scene()
        let (world, owner) = (scene.world, SharedCase.owner)
        let place = world.path(of: owner)
        let before = try StoreCopy(of: place, in: world.directory)
        let size = try NodeStore.open(in: place.path).verifyRightEdge().frontier.size
        var node = try await world.open(owner)
        try await RotationTests.act("By a thief, perhaps", in: scene, at: node)
        try await world.settle([node, scene.fire])
        let pushed = await node.core.writer.size
        await node.close()
        for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: "\(place.path)/\(name)")
            try? FileManager.default.copyItem(atPath: "\(before.path)/\(name)", toPath: "\(place.path)/\(name)")
        }
        node = try await world.open(owner)
        try await world.settle([node, scene.fire])
        #expect(try node.core.store.returnedIndexes().map(\.value) == Array(size.value..<pushed.value))
        await node.close()
        let rotation = world.rotation(of: owner)
        _ = try rotation.revoke(keyID, after: after, passphrases: OneProcess.passphrases)
        node = try await world.open(owner)
        try await world.settle([node, scene.fire])
        let whole = await node.core.writer.size
        await node.close()

        let shown = try rotation.reaffirmable(keyID, registeredFrom: after, passphrase: OneProcess.passphrase)
        let came = size.value...(pushed.value - 1)
        #expect(shown.places == [] && !shown.indexes.isEmpty && shown.leftOut == [came])
        #expect(shown.indexes.allSatisfy { !$0.overlaps(came) })
        #expect(try NodeStore.open(in: place.path).verifyRightEdge().frontier.size == whole, "nothing is written")
        let some = try rotation.reaffirm(keyID, registeredFrom: after, passphrase: OneProcess.passphrase)
        #expect(some.indexes == shown.indexes && some.leftOut == [came] && some.places.count == 1)
        let all = try rotation.reaffirmable(
            keyID, registeredFrom: after, returned: [came], passphrase: OneProcess.passphrase)
        #expect(all.leftOut == [] && all.indexes.contains { $0.overlaps(came) })
        node = try await world.open(owner)
        try await world.settle([node, scene.fire])
        #expect(try #require(try await world.audit().doubts.first).void == [came])
    }

    @Test("What is signed with it after the register has the revocation is refused everywhere")
    func stolen() async throws {
        let (scene, keyID, after) = try await Self.scene()
        let (world, owner) = (scene.world, SharedCase.owner)
        // The thief's copy of the machine, from before.
        let thief = try StoreCopy(of: world.path(of: owner), in: world.directory)
        let keys = try PartyDirectory(path: thief.path).openKeys(passphrase: OneProcess.passphrase)
        for stolen in [keyID, keys.log.publicKey.keyID] {
            _ = try world.rotation(of: owner).revoke(stolen, after: after, passphrases: OneProcess.passphrases)
        }
        let node = try await world.open(owner)
        try await world.settle([node, scene.fire])
        try thief.add(statementSigner: keys.statement, headSigner: keys.log, entropy: world.entropy)
        let opened = try await OpenedNode(
            PartyDirectory(path: thief.path), passphrase: OneProcess.passphrase, entropy: world.entropy,
            time: world.time, logger: world.logger)
        let copied = OneNode(
            core: opened.core, cosigning: opened.cosigning,
            link: BrokerLink(
                core: opened.core, client: Call(api: world.broker, peer: owner),
                directory: LiveDirectory(opened.bootstrap), time: world.time, logger: world.logger))
        await #expect(throws: (any Error).self) {
            _ = try await copied.link.push(from: try copied.core.store.firstUnadmitted())
        }
        await copied.close()
        try await RotationTests.act("The honest node goes on", in: scene, at: node)
        try await world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == 0)
        try await RotationTests.expectSound(scene, [node, scene.fire])
    }

    @Test("A key that the log never announced, and one that signs nothing, are not revoked")
    func refusals() async throws {
        let (scene, _, after) = try await Self.scene()
        let rotation = scene.world.rotation(of: SharedCase.owner)
        let kem = try #require(scene.harbour.core.opener.kemKeys.first)
        #expect(throws: KeyChangeFault.kem) {
            try rotation.revoke(kem.keyID, after: after, passphrases: OneProcess.passphrases)
        }
        #expect(throws: KeyChangeFault.unknownKey(.zero)) {
            try rotation.revoke(.zero, after: after, passphrases: OneProcess.passphrases)
        }
    }
}
