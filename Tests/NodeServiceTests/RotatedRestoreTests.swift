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

/// A log from before a change of keys is put back beside the key file from after it.
@Suite("A copy from before a rotation is put back") struct RotatedRestoreTests {
    /// Puts back the log alone: keys are in no backup.
    private static func putBack(_ copy: String, over place: PartyDirectory) throws {
        for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: "\(place.path)/\(name)")
            try? FileManager.default.copyItem(atPath: "\(copy)/\(name)", toPath: "\(place.path)/\(name)")
        }
        try? FileManager.default.removeItem(atPath: place.sealedViewsFile)
    }

    @Test("The log key alone has changed, and the former is gone: what it signed is known by the log itself")
    func onlyTheLogKey() async throws {
        let scene = try await SharedCase()
        let (world, owner) = (scene.world, SharedCase.owner)
        let place = world.path(of: owner)
        await scene.harbour.close()
        try FileManager.default.copyItem(atPath: place.path, toPath: world.directory + "/before")
        _ = try world.rotate(owner, [.log])
        var node = try await world.open(owner)
        try await world.settle([node, scene.fire])
        await node.close()
        await (try await world.open(owner)).close()
        let names = try place.openKeyFile(passphrase: OneProcess.passphrase).contents.secrets.keys
        #expect(names.contains("log-2") && !names.contains("log"))
        try Self.putBack(world.directory + "/before", over: place)
        node = try await world.open(owner)
        #expect(!node.core.certainty.mayAppend)
        try await world.settle([node, scene.fire])
        #expect(node.core.certainty.mayAppend)
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "After the restore"))
        try await world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == 0)
    }

    /// With the former keys still in the file, the node works with them until the newest key set has come back; without
    /// them it works with the newest, which the log on its disk has not announced.
    @Test("It catches up, ends if it worked with former keys, and goes on under the newest", arguments: [false, true])
    func putBack(formerKeysAreGone: Bool) async throws {
        let scene = try await SharedCase()
        let (world, owner) = (scene.world, SharedCase.owner)
        let place = world.path(of: owner)
        await scene.harbour.close()
        try FileManager.default.copyItem(atPath: place.path, toPath: world.directory + "/before")
        _ = try world.rotate(owner)
        var node = try await world.open(owner)
        let recorded = try await node.core.record(ReportForm(officer: "h1", summary: "After the change"))
        try await world.settle([node, scene.fire])
        await node.close()
        if formerKeysAreGone { await (try await world.open(owner)).close() }
        try Self.putBack(world.directory + "/before", over: place)
        #expect(throws: KeyChangeFault.uncertain) { try world.rotate(owner) }
        // The same where the second store is on another medium, and nothing lies beside the directory.
        let beside = HeadStore(beside: place).path
        let elsewhere = HeadStore(path: world.directory + "/elsewhere.head")
        try FileManager.default.moveItem(atPath: beside, toPath: elsewhere.path)
        let rotation = KeyRotation(
            in: place.path, rootKeyFile: nil, heads: elsewhere, entropy: world.entropy, time: world.time)
        #expect(throws: KeyChangeFault.uncertain) {
            try rotation.rotate([.log], passphrases: OneProcess.passphrases)
        }
        try FileManager.default.moveItem(atPath: elsewhere.path, toPath: beside)
        node = try await world.open(owner)
        #expect(!node.core.certainty.mayAppend)
        let held = try place.openKeyFile(passphrase: OneProcess.passphrase).contents.secrets.keys.contains("statement")
        #expect(held == !formerKeysAreGone)
        if formerKeysAreGone {
            try await node.link.pull(wait: 0)
        } else {
            await #expect(throws: OtherKeys.self) { try await node.link.pull(wait: 0) }
            await node.close()
            node = try await world.open(owner)
        }
        #expect(node.core.certainty.mayAppend)
        try await node.link.pull(wait: 0)
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "After the restore"))
        try await world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == 0)
        let query = EntryQuery(entry: try #require(recorded.events.last))
        #expect(try await node.core.showEntry(query, isConnected: true).verdict == .accepted)
        await node.close()
        let check = try NodeStore.open(in: place.path)
        #expect(try check.verifyAll().isEmpty)
    }
}
