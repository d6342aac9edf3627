import EventLogs
import Foundation
import HTTPTransport
import KeyFiles
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// A backup is whole or nothing, opens for one key, and holds none.
@Suite("Backups of a node") struct BackupTests {
    private let world: OneProcess
    private let node: OneNode
    private let place: PartyDirectory
    private let passphrase = SecretBytes(Array("another long passphrase".utf8))

    init() async throws {
        world = try await OneProcess(agencies: [SharedCase.owner])
        node = try await world.open(SharedCase.owner)
        place = world.path(of: SharedCase.owner)
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise at night"))
        try await world.settle([node])
        try RecoveryKey.make(
            path("backup.key"), publicPath: path("backup.pub"), passphrase: passphrase, entropy: world.entropy,
            cost: .minimum)
    }

    private func path(_ name: String) -> String { world.directory + "/" + name }

    private func backUp(to name: String = "one.backup") throws -> BackupSummary {
        try NodeBackup.write(
            of: place.path, to: path(name), for: RecoveryKey.Public(reading: path("backup.pub")),
            entropy: world.entropy)
    }

    private func restore(_ name: String = "one.backup", to directory: String, key: String = "backup.key") throws
        -> BackupSummary
    {
        try NodeRestore.run(
            from: path(name), into: path(directory), recoveryKey: path(key), passphrase: passphrase,
            fingerprint: try place.partnership().fingerprint)
    }

