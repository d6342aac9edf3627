import EventLogs
import NodeInterface
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService
@testable import NodeService

/// What does not come is shown, with what is missing and since when.
@Suite("What is overdue") struct OverdueTests {
    /// A report as an agency would write it, by some key.
    private static func report(
        _ control: ReceivedControl, by reporter: Origin, about author: Origin, _ entropy: any Entropy
    ) throws -> Statement {
        let signer = SigningKey(from: entropy)
        let stream = ReceivedReports.stream(of: reporter, about: author)
        let payload = StatementPayload(
            stream: stream, sequence: 0, previous: nil, seen: nil, compartments: [], grants: [], decision: nil,
            control: .received(control))
        let header = StatementHeader(
            keyID: signer.publicKey.keyID, issuer: reporter, subject: stream,
            issuedAt: Timestamp(wholeSeconds: 1_772_355_000), eventID: EventID(from: entropy))
        return try Statement(SignedStatement.sign(payload.encoded, header: header, with: signer))
    }

    private static func overdue(_ node: OneNode) async throws -> [Overdue] {
        try await node.core.status(isConnected: true).overdue
    }

    @Test("An agency that is not given what was sent it, until it says that it has it")
    func report() async throws {
        let scene = try await SharedCase()
        let sentAt = scene.world.time.now()
        _ = try await scene.harbour.core.record(
            ActionForm(officer: "h1", caseReference: scene.reference, action: "Ring", owner: SharedCase.owner.text))
        try await scene.world.settle([scene.harbour])
        scene.world.time.advance(seconds: Limits.reportOverdueSeconds)
        #expect(try await Self.overdue(scene.harbour).isEmpty, "not late yet")
        scene.world.time.advance(seconds: 2)
        let late = [Overdue(.report, who: SharedCase.asker.text, since: sentAt.description)]
        #expect(try await Self.overdue(scene.harbour) == late)
        await scene.harbour.close()
        let again = try await scene.world.open(SharedCase.owner)
        #expect(try await Self.overdue(again) == late, "and after the next start")
        try await scene.world.settle([again, scene.fire])
        #expect(try await Self.overdue(again).isEmpty)
        await again.close()
        #expect(try await Self.overdue(try await scene.world.open(SharedCase.owner)).isEmpty)
    }

    @Test("Of more than are remembered the oldest is still known, and so is the newest")
    func bounded() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        let placed = try core.store.readLog(from: LeafIndex(0), limit: 100)
        let own = try #require(placed.last { $0.statement.payload.kind == .record })
        let (roster, circle) = await (core.roster, core.ownCircles[own.statement.payload.stream])
        var awaited = AwaitedReports(ownOrigin: core.origin, ownCode: core.agency)
        let count = UInt64(AwaitedReports.rememberedCount)
        let start = scene.world.time.now()
        let size = await core.follower.size.value
        for step in 0..<(count + 50) {
            let record = AdmissionRecord(
                origin: core.origin, index: LeafIndex(step), leafHash: own.statement.leafHash, verdict: .accepted,
                admittedAt: start.adding(seconds: Int64(step)))
            awaited.takeOwn(own.statement, by: record, at: size + step, circle: circle, roster: roster)
        }
        let reporter = try #require(roster.parties[SharedCase.asker]).origin
        /// What is overdue once the agency has reported all below a size; in seconds after the first.
        func left(below reported: UInt64) throws -> [Int64] {
            var told = awaited
            let control = ReceivedControl(
                registerSize: TreeSize(reported), registerRoot: Hash256(hashing: []), findings: [])
            told.take(
                try Self.report(control, by: reporter, about: core.origin, scene.world.entropy), by: SharedCase.asker)
            return told.overdue(at: start.adding(seconds: 10 * Limits.reportOverdueSeconds), roster: roster).map {
                ($0.since.milliseconds - start.milliseconds) / 1_000
            }
        }
        #expect(try left(below: 0) == [0])
        #expect(try left(below: size + 7) == [7])
        #expect(
            try left(below: size + count) == [Int64(count) + 49], "the newest stands for those that are not remembered")
        #expect(try left(below: size + count + 50) == [])
    }

    @Test("A broker that does not answer, and entries that it does not judge")
    func broker() async throws {
        let world = try await OneProcess(agencies: ["harbour-homes"])
        let node = try await world.open("harbour-homes")
        try await world.settle([node])
        let asked = world.time.now()
        _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise at night"))
        world.time.advance(seconds: Limits.answerOverdueSeconds)
        #expect(try await node.core.overdue(answeredAt: node.link.answeredAt).isEmpty)
        world.time.advance(seconds: 1)
        let late = [
            Overdue(.broker, since: node.link.answeredAt.description), Overdue(.verdict, since: asked.description),
        ]
        #expect(try await node.core.overdue(answeredAt: node.link.answeredAt) == late)
        try await world.settle([node])
        #expect(try await node.core.overdue(answeredAt: world.time.now()).isEmpty)
    }

    @Test("A register that does not become final, and a co-signer that never signs")
    func finality() async throws {
        let (world, nodes) = try await CosigningTests.settled()
        world.time.advance(seconds: Limits.finalOverdueSeconds + 1)
        let waiting = try await Self.overdue(nodes[0])
        #expect(waiting.map(\.kind) == [.final])
        for node in nodes.prefix(3) + nodes.prefix(1) { try await node.cosign() }
        #expect(try await Self.overdue(nodes[0]).isEmpty, "the fourth has had no time")
        world.time.advance(seconds: Limits.finalOverdueSeconds + 1)
        let silent = try await Self.overdue(nodes[0])
        #expect(silent.map(\.kind) == [.coSigner] && silent.first?.who?.isEmpty == false)
        try await nodes[3].cosign()
        try await nodes[0].cosign()
        #expect(try await Self.overdue(nodes[0]).isEmpty)
    }
}
