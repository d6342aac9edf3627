import EventLogs
import Foundation
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// A register whose head on the second store is not its own is not served, and nothing is published before its head is
/// there.
@Suite("A register that is put back does not start") struct RegisterHeadsTests {
    private let world: OneProcess
    private let node: OneNode
    private let heads: HeadStore

    init() async throws {
        world = try await OneProcess(agencies: [SharedCase.owner])
        node = try await world.open(SharedCase.owner)
        try await world.settle([node])
        heads = HeadStore(beside: world.path(of: OneProcessFounding.brokerCode))
    }

    private func start(begun: Bool = false) async throws -> RegisterHeads {
        let (store, origin) = await (world.broker.keeper.store, world.broker.keeper.origin)
        return try RegisterHeads(heads, of: store, origin: origin, isBegun: begun)
    }

    @Test("By the second store, as a node's; only one that is missing is begun, where the operator says so")
    func starts() async throws {
        let content = try heads.read()
        guard case .head(let head) = content.kept else { throw CancellationError() }
        #expect(await head.size == world.broker.keeper.size, "what is published is there")
        _ = try await start()
        func isDoubted(_ doubt: StartDoubt, begun: Bool = true) async throws {
            await #expect(throws: RegisterDoubt(doubt: doubt, path: heads.path)) { try await start(begun: begun) }
            #expect("\(RegisterDoubt(doubt: doubt, path: heads.path))".contains(heads.path))
        }
        let ahead = try heads.replace(
            content.bytes, by: TreeHead(origin: head.origin, size: TreeSize(head.size.value + 1), root: head.root))
        try await isDoubted(.ahead)
        let other = try heads.replace(ahead, by: TreeHead(origin: head.origin, size: head.size, root: .zero))
        try await isDoubted(.otherHistory)
        let foreign = try #require(Origin("other.example/log"))
        _ = try heads.replace(other, by: TreeHead(origin: foreign, size: head.size, root: head.root))
        try await isDoubted(.otherLog)
        try PublicFile.write([1, 2, 3], to: heads.path)
        try await isDoubted(.unreadable)
        PublicFile.remove(heads.path)
        try await isDoubted(.missing, begun: false)
        #expect(!PublicFile.exists(heads.path))
        _ = try await start(begun: true)
        #expect(try heads.read().kept == .head(head))
        #expect(throws: LogFoundedBefore.self) { try heads.checkMissing() }
    }

    @Test("Where the second store cannot be written nothing more is published, and the broker ends")
    func notKept() async throws {
        let size = await world.broker.keeper.size
        // Somebody else has written there since.
        try PublicFile.write([1, 2, 3], to: heads.path)
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise"))
        let next = try node.core.store.firstUnadmitted()
        await #expect(throws: (any Error).self) { _ = try await node.link.push(from: next) }
        #expect(await world.broker.keeper.isLost)
        #expect(await world.broker.keeper.size == size)
        #expect(try node.core.store.firstUnadmitted() == next, "no receipt was given")
    }
}
