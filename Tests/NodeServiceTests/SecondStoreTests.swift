import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// No command signs beside what the second store says, wherever the second store is.
@Suite("The second store, once named") struct SecondStoreTests {
    /// Every command that signs in the log while the node is stopped, given no second store.
    private static func expectRefused(_ scene: SharedCase, _ comment: Comment) throws {
        let place = scene.world.path(of: SharedCase.owner)
        let rotation = scene.world.rotation(of: SharedCase.owner)
        let keyID = try place.openKeys(passphrase: OneProcess.passphrase).statement.publicKey.keyID
        #expect(throws: KeyChangeFault.uncertain, comment) {
            try rotation.rotate([.log], passphrases: OneProcess.passphrases)
        }
        #expect(throws: KeyChangeFault.uncertain, comment) {
            try rotation.revoke(keyID, after: .empty, passphrases: OneProcess.passphrases)
        }
        #expect(throws: KeyChangeFault.uncertain, comment) {
            _ = try rotation.reaffirm(keyID, registeredFrom: .empty, passphrase: OneProcess.passphrase)
        }
    }

    @Test("Named once, at a start or by a command, it is found by every later command, which refuses a log put back")
    func remembered() async throws {
        let scene = try await SharedCase()
        let (world, owner) = (scene.world, SharedCase.owner)
        let place = world.path(of: owner)
        await scene.harbour.close()
        let elsewhere = HeadStore(path: world.directory + "/medium.head")
        try FileManager.default.moveItem(atPath: HeadStore(beside: place).path, toPath: elsewhere.path)
        #expect(try place.headStore() == HeadStore(beside: place))
        let before = try StoreCopy(of: place, in: world.directory)
        var node = try await world.open(owner, heads: elsewhere)
        #expect(node.core.certainty.mayAppend)
        try await RotationTests.act("Pushed", in: scene, at: node)
        try await world.settle([node, scene.fire])
        await node.close()
        #expect(try place.headStore() == elsewhere)
        // By a command, for a directory that remembers none.
        PublicFile.remove(place.headStoreFile)
        let naming = KeyRotation(
            in: place.path, rootKeyFile: nil, heads: elsewhere, entropy: world.entropy, time: world.time)
        _ = try naming.rotate([.kem], passphrases: OneProcess.passphrases)
        #expect(try place.headStore() == elsewhere)
        node = try await world.open(owner)
        try await world.settle([node, scene.fire])
        await node.close()
        _ = try world.rotate(owner, [.kem])

        for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: "\(place.path)/\(name)")
            try? FileManager.default.copyItem(atPath: "\(before.path)/\(name)", toPath: "\(place.path)/\(name)")
        }
        try Self.expectRefused(scene, "a log from before")
        let relative = try place.headStore(HeadStore(path: "some.head")).path
        #expect(relative.hasPrefix("/") && relative.hasSuffix("/some.head"))
        try PublicFile.write(Array("nowhere".utf8), to: place.headStoreFile)
        #expect(throws: PartyFileError.unreadable(path: place.headStoreFile)) { try place.headStore() }
    }

    @Test("A store that is missing, unreadable or another log's says nothing, and so nothing is signed")
    func silent() async throws {
        let scene = try await SharedCase()
        let heads = HeadStore(beside: scene.world.path(of: SharedCase.owner))
        let other = HeadStore(beside: scene.world.path(of: SharedCase.asker))
        await scene.harbour.close()
        let bytes = try #require(try heads.read().bytes)
        try PublicFile.write(Array(bytes.dropLast(2)), to: heads.path)
        try Self.expectRefused(scene, "unreadable")
        try PublicFile.write(try #require(try other.read().bytes), to: heads.path)
        try Self.expectRefused(scene, "another log's")
        PublicFile.remove(heads.path)
        try Self.expectRefused(scene, "missing")
        try PublicFile.write(bytes, to: heads.path)
        _ = try scene.world.rotate(SharedCase.owner, [.kem])
    }
}
