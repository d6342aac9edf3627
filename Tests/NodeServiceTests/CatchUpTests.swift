import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import PartyFiles
import Replication
import SQLiteStore
import SignedStatements
import Synchronization
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// What a broker may say while a node asks it for its own log, and what the node believes of it.
@Suite("A node that catches up believes only its own signature") struct CatchUpTests {
    private let world: OneProcess
    private let node: OneNode
    private let others: [OneNode]
    private let whole: TreeFrontier

    /// A node whose log is shorter than what it pushed.
    init() async throws {
        world = try await OneProcess(agencies: CosigningTests.agencies, cosigners: CosigningTests.agencies)
        var nodes: [OneNode] = []
        for agency in CosigningTests.agencies { nodes.append(try await world.open(agency)) }
        try await world.settle(nodes)
        let place = world.path(of: CosigningTests.agencies[0])
        let copy = world.directory + "/snapshot"
        try FileManager.default.copyItem(atPath: place.path, toPath: copy)
        for number in 1...3 {
            _ = try await nodes[0].core.record(ReportForm(officer: "h1", summary: "Report \(number)"))
        }
        try await world.settle(nodes)
        for node in nodes { try await node.cosign() }
        whole = await nodes[0].core.writer.frontier
        await nodes[0].close()
        try FileManager.default.removeItem(atPath: place.path)
        try FileManager.default.moveItem(atPath: copy, toPath: place.path)
        node = try await world.open(CosigningTests.agencies[0])
        others = Array(nodes.dropFirst())
    }

    /// The co-signers answer what the node asks them about its log.
    private func testify() async throws {
        await #expect(throws: CatchUpFault.unanswered) { try await attempt { $1 } }
        for other in others { try await other.cosign() }
    }

    private func attempt(_ change: @escaping @Sendable (String, [UInt8]) throws -> [UInt8]) async throws {
        let exchange = Changed(inner: node.link.client, change: change)
        try await CatchUp(core: node.core, client: exchange).attempt()
    }

