import Auditing
import BoardOffice
import CommandLineSupport
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
import WitnessService

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

    private static func take(
        _ file: [UInt8], board export: PartnershipFile? = nil, in scene: SharedCase
    ) throws -> [AgencyCode] {
        try RevocationTaking(in: scene.world.path(of: SharedCase.asker).path, now: scene.world.time.now())
            .take(file, board: export?.encoded)
    }

    /// What the asker's next start knows by file.
    private static func heard(in scene: SharedCase) throws -> (heard: HeardRevocations, passedOver: Int) {
        let place = scene.world.path(of: SharedCase.asker)
        let (known, fingerprint) = try place.partnership()
        return try place.heardRevocations(
            by: known.bootstrap(fingerprint: fingerprint, now: scene.world.time.now()))
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
        let statement = try #require(try RevocationFile.statements(decoding: file).first)
        for place in stride(from: 0, to: file.count, by: 7) {
            var wrong = file
            wrong[place] ^= 1
            #expect(throws: PartyFileError.self) { try Self.take(wrong, in: scene) }
        }
        let keySet = try #require(try scene.harbour.core.store.readLog(from: LeafIndex(1), limit: 1).first).statement
        #expect(throws: PartyFileError.notARevocation) {
            try Self.take(RevocationFile.encoded([keySet]), in: scene)
        }
        // One that is wrong takes the others along.
        #expect(throws: PartyFileError.notARevocation) {
            try Self.take(RevocationFile.encoded([statement, keySet]), in: scene)
        }
        #expect(throws: PartyFileError.notARevocation) { try Self.take(RevocationFile.encoded([]), in: scene) }
        #expect(
            try PublicFile.names(in: scene.world.path(of: SharedCase.asker).path).allSatisfy {
                !$0.hasPrefix("revocation-")
            })
        #expect(throws: PartyFileError.notARevocation) {
            let place = scene.world.path(of: SharedCase.asker)
            return try Self.take(try place.partnership().file.encoded, in: scene)
        }
        let path = scene.world.path(of: SharedCase.asker).path
        for number in 0..<Limits.heardRevocationCount {
            let name = Hash256(hashing: [UInt8(number)]).hex.prefix(32)
            try PublicFile.write([], to: "\(path)/revocation-\(name).tally")
        }
        #expect(throws: PartyFileError.tooManyRevocations(path)) { try Self.take(file, in: scene) }
        // What does not read keeps no node from starting.
        #expect(try Self.heard(in: scene).passedOver == Limits.heardRevocationCount)
        await scene.fire.close()
        await (try await scene.world.open(SharedCase.asker)).close()
    }

    @Test("One file has every revocation of the log, in however many runs they were made")
    func several() async throws {
        let scene = try await SharedCase()
        let (place, position) = (scene.world.path(of: SharedCase.owner), await scene.harbour.core.follower.size)
        await scene.harbour.close()
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        let stolen = [keys.statement.publicKey.keyID, keys.log.publicKey.keyID]
        for keyID in stolen {
            _ = try scene.world.rotation(of: SharedCase.owner).revoke(
                keyID, after: position, passphrases: OneProcess.passphrases)
        }
        #expect(try Self.take(PublicFile.read(place.ownRevocationFile), in: scene) == [SharedCase.owner])
        let heard = try Self.heard(in: scene).heard
        for keyID in stolen { #expect(heard.voids(keyID, of: scene.harbour.core.origin, at: position)) }
    }

    @Test("A repair takes in nothing that was withheld, and a restored node knows what was heard")
    func repairAndRestore() async throws {
        let scene = try await SharedCase()
        let (world, file) = (scene.world, try await Self.revoked(scene).file)
        await scene.fire.close()
        _ = try Self.take(file, in: scene)
        let fire = try await world.open(SharedCase.asker)
        try await RotationTests.act("By a thief, perhaps", in: scene, at: scene.harbour)
        try await world.settle([scene.harbour, fire])
        await fire.close()
        let place = world.path(of: SharedCase.asker)
        let whole = try StoreCopy(of: place, in: world.directory).dump()
        let copy = try StoreCopy(of: place, in: world.directory)
        _ = try copy.inflict(.receivedBit)
        let answer = try await copy.repair(world, as: SharedCase.asker)
        #expect(answer.isWhole, "\(answer.text)")
        // A number for a log says nothing.
        let changed = Set(whole).symmetricDifference(try copy.dump()).filter { !$0.hasPrefix("origins ") }
        #expect(changed == [], "\(changed)")

        let names = ["backup.key", "backup.pub", "one.backup", "elsewhere"].map { world.directory + "/" + $0 }
        try RecoveryKey.make(
            names[0], publicPath: names[1], passphrase: OneProcess.passphrase, entropy: world.entropy, cost: .minimum)
        _ = try NodeBackup.write(
            of: place.path, to: names[2], for: RecoveryKey.Public(reading: names[1]), entropy: world.entropy)
        let fingerprint = try place.partnership().fingerprint
        let back = try NodeRestore.run(
            from: names[2], into: names[3], recoveryKey: names[0], passphrase: OneProcess.passphrase,
            fingerprint: fingerprint)
        #expect(back.files.contains { PartyDirectory.isHeardRevocation($0) })
    }

    @Test("A cosigner signs no head by a key of which it has heard that it is void")
    func cosigned() async throws {
        let agencies: [AgencyCode] = [SharedCase.owner, SharedCase.asker]
        let world = try await OneProcess(agencies: agencies, cosigners: agencies)
        let (harbour, fire) = (try await world.open(SharedCase.owner), try await world.open(SharedCase.asker))
        try await world.settle([harbour, fire])
        let origin = harbour.core.origin
        let roster = await fire.core.roster
        let position = await fire.core.follower.size
        let head = try UnverifiedTreeHead(parsing: await harbour.core.writer.headNote(at: TreeSize(1)))
        let offer = HeadWitness.Offer(
            offer: HeadOffer(
                request: WitnessRequest(older: .empty, proof: [], head: head), olderRoot: nil), own: nil)
        let keys = try world.path(of: SharedCase.asker).openKeys(passphrase: OneProcess.passphrase).witnesses
        for isHeard in [true, false] {
            var heard = HeardRevocations()
            if isHeard {
                for key in roster.logKeys(of: origin) {
                    heard.take(RevokeControl(keyID: key.keyID, compromisedAfter: position), of: origin)
                }
            }
            let place = PartyDirectory(path: world.directory + "/witness-\(isHeard)")
            let witness = try HeadWitness(
                of: fire.core.origin, in: place, store: try WitnessStore.createOrResume(in: place.path),
                signers: keys, heard: heard)
            let outcome = await witness.judge([offer], roster: roster, at: position, now: world.time.now())
            #expect(outcome.answers.isEmpty == isHeard)
        }
    }

    @Test("An act of the board is judged by the members of its time, and never again by others")
    func members() async throws {
        let scene = try await SharedCase()
        let keyID = try #require(await scene.fire.core.roster.logKeys(of: scene.harbour.core.origin).first).keyID
        let origin = scene.harbour.core.origin
        // By one who was replaced since, and by one who took the place; the node has joined before either.
        _ = try scene.world.revoke(keyID, of: SharedCase.owner, after: TreeSize(900), by: [1, 2])
        _ = try scene.world.replaceMember()
        let export = try scene.world.revoke(keyID, of: SharedCase.owner, after: TreeSize(500), by: [3, 4])
        await scene.fire.close()
        #expect(try Self.take(export.encoded, in: scene) == [SharedCase.owner])
        let (heard, passedOver) = try Self.heard(in: scene)
        #expect(passedOver == 0 && heard.voids(keyID, of: origin, at: TreeSize(500)))
        #expect(!heard.voids(keyID, of: origin, at: TreeSize(499)))
        let fire = try await scene.world.open(SharedCase.asker)
        await fire.close()
        // An export of another board is none.
        let other = try await OneProcess(agencies: [SharedCase.owner], seed: 2)
        let theirs = try other.revoke(keyID, of: SharedCase.owner, after: .empty)
        #expect(throws: (any Error).self) { try Self.take(theirs.encoded, in: scene) }
    }

    @Test("An agency that was enrolled later is believed by its root key: by what was followed, or by a newer export")
    func enrolledLater() async throws {
        let scene = try await SharedCase()
        let late: AgencyCode = "marlow-council"
        let node = try await scene.world.enrolLate(late)
        await node.close()
        let place = scene.world.path(of: late)
        let keyID = try place.openKeys(passphrase: OneProcess.passphrase).log.publicKey.keyID
        _ = try scene.world.rotation(of: late).revoke(keyID, after: .empty, passphrases: OneProcess.passphrases)
        let file = try PublicFile.read(place.ownRevocationFile)
        let export = try place.partnership().file
        await scene.fire.close()
        #expect(throws: PartyFileError.notARevocation) { try Self.take(file, in: scene) }
        #expect(try Self.take(file, board: export, in: scene) == [late])
        for name in try PublicFile.names(in: scene.world.path(of: SharedCase.asker).path)
        where PartyDirectory.isHeardRevocation(name) {
            PublicFile.remove(scene.world.path(of: SharedCase.asker).path + "/" + name)
        }
        let fire = try await scene.world.open(SharedCase.asker)
        try await scene.world.settle([fire])
        await fire.close()
        #expect(try Self.take(file, in: scene) == [late])
        let (heard, passedOver) = try Self.heard(in: scene)
        let origin = try place.enrolment().origin
        #expect(passedOver == 0 && heard.voids(keyID, of: origin, at: .empty))
        await (try await scene.world.open(SharedCase.asker)).close()
    }
}
