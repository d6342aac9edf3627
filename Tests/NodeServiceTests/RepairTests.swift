import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import NodeService

@Suite("Damage is repaired from what others have") struct RepairTests {
    @Test("Each kind of damage that others have the like of is mended, row for row, and the node starts")
    func eachKind() async throws {
        let scene = try await GivenBothWays()
        let whole = try StoreCopy(of: scene.place, in: scene.shared.world.directory).dump()
        for damage in Infliction.allCases {
            let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
            let expected = try copy.inflict(damage)
            let answer = try await copy.repair(scene.shared.world, as: SharedCase.owner)
            #expect(answer.isWhole && answer.obstacle == nil, "\(damage): \(answer.text)")
            #expect(answer.found.count == expected.count && answer.remaining == [], "\(damage)")
            #expect(try copy.namedDamage() == [], "\(damage)")
            let repaired = try copy.dump()
            if damage.losesReceipt {
                #expect(Set(whole).subtracting(repaired).allSatisfy { $0.hasPrefix("admissions") }, "\(damage)")
            } else {
                #expect(repaired == whole, "\(damage): \(Set(whole).symmetricDifference(repaired))")
            }
            try await copy.open(as: scene.shared.world)
            #expect(!FileManager.default.fileExists(atPath: copy.path + "/repairing"))
            try FileManager.default.removeItem(atPath: copy.path)
        }
    }

    @Test("What follows from the log itself is mended without a broker")
    func alone() async throws {
        let scene = try await GivenBothWays()
        let whole = try StoreCopy(of: scene.place, in: scene.shared.world.directory).dump()
        for damage in [Infliction.nodeBit, .missingNode, .headBit, .streamBit] {
            let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
            _ = try copy.inflict(damage)
            let answer = try await NodeRepair(
                directory: copy.path, passphrase: OneProcess.passphrase, now: scene.shared.world.time.now()
            ).run(ask: nil)
            #expect(answer.isWhole, "\(damage): \(answer.text)")
            #expect(try copy.dump() == whole, "\(damage)")
        }
    }

