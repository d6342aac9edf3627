import Auditing
import CommandLineSupport
import EventLogs
import GRDB
import HTTPTransport
import NodeInterface
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import Testing

@testable import BrokerService
@testable import NodeService

/// Logs are cut into volumes that go whole (PRACTICE P10; decision 0039).
@Suite("A volume goes whole, by two people and the board, and nothing else changes") struct VolumeTests {
    static let everybody: [AgencyCode] = [SharedCase.owner, SharedCase.asker, OneProcessFounding.brokerCode]

    @Test("From proposal to record: nothing of it is left anywhere, and everything verifies")
    func fromProposalToRecord() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene()
            let free = try await scene.rows().filter(\.obstacles.isEmpty).map(\.volume)
            let all = try await scene.rows()
            try #require(free.contains(0) && free.contains(1), "\(all)")
            for volume: UInt64 in [0, 1] {
                let needles = try scene.needles(of: volume)
                #expect(needles.count > 4)
                let before = try scene.hits(needles, in: Self.everybody)
                #expect(
                    before.keys.contains { $0.hasPrefix("harbour-homes") }, "a search that finds nothing shows nothing")
                #expect(before.keys.contains { $0.hasPrefix("northshire-broker") })
                if volume == 1 { #expect(before.keys.contains { $0.hasPrefix("northshire-fire") }) }
                try await scene.propose(volume)
                #expect(try await scene.rows()[Int(volume)].standing == "board")
                try await scene.decide(volume)
                #expect(try await scene.rows()[Int(volume)].standing == "destroyed")
                try await scene.destroyEverywhere()
                #expect(try scene.entries(of: volume).isEmpty)
                #expect(try scene.hits(needles, in: Self.everybody) == [:])
            }
            try await Self.verify(scene, destroyed: 2)
        }
    }

    /// Everything that must go on as before.
    static func verify(_ scene: VolumeScene, destroyed: Int) async throws {
        #expect(try scene.harbour.core.store.verifyAll() == [])
        #expect(try scene.fire.core.store.verifyAll() == [])
        let store = await scene.world.broker.keeper.store
        #expect(try store.verifyAll() == [])
        let (reloaded, size) = (try await scene.world.reloaded(), await scene.world.broker.keeper.size)
        #expect(reloaded == size)
        let audit = try await scene.world.audit()
        #expect(audit.findings == [], "\(audit.text)")
        #expect(audit.volumes.count == destroyed && audit.volumes.allSatisfy { $0.awayCount > 0 })
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await scene.fire.refusedCount() == 0)
        // Work goes on.
        let reference = try await SharedCase.share(at: scene.harbour)
        try await scene.world.settle([scene.harbour, scene.fire])
        #expect(try await RecallTests.shown(of: reference, at: scene.fire, by: "f9").contains("Threats"))
        #expect(try await scene.harbour.refusedCount() == 0)
        #expect(try await scene.fire.refusedCount() == 0)
        #expect(try await scene.world.audit().findings == [])
    }
}

@Suite("What stops a volume from going, and what makes a stop good") struct VolumeBarTests {
    private func standings(_ scene: VolumeScene) async throws -> [String] { try await scene.rows().map(\.standing) }

