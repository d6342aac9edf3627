import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickRehearsal
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// Two signed heads that no proof can join: by an agency whose node was copied, and by a broker that lies.
@Suite("Two stories of one log") struct TwoStoriesTests {
    private let world: OneProcess
    private let nodes: [OneNode]
    private let owner = CosigningTests.agencies[0]

    init() async throws {
        world = try await OneProcess(agencies: CosigningTests.agencies, cosigners: CosigningTests.agencies)
        var opened: [OneNode] = []
        for agency in CosigningTests.agencies { opened.append(try await world.open(agency)) }
        nodes = opened
        try await world.settle(nodes)
    }

    /// Whether a file proves two stories to somebody who has it and the board's file, and nothing else.
    private func proves(_ file: [UInt8], of origin: Origin) throws -> Bool {
        let (board, fingerprint) = try world.path(of: owner).partnership()
        let roster = try board.bootstrap(fingerprint: fingerprint, now: world.time.now())
        let found = try Equivocation(reading: file)
        try found.verify(keys: LogKeys(roster: roster).everAnnounced(by: found))
        return found.origin == origin
    }

    /// The command that anybody may run: 2 for what is proved, 0 for what proves nothing, 64 for what does not read.
    private func commandProves(_ path: String) throws {
        let file = try PublicFile.read(path)
        let found = try Equivocation(reading: file)
        let agreeing = Equivocation(smaller: found.larger, larger: found.larger, beginning: nil)
        let place = world.path(of: owner)
        let fingerprint = try place.partnership().fingerprint.hex
        let programs = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().path
        for (bytes, status, words) in [
            (file, 2 as Int32, "Proved: the log"), (agreeing.file, 0, "Nothing is proved"),
            (Array(file.dropLast()), 64, ""),
        ] {
            let copy = world.directory + "/evidence.txt"
            try PublicFile.write(bytes, to: copy)
            let output = world.directory + "/answer.txt"
            let process = try ChildProcess(
                programs + "/tallystick",
                ["audit", "evidence", copy, "--partnership", place.partnershipFile, "--fingerprint", fingerprint],
                environment: [:], output: output)
            #expect(process.waitUntilExit() == status)
            let text = try String(contentsOfFile: output, encoding: .utf8)
            #expect(text.hasPrefix(words), "\(text)")
        }
    }

    /// The copy of a node writes something else where the node itself wrote on; whichever comes second is found out.
    @Test("The copy of a node that writes on", arguments: [1, 3])
    func copiedNode(ahead: Int) async throws {
        let place = world.path(of: owner)
        let copy = try StoreCopy(of: place, in: world.directory)
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        for _ in 0..<ahead {
            try copy.add(statementSigner: keys.statement, headSigner: keys.log, entropy: world.entropy)
        }
        let before = await nodes[0].core.writer.size
        _ = try await nodes[0].core.record(ReportForm(officer: "h1", summary: "Noise at night"))
        try await world.settle(nodes)
        let store = try NodeStore.open(in: copy.path)
        let placed = try store.readLog(from: before.nextIndex, limit: 8)
        let push = PushRequest(
            origin: nodes[0].core.origin, firstIndex: before.nextIndex,
            statements: placed.map { CarriedStatement(bytes: $0.statement.bytes, compartments: [], grants: []) },
            headNote: try #require(try store.headNote()))
        let client = Call(api: world.broker, peer: owner)
        let answer = try await client.send(method: .post, path: "/v1/push", query: [:], body: push.encoded)
        #expect(answer.status == 409)
        #expect(String(decoding: answer.body, as: UTF8.self).contains("two-stories"))
        // The log's own node is stopped too: nobody can tell which of the two is it.
        _ = try await nodes[0].core.record(ReportForm(officer: "h1", summary: "And again"))
        await #expect(throws: TransportFailure.self) {
            _ = try await nodes[0].link.push(from: LeafIndex(before.value + 1))
        }
        let origin = nodes[0].core.origin
        let file = try PublicFile.read(world.path(of: OneProcessFounding.brokerCode).evidenceFile(of: origin))
        #expect(try proves(file, of: origin))
        // The others learn of it, check it themselves, and cosign nothing more of that log.
        try await nodes[1].cosign()
        #expect(try await nodes[1].core.status(isConnected: true).twoStories == [origin.text])
        #expect(try PublicFile.read(world.path(of: CosigningTests.agencies[1]).evidenceFile(of: origin)) == file)
        #expect(await nodes[1].core.isRegisterRefused == false)
        try await nodes[1].link.pull(wait: 0)
    }

