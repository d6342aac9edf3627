import Auditing
import BoardOffice
import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
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

/// A valid revocation binds however it arrives (DESIGN §4): here by file, while the broker knows nothing of it.
@Suite("A revocation that came by file") struct HeardRevocationTests {
    /// The owner writes on with a key of which it has a revocation at home that never reaches the broker.
    private static func revoked(_ scene: SharedCase) async throws -> (file: [UInt8], position: TreeSize) {
        let position = await scene.harbour.core.follower.size
        let place = scene.world.path(of: SharedCase.owner)
        let copy = try StoreCopy(of: place, in: scene.world.directory)
        let keyID = try place.openKeys(passphrase: OneProcess.passphrase).statement.publicKey.keyID
        let rotation = KeyRotation(
            in: copy.path, rootKeyFile: nil, entropy: scene.world.entropy, time: scene.world.time)
        _ = try rotation.revoke(keyID, after: position, passphrases: OneProcess.passphrases)
        return (try PublicFile.read(PartyDirectory(path: copy.path).ownRevocationFile), position)
    }

    private static func take(_ file: [UInt8], in scene: SharedCase) throws -> [AgencyCode] {
        let place = scene.world.path(of: SharedCase.asker)
        let (known, fingerprint) = try place.partnership()
        let roster = try known.bootstrap(fingerprint: fingerprint, now: scene.world.time.now())
        return try place.takeRevocations(file, by: roster)
    }

    @Test("What the key signs from then on is not taken in, and its author is told; what came before stays")
    func content() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let file = try await Self.revoked(scene).file
        let before = try await RotationTests.count(at: scene.fire, in: scene)
        await scene.fire.close()
        #expect(try Self.take(file, in: scene) == [SharedCase.owner])
        // Taken twice it is one.
        #expect(try Self.take(file, in: scene) == [SharedCase.owner])
        var fire = try await scene.world.open(SharedCase.asker)
        #expect(try await RotationTests.count(at: fire, in: scene) == before)
        try await RotationTests.act("By a thief, perhaps", in: scene, at: scene.harbour)
        try await scene.world.settle([scene.harbour, fire])
        for _ in 0..<2 {
            #expect(try await RotationTests.count(at: fire, in: scene) == before)
            await fire.close()
            fire = try await scene.world.open(SharedCase.asker)
        }
        let reports = try scene.harbour.core.store.received(from: 0, limit: 999).compactMap { received in
            if case .received(let report) = try Statement(decoding: received.bytes).payload.control {
                report
            } else {
                nil
            }
        }
        #expect(reports.flatMap(\.findings).map(\.finding) == ["key-revoked"])
    }

    @Test("It binds also what comes by file, which is when it is needed")
    func carried() async throws {
        let scene = try await SharedCase()
        let file = try await Self.revoked(scene).file
        await scene.fire.close()
        _ = try Self.take(file, in: scene)
        let fire = try await scene.world.open(SharedCase.asker)
        try await RotationTests.act("By a thief, perhaps", in: scene, at: scene.harbour)
        let bytes = try await scene.harbour.core.exportCarry(CarryForm(agency: SharedCase.asker.text))
        await #expect { _ = try await fire.core.importCarry(bytes) } throws: {
            ($0 as? ProblemDetails)?.code.text == "key-revoked"
        }
    }

    @Test("A head of the register by a key that the board has revoked is not believed, though the broker goes on")
    func registerKey() async throws {
        let scene = try await SharedCase()
        let position = await scene.fire.core.follower.size
        await scene.fire.close()
        let key = try scene.world.path(of: OneProcessFounding.brokerCode).openKeys(passphrase: OneProcess.passphrase)
            .log
        let export = try scene.world.revoke(
            key.publicKey.keyID, of: OneProcessFounding.brokerCode, after: TreeSize(position.value + 1))
        #expect(try Self.take(export.encoded, in: scene) == [OneProcessFounding.brokerCode])
        let fire = try await scene.world.open(SharedCase.asker)
        try await RotationTests.act("Another", in: scene, at: scene.harbour)
        _ = try await scene.harbour.exchange()
        await #expect(throws: FollowFault.registerKey(keyID: key.publicKey.keyID)) { _ = try await fire.exchange() }
    }

    @Test("What neither the root key nor the board signed is not taken, nor more than may be kept")
    func refusals() async throws {
        let scene = try await SharedCase()
        let file = try await Self.revoked(scene).file
        let statement = try RevocationFile.statement(decoding: file)
        for place in stride(from: 0, to: file.count, by: 7) {
            var wrong = file
            wrong[place] ^= 1
            #expect(throws: PartyFileError.self) { try Self.take(wrong, in: scene) }
        }
        let keySet = try #require(try scene.harbour.core.store.readLog(from: LeafIndex(1), limit: 1).first).statement
        #expect(throws: PartyFileError.notARevocation) {
            try Self.take(RevocationFile.encoded(keySet), in: scene)
        }
        #expect(throws: PartyFileError.notARevocation) {
            let place = scene.world.path(of: SharedCase.asker)
            return try Self.take(try place.partnership().file.encoded, in: scene)
        }
        let path = scene.world.path(of: SharedCase.asker).path
        for number in 0..<Limits.heardRevocationCount {
            try PublicFile.write(RevocationFile.encoded(statement), to: "\(path)/revocation-\(number).tally")
        }
        #expect(throws: PartyFileError.tooManyRevocations(path)) { try Self.take(file, in: scene) }
    }
}
