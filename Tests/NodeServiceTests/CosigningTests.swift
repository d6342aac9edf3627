import EventLogs
import HTTPTransport
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

/// Accepted and final, in one process.
@Suite("Co-signing") struct CosigningTests {
    static let agencies: [AgencyCode] = ["harbour-homes", "northshire-fire", "marlow-council", "northshire-police"]

    /// A partnership whose nodes have pushed and followed everything.
    static func settled(
        _ agencies: [AgencyCode] = agencies, cosigners: [AgencyCode] = agencies
    ) async throws -> (world: OneProcess, nodes: [OneNode]) {
        let world = try await OneProcess(agencies: agencies, cosigners: cosigners)
        var nodes: [OneNode] = []
        for agency in agencies { nodes.append(try await world.open(agency)) }
        try await world.settle(nodes)
        return (world, nodes)
    }

    @Test("Accepted at once, final with three of four, and still final after a start")
    func acceptedAndFinal() async throws {
        let (world, nodes) = try await Self.settled()
        let recorded = try await nodes[0].core.record(ReportForm(officer: "h1", summary: "Noise at night"))
        let query = EntryQuery(entry: try #require(recorded.events.last))
        #expect(try await nodes[0].core.showEntry(query, isConnected: true).isFinal == nil)
        try await world.settle(nodes)
        for (number, node) in nodes.prefix(3).enumerated() {
            let page = try await nodes[0].core.showEntry(query, isConnected: true)
            #expect(page.verdict == .accepted && page.isFinal == false, "after \(number) co-signers")
            #expect(try await nodes[0].core.status(isConnected: true).finalSize == nil)
            try await node.cosign()
        }
        try await nodes[0].cosign()
        #expect(try await nodes[0].core.showEntry(query, isConnected: true).isFinal == true)
        let status = try await nodes[0].core.status(isConnected: true)
        #expect(status.finalSize == status.registerSize && status.cosigners == 3 && status.cosignersNeeded == 3)
        await nodes[0].close()
        let again = try await world.open(Self.agencies[0])
        #expect(try await again.core.showEntry(query, isConnected: true).isFinal == true)
        #expect(try await again.core.status(isConnected: true).finalSize == status.finalSize)
    }

    @Test("What comes after a final head is accepted, and final in its turn")
    func afterwards() async throws {
        let (world, nodes) = try await Self.settled()
        for node in nodes { try await node.cosign() }
        try await nodes[1].cosign()
        let before = try #require(await nodes[1].core.finalSize)
        let recorded = try await nodes[1].core.record(ReportForm(officer: "f1", summary: "Bins on fire"))
        try await world.settle(nodes)
        let query = EntryQuery(entry: try #require(recorded.events.last))
        #expect(try await nodes[1].core.showEntry(query, isConnected: true).isFinal == false)
        for node in nodes + [nodes[1]] { try await node.cosign() }
        #expect(try await nodes[1].core.showEntry(query, isConnected: true).isFinal == true)
        #expect(try #require(await nodes[1].core.finalSize) > before)
    }

    @Test("With three on the list nothing is final, however many co-sign")
    func belowFour() async throws {
        let three = Array(Self.agencies.prefix(3))
        let (_, nodes) = try await Self.settled(three, cosigners: three)
        for node in nodes + nodes { try await node.cosign() }
        let status = try await nodes[0].core.status(isConnected: true)
        #expect(status.finalSize == nil && status.cosignersNeeded == nil)
    }

    @Test("Whoever is not on the list is offered nothing and brings nothing")
    func notListed() async throws {
        let (world, nodes) = try await Self.settled(cosigners: Array(Self.agencies.dropLast()))
        let stranger = Self.agencies[3]
        let client = Call(api: world.broker, peer: stranger)
        for path in ["/v1/witness/heads", "/v1/witness/answers"] {
            let body =
                path.hasSuffix("heads") ? WitnessStanding(sizes: [:]).encoded : WitnessAnswers(answers: []).encoded
            let response = try await client.send(method: .post, path: path, query: [:], body: body)
            #expect(response.status == 403)
        }
        try await nodes[3].cosign()
        #expect(try WitnessStore.open(in: world.path(of: stranger).path).cosigned().isEmpty)
    }

    /// One listed party brings another's cosignature, and a cosignature of something else.
    @Test("Only the owner of a key brings its cosignatures")
    func anothersCosignature() async throws {
        let (world, nodes) = try await Self.settled()
        let honest = Recording(inner: Call(api: world.broker, peer: Self.agencies[0]), passes: false)
        _ = try? await nodes[0].cosign(with: honest)
        let stolen = try #require(await honest.answers.last)
        let thief = Call(api: world.broker, peer: Self.agencies[1])
        for _ in 0..<2 {
            _ = try await thief.send(method: .post, path: "/v1/witness/answers", query: [:], body: stolen)
        }
        try await nodes[2].cosign()
        try await nodes[3].cosign()
        try await nodes[3].cosign()
        #expect(try await nodes[3].core.status(isConnected: true).finalSize == nil, "two of four have co-signed")
        try await nodes[0].cosign()
        try await nodes[3].cosign()
        #expect(try await nodes[3].core.status(isConnected: true).finalSize != nil)
    }

    /// The process ends after the head is on its disk and before its cosignature has left.
    @Test("A crash between storing and answering: the head is offered again, a fork of it never cosigned")
    func crash() async throws {
        let (world, nodes) = try await Self.settled()
        let lost = Recording(inner: Call(api: world.broker, peer: Self.agencies[0]), passes: false)
        _ = try? await nodes[0].cosign(with: lost)
        await nodes[0].close()
        let stored = try WitnessStore.open(in: world.path(of: Self.agencies[0]).path).cosigned()
        #expect(stored.count >= Self.agencies.count + 2)
        let again = try await world.open(Self.agencies[0])
        let register = await world.broker.keeper.origin
        let key = try world.path(of: OneProcessFounding.brokerCode).openKeys(passphrase: OneProcess.passphrase).log
        let fork = Recording(
            inner: Forging(inner: Call(api: world.broker, peer: Self.agencies[3]), register: register, key: key),
            passes: false)
        _ = try? await nodes[3].cosign(with: lost)
        _ = try? await nodes[3].cosign(with: fork)
        let said = try WitnessAnswers(decoding: try #require(await fork.answers.first)).answers
        #expect(!said.contains { if case .cosigned = $0 { true } else { false } }, "it had stored the other story")
        for node in [again, nodes[1], nodes[2], again] { try await node.cosign() }
        #expect(await again.core.finalSize != nil)
    }

    @Test("A broker that starts again has what was final, and collects what was not")
    func brokerRestart() async throws {
        let (world, nodes) = try await Self.settled()
        for node in nodes.prefix(2) { try await node.cosign() }
        let place = world.path(of: OneProcessFounding.brokerCode)
        let desk = try await HeadDesk(
            keeper: world.broker.keeper, directory: place, store: try WitnessStore.open(in: place.path),
            time: world.time)
        let restarted = BrokerAPI(
            keeper: world.broker.keeper, desk: desk, directory: world.broker.directory, quotas: Quotas(),
            time: world.time, logger: world.logger)
        for (node, agency) in zip(nodes, Self.agencies).prefix(3) {
            try await node.cosign(with: Call(api: restarted, peer: agency))
        }
        let register = await world.broker.keeper.origin
        #expect(await desk.finalNotes[register] != nil)
        let third = try await HeadDesk(
            keeper: world.broker.keeper, directory: place, store: try WitnessStore.open(in: place.path),
            time: world.time)
        let finals = await (third.finalNotes, desk.finalNotes)
        #expect(finals.0 == finals.1)
    }

    /// A head that nobody makes final must not keep newer ones from being offered.
    @Test("A head that does not become final makes room after a while")
    func makesRoom() async throws {
        let (world, nodes) = try await Self.settled()
        try await nodes[0].cosign()
        let store = try WitnessStore.open(in: world.path(of: Self.agencies[0]).path)
        let register = await world.broker.keeper.origin
        let first = try #require(try store.cosigned()[register]).claimed.size
        _ = try await nodes[0].core.record(ReportForm(officer: "h1", summary: "Noise at night"))
        try await world.settle(nodes)
        world.time.advance(seconds: Int64(Limits.offerSeconds) - 1)
        try await nodes[0].cosign()
        #expect(try store.cosigned()[register]?.claimed.size == first)
        world.time.advance(seconds: 1)
        try await nodes[0].cosign()
        #expect(try #require(try store.cosigned()[register]).claimed.size > first)
    }
}

/// Passes requests on, and keeps what a witness answers; or loses the answers on their way.
actor Recording: BrokerExchange {
    let inner: any BrokerExchange
    let passes: Bool
    private(set) var answers: [[UInt8]] = []
    private(set) var paths: [String] = []

    init(inner: any BrokerExchange, passes: Bool) {
        self.inner = inner
        self.passes = passes
    }

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        paths.append(path)
        if path == "/v1/witness/answers" {
            answers.append(body)
            guard passes else { throw TransportFailure.interrupted }
        }
        return try await inner.send(method: method, path: path, query: query, body: body)
    }

    func shutdown() async {}
}