    @Test("What never left the node is in nobody's hands: it is listed, and the store stays as it is")
    func nobodyHasIt() async throws {
        let scene = try await GivenBothWays()
        let node = try await scene.shared.world.open(SharedCase.owner)
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "Banging again"))
        await node.close()
        let size = try NodeStore.open(in: scene.place.path).verifyRightEdge().frontier.size.value
        let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
        try StoreCopy.run(
            """
            DROP TRIGGER statements_update;
            UPDATE statements SET leaf_hash = zeroblob(32) WHERE idx = \(size - 1)
            """, in: copy.path + "/log.sqlite")
        let before = try copy.dump()
        let answer = try await copy.repair(scene.shared.world, as: SharedCase.owner)
        #expect(!answer.isWhole && answer.obstacle?.contains("index \(size - 1)") == true, "\(answer.text)")
        #expect(answer.remaining.map(\.part) == ["statement"] && answer.remaining.map(\.index) == [size - 1])
        #expect(answer.text.contains("not mended, nobody who was asked has it: log harbour-homes.example/log"))
        #expect(try copy.dump() == before)
    }

    @Test("A compartment that was kept at home is listed; everything else around it is mended")
    func keptAtHome() async throws {
        let scene = try await GivenBothWays()
        let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
        let store = try NodeStore.open(in: copy.path)
        let home = try #require(
            try store.readLog(from: LeafIndex(0), limit: .max).first { placed in
                placed.statement.payload.compartments.contains { $0.reader == .home }
            })
        let compartment = try #require(home.statement.payload.compartments.first { $0.reader == .home })
        _ = try copy.inflict(.twoPlaces)
        try StoreCopy.run(
            "UPDATE compartments SET content = x'00' WHERE compartment = X'\(compartment.id.hex)'",
            in: copy.path + "/log.sqlite")
        let answer = try await copy.repair(scene.shared.world, as: SharedCase.owner)
        #expect(answer.remaining.map(\.part) == ["compartment"])
        #expect(answer.remaining.map(\.index) == [home.index.value])
        #expect(answer.obstacle == nil && answer.found.count == 3)
        #expect(try copy.namedDamage() == ["compartment at \(home.index)"])
    }

    @Test("A broker that gives something else than what was pushed mends nothing")
    func falseBroker() async throws {
        let scene = try await GivenBothWays()
        let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
        _ = try copy.inflict(.statementBit)
        let before = try copy.dump()
        // A bit of what comes, and two entries that this log signed, each whole, in the other's place.
        let changes: [@Sendable ([UInt8]) -> [UInt8]] = [
            { body in
                var bytes = body
                bytes[bytes.count / 3] ^= 1
                return bytes
            },
            { body in
                guard let page = try? OwnLogPage(decoding: body) else { return body }
                var statements = page.statements
                guard statements.count > 6 else { return body }
                statements.swapAt(3, 6)
                return OwnLogPage(statements: statements).encoded
            },
        ]
        for change in changes {
            let answer = try await copy.repair(scene.shared.world, as: SharedCase.owner) { path, body in
                guard path == "/v1/own", let body, body.count > 1 else { return body }
                return change(body)
            }
            // Found by the log's own head, before the register would find it too.
            #expect(!answer.isWhole && answer.obstacle?.contains("not what this log signed") == true, "\(answer.text)")
            #expect(try copy.dump() == before)
        }
    }

    @Test("What another agency wrote is mended from a file of its own, without a broker")
    func fromCarryFile() async throws {
        let shared = try await SharedCase()
        let stream = try #require(shared.reference.split(separator: "/").last.map(String.init))
        let file = try await shared.harbour.core.exportCarry(
            CarryForm(agency: SharedCase.asker.text, stream: stream))
        await shared.fire.close()
        let place = shared.world.path(of: SharedCase.asker)
        let whole = try StoreCopy(of: place, in: shared.world.directory).dump()
        for damage in ["content = x'00'", "wrap = x'00'"] {
            let copy = try StoreCopy(of: place, in: shared.world.directory)
            try StoreCopy.run(
                "UPDATE compartments SET \(damage) WHERE id = (SELECT max(id) FROM compartments WHERE wrap IS NOT NULL "
                    + "AND log = (SELECT log FROM origins WHERE origin = 'harbour-homes.example/log'))",
                in: copy.path + "/log.sqlite")
            let repair = try NodeRepair(
                directory: copy.path, passphrase: OneProcess.passphrase, now: shared.world.time.now())
            #expect(try await repair.run(ask: nil).remaining.count == 1)
            #expect(try await repair.run(ask: nil, carried: [[0]]).obstacle?.contains("carry file") == true)
            #expect(try await repair.run(ask: nil, carried: [file]).isWhole)
            #expect(try copy.dump() == whole)
        }
    }

    @Test("What was given until a day that has passed does not come back")
    func whatIsOver() async throws {
        let shared = try await SharedCase()
        try await shared.give(days: 1)
        shared.world.time.advance(seconds: 2 * 86_400)
        try await shared.fire.core.dropExpired()
        try await shared.world.settle([shared.harbour, shared.fire])
        await shared.fire.close()
        let place = shared.world.path(of: SharedCase.asker)
        let whole = try StoreCopy(of: place, in: shared.world.directory).dump()
        let copy = try StoreCopy(of: place, in: shared.world.directory)
        _ = try copy.inflict(.receivedBit)
        let answer = try await copy.repair(shared.world, as: SharedCase.asker)
        #expect(answer.isWhole, "\(answer.text)")
        #expect(try copy.dump() == whole)
    }

    @Test("A store that is whole is left alone, and so is one in which a node runs")
    func nothingToDo() async throws {
        let scene = try await GivenBothWays()
        let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
        let answer = try await copy.repair(scene.shared.world, as: SharedCase.owner)
        #expect(answer.isWhole && answer.found == [] && answer.text.contains("nothing is damaged"))
        let lock = try DirectoryLock(PartyDirectory(path: copy.path))
        await #expect(throws: DirectoryInUse.self) {
            _ = try await copy.repair(scene.shared.world, as: SharedCase.owner)
        }
        withExtendedLifetime(lock) {}
    }

    @Test("Nobody is given another's log")
    func otherLog() async throws {
        let scene = try await GivenBothWays()
        let call = Call(api: scene.shared.world.broker, peer: SharedCase.asker)
        let answer = try await call.send(method: .get, path: "/v1/own", query: ["from": "0"], body: [])
        let first = try #require(try OwnLogPage(decoding: answer.successBody()).statements.first)
        #expect(try Statement(decoding: first.bytes).origin.text == "northshire-fire.example/log")
        let stranger = Call(api: scene.shared.world.broker, peer: "nobody-known")
        let refused = try await stranger.send(method: .get, path: "/v1/own", query: ["from": "0"], body: [])
        #expect(refused.status == 403)
    }
}

extension Infliction {
    /// Whether the receipt itself was damaged: the register counts afterwards, and the receipt is gone.
    fileprivate var losesReceipt: Bool { [.receiptBit, .receiptOfAnother, .verdictTurned].contains(self) }
}

extension StoreCopy {
    /// Repairs the copy as the command does.
    ///
    /// - Parameter change: what becomes of an answer on its way.
    func repair(
        _ world: OneProcess, as agency: AgencyCode,
        change: @escaping @Sendable (String, [UInt8]?) -> [UInt8]? = { $1 }
    ) async throws -> RepairAnswer {
        let call = Call(api: world.broker, peer: agency)
        return try await NodeRepair(directory: path, passphrase: OneProcess.passphrase, now: world.time.now())
            .run { path, query in
                let body = try await call.send(method: .get, path: path, query: query, body: []).successBody()
                return change(path, body) ?? []
            }
    }
}