    @Test("A broker whose register forks is left by whoever sees it, also after a start")
    func forkedRegister() async throws {
        for node in nodes { try await node.cosign() }
        let register = await world.broker.keeper.origin
        let key = try world.path(of: OneProcessFounding.brokerCode).openKeys(passphrase: OneProcess.passphrase).log
        let lying = Forging(
            inner: Call(api: world.broker, peer: CosigningTests.agencies[1]), register: register, key: key)
        try await nodes[1].cosign(with: lying)
        #expect(await nodes[1].core.isRegisterRefused)
        await #expect(throws: TwoStories.self) { try await nodes[1].link.pull(wait: 0) }
        await #expect(throws: TwoStories.self) { _ = try await nodes[1].link.push(from: LeafIndex(0)) }
        let path = world.path(of: CosigningTests.agencies[1]).evidenceFile(of: register)
        #expect(try proves(try PublicFile.read(path), of: register))
        try commandProves(path)
        // Nor does it cosign for this broker, or believe it about what is final.
        let silent = Recording(inner: nodes[1].link.client, passes: true)
        #expect(try await nodes[1].cosign(with: silent) == false)
        #expect(await silent.paths == [])
        // It records on, alone.
        _ = try await nodes[1].core.record(ReportForm(officer: "f1", summary: "Bins on fire"))
        await nodes[1].close()
        let again = try await world.open(CosigningTests.agencies[1])
        #expect(await again.core.isRegisterRefused)
        #expect(try await again.core.status(isConnected: true).twoStories == [register.text])
    }