    @Test("What is put back is what was backed up while the node ran, and no key is among it")
    func roundTrip() async throws {
        let made = try backUp()
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "After it"))
        #expect(made.size < Int(await node.core.writer.size.value))
        let back = try restore(to: "elsewhere")
        #expect(back == made)
        let names = try PublicFile.names(in: path("elsewhere"))
        #expect(names.contains("restored") && !names.contains { $0.hasSuffix(".key") || $0.contains("progress") })
        let store = try NodeStore.open(in: path("elsewhere"))
        #expect(try store.verifyAll().isEmpty)
        #expect(try store.verifyRightEdge().frontier == node.core.store.frontier(at: TreeSize(UInt64(made.size))))
        #expect(try WitnessStore.open(in: path("elsewhere")).evidence().isEmpty)
        // Neither the keys themselves, nor anything that a person wrote, is readable in the file.
        let file = try PublicFile.read(path("one.backup"))
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        for secret in [
            keys.locals.last?.key.bytes, keys.kemSeed?.bytes, Array("Noise at night".utf8),
            Array("tallystick-broker".utf8),
        ] {
            let secret = try #require(secret)
            #expect(file.firstRange(of: secret) == nil)
        }
        #expect(throws: BackupFault.alreadyThere(path: path("one.backup"))) { try backUp() }
        #expect(throws: BackupFault.hasLog(path: path("elsewhere"))) { try restore(to: "elsewhere") }
        await node.close()
        #expect(throws: BackupFault.hasLog(path: place.path)) { try restore(to: SharedCase.owner.text) }
    }

    @Test("A backup that was changed, cut or put together from two puts nothing back")
    func damage() throws {
        _ = try backUp()
        _ = try backUp(to: "two.backup")
        let whole = try PublicFile.read(path("one.backup"))
        let other = try PublicFile.read(path("two.backup"))
        var number = 0
        func isRefused(_ bytes: [UInt8], as fault: BackupFault = .damaged) throws {
            number += 1
            try PublicFile.write(bytes, to: path("bad"))
            #expect(throws: fault, "case \(number)") { try restore("bad", to: "bad-\(number)") }
            #expect(try PublicFile.names(in: path("bad-\(number)")).isEmpty)
        }
        try isRefused([], as: .notABackup)
        try isRefused(Array("something else".utf8), as: .notABackup)
        let frames = BackupTests.frames(of: whole)
        for place in stride(from: 24, to: whole.count, by: max(1, whole.count / 24)) {
            var bytes = whole
            bytes[place] ^= 1
            // A changed header may name another key, or none.
            guard place >= frames[0].upperBound else { continue }
            try isRefused(bytes)
        }
        try isRefused(Array(whole.dropLast()))
        try isRefused(whole + [0])
        for frame in frames.dropFirst() {
            try isRefused(Array(whole[..<frame.lowerBound] + whole[frame.upperBound...]))
            try isRefused(Array(whole[..<frame.lowerBound]))
        }
        // A part of another backup to the same key.
        let theirs = BackupTests.frames(of: other)
        try isRefused(Array(whole[..<frames[1].lowerBound] + other[theirs[1]] + whole[frames[1].upperBound...]))
    }

    /// Where the header and the parts lie, each with its length before it.
    private static func frames(of file: [UInt8]) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = BackupFile.mark.count
        while start + 4 <= file.count {
            let end = start + 4 + file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
            found.append(start..<end)
            start = end
        }
        return found
    }

    @Test("Another key, another party and a name that is a path are refused")
    func others() async throws {
        _ = try backUp()
        try RecoveryKey.make(
            path("other.key"), publicPath: path("other.pub"), passphrase: passphrase, entropy: world.entropy,
            cost: .minimum)
        #expect(throws: BackupFault.otherKey) { try restore(to: "a", key: "other.key") }
        #expect(throws: RecoveryKeyFault.notPublic(path: path("other.key"))) {
            try RecoveryKey.Public(reading: path("other.key"))
        }
        #expect(throws: RecoveryKeyFault.alreadyThere(path: path("other.pub"))) {
            try RecoveryKey.make(
                path("third.key"), publicPath: path("other.pub"), passphrase: passphrase, entropy: world.entropy,
                cost: .minimum)
        }
        let stranger = PartyDirectory(path: path("stranger"))
        _ = try stranger.initialise(
            agency: "stranger", party: .agency, origin: try #require(Origin("stranger.example/log")),
            passphrase: OneProcess.passphrase, entropy: world.entropy, now: world.time.now(), cost: .minimum)
        #expect(throws: BackupFault.otherParty(path: stranger.path)) { try restore(to: "stranger") }
        #expect(!PublicFile.exists(stranger.path + "/log.sqlite"))
        for name in ["party.key", "../log.sqlite", "evidence-../../x.txt", "kept/1.waiting", ""] {
            #expect(!BackupFile.isTaken(name))
        }
    }

    @Test("Copies that a command left over are gone after the next start: what is destroyed must not live on in them")
    func leftovers() async throws {
        await node.close()
        let names = ["backup-in-progress", "repairing", "restore-in-progress"]
        for name in names {
            try PublicFile.makeDirectory(place.path + "/" + name)
            try PublicFile.write([1], to: "\(place.path)/\(name)/log.sqlite")
        }
        await (try await world.open(SharedCase.owner)).close()
        #expect(try PublicFile.names(in: place.path).filter { names.contains($0) } == [])
    }

    @Test("The board of a backup is not believed because it is there: it is the one pinned or named")
    func board() throws {
        let made = try backUp()
        let fingerprint = try place.partnership().fingerprint
        #expect(made.fingerprint == fingerprint.hex)
        func restore(to name: String, _ named: Hash256?) throws -> BackupSummary {
            try NodeRestore.run(
                from: path("one.backup"), into: path(name), recoveryKey: path("backup.key"), passphrase: passphrase,
                fingerprint: named)
        }
        #expect(throws: BackupFault.fingerprintNeeded(found: fingerprint)) { try restore(to: "new", nil) }
        #expect(throws: BackupFault.otherBoard(found: fingerprint)) { try restore(to: "new", .zero) }
        #expect(try PublicFile.names(in: path("new")).isEmpty)
        try PublicFile.write(Array((Hash256.zero.hex + "\n").utf8), to: path("new/board.fingerprint"))
        #expect(throws: BackupFault.otherBoard(found: fingerprint)) { try restore(to: "new", nil) }
        #expect(throws: BackupFault.otherBoard(found: fingerprint)) { try restore(to: "new", fingerprint) }
        try PublicFile.write(Array((fingerprint.hex + "\n").utf8), to: path("new/board.fingerprint"))
        #expect(try restore(to: "new", nil) == made)
        #expect(try restore(to: "other", fingerprint) == made)
    }

    @Test("A backup from before the certificate was renewed is put back, with the certificate of the key that is held")
    func renewed() async throws {
        _ = try backUp()
        let former = try place.enrolment()
        let request = try place.renewCertificate(
            passphrase: OneProcess.passphrase, entropy: world.entropy, now: world.time.now())
        try await world.enrol(request)
        try await world.settle([node])
        await node.close()
        var again = try await world.open(SharedCase.owner)
        await again.close()
        #expect(try place.enrolment() == request)
        #expect(try place.renewal() == nil)
        // On a new machine there are the backup and the key file, and a newer request or a newer export.
        for source in ["request", "export"] {
            let elsewhere = PartyDirectory(path: path("elsewhere-\(source)"))
            try PublicFile.makeDirectory(elsewhere.path)
            if source == "request" { try PublicFile.write(request.encoded, to: elsewhere.enrolmentFile) }
            _ = try restore(to: "elsewhere-\(source)")
            try FileManager.default.copyItem(atPath: place.keyFile, toPath: elsewhere.keyFile)
            if source == "export" {
                #expect(try elsewhere.enrolment() == former)
                #expect(throws: PartyFileError.noCertificate) {
                    try elsewhere.openKeys(passphrase: OneProcess.passphrase)
                }
                let fingerprint = try place.partnership().fingerprint
                try elsewhere.join(world.export(), fingerprint: fingerprint, now: world.time.now())
            }
            let keys = try elsewhere.openKeys(passphrase: OneProcess.passphrase)
            #expect(keys.tls.certificateDER == request.certificate && keys.renewedTLS == nil)
        }
        for name in ["log.sqlite", "witness.sqlite"] {
            try FileManager.default.removeItem(atPath: place.path + "/" + name)
        }
        _ = try restore(to: SharedCase.owner.text)
        #expect(try place.enrolment() == request)
        again = try await world.open(SharedCase.owner)
        try await world.settle([again])
        #expect(again.core.certainty.standing == .certain)
    }

    @Test("A node that was put back asks first, even where its second store still fits")
    func putBack() async throws {
        _ = try backUp()
        await node.close()
        for name in ["log.sqlite", "witness.sqlite"] {
            try FileManager.default.removeItem(atPath: place.path + "/" + name)
        }
        _ = try restore(to: SharedCase.owner.text)
        let again = try await world.open(SharedCase.owner)
        #expect(again.core.certainty.standing == .uncertain(.restored))
        try await world.settle([again])
        #expect(again.core.certainty.standing == .certain)
        _ = try await again.core.record(ReportForm(officer: "h1", summary: "It works on"))
        try await world.settle([again])
        #expect(try await again.refusedCount() == 0)
    }
}