    @Test("While anything in it is in use or held, nobody proposes it")
    func keptWhileInUse() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene(erases: false)
            let row = try #require(try await scene.rows().first)
            #expect(row.obstacles == ["not-over"])
            var form = HoldForm(officer: "Ruth Records", reason: "litigation")
            form.caseReference = scene.reference
            _ = try await scene.harbour.core.place(form)
            #expect(try await scene.rows().first?.obstacles == ["on-hold", "not-over"])
            await #expect {
                try await scene.harbour.core.propose(VolumeForm(officer: "Ruth Records", volume: 0))
            } throws: {
                ($0 as? ProblemDetails)?.code == "volume-kept"
            }
            await #expect {
                try await scene.harbour.core.propose(VolumeForm(officer: "Ruth Records", volume: 99))
            } throws: {
                ($0 as? ProblemDetails)?.code == "volume-incomplete"
            }
        }
    }

    @Test("The board alone destroys nothing, nor with other facts, nor does the agency alone")
    func neitherAlone() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene()
            let entries = try scene.entries(of: 0).count
            try await scene.decide(0)
            #expect(try await standings(scene).first == "kept")
            try await scene.propose(0)
            // Its proposal stands, and nobody has signed for the board.
            try await scene.destroyEverywhere()
            #expect(try await standings(scene).first == "board")
            try await scene.decide(0, root: .zero)
            try await scene.destroyEverywhere()
            #expect(try await standings(scene).first == "board")
            #expect(try scene.entries(of: 0).count == entries)
            let audit = try await scene.world.audit()
            #expect(audit.findings == [] && audit.volumes == [])
        }
    }

    @Test("A node that is killed at any step has destroyed it in the end, and the broker too")
    func killedAnywhere() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene()
            let needles = try scene.needles(of: 0) + scene.needles(of: 1)
            for volume: UInt64 in [0, 1] {
                try await scene.propose(volume)
                try await scene.decide(volume)
            }
            // Before it began.
            await scene.harbour.close()
            scene.harbour = try await scene.world.open(SharedCase.owner)
            // After one of two was destroyed, and before it started again.
            let first = try #require(VolumeScene.width.leaves(of: 0))
            try await scene.harbour.core.localKeyMark.set()
            try scene.harbour.core.store.destroy(
                VolumeLeaves(origin: scene.harbour.core.origin, leaves: first), isOwn: true)
            await scene.harbour.close()
            scene.harbour = try await scene.world.open(SharedCase.owner)
            #expect(try !scene.entries(of: 1).isEmpty)
            // After both, in the middle of stopping: nothing was kept for the next start.
            await #expect(throws: LocalKeyDue.self) { try await scene.harbour.core.destroyVolumes() }
            await scene.harbour.close()
            scene.harbour = try await scene.world.open(SharedCase.owner)
            try await scene.destroyEverywhere()
            #expect(try scene.hits(needles, in: VolumeTests.everybody) == [:])
            try await VolumeTests.verify(scene, destroyed: 2)
        }
    }

    @Test("Who joins afterwards follows the register over the hole, and is given a case")
    func lateJoiner() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene()
            for volume: UInt64 in [0, 1] {
                try await scene.propose(volume)
                try await scene.decide(volume)
            }
            try await scene.destroyEverywhere()
            let meadow = try await scene.world.enrolLate("meadow-housing")
            try await scene.world.settle([scene.harbour, scene.fire, meadow])
            #expect(await meadow.core.feedFault == nil)
            let (followed, size) = (await meadow.core.follower.size, await scene.world.broker.keeper.size)
            #expect(followed == size)
            #expect(await meadow.core.roster.volumes.records.count == 2)
            #expect(try meadow.core.store.verifyAll() == [])
        }
    }

    @Test("A copy of it that comes by file is refused and says so, and one that was put back goes again")
    func neitherCarriedNorRestored() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene()
            let needles = try scene.needles(of: 0) + scene.needles(of: 1)
            let copied = try scene.entries(of: 1).map { entry in
                CarryFile.Entry(
                    index: entry.index,
                    statement: CarriedStatement(bytes: entry.statement.bytes, compartments: [], grants: []))
            }
            let file = CarryFile(recipient: SharedCase.asker, origin: scene.harbour.core.origin, entries: copied)
            let place = scene.world.path(of: SharedCase.owner)
            let snapshot = try Snapshot(of: place, in: scene.world.directory)
            for volume: UInt64 in [0, 1] {
                try await scene.propose(volume)
                try await scene.decide(volume)
            }
            try await scene.destroyEverywhere()
            await #expect { try await scene.fire.core.importCarry(file.encoded) } throws: {
                ($0 as? ProblemDetails)?.code == "volume-destroyed"
            }
            #expect(try scene.hits(needles, in: VolumeTests.everybody) == [:])

            await scene.harbour.close()
            try snapshot.putBack()
            #expect(try !scene.hits(needles, in: [SharedCase.owner]).isEmpty, "it was put back")
            scene.harbour = try await scene.world.open(SharedCase.owner)
            try await scene.world.settle([scene.harbour, scene.fire])
            try await scene.destroyEverywhere()
            #expect(try scene.hits(needles, in: VolumeTests.everybody) == [:])
            try await VolumeTests.verify(scene, destroyed: 2)
        }
    }

    @Test("What forbids changing an entry is there afterwards as before, and only the volume's entries have changed")
    func theTriggersStay() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene()
            let leaves = try #require(VolumeScene.width.leaves(of: 0))
            let path = scene.world.path(of: SharedCase.owner).path + "/log.sqlite"
            func read(_ sql: String) throws -> [String] {
                try DatabaseQueue(path: path).read { try String.fetchAll($0, sql: sql) }
            }
            let schema = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql"
            let rows = "SELECT idx || hex(leaf_hash) FROM statements ORDER BY idx"
            let others = "SELECT hex(bytes) FROM statements WHERE idx >= \(leaves.upperBound) ORDER BY idx"
            let before = (try read(schema), try read(rows), try read(others))
            let controls = try scene.harbour.core.store.controlStatements().count
            let volume = VolumeLeaves(origin: scene.harbour.core.origin, leaves: leaves)
            #expect(try scene.harbour.core.store.destroy(volume, isOwn: true))
            #expect(try !scene.harbour.core.store.destroy(volume, isOwn: true), "once")
            #expect(try read(schema) == before.0 && read(rows) == before.1 && read(others) == before.2)
            #expect(try scene.harbour.core.store.controlStatements().count == controls)
            for sql in [
                "UPDATE statements SET bytes = x'' WHERE idx = 9", "DELETE FROM statements WHERE idx = 9",
                "UPDATE statements SET bytes = x'00' WHERE idx = 4", "DELETE FROM streams",
            ] {
                let queue = try DatabaseQueue(path: path)
                await #expect(throws: DatabaseError.self, "\(sql)") {
                    try await queue.write { try $0.execute(sql: sql) }
                }
            }
        }
    }

    @Test("A store with a hole is mended around it, and nobody refills it")
    func mendedAroundTheHole() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene()
            for volume: UInt64 in [0, 1] {
                try await scene.propose(volume)
                try await scene.decide(volume)
            }
            try await scene.destroyEverywhere()
            await scene.harbour.close()
            let place = scene.world.path(of: SharedCase.owner)
            let whole = try StoreCopy(of: place, in: scene.world.directory).dump()
            let copy = try StoreCopy(of: place, in: scene.world.directory)
            let damaged = 2 * VolumeScene.width.leafCount + 1
            try StoreCopy.run(
                """
                DROP TRIGGER statements_update;
                UPDATE statements SET leaf_hash = zeroblob(32) WHERE idx = \(damaged)
                """, in: copy.path + "/log.sqlite")
            #expect(try copy.namedDamage() == ["statement at \(damaged)"])
            let answer = try await copy.repair(scene.world, as: SharedCase.owner)
            #expect(answer.isWhole && answer.obstacle == nil, "\(answer.text)")
            #expect(try copy.namedDamage() == [])
            #expect(try copy.dump() == whole)
        }
    }

    @Test("Bytes that are away without the board's act are damage, and nothing starts on them")
    func awayWithoutAnAct() async throws {
        try await VolumeScene.small {
            let scene = try await VolumeScene()
            let entry = try #require(try scene.entries(of: 0).first)
            await scene.harbour.close()
            let path = scene.world.path(of: SharedCase.owner).path
            try await DatabaseQueue(path: path + "/log.sqlite").write { database in
                try database.execute(sql: "DROP TRIGGER statements_update")
                try database.execute(
                    sql: "UPDATE statements SET bytes = x'' WHERE idx = ?", arguments: [Int64(entry.index.value)])
            }
            let found = try NodeStore.open(in: path).verifyAll()
            #expect(found.contains { $0.part == "statement" && $0.index == entry.index }, "\(found)")
            await #expect(throws: (any Error).self) { try await scene.world.open(SharedCase.owner) }
        }
    }
}
