import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import Logging
import NodeInterface
import NodeProjections
import PartyFiles
import Replication
import SQLiteStore
import Sealing
import Synchronization
import TallystickPrimitives
import Testing

@testable import NodeService

/// What goes wrong inside a node has a code, in the answer and in the log.
@Suite("Faults of a node have codes") struct NodeFaultTests {
    private static let damage = EventStoreError.damaged(StoredDamage(part: "statement", index: LeafIndex(4)))
    private static let named: [(any Error & Sendable, ProblemCode, String?)] = [
        (EventStoreError.headConflict(expected: .empty, actual: TreeSize(1)), "store-head-conflict", nil),
        (EventStoreError.duplicate, "store-duplicate", nil),
        (EventStoreError.diskFull, "disk-full", nil),
        (EventStoreError.outcomeUnknown, "store-outcome-unknown", nil),
        (damage, "store-damaged", "statement at index 4"),
        (AppendFailure.store(damage), "store-damaged", "statement at index 4"),
        (
            EventStoreError.unavailable("read the log: SQLite code 10"), "store-unavailable",
            "read the log: SQLite code 10"
        ),
        (NodeViewsError.database(operation: "fold", code: 13), "views-unavailable", "fold: SQLite code 13"),
        (NodeViewsError.damaged(part: "code"), "views-damaged", "code"),
        (SealingError.unusablePublicKey, "sealing", nil),
        (OpeningFault.localKey, "opening-local-key", nil),
        (WireFault.shape("an array"), "wire-shape", nil),
        (FollowFault.registerUnknown, "register-unknown", nil),
        (TransportFailure.status(404, nil), "status", nil),
    ]

    @Test("Each has its own code, and of a store the operation with the database's code")
    func codes() {
        for (error, code, operation) in Self.named {
            #expect(NodeFault(error) == NodeFault(code, operation: operation), "\(error)")
        }
    }

    @Test("Only an unknown outcome leaves open what was written")
    func whatWasWritten() {
        for (error, _, _) in Self.named {
            guard let error = error as? EventStoreError else { continue }
            let problem = NodeProblem.append(.store(error))
            #expect(problem.detail.contains("not known") == (error == .outcomeUnknown), "\(error)")
            let says = problem.detail.contains("Nothing was recorded")
            #expect(says == ![.outcomeUnknown, Self.damage].contains(error), "\(error)")
            #expect(NodeProblem.answer(to: error) == problem)
        }
    }

    @Test("Damage: answer and log name it, and the command that was told so ends with 2")
    func damagedStore() async throws {
        let scene = try await SharedCase()
        let (api, lines) = api(of: scene.harbour)
        let recorded = try await scene.harbour.core.record(ReportForm(officer: "h1", summary: "Quillfeather again"))
        let index = (await scene.harbour.core.writer.size).value - 1
        try StoreCopy.run(
            "DROP TRIGGER statements_update; UPDATE statements SET leaf_hash = zeroblob(32)",
            in: scene.world.path(of: SharedCase.owner).path + "/log.sqlite")
        let problem = try #require(
            await post(CaseForm(officer: "h1", reports: recorded.events, summary: "x"), NodePath.cases, to: api))
        #expect(problem.code == "store-damaged" && problem.status == 500)
        #expect(
            lines.all == [["error.code": "store-damaged", "store.operation": "statement at index \(index)"]])
        let failure = CommandFailure(TransportFailure.status(problem.status, problem))
        #expect(failure.status == .integrity)
    }

    @Test("A store that does not answer: nothing was recorded, and the log has SQLite's code")
    func unavailableStore() async throws {
        let scene = try await SharedCase()
        let (api, lines) = api(of: scene.harbour)
        try StoreCopy.run(
            "ALTER TABLE statements RENAME TO elsewhere",
            in: scene.world.path(of: SharedCase.owner).path + "/log.sqlite")
        let problem = try #require(
            await post(ReportForm(officer: "h1", summary: "Quillfeather again"), NodePath.reports, to: api))
        #expect(problem.code == "store-unavailable" && problem.status == 503)
        #expect(problem.detail.contains("Nothing was recorded"))
        #expect(
            lines.all == [
                [
                    "error.code": "store-unavailable",
                    "store.operation": "read stream heads and look up events: SQLite code 1",
                ]
            ])
        #expect(CommandFailure(TransportFailure.status(problem.status, problem)).status == .failure)
    }

    @Test("A code that does not read is named by its own field")
    func fields() async throws {
        let scene = try await SharedCase()
        let (api, _) = api(of: scene.harbour)
        let request = RequestForm(
            officer: "h1", caseReference: scene.reference, asked: SharedCase.asker.text, labels: ["record"],
            protocolCode: "No Code", purpose: "prevent-asb", reason: "x")
        #expect(await post(request, NodePath.requests, to: api)?.detail.hasPrefix("'protocol'") == true)
        let referral = ReferralForm(
            officer: "h1", caseReference: scene.reference, service: SharedCase.asker.text, protocolCode: "No Code",
            summary: "x")
        #expect(await post(referral, NodePath.refer, to: api)?.detail.hasPrefix("'protocol'") == true)
        let share = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: [SharedCase.asker.text], protocolCode: "No Code")
        #expect(await post(share, NodePath.share, to: api)?.detail.hasPrefix("'protocol'") == true)
    }

    private func api(of node: OneNode) -> (NodeLocalAPI, Lines) {
        let lines = Lines()
        let logger = Logger(label: "test") { _ in LineHandler(lines: lines) }
        return (NodeLocalAPI(core: node.core, link: node.link, logger: logger), lines)
    }

    private func post(_ form: some Encodable, _ path: String, to api: NodeLocalAPI) async -> ProblemDetails? {
        guard let body = try? JSONEncoder().encode(form) else { return nil }
        return await api.handle(TransportRequest(method: .post, path: path, body: Array(body))).problem
    }
}

/// What was logged.
final class Lines: Sendable {
    private let lines = Mutex<[Logger.Metadata]>([])
    var all: [Logger.Metadata] { lines.withLock { $0 } }
    func add(_ metadata: Logger.Metadata) { lines.withLock { $0.append(metadata) } }
}

struct LineHandler: LogHandler {
    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace
    init(lines: Lines) { self.lines = lines }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.add(event.metadata ?? [:]) }
}
