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

/// An agency replaces its keys (WIRE §2): what was written stands, what comes opens, and nobody finds anything.
@Suite("Replacing an agency's keys") struct RotationTests {
    static func act(_ words: String, in scene: SharedCase, at node: OneNode) async throws {
        let recorded = try await node.core.record(
            ActionForm(
                officer: "x1", caseReference: scene.reference, action: words, owner: node.core.agency.text))
        #expect(recorded.keptHome.isEmpty)
    }

    /// How many entries of the case a node can read something of.
    static func count(at node: OneNode, in scene: SharedCase) async throws -> Int {
        let view = try await node.core.showCase(CaseQuery(officer: "x", caseReference: scene.reference))
        return view.timeline.count { !$0.fields.isEmpty }
    }

    /// By how much more the owner reads of the case than the other agency: what it recorded before it shared. It must never
    /// grow: then something was written and not read.
    static func gap(_ owner: OneNode, _ other: OneNode, in scene: SharedCase) async throws -> Int {
        try await count(at: owner, in: scene) - count(at: other, in: scene)
    }

    /// Nobody finds anything: not the auditor, not `verify`, and nothing was refused.
    static func expectSound(_ scene: SharedCase, _ nodes: [OneNode]) async throws {
        #expect(try await scene.world.audit().findings == [])
        for node in nodes {
            #expect(try await node.refusedCount() == 0)
            #expect(try node.core.store.queuedFindings(author: scene.harbour.core.origin, limit: 9).isEmpty)
            await node.close()
            #expect(try StoreCopy(of: scene.world.path(of: node.core.agency), in: scene.world.directory).damage() == [])
        }
    }

