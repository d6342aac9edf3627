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

/// Keys that were lost, and keys that are to be gone.
@Suite("Recovery, and a new local key") struct LostKeysTests {
    private static let fresh = SecretBytes(Array("another passphrase of ours".utf8))

    private static func made(_ scene: SharedCase) throws -> (recovery: Recovery, shares: [RecoveryShare]) {
        let recovery = Recovery(in: scene.world.path(of: SharedCase.owner).path)
        var shares: [RecoveryShare] = []
        try recovery.make(
            rootKeyFile: nil, party: OneProcess.passphrase, root: OneProcess.passphrase, entropy: scene.world.entropy
        ) { shares = $0 }
        return (recovery, shares)
    }

    @Test("Both key files are lost with their passphrase: any two shares bring everything back", arguments: 0..<3)
    func lost(without missing: Int) async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let place = scene.world.path(of: SharedCase.owner)
        let count = try await RotationTests.count(at: scene.harbour, in: scene)
        await scene.harbour.close()
        var (recovery, shares) = try Self.made(scene)
        shares.remove(at: missing)
        let key = try RecoveryShare.join(shares[0], shares[1])
        try recovery.check(key, party: OneProcess.passphrase)
        func restore() throws {
            try recovery.restore(
                key, from: nil, passphrase: Self.fresh, entropy: scene.world.entropy, cost: .minimum)
        }
        // A file that is there stays.
        #expect(throws: PartyFileError.secretFile(.alreadyExists(path: place.rootKeyFile))) { try restore() }
        try FileManager.default.removeItem(atPath: place.rootKeyFile)
        #expect(throws: PartyFileError.secretFile(.alreadyExists(path: place.keyFile))) { try restore() }
        #expect(!FileManager.default.fileExists(atPath: place.rootKeyFile))
        try FileManager.default.removeItem(atPath: place.keyFile)
        try restore()
        // The recovered root key announces new keys, and the node goes on with all it had.
        let rotation = scene.world.rotation(of: SharedCase.owner)
        _ = try rotation.rotate(
            [.statement, .log, .kem], passphrases: KeyRotation.Passphrases(party: Self.fresh, root: Self.fresh))
        let opened = try await OpenedNode(
            place, passphrase: Self.fresh, entropy: scene.world.entropy, time: scene.world.time,
            logger: scene.world.logger)
        let node = OneNode(
            core: opened.core, cosigning: opened.cosigning,
            link: BrokerLink(
                core: opened.core, client: Call(api: scene.world.broker, peer: SharedCase.owner),
                directory: LiveDirectory(opened.bootstrap), time: scene.world.time, logger: scene.world.logger))
        #expect(try await RotationTests.count(at: node, in: scene) == count)
        try await RotationTests.act("After the loss", in: scene, at: node)
        try await scene.world.settle([node, scene.fire])
        try await RotationTests.expectSound(scene, [node, scene.fire])
    }

    @Test("Shares of another making, another's file, and keys changed since are noticed")
    func noticed() async throws {
        let scene = try await SharedCase()
        await scene.harbour.close()
        let (recovery, shares) = try Self.made(scene)
        let key = try RecoveryShare.join(shares[0], shares[2])
        let (_, newer) = try Self.made(scene)
        #expect(throws: PartyFileError.otherShares(path: recovery.file)) {
            try recovery.check(key, party: OneProcess.passphrase)
        }
        let newest = try RecoveryShare.join(newer[1], newer[2])
        try recovery.check(newest, party: OneProcess.passphrase)
        // Shares that cannot be kept leave the file, and the shares of it, as they are.
        #expect(throws: CancellationError.self) {
            try recovery.make(
                rootKeyFile: nil, party: OneProcess.passphrase, root: OneProcess.passphrase,
                entropy: scene.world.entropy
            ) { _ in throw CancellationError() }
        }
        try recovery.check(newest, party: OneProcess.passphrase)
        let asker = Recovery(in: scene.world.path(of: SharedCase.asker).path)
        #expect(throws: PartyFileError.otherRootKey(path: recovery.file)) {
            try asker.restore(newest, from: recovery.file, passphrase: Self.fresh, entropy: scene.world.entropy)
        }
        // A key that is not needed any more may be in it; one that is must be.
        let place = scene.world.path(of: SharedCase.owner)
        let held = try place.openKeyFile(passphrase: OneProcess.passphrase)
        let fewer = try KeyFile.seal(
            held.contents.removing([PartySecret.witness]), passphrase: OneProcess.passphrase.bytes,
            entropy: scene.world.entropy, cost: .minimum)
        let whole = try KeyFileStore.read(from: place.keyFile)
        try KeyFileStore.replace(fewer, at: place.keyFile)
        try recovery.check(newest, party: OneProcess.passphrase)
        try KeyFileStore.replace(whole, at: place.keyFile)
        _ = try scene.world.rotate(SharedCase.owner, [.kem])
        #expect(throws: PartyFileError.recoveryOutdated(path: recovery.file)) {
            try recovery.check(newest, party: OneProcess.passphrase)
        }
    }

    // MARK: The local key

    private static func locals(_ scene: SharedCase) throws -> Set<String> {
        let file = try scene.world.path(of: SharedCase.asker).openKeyFile(passphrase: OneProcess.passphrase)
        return Set(file.contents.secrets.keys.filter { $0.hasPrefix("local") })
    }

    private static func replacement(_ scene: SharedCase) -> LocalKeyReplacement {
        LocalKeyReplacement(in: scene.world.path(of: SharedCase.asker).path, entropy: scene.world.entropy)
    }

    @Test("Everything opens under the new local key, and nothing under the former")
    func replaced() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        try await scene.give(days: 7)
        let before = try await scene.labels(at: scene.fire)
        await scene.fire.core.keepViews()
        await scene.fire.close()
        let place = scene.world.path(of: SharedCase.asker)
        let former = try KeyFileStore.read(from: place.keyFile)
        let salt = scene.fire.core.opener.localKey.derived(for: .importSalt)
        for round in 2...3 {
            #expect(try Self.replacement(scene).replace(passphrase: OneProcess.passphrase) > 0)
            #expect(try Self.locals(scene) == ["local-\(round)"])
            #expect(!FileManager.default.fileExists(atPath: place.sealedViewsFile))
            let node = try await scene.world.open(SharedCase.asker)
            #expect(try await scene.labels(at: node) == before)
            // A row that is imported again must be known again.
            #expect(node.core.opener.localKey.derived(for: .importSalt) == salt)
            try await RotationTests.act("Round \(round)", in: scene, at: node)
            try await scene.world.settle([scene.harbour, node])
            await node.close()
        }
        let node = try await scene.world.open(SharedCase.asker)
        try await RotationTests.expectSound(scene, [scene.harbour, node])
        // The former key file opens nothing of what is kept now, and the node says so instead of showing nothing.
        try KeyFileStore.replace(former, at: place.keyFile)
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        let old = try #require(keys.locals.first.flatMap { LocalKey(bytes: $0.key.bytes) })
        let samples = try NodeStore.open(in: place.path).keptSamples()
        #expect(!samples.isEmpty)
        for case .content(let wrapped) in samples {
            #expect(throws: (any Error).self) { try old.unwrapContentKey(wrapped) }
        }
        await #expect(throws: NodeStartFault.otherLocalKey) { _ = try await scene.world.open(SharedCase.asker) }
        #expect(throws: NodeStartFault.otherLocalKey) {
            try Self.replacement(scene).replace(passphrase: OneProcess.passphrase)
        }
    }

    @Test("A log from before the replacement, beside the key file from after it, is refused by name")
    func olderLog() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        await scene.fire.close()
        let place = scene.world.path(of: SharedCase.asker)
        let before = try StoreCopy(of: place, in: scene.world.directory)
        _ = try Self.replacement(scene).replace(passphrase: OneProcess.passphrase)
        try KeyFileStore.replace(KeyFileStore.read(from: place.keyFile), at: before.path + "/party.key")
        await #expect(throws: NodeStartFault.otherLocalKey) { try await before.open(as: scene.world) }
    }

    @Test("With a recovery from before the last change, a change of any key replaces all that are lost")
    func olderRecovery() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let (world, owner) = (scene.world, SharedCase.owner)
        let place = world.path(of: owner)
        await scene.harbour.close()
        let (recovery, shares) = try Self.made(scene)
        _ = try world.rotate(owner)
        var node = try await world.open(owner)
        try await RotationTests.act("Under keys that will be lost", in: scene, at: node)
        try await world.settle([node, scene.fire])
        let gap = try await RotationTests.gap(node, scene.fire, in: scene)
        await node.close()
        for file in [place.rootKeyFile, place.keyFile] { try FileManager.default.removeItem(atPath: file) }
        try recovery.restore(
            RecoveryShare.join(shares[0], shares[1]), from: nil, passphrase: OneProcess.passphrase,
            entropy: world.entropy, cost: .minimum)
        await #expect(throws: PartyFileError.keyMissing("statement")) { _ = try await world.open(owner) }
        let keyID = try place.openKeys(passphrase: OneProcess.passphrase).statement.publicKey.keyID
        #expect(throws: PartyFileError.keyMissing("statement")) {
            _ = try world.rotation(of: owner).reaffirm(
                keyID, registeredFrom: .empty, passphrase: OneProcess.passphrase)
        }
        #expect(Set(try world.rotate(owner, [.log]).announced.keys) == [.statement, .log, .kem])
        node = try await world.open(owner)
        try await RotationTests.act("After the loss", in: scene, at: node)
        try await world.settle([node, scene.fire])
        #expect(try await RotationTests.gap(node, scene.fire, in: scene) == gap)
        try await RotationTests.expectSound(scene, [node, scene.fire])
    }

    @Test("Cut short before and after the keys are wrapped anew: the node starts, and forgets the key it does not need")
    func cutShort() async throws {
        for isWrapped in [false, true] {
            let scene = try await SharedCase()
            try await scene.give(days: 7)
            let before = try await scene.labels(at: scene.fire)
            await scene.fire.close()
            let place = scene.world.path(of: SharedCase.asker)
            let original = try place.openKeyFile(passphrase: OneProcess.passphrase)
            if isWrapped {
                // All but the last step: the former key is in the file still.
                let former = try #require(original.contents["local"])
                _ = try Self.replacement(scene).replace(passphrase: OneProcess.passphrase)
                var file = try place.openKeyFile(passphrase: OneProcess.passphrase)
                file.replace("local", by: former.bytes)
                try file.save(entropy: scene.world.entropy)
            } else {
                var file = original
                file.add(scene.world.entropy.bytes(count: 32), as: "local")
                try file.save(entropy: scene.world.entropy)
            }
            #expect(try Self.locals(scene) == ["local", "local-2"])
            let node = try await scene.world.open(SharedCase.asker)
            #expect(try await scene.labels(at: node) == before)
            #expect(try Self.locals(scene) == [isWrapped ? "local-2" : "local"])
            await node.close()
            _ = try Self.replacement(scene).replace(passphrase: OneProcess.passphrase)
            let again = try await scene.world.open(SharedCase.asker)
            #expect(try await scene.labels(at: again) == before)
        }
    }

    @Test("A kept key that does not open stops the replacement, and nothing has changed")
    func damaged() async throws {
        let scene = try await SharedCase()
        try await scene.give(days: 7)
        await scene.fire.close()
        let place = scene.world.path(of: SharedCase.asker)
        try StoreCopy.run(
            "UPDATE circle_keys SET wrapped = zeroblob(40)", in: place.path + "/log.sqlite")
        #expect(throws: EventStoreError.damaged(StoredDamage(part: "kept-key", index: nil))) {
            _ = try Self.replacement(scene).replace(passphrase: OneProcess.passphrase)
        }
        let local = try LocalKeys(
            try place.openKeys(passphrase: OneProcess.passphrase), store: try NodeStore.open(in: place.path))
        #expect(local.name == "local")
    }
}