    private func forged(by accuser: SigningKey, of origin: Origin) async throws -> Equivocation {
        let entry = KeySetEntry(
            role: .log, algorithm: KeySetEntry.ed25519, key: accuser.publicKey.bytes, expires: nil)
        let draft = StatementDraft(
            eventID: EventID(from: world.entropy), stream: .control, expectedVersion: .any, control: .keyset([entry]),
            rootSigner: accuser)
        let now = world.time.now()
        let sequencer = Sequencer(origin: origin, frontier: TreeFrontier(), lastIssuedAt: now, seen: nil)
        let batch = try sequencer.sequence(
            [AppendRequest([draft])],
            in: Sequencer.Context(streams: [:], recorded: [:], seen: nil, now: now), statementSigner: accuser,
            logSigner: accuser
        ).batch
        let heads = try [UInt8(1), 2].map { number in
            let head = TreeHead(origin: origin, size: TreeSize(3), root: MerkleTree.leafHash([number]))
            return try UnverifiedTreeHead(parsing: SignedTreeHead.sign(head, with: accuser).note)
        }
        return Equivocation(
            smaller: heads[0], larger: heads[1], beginning: nil,
            keyStatements: try #require(batch).statements.map(\.statement.bytes))
    }

    /// The others have been shown, and have cosigned, another register than this node was fed.
    @Test("A final head of another register than the one that was fed")
    func splitView() async throws {
        let register = await world.broker.keeper.origin
        let key = try world.path(of: OneProcessFounding.brokerCode).openKeys(passphrase: OneProcess.passphrase).log
        for size in [1, (await nodes[1].core.follower.size).value] as [UInt64] {
            let node = size == 1 ? nodes[1] : nodes[2]
            let head = try SignedTreeHead.sign(
                TreeHead(origin: register, size: TreeSize(size), root: MerkleTree.leafHash([7])), with: key)
            let answer = CosignedHeads(notes: [register: head.note], registerProof: [], evidence: [])
            try await node.cosign(with: Answering(inner: node.link.client, answer: answer))
            #expect(await node.core.isRegisterRefused)
            let path = world.path(of: node.core.agency).evidenceFile(of: register)
            #expect(try proves(try PublicFile.read(path), of: register))
        }
        // Only a wrong proof: nothing is shown by it, and nothing is taken.
        let true1 = try #require(try nodes[3].core.store.registerHead()?.note)
        let honest = CosignedHeads(notes: [register: true1], registerProof: [.zero], evidence: [])
        try await nodes[3].cosign(with: Answering(inner: nodes[3].link.client, answer: honest))
        #expect(await !nodes[3].core.isRegisterRefused)
        #expect(await nodes[3].core.cosigned.head == nil)
    }

    @Test("Evidence that is none changes nothing")
    func falseAccusation() async throws {
        let head = try #require(try await world.broker.keeper.headNotes()[nodes[0].core.origin])
        let parsed = try UnverifiedTreeHead(parsing: head)
        let false1 = Equivocation(smaller: parsed, larger: parsed, beginning: nil)
        let client = Call(api: world.broker, peer: CosigningTests.agencies[1])
        let answers = WitnessAnswers(answers: [.equivocation(file: false1.file)])
        let answer = try await client.send(
            method: .post, path: "/v1/witness/answers", query: [:], body: answers.encoded)
        #expect(answer.status == 422)
        // Nor heads and a key set of the accuser's own making, in the name of the log.
        let accuser = SigningKey(from: world.entropy)
        let made = try await forged(by: accuser, of: nodes[0].core.origin)
        try made.verify(keys: [accuser.publicKey])
        let second = try await client.send(
            method: .post, path: "/v1/witness/answers", query: [:],
            body: WitnessAnswers(answers: [.equivocation(file: made.file)]).encoded)
        #expect(second.status == 422)
        #expect(await world.broker.desk.equivocal == [])
        // Nor from the broker, to a node.
        let sent = CosignedHeads(notes: [:], registerProof: [], evidence: [false1.file, made.file, [1]])
        try await nodes[2].cosign(with: Answering(inner: nodes[2].link.client, answer: sent))
        #expect(await nodes[2].core.cosigned.twoStories == [])
    }
}

/// A broker that offers one witness another register than it showed before, signed with the register's own key.
struct Forging: BrokerExchange {
    let inner: Call
    let register: Origin
    let key: SigningKey
    /// Leaves beyond the one that is new to the witness.
    var extra: UInt64 = 0

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        guard path == "/v1/witness/heads" else {
            return try await inner.send(method: method, path: path, query: query, body: body)
        }
        let known = try WitnessStanding(decoding: body).sizes[register] ?? .empty
        var levels = TreeLevels()
        for index in 0...(known.value + extra) {
            levels.append(MerkleTree.leafHash([UInt8(truncatingIfNeeded: index)]))
        }
        let (older, newer) = (levels.frontier(at: known), levels.frontier(at: levels.size))
        let head = try SignedTreeHead.sign(
            TreeHead(origin: register, size: levels.size, root: newer?.root ?? .zero), with: key)
        let offer = HeadOffer(
            request: WitnessRequest(
                older: known, proof: TreeProofs.consistency(from: known, to: levels.size, node: levels.node),
                head: try UnverifiedTreeHead(parsing: head.note)),
            olderRoot: older?.root)
        return .cbor(HeadOffers(offers: [offer]).encoded)
    }

    func shutdown() async {}
}

/// A broker that says something of its own about what is final.
struct Answering: BrokerExchange {
    let inner: any BrokerExchange
    let answer: CosignedHeads

    func send(
        method: TransportMethod, path: String, query: [String: String], body: [UInt8]
    ) async throws -> TransportResponse {
        guard path == "/v1/cosigned" else {
            return try await inner.send(method: method, path: path, query: query, body: body)
        }
        return .cbor(answer.encoded)
    }

    func shutdown() async {}
}
