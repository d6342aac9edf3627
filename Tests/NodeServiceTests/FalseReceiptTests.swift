import EventLogs
import HTTPTransport
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import NodeService

/// A broker that signs receipts for places where other statements come to stand.
@Suite("After a false receipt") struct FalseReceiptTests {
    /// Own statements enough for one of them to stand where the false receipt puts another.
    private static func record(_ count: Int, at node: OneNode, in world: OneProcess) async throws -> LeafIndex {
        let first = try node.core.store.firstUnadmitted()
        let stream = StreamID(from: world.entropy)
        let (opening, circle) = node.core.recorder.ownCircle(of: stream, event: EventID(from: world.entropy))
        let entries = (0..<count).map { _ in
            StatementDraft(
                eventID: EventID(from: world.entropy), stream: stream, expectedVersion: .any, control: .record)
        }
        try await node.core.append([opening] + entries, opening: circle)
        return first
    }

    @Test("The register counts, the node goes on, and the status shows it, also after a start")
    func registerCounts() async throws {
        let scene = try await SharedCase()
        let (world, node) = (scene.world, scene.harbour)
        let first = try await Self.record(20, at: node, in: world)
        let place = (await node.core.follower.size).value
        let lying = BrokerLink(
            core: node.core, client: LyingBroker(world: world, peer: SharedCase.owner, place: place + 10),
            directory: node.link.directory, time: world.time, logger: world.logger)
        _ = try await lying.push(from: first)
        #expect(try node.core.store.admission(of: first)?.registerPosition == place + 10)
        try await node.link.pull(wait: 0)
        for offset in 0...20 as ClosedRange<UInt64> {
            let admission = try #require(try node.core.store.admission(of: LeafIndex(first.value + offset)))
            #expect(admission.registerPosition == place + offset && admission.isAccepted)
        }
        #expect(try node.core.store.contradictions().map(\.registerPosition) == [place + 10])
        #expect(try await node.core.status(isConnected: true).feedFault == "receipt-contradicted")
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "It goes on"))
        try await world.settle([node, scene.fire])
        #expect(try node.core.store.firstUnadmitted() == (await node.core.writer.size).nextIndex)
        #expect(try await node.refusedCount() == 0)
        #expect(try await node.core.status(isConnected: true).pending == 0)
        await node.close()
        let again = try await world.open(SharedCase.owner)
        #expect(try await again.core.status(isConnected: true).feedFault == "receipt-contradicted")
    }

    @Test("One that comes after the feed, or names a place that is followed, is kept and changes nothing")
    func afterTheFeed() async throws {
        let scene = try await SharedCase()
        let (world, node) = (scene.world, scene.harbour)
        let first = try await Self.record(1, at: node, in: world)
        let statement = try #require(try node.core.store.readLog(from: first, limit: 1).first).statement
        let past = try LyingBroker.receipt(for: statement, index: first, at: 3, in: world)
        try await node.core.takeReceipts([past], from: first)
        #expect(try node.core.store.firstUnadmitted() == first)
        try await world.settle([node, scene.fire])
        let real = try #require(try node.core.store.admission(of: first))
        let late = try LyingBroker.receipt(
            for: statement, index: first, at: (await node.core.follower.size).value + 5, in: world)
        try await node.core.takeReceipts([late], from: first)
        #expect(try node.core.store.admission(of: first) == real)
        #expect(try node.core.store.contradictions().map(\.proof) == [past.proof, late.proof])
        #expect(try await node.core.status(isConnected: true).feedFault == "receipt-contradicted")
    }
}

/// Admits what is pushed, and answers with a first receipt that names another place.
struct LyingBroker: BrokerExchange {
    let world: OneProcess
    let peer: AgencyCode
    let place: UInt64

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        let honest = try await Call(api: world.broker, peer: peer).send(
            method: method, path: path, query: query, body: body)
        let push = try PushRequest(decoding: body)
        let answer = try PushAnswer(decoding: honest.successBody())
        let statement = try Statement(decoding: try #require(push.statements.first).bytes)
        let lie = try LyingBroker.receipt(for: statement, index: push.firstIndex, at: place, in: world)
        return .cbor(PushAnswer(receipts: [lie] + answer.receipts.dropFirst()).encoded)
    }

    func shutdown() async {}

    /// A receipt that the register's own key signed, over a tree that never was.
    static func receipt(
        for statement: Statement, index: LeafIndex, at place: UInt64, in world: OneProcess
    ) throws -> AdmissionReceipt {
        let broker = world.path(of: OneProcessFounding.brokerCode)
        let leaf = RegisterLeaf.verdict(
            AdmissionRecord(
                origin: statement.origin, index: index, leafHash: statement.leafHash, verdict: .accepted,
                admittedAt: world.time.now()))
        var tree = TreeLevels()
        for _ in 0..<place { tree.append(.zero) }
        tree.append(leaf.leafHash)
        let root = try #require(tree.frontier(at: tree.size)).root
        let receipt = try InclusionReceipt.sign(
            index: LeafIndex(place), head: TreeHead(origin: try broker.enrolment().origin, size: tree.size, root: root),
            proof: TreeProofs.inclusion(of: LeafIndex(place), in: tree.size, node: tree.node),
            with: broker.openKeys(passphrase: OneProcess.passphrase).log)
        return AdmissionReceipt(position: place, leaf: leaf.encoded, receipt: receipt.encoded)
    }
}