/// Commands are kept in order, survive a stop, and are never carried out twice.
@Suite("Commands that are kept") struct KeptCommandsTests {
    private func box(_ world: OneProcess, _ node: OneNode) throws -> KeptCommands {
        try KeptCommands(
            in: world.path(of: node.core.agency).keptCommands, localKey: node.core.opener.localKey,
            entropy: world.entropy)
    }

    @Test("In order, sealed, through starts, and what nobody knows the outcome of is shown")
    func order() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let node = try await world.open(SharedCase.owner)
        let box = try box(world, node)
        let now = world.time.now()
        for number in 1...12 {
            #expect(try box.keep("/v1/reports", Array("secret words \(number)".utf8), at: now) == number)
        }
        let directory = world.path(of: SharedCase.owner).keptCommands
        for name in try PublicFile.names(in: directory) {
            #expect(try PublicFile.read("\(directory)/\(name)").firstRange(of: Array("secret".utf8)) == nil)
        }
        for number in 1...3 {
            let command = try #require(try box.next())
            #expect(command.number == number && command.body == Array("secret words \(number)".utf8))
            try box.begin(command)
            try box.settle(command, refusal: number == 2 ? "No: because" : nil)
        }
        // Put off: it is tried again. Begun and not settled: nobody knows.
        let fourth = try #require(try box.next())
        try box.begin(fourth)
        try box.putOff(fourth)
        let again = try self.box(world, node)
        #expect(try again.next()?.number == 4 && again.count == 10)
        try again.begin(fourth)
        let third = try self.box(world, node)
        #expect(try third.next()?.number == 5)
        #expect(try third.rows(limit: 99) { $0 }.filter { $0.refusal != nil }.map(\.number) == [2, 4])
        #expect(try third.forget(2) && !third.forget(2) && !third.forget(5))
        #expect(try third.keep("/v1/reports", [], at: now) == 13)
        #expect(try self.box(world, node).rows(limit: 99) { $0.number } == Array(4...13))
        #expect(Limits.keptCommandByteCount > Limits.publicFileByteCount, "an import fits")
        #expect(Limits.keptCommandCount >= 10_000, "what a node keeps without a broker for days")
        #expect(Limits.headStoreByteCount >= Limits.originLength + 256)
    }

    @Test("What the node refuses stays with its reason until somebody has dealt with it")
    func refused() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        await node.close()
        let form = StageForm(officer: "h1", caseReference: "harbour-homes/none", stage: "monitoring", summary: "Moved")
        _ = try box(world, node).keep(NodePath.stage, Array(try JSONEncoder().encode(form)), at: world.time.now())
        let again = try await world.open(SharedCase.owner)
        #expect(again.core.certainty.standing == .settling)
        try await world.settle([again])
        #expect(again.core.certainty.standing == .certain)
        let rows = try await again.core.listKept()
        #expect(rows.count == 1 && rows.first?.standing == .refused)
        #expect(rows.first?.reason?.hasPrefix("Which case?") == true)
        #expect(try await again.core.forgetKept(KeptCommandQuery(number: 1)).isEmpty)
    }
}
