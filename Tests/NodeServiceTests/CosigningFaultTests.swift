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

/// Parties that try to keep heads from becoming final, or to take back what is.
@Suite("Co-signing among those who disturb it") struct CosigningFaultTests {
    private let world: OneProcess
    private let nodes: [OneNode]

    init() async throws {
        world = try await OneProcess(agencies: CosigningTests.agencies, cosigners: CosigningTests.agencies)
        var opened: [OneNode] = []
        for agency in CosigningTests.agencies { opened.append(try await world.open(agency)) }
        nodes = opened
        try await world.settle(nodes)
    }

    /// Sixty-four lines leave no room for a cosignature; 65,536 bytes leave none in the body that offers the head.
    @Test("A head with strangers' signatures under it is kept without them", arguments: [63, 1])
    func padded(lines: Int) async throws {
        for node in nodes { try await node.cosign() }
        let owner = nodes[0].core
        let first = await owner.writer.size.nextIndex
        _ = try await owner.record(ReportForm(officer: "h1", summary: "Noise at night"))
        let placed = try owner.store.readLog(from: first, limit: 8)
        let honest = try #require(try owner.store.headNote())
        var note = try SignedNote(parsing: honest)
        let name = try #require(NoteKeyName("stranger.example"))
        let count = lines == 1 ? (Limits.noteByteCount - honest.count - 32) / 4 * 3 - 3 : 64
        for _ in 0..<lines {
            note = try note.adding(
                NoteSignature(name: name, keyID: 9, signature: [UInt8](repeating: 7, count: count)))
        }
        let push = PushRequest(
            origin: owner.origin, firstIndex: first,
            statements: placed.map { CarriedStatement(bytes: $0.statement.bytes, compartments: [], grants: []) },
            headNote: note.encoded)
        let answer = try await nodes[0].link.client.send(
            method: .post, path: "/v1/push", query: [:], body: push.encoded)
        #expect(answer.status == 200)
        #expect(try await world.broker.keeper.headNotes()[owner.origin] == honest)
        try await world.settle(nodes)
        for node in nodes { try await node.cosign() }
        let final = try #require(await world.broker.desk.finalNotes[owner.origin])
        let size = await owner.writer.size
        #expect(try UnverifiedTreeHead(parsing: final).claimed.size == size)
    }

    @Test("A head whose text says more than a head does is not taken")
    func extended() async throws {
        let owner = nodes[0].core
        let key = try world.path(of: owner.agency).openKeys(passphrase: OneProcess.passphrase).log
        let first = await owner.writer.size.nextIndex
        _ = try await owner.record(ReportForm(officer: "h1", summary: "Noise at night"))
        let honest = try UnverifiedTreeHead(parsing: try #require(try owner.store.headNote()))
        let long = try TreeHead(parsing: honest.claimed.noteText + Array("and more\n".utf8))
        #expect(long.isExtended && !honest.claimed.isExtended)
        let push = PushRequest(
            origin: owner.origin, firstIndex: first,
            statements: try owner.store.readLog(from: first, limit: 8).map {
                CarriedStatement(bytes: $0.statement.bytes, compartments: [], grants: [])
            }, headNote: try SignedTreeHead.sign(long, with: key).note)
        let answer = try await nodes[0].link.client.send(
            method: .post, path: "/v1/push", query: [:], body: push.encoded)
        #expect(answer.status == 422)
    }

    @Test("What a witness says badly does not take the rest of what it says along")
    func oneBadAnswer() async throws {
        let client = nodes[0].link.client
        let lost = Recording(inner: client, passes: false)
        _ = try? await nodes[0].cosign(with: lost)
        let said = try WitnessAnswers(decoding: try #require(await lost.answers.first)).answers
        let mixed = WitnessAnswers(answers: [.equivocation(file: [1])] + said)
        let answer = try await client.send(
            method: .post, path: "/v1/witness/answers", query: [:], body: mixed.encoded)
        #expect(answer.status == 422)
        for node in nodes.dropFirst().prefix(2) { try await node.cosign() }
        #expect(await world.broker.desk.finalNotes.count >= nodes.count)
    }

    @Test("A key that replaces another counts while both are on the list")
    func formerKeys() async throws {
        let world = try await OneProcess(
            agencies: CosigningTests.agencies, cosigners: CosigningTests.agencies, hasFormerKeys: true)
        var nodes: [OneNode] = []
        for agency in CosigningTests.agencies { nodes.append(try await world.open(agency)) }
        try await world.settle(nodes)
        for node in nodes + [nodes[0]] { try await node.cosign() }
        #expect(await nodes[0].core.finalSize != nil)
    }

    /// A node of its own whose disk can fail.
    private func reopened(_ node: OneNode) async throws -> (node: OneNode, disk: WatchedDisk) {
        await node.close()
        let disk = WatchedDisk(world.path(of: node.core.agency).path, keepsOperations: false)
        return (try await world.open(node.core.agency), disk)
    }

    @Test("Evidence whose way to the broker was cut is told again, until everybody has it")
    func lostEvidence() async throws {
        for node in nodes { try await node.cosign() }
        let register = await world.broker.keeper.origin
        let key = try world.path(of: OneProcessFounding.brokerCode).openKeys(passphrase: OneProcess.passphrase).log
        let forging = Forging(
            inner: Call(api: world.broker, peer: nodes[1].core.agency), register: register, key: key)
        _ = try? await nodes[1].cosign(with: Recording(inner: forging, passes: false))
        #expect(await nodes[1].core.isRegisterRefused)
        #expect(await world.broker.desk.equivocal.isEmpty)
        try await nodes[1].cosign()
        #expect(await world.broker.desk.equivocal == [register])
        try await nodes[2].cosign()
        #expect(await nodes[2].core.isRegisterRefused)
    }

    @Test("Evidence that cannot be written stands at once, and is kept when there is room")
    func fullDisk() async throws {
        for node in nodes { try await node.cosign() }
        let (node, disk) = try await reopened(nodes[1])
        let place = world.path(of: node.core.agency)
        let register = await world.broker.keeper.origin
        let key = try world.path(of: OneProcessFounding.brokerCode).openKeys(passphrase: OneProcess.passphrase).log
        disk.fail(with: .full)
        try await node.cosign(
            with: Forging(inner: Call(api: world.broker, peer: node.core.agency), register: register, key: key))
        #expect(await node.core.isRegisterRefused)
        disk.fail(with: nil)
        #expect(try WitnessStore.open(in: place.path).evidence().isEmpty)
        try await node.cosign()
        #expect(
            try WitnessStore.open(in: place.path).evidence()[register]
                == PublicFile.read(place.evidenceFile(of: register)))
    }

    @Test("A witness that does not know what is on its disk ends the node")
    func unknownOutcome() async throws {
        let (node, disk) = try await reopened(nodes[1])
        disk.fail(with: .flushFails)
        await #expect(throws: EventStoreError.outcomeUnknown) {
            try await node.cosigning.run(with: OneRound(inner: node.link.client), time: world.time)
        }
        disk.fail(with: nil)
    }