    @Test("What is changed on the way is not taken, and the log stays as it was")
    func changedOnTheWay() async throws {
        try await testify()
        let size = await node.core.writer.size
        let stranger = SigningKey(from: world.entropy)
        let origin = node.core.origin
        let lies: [(@Sendable (String, [UInt8]) throws -> [UInt8], CatchUpFault)] = [
            (
                { path, body in
                    guard path == "/v1/own/edge" else { return body }
                    let head = TreeHead(origin: origin, size: TreeSize(999), root: .zero)
                    return OwnLogEdge(headNote: try SignedTreeHead.sign(head, with: stranger).note, hashes: []).encoded
                }, .notOurHead
            ),
            // Less than those who cosigned have seen, and nothing of that shown either: they say so themselves.
            (Self.nothing, .brokerBehind),
            // What they say is kept back, or was said by somebody else.
            (
                { path, body in
                    guard path == "/v1/own/query" else { return body }
                    let some = try HeadTestimonies(decoding: body).testimonies.dropLast()
                    return HeadTestimonies(testimonies: Array(some)).encoded
                }, .unanswered
            ),
            (
                { path, body in
                    guard path == "/v1/own/query" else { return body }
                    let query = try #require(
                        HeadQuery(origin: origin, nonce: [UInt8](repeating: 7, count: HeadQuery.nonceByteCount)))
                    return HeadTestimonies(
                        testimonies: try (0..<9).map { _ in try HeadTestimony.sign(query, note: nil, with: stranger) }
                    ).encoded
                }, .unanswered
            ),
            (
                { path, body in path == "/v1/own/edge" ? OwnLogEdge(headNote: [], hashes: []).encoded : body },
                .brokerBehind
            ),
            (
                { path, body in
                    guard path == "/v1/own/edge" else { return body }
                    return OwnLogEdge(headNote: try OwnLogEdge(decoding: body).headNote, hashes: []).encoded
                }, .incomplete
            ),
            ({ path, body in path == "/v1/own" ? OwnLogPage(statements: []).encoded : body }, .incomplete),
            (
                { path, body in
                    guard path == "/v1/own" else { return body }
                    let page = try OwnLogPage(decoding: body).statements
                    return OwnLogPage(statements: page.reversed()).encoded
                }, .otherStatement(size.nextIndex)
            ),
        ]
        for (number, (lie, fault)) in lies.enumerated() {
            await #expect(throws: fault, "lie \(number)") { try await attempt(lie) }
            #expect(await node.core.writer.size == size)
            #expect(node.core.certainty.mayAppend == false)
        }
        try await attempt { $1 }
        #expect(await node.core.writer.frontier == whole)
        #expect(node.core.certainty.standing == .settling)
    }

    @Test("Where too few can answer, its people may answer for the log; what anybody did answer still counts")
    func peopleAnswer() async throws {
        await #expect(throws: CatchUpFault.unanswered) { try await self.attempt { $1 } }
        await #expect(throws: CatchUpFault.unanswered) { try await self.attempt { $1 } }
        await node.close()
        // To give up a second store answers for nothing.
        let begun = try await world.open(CosigningTests.agencies[0], decided: .beginHeadStore)
        await #expect(throws: CatchUpFault.unanswered) {
            try await CatchUp(core: begun.core, client: begun.link.client).attempt()
        }
        await begun.close()
        let vouched = try await world.open(CosigningTests.agencies[0], decided: .answerForLog)
        func attempt(_ change: @escaping @Sendable (String, [UInt8]) throws -> [UInt8]) async throws {
            let exchange = Changed(inner: vouched.link.client, change: change)
            try await CatchUp(core: vouched.core, client: exchange).attempt()
        }
        // The question is put, and its answer lost. One co-signer answers it; the broker has less than that.
        await #expect(throws: LostAnswer.self) {
            try await attempt { path, body in
                guard path != "/v1/own/query" else { throw LostAnswer() }
                return body
            }
        }
        try await others[0].cosign()
        await #expect(throws: CatchUpFault.brokerBehind) { try await attempt(Self.nothing) }
        #expect(!vouched.core.certainty.mayAppend)
        try await attempt { $1 }
        #expect(vouched.core.certainty.mayAppend)
        #expect(await vouched.core.writer.frontier == whole)
        await vouched.close()
    }

    /// The simulation's seed 30005: nobody answers for its log any more, and nobody had told it why.
    @Test("While its log is uncertain it hears that the register has told two stories, and says nothing itself")
    func hearsOfTwoStories() async throws {
        let register = await world.broker.keeper.origin
        let key = try world.path(of: OneProcessFounding.brokerCode).openKeys(passphrase: OneProcess.passphrase).log
        _ = try await others[0].cosign(
            with: Forging(
                inner: Call(api: world.broker, peer: others[0].core.agency), register: register, key: key))
        #expect(await others[0].core.isRegisterRefused)
        let heard = Recording(inner: node.link.client, passes: true)
        _ = try await node.cosign(with: heard)
        let paths = await heard.paths
        #expect(!node.core.certainty.mayAppend && paths == ["/v1/cosigned"])
        #expect(try await node.core.status(isConnected: true).twoStories == [register.text])
    }

    /// A broker that has nothing of the log, and nothing that was cosigned.
    private static let nothing: @Sendable (String, [UInt8]) throws -> [UInt8] = { path, body in
        switch path {
        case "/v1/own/edge": OwnLogEdge(headNote: [], hashes: []).encoded
        case "/v1/cosigned":
            CosignedHeads(
                notes: [:], registerProof: try CosignedHeads(decoding: body).registerProof, evidence: []
            ).encoded
        default: body
        }
    }

    private struct LostAnswer: Error {}

    @Test("Hashes that lead nowhere show nothing, and nothing is taken")
    func otherHashes() async throws {
        try await testify()
        let size = await node.core.writer.size
        await #expect(throws: CatchUpFault.otherHashes) {
            try await attempt { path, body in
                guard path == "/v1/own/edge" else { return body }
                let edge = try OwnLogEdge(decoding: body)
                return OwnLogEdge(headNote: edge.headNote, hashes: edge.hashes.map { _ in .zero }).encoded
            }
        }
        #expect(await node.core.writer.size == size)
        try await attempt { $1 }
        #expect(node.core.certainty.mayAppend)
    }

    @Test("Stopped in the middle it goes on from there, and parts that were changed are named as lost")
    func inPieces() async throws {
        try await testify()
        let size = await node.core.writer.size
        let pages = Mutex(0)
        await #expect(throws: CancellationError.self) {
            try await attempt { path, body in
                guard path == "/v1/own" else { return body }
                let number = pages.withLock { count in
                    count += 1
                    return count
                }
                guard number == 1 else { throw CancellationError() }
                return OwnLogPage(statements: Array(try OwnLogPage(decoding: body).statements.prefix(1))).encoded
            }
        }
        #expect(await node.core.writer.size == TreeSize(size.value + 1))
        try await attempt { path, body in
            guard path == "/v1/own" else { return body }
            let page = try OwnLogPage(decoding: body).statements
            return OwnLogPage(
                statements: page.map { CarriedStatement(bytes: $0.bytes, compartments: [], grants: $0.grants) }
            ).encoded
        }
        #expect(await node.core.writer.frontier == whole)
        #expect(try node.core.store.verifyAll().isEmpty)
        #expect(try await node.core.listLost().contains { $0.loss == "content" })
    }
}

/// A broker whose answers are changed on their way.
struct Changed: BrokerExchange {
    let inner: any BrokerExchange
    let change: @Sendable (String, [UInt8]) throws -> [UInt8]

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        let response = try await inner.send(method: method, path: path, query: query, body: body)
        guard response.status == 200 else { return response }
        return .cbor(try change(path, response.body))
    }

    func shutdown() async {}
}