    @Test(
        "Whichever keys: the log goes on under the new ones, from both sides of the change",
        arguments: [
            [.statement], [.log], [.kem], [.statement, .log], [.statement, .kem], [.log, .kem],
            [.statement, .log, .kem],
        ] as [Set<KeyRole>])
    func eachRole(_ roles: Set<KeyRole>) async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let gap = try await Self.gap(scene.harbour, scene.fire, in: scene)
        // Not pushed yet: it goes out after the change, signed before it.
        try await Self.act("Before the change", in: scene, at: scene.harbour)
        await scene.harbour.close()
        let before = try scene.world.path(of: SharedCase.owner).openKeys(passphrase: OneProcess.passphrase)
        let outcome = try scene.world.rotate(SharedCase.owner, roles)
        #expect(Set(outcome.announced.keys) == roles && outcome.revocation == nil)
        let again = try await scene.world.open(SharedCase.owner)
        try await Self.act("After the change", in: scene, at: again)
        try await scene.world.settle([again, scene.fire])
        #expect(try await Self.gap(again, scene.fire, in: scene) == gap)
        let party = try #require(await scene.fire.core.roster.parties[SharedCase.owner])
        #expect(party.verificationKeys(.statement).contains(before.statement.publicKey) != roles.contains(.statement))
        #expect(party.verificationKeys(.log).contains(before.log.publicKey) != roles.contains(.log))
        let newest = try #require(try again.core.store.readLog(from: LeafIndex(0), limit: 99).last)
        let isByTheOld = newest.statement.signed.header.keyID == before.statement.publicKey.keyID
        #expect(isByTheOld != roles.contains(.statement))
        try await Self.expectSound(scene, [again, scene.fire])
    }

    @Test("A head of each size is by the key in force there, so that a backlog is believed in parts")
    func headsOfABacklog() async throws {
        let scene = try await SharedCase()
        let (world, owner) = (scene.world, SharedCase.owner)
        var keys = [try world.path(of: owner).openKeys(passphrase: OneProcess.passphrase).log.publicKey]
        var changes: [UInt64] = []
        var node = scene.harbour
        for number in 0..<3 {
            try await Self.act("Number \(number)", in: scene, at: node)
            await node.close()
            changes.append(try #require(try world.rotate(owner, [.log, .statement]).keySet).value)
            node = try await world.open(owner)
            keys.append(try world.path(of: owner).openKeys(passphrase: OneProcess.passphrase).log.publicKey)
        }
        let origin = node.core.origin
        for size in (changes[0] - 2)...(await node.core.writer.size.value) {
            let note = try await node.core.writer.headNote(at: TreeSize(size))
            let key = keys[changes.count { size > $0 }]
            #expect((try? SignedTreeHead(verifying: note, origin: origin, key: key)) != nil, "size \(size)")
        }
        try await world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == 0)
    }

    @Test("What was sealed to the former key opens: on its way at the change, and sealed later by who has not seen it")
    func formerKEMKey() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        await scene.fire.close()
        _ = try scene.world.rotate(SharedCase.asker, [.kem])
        let fire = try await scene.world.open(SharedCase.asker)
        // The owner has not heard of the change.
        try await scene.answer(request, days: 7)
        try await scene.world.settle([scene.harbour, fire])
        #expect(try await scene.labels(at: fire) == ["record", "risk", "safe-contact"])
        try await Self.expectSound(scene, [scene.harbour, fire])
    }

    @Test("After a member's change of its KEM key the next entry opens a new epoch, and only that one")
    func newEpoch() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let gap = try await Self.gap(scene.harbour, scene.fire, in: scene)
        await scene.fire.close()
        _ = try scene.world.rotate(SharedCase.asker, [.kem])
        let fire = try await scene.world.open(SharedCase.asker)
        try await scene.world.settle([scene.harbour, fire])
        func circles() async throws -> [Statement] {
            let size = await scene.harbour.core.writer.size
            let all = try scene.harbour.core.store.readLog(from: LeafIndex(0), limit: Int(size.value)).map(\.statement)
            return all.filter {
                if case .circle(let circle) = $0.payload.control { circle.reason == "key-change" } else { false }
            }
        }
        #expect(try await circles().isEmpty)
        try await Self.act("First", in: scene, at: scene.harbour)
        try await Self.act("Second", in: scene, at: scene.harbour)
        try await scene.world.settle([scene.harbour, fire])
        let opened = try await circles()
        #expect(opened.count == 1)
        let event = try #require(opened.first?.eventID)
        let index = try #require(try scene.harbour.core.store.recorded([event])[event])
        let grants = try #require(try scene.harbour.core.store.readLog(from: index, limit: 1).first).grants
        let newest = try #require(fire.core.opener.kemKeys.last)
        let own = try #require(scene.harbour.core.opener.kemKeys.last)
        #expect(try Set(grants.map { try DirectGrant(decoding: $0).kemKeyID }) == [newest.keyID, own.keyID])
        #expect(try await Self.gap(scene.harbour, fire, in: scene) == gap)
        try await Self.expectSound(scene, [scene.harbour, fire])
    }

    @Test("Signing keys go when the register has the change, a KEM key thirty days later by the register's time")
    func formerKeysEnd() async throws {
        let scene = try await SharedCase()
        let (world, owner) = (scene.world, SharedCase.owner)
        func names() throws -> Set<String> {
            Set(try world.path(of: owner).openKeyFile(passphrase: OneProcess.passphrase).contents.secrets.keys)
        }
        let others: Set = ["witness", "local", "tls"]
        await scene.harbour.close()
        _ = try world.rotate(owner)
        var node = try await world.open(owner)
        let both: Set = ["statement", "statement-2", "log", "log-2", "kem", "kem-2"]
        #expect(try names() == others.union(both))
        try await world.settle([node, scene.fire])
        await node.close()
        // The clock of this machine alone ends nothing.
        world.time.advance(seconds: Limits.formerKEMKeyDays * 86_400 - 1)
        node = try await world.open(owner)
        #expect(try names() == others.union(["statement-2", "log-2", "kem", "kem-2"]))
        for (seconds, kems) in [(0, ["kem", "kem-2"]), (1, ["kem-2"])] as [(Int64, [String])] {
            world.time.advance(seconds: seconds)
            _ = try await scene.fire.core.record(ReportForm(officer: "f1", summary: "Time passes"))
            try await world.settle([node, scene.fire])
            await node.close()
            node = try await world.open(owner)
            #expect(try names() == others.union(["statement-2", "log-2"]).union(kems))
        }
        try await Self.act("Under the only keys", in: scene, at: node)
        try await world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == 0)
    }

    @Test("A KEM key goes by the register's time or this machine's, whichever is behind")
    func formerKEMKeyByBothClocks() {
        let days = Limits.formerKEMKeyDays * 86_400
        let accepted = Timestamp(wholeSeconds: 1_000)
        func set(_ index: UInt64, _ key: UInt8) -> OwnKeySets.Announced {
            OwnKeySets.Announced(
                index: LeafIndex(index),
                entries: [
                    KeySetEntry(role: .kem, algorithm: KeySetEntry.xWing, key: [key], expires: nil)
                ], standing: .accepted(at: accepted))
        }
        for (register, own) in [(0, 0), (days, 0), (0, days), (days - 1, 9 * days), (9 * days, days - 1), (days, days)]
        {
            let sets = OwnKeySets([set(1, 1), set(2, 2)], registerTime: accepted.adding(seconds: register))
            let isOver = sets.isOver(.kem, [1], now: accepted.adding(seconds: own))
            #expect(isOver == (min(register, own) >= days), "register \(register), own \(own)")
            #expect(!sets.isOver(.kem, [2], now: accepted.adding(seconds: own)))
        }
    }

    @Test("Cut short at each step, the node starts and the change can be made again")
    func cutShort() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let (world, owner) = (scene.world, SharedCase.owner)
        let place = world.path(of: owner)
        let gap = try await Self.gap(scene.harbour, scene.fire, in: scene)
        var node = scene.harbour
        // A file half written; then keys in the file that no statement names.
        for step in 0..<2 {
            await node.close()
            if step == 0 {
                try Data("half".utf8).write(to: URL(filePath: place.keyFile + ".next"))
            } else {
                var file = try place.openKeyFile(passphrase: OneProcess.passphrase)
                for role in ["statement", "log", "kem"] { file.add(world.entropy.bytes(count: 32), as: role) }
                try file.save(entropy: world.entropy)
            }
            node = try await world.open(owner)
            try await Self.act("Under the former keys \(step)", in: scene, at: node)
            await node.close()
            _ = try world.rotate(owner)
            node = try await world.open(owner)
            try await Self.act("Under the new keys \(step)", in: scene, at: node)
            try await world.settle([node, scene.fire])
        }
        #expect(try await Self.gap(node, scene.fire, in: scene) == gap)
        try await Self.expectSound(scene, [node, scene.fire])
    }

    @Test("A change that the register refuses is none: the node stops, and goes on under its former keys")
    func refused() async throws {
        let scene = try await SharedCase()
        let (world, owner) = (scene.world, SharedCase.owner)
        let gap = try await Self.gap(scene.harbour, scene.fire, in: scene)
        await scene.harbour.close()
        world.time.advance(seconds: 3600)
        _ = try world.rotate(owner)
        world.time.advance(seconds: -3600)
        var node = try await world.open(owner)
        _ = try await node.exchange()
        await #expect(throws: OtherKeys.self) { while true { _ = try await node.exchange() } }
        await node.close()
        world.time.advance(seconds: 3700)
        node = try await world.open(owner)
        let refusedCount = try await node.refusedCount()
        try await Self.act("Under the former keys", in: scene, at: node)
        try await world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == refusedCount && refusedCount > 0)
        #expect(try await Self.gap(node, scene.fire, in: scene) == gap)
        await node.close()
        #expect(try StoreCopy(of: world.path(of: owner), in: world.directory).damage() == [])
        _ = try world.rotate(owner)
        node = try await world.open(owner)
        try await Self.act("Under the newest keys", in: scene, at: node)
        try await world.settle([node, scene.fire])
        #expect(try await node.refusedCount() == refusedCount)
        await node.close()
        #expect(try StoreCopy(of: world.path(of: owner), in: world.directory).damage() == [])
    }

    @Test("While the node runs nothing is changed; another's root key changes nothing")
    func refusals() async throws {
        let scene = try await SharedCase()
        let owner = SharedCase.owner
        do {
            let lock = try DirectoryLock(scene.world.path(of: owner))
            defer { withExtendedLifetime(lock) {} }
            #expect(throws: DirectoryInUse.self) { try scene.world.rotate(owner) }
        }
        let other = scene.world.path(of: SharedCase.asker).rootKeyFile
        let rotation = KeyRotation(
            in: scene.world.path(of: owner).path, rootKeyFile: other, entropy: scene.world.entropy,
            time: scene.world.time)
        #expect(throws: PartyFileError.otherRootKey(path: other)) {
            try rotation.rotate([.log], passphrases: OneProcess.passphrases)
        }
        #expect(throws: KeyChangeFault.witness) { try scene.world.rotate(owner, [.witness]) }
        #expect(throws: KeyChangeFault.nothing) { try scene.world.rotate(owner, []) }
    }

    @Test(
        "However changes of keys fall between pushes and pulls: all settles, all opens, nobody finds anything",
        arguments: 1...4 as ClosedRange<UInt64>)
    func interleavings(seed: UInt64) async throws {
        let scene = try await SharedCase(hasAuditor: true, seed: seed)
        let gap = try await Self.gap(scene.harbour, scene.fire, in: scene)
        var generator = Generator(seed: seed)
        var nodes = [scene.harbour, scene.fire]
        for step in 0..<12 {
            let place = generator.int(in: 0...1)
            switch generator.int(in: 0...3) {
            case 0:
                let agency = nodes[place].core.agency
                await nodes[place].close()
                let roles = [KeyRole.statement, .log, .kem].filter { _ in generator.int(in: 0...2) > 0 }
                if !roles.isEmpty { _ = try scene.world.rotate(agency, Set(roles)) }
                nodes[place] = try await scene.world.open(agency)
            case 1: try await nodes[place].link.pull(wait: 0)
            case 2: _ = try await nodes[place].exchange()
            default: try await Self.act("Step \(step)", in: scene, at: nodes[place])
            }
            scene.world.time.advance(seconds: 60)
        }
        try await scene.world.settle(nodes)
        #expect(try await Self.gap(nodes[0], nodes[1], in: scene) == gap)
        try await Self.expectSound(scene, nodes)
    }
}