    /// Somebody has a log's key and a witness that has never cosigned of it; the witness has the log.
    @Test(
        "A head that is not the followed register's, or not the own log's, is not cosigned", arguments: [true, false])
    func knowsBetter(isRegister: Bool) async throws {
        let node = nodes[1]
        let owner = isRegister ? OneProcessFounding.brokerCode : node.core.agency
        let origin = isRegister ? await world.broker.keeper.origin : node.core.origin
        let key = try world.path(of: owner).openKeys(passphrase: OneProcess.passphrase).log
        let inner = Call(api: world.broker, peer: node.core.agency)
        // Larger than what it has: not yet, or never.
        let ahead = Recording(
            inner: Forging(inner: inner, register: origin, key: key, extra: 64), passes: true)
        try await node.cosign(with: ahead)
        #expect(await ahead.answers == [])
        #expect(await node.core.cosigned.twoStories == [])
        let fork = Recording(inner: Forging(inner: inner, register: origin, key: key), passes: true)
        try await node.cosign(with: fork)
        #expect(await node.core.cosigned.twoStories == [origin])
        let place = world.path(of: node.core.agency)
        #expect(try WitnessStore.open(in: place.path).cosigned()[origin] == nil)
        let file = try PublicFile.read(place.evidenceFile(of: origin))
        _ = try LogKeys(roster: await node.core.roster).proven(try Equivocation(reading: file))
        #expect(await world.broker.desk.equivocal == [origin])
    }

    @Test("What is final is asked for also when nothing can be cosigned")
    func gathersAnyway() async throws {
        for node in nodes.dropFirst() { try await node.cosign() }
        try await nodes[0].cosign(with: Failing(inner: nodes[0].link.client, path: "/v1/witness/heads"))
        #expect(await nodes[0].core.finalSize != nil)
    }

    @Test("A broker that shows a newer head without cosignatures does not take back what is final")
    func finalStays() async throws {
        for node in nodes + [nodes[0]] { try await node.cosign() }
        let node = nodes[0]
        let final = try #require(await node.core.finalSize)
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise at night"))
        try await world.settle(nodes)
        let newest = try #require(try node.core.store.registerHead()?.note)
        #expect(try UnverifiedTreeHead(parsing: newest).claimed.size > final)
        let register = await world.broker.keeper.origin
        let bare = CosignedHeads(notes: [register: newest], registerProof: [], evidence: [])
        try await node.cosign(with: Answering(inner: node.link.client, answer: bare))
        #expect(await node.core.finalSize == final)
        #expect(await !node.core.isRegisterRefused)
        let stored = try WitnessStore.open(in: world.path(of: node.core.agency).path).gathered()
        #expect(try UnverifiedTreeHead(parsing: try #require(stored[register])).claimed.size == final)
    }
}

/// A broker that does not answer at one of its paths.
struct Failing: BrokerExchange {
    let inner: any BrokerExchange
    let path: String

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        guard path != self.path else { throw TransportFailure.interrupted }
        return try await inner.send(method: method, path: path, query: query, body: body)
    }

    func shutdown() async {}
}

/// A broker that answers for one round; then whoever asks is cancelled.
actor OneRound: BrokerExchange {
    let inner: any BrokerExchange

    init(inner: any BrokerExchange) { self.inner = inner }

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        if path == "/v1/cosigned" { withUnsafeCurrentTask { $0?.cancel() } }
        return try await inner.send(method: method, path: path, query: query, body: body)
    }

    func shutdown() async {}
}
