import Auditing
import CommandLineSupport
import EventLogs
import Foundation
import HTTPTransport
import NodeInterface
import NodeProjections
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

/// An agency whose node was copied and whose log told two stories, and who goes on in a new one from the copy: the node that
/// had the whole is gone.
struct ContinuedAgency {
    let scene: SharedCase
    let former: String
    let summary: ContinuationSummary
    let harbour: OneNode
    var world: OneProcess { scene.world }
    var nodes: [OneNode] { [harbour, scene.fire] }

    static let lateAction = "Change the locks, as only the lost node knew"

    static func continuation(
        of former: String, into path: String, rootKeyFile: String? = nil, in world: OneProcess
    ) -> NodeContinuation {
        NodeContinuation(of: former, into: path, rootKeyFile: rootKeyFile, entropy: world.entropy, time: world.time)
    }

    static func ask(_ world: OneProcess) -> NodeContinuation.Ask {
        let client = Call(api: world.broker, peer: SharedCase.owner)
        return { path, query in
            try await client.send(method: .get, path: path, query: query, body: []).successBody()
        }
    }

    /// Forks the log: a copy writes one entry, the node itself another, which is registered; the copy is found out.
    static func fork(_ scene: SharedCase) async throws -> StoreCopy {
        let world = scene.world
        let place = world.path(of: SharedCase.owner)
        let copy = try StoreCopy(of: place, in: world.directory)
        let keys = try place.openKeys(passphrase: OneProcess.passphrase)
        try copy.add(statementSigner: keys.statement, headSigner: keys.log, entropy: world.entropy)
        _ = try await scene.harbour.core.record(
            ActionForm(
                officer: "h1", caseReference: scene.reference, action: lateAction, owner: SharedCase.owner.text))
        try await world.settle([scene.harbour, scene.fire])
        let store = try NodeStore.open(in: copy.path)
        let from = try LeafIndex(store.verifyRightEdge().frontier.size.value - 1)
        let push = PushRequest(
            origin: scene.harbour.core.origin, firstIndex: from,
            statements: try store.readLog(from: from, limit: 8).map {
                CarriedStatement(bytes: $0.statement.bytes, compartments: [], grants: [])
            }, headNote: try #require(try store.headNote()))
        let client = Call(api: world.broker, peer: SharedCase.owner)
        let answer = try await client.send(method: .post, path: "/v1/push", query: [:], body: push.encoded)
        #expect(answer.status == 409)
        await scene.harbour.close()
        return copy
    }

    init(hasPolice: Bool = false) async throws {
        scene = try await SharedCase(hasAuditor: true)
        former = try await ContinuedAgency.fork(scene).path
        let world = scene.world
        let path = world.directory + "/harbour-goes-on"
        summary = try await ContinuedAgency.continuation(of: former, into: path, in: world).run(
            passphrases: OneProcess.passphrases, ask: ContinuedAgency.ask(world))
        harbour = try await world.open(SharedCase.owner, at: path)
        try await world.settle([harbour, scene.fire])
    }

    /// Everything of the case that a node's people can read.
    func shown(at node: OneNode) async throws -> String {
        try await RecallTests.shown(of: scene.reference, at: node)
    }
}

/// A log that ended in two stories, and the one that goes on in its place (decision 0042).
@Suite("A log goes on in another's place") struct ContinuedLogTests {
    @Test("Its cases are there, it records and shares, others receive, and an auditor finds nothing wrong")
    func goesOn() async throws {
        let again = try await ContinuedAgency()
        let (scene, world) = (again.scene, again.world)
        #expect(again.summary.lost == 1)
        #expect(again.summary.broughtBack > 0)
        #expect(again.harbour.core.origin == scene.harbour.core.origin.continued)
        let party = try #require(await scene.fire.core.roster.parties[SharedCase.owner])
        #expect(party.origin == again.harbour.core.origin)
        #expect(party.closedLogs.map(\.origin) == [scene.harbour.core.origin])
        // What the copy had, and what only the lost node had.
        let mine = try await again.shown(at: again.harbour)
        #expect(mine.contains(RecallTests.summary))
        #expect(mine.contains(ContinuedAgency.lateAction))
        // The next entry goes to whoever is on the case, without anybody sharing it anew.
        _ = try await again.harbour.core.move(
            StageForm(
                officer: "h1", caseReference: scene.reference, stage: "action-plan", summary: "What was agreed"))
        try await world.settle(again.nodes)
        let theirs = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        #expect(theirs.timeline.contains { $0.type == "stage-changed" && $0.origin == again.harbour.core.origin.text })
        #expect(try await again.harbour.refusedCount() == 0)
        #expect(try await world.audit().findings.isEmpty)
        #expect(try await world.conformance().findings.isEmpty)
        // The same views come from the disk.
        let live = try again.harbour.core.views.orderedLogicalDump()
        again.harbour.core.sealedViews.remove()
        await again.harbour.close()
        let reopened = try await world.open(SharedCase.owner, at: again.summary.directory)
        #expect(try reopened.core.views.orderedLogicalDump() == live)
        #expect(reopened.core.certainty.mayAppend)
        await reopened.close()
        #expect(try LogCheck(directory: again.summary.directory).damage.isEmpty)
    }

    /// A clock that is fast, as that of a machine set up in haste may be.
    private struct Fast: TimeSource {
        let time: any TimeSource
        func now() -> Timestamp { time.now().adding(seconds: 900) }
    }

    @Test("A first statement that would be refused is answered, leaves no trace, and is made again")
    func refusedFirst() async throws {
        let scene = try await SharedCase(hasAuditor: true)
        let former = try await ContinuedAgency.fork(scene).path
        let world = scene.world
        let size = await world.broker.keeper.size
        let hasty = world.directory + "/harbour-hasty"
        _ = try await NodeContinuation(
            of: former, into: hasty, rootKeyFile: nil, entropy: world.entropy, time: Fast(time: world.time)
        ).run(passphrases: OneProcess.passphrases, ask: ContinuedAgency.ask(world))
        let refused = try await world.open(SharedCase.owner, at: hasty)
        await #expect(throws: TransportFailure.self) { _ = try await refused.link.push(from: LeafIndex(0)) }
        #expect(await world.broker.keeper.size == size, "nothing of it is registered")
        await refused.close()
        let path = world.directory + "/harbour-goes-on"
        _ = try await ContinuedAgency.continuation(of: former, into: path, in: world).run(
            passphrases: OneProcess.passphrases, ask: ContinuedAgency.ask(world))
        let harbour = try await world.open(SharedCase.owner, at: path)
        try await world.settle([harbour, scene.fire])
        #expect(await scene.fire.core.roster.parties[SharedCase.owner]?.origin == harbour.core.origin)
    }

    @Test("A directory that was left half made starts no node of the former log")
    func leftHalfMade() async throws {
        let scene = try await SharedCase()
        let former = try await ContinuedAgency.fork(scene).path
        let path = scene.world.directory + "/harbour-half"
        // Killed after everything was copied: as its own clean-up would not find it.
        let ask = ContinuedAgency.ask(scene.world)
        await #expect(throws: Halted.self) {
            _ = try await ContinuedAgency.continuation(of: former, into: path, in: scene.world).run(
                passphrases: OneProcess.passphrases
            ) { route, query in
                try FileManager.default.copyItem(atPath: path, toPath: path + "-killed")
                _ = (ask, route, query)
                throw Halted()
            }
        }
        #expect(!PublicFile.exists(path))
        await #expect(throws: (any Error).self) {
            let node = try await scene.world.open(SharedCase.owner, at: path + "-killed")
            await node.close()
        }
    }

    private struct Halted: Error {}

    @Test("What was given from the log that ended is taken back from the one that goes on, and stays so at a restart")
    func takesBack() async throws {
        let again = try await ContinuedAgency()
        let (scene, world) = (again.scene, again.world)
        #expect(try await again.shown(at: scene.fire).contains(RecallTests.summary))
        let entry = try await RecallTests.opening(scene)
        let made = try await again.harbour.core.recall(RecallTests.form(entry))
        #expect(Array(made.recalls.keys) == [SharedCase.asker.text])
        try await world.settle(again.nodes)
        #expect(try await again.harbour.refusedCount() == 0)
        #expect(try await again.shown(at: scene.fire).contains(RecallTests.summary) == false)
        scene.fire.core.sealedViews.remove()
        await scene.fire.close()
        let reopened = try await world.open(SharedCase.asker)
        #expect(try await again.shown(at: reopened).contains(RecallTests.summary) == false)
        #expect(try await world.audit().findings.isEmpty)
        await reopened.close()
    }

    @Test("A request is answered with what the log that ended has, by a share that names it, and another agency joins")
    func givesWhatItHad() async throws {
        let again = try await ContinuedAgency()
        let (scene, world) = (again.scene, again.world)
        let request = try await scene.ask()
        try await world.settle(again.nodes)
        var answer = AnswerForm(officer: "h1", request: request, outcome: "full", reason: "It is necessary")
        answer.labels = ["risk", "safe-contact"]
        answer.days = 3
        _ = try await again.harbour.core.answer(answer)
        try await world.settle(again.nodes)
        #expect(try await again.harbour.refusedCount() == 0)
        let view = try await scene.fire.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        let labels = Set(view.timeline.flatMap(\.fields).map(\.label))
        #expect(labels.isSuperset(of: ["risk", "safe-contact"]))
        // What was given until a day goes on that day.
        world.time.advance(seconds: 4 * 86_400)
        #expect(try await scene.fire.core.dropExpired() > 0)
        #expect(try await scene.labels(at: scene.fire).contains("safe-contact") == false)
        let police = try await world.enrolLate("northshire-police")
        let nodes = again.nodes + [police]
        try await world.settle(nodes)
        _ = try await police.core.adopt(
            AdoptForm(officer: "p1", protocolCode: "jag", offices: ["data-protection-officer", "chief-officer"]))
        try await world.settle(nodes)
        var share = ShareForm(
            officer: "h1", caseReference: scene.reference, agencies: ["northshire-police"], protocolCode: "jag")
        share.purpose = "prevent-asb"
        let shared = try await again.harbour.core.share(share)
        // Whoever was on the case stays on it.
        #expect(Set(shared.receives.keys) == ["northshire-fire", "northshire-police"])
        try await world.settle(nodes)
        #expect(try await again.harbour.refusedCount() == 0)
        #expect(try await again.shown(at: police).contains(RecallTests.summary))
        #expect(try await world.audit().findings.isEmpty)
        #expect(try await world.conformance().findings.isEmpty)
    }

    @Test(
        "Nobody writes in the log that ended: not its node, not a copy of it, nor anybody with its keys in the new one")
    func theFormerLogIsOver() async throws {
        let again = try await ContinuedAgency()
        let (scene, world) = (again.scene, again.world)
        // The lost node comes back.
        let lost = try await world.open(SharedCase.owner)
        // It owes reports, and writes none any more.
        try? await lost.link.pull(wait: 0)
        #expect(lost.core.certainty.standing == .forked)
        await #expect(throws: (any Error).self) {
            try await lost.core.record(ReportForm(officer: "h1", summary: "Late"))
        }
        await lost.close()
        // Going on once more from where something goes on already.
        await #expect(throws: ContinuationFault.continued(again.harbour.core.origin)) {
            _ = try await ContinuedAgency.continuation(
                of: again.former, into: world.directory + "/third", in: world
            ).run(passphrases: OneProcess.passphrases, ask: ContinuedAgency.ask(world))
        }
        #expect(!PublicFile.exists(world.directory + "/third"))
        // A key of the former log signs nothing in the new one.
        let keys = try PartyDirectory(path: again.former).openKeys(passphrase: OneProcess.passphrase)
        let party = try #require(await scene.fire.core.roster.parties[SharedCase.owner])
        #expect(party.verificationKeys(.statement).contains(keys.statement.publicKey) == false)
        // Once more, from the log that goes on.
        await again.harbour.close()
        let path = world.directory + "/twice"
        // The root key is in no new directory.
        let twice = try await ContinuedAgency.continuation(
            of: again.summary.directory, into: path, rootKeyFile: again.former + "/root.key", in: world
        ).run(
            passphrases: OneProcess.passphrases, ask: ContinuedAgency.ask(world))
        #expect(twice.lost == 0 && twice.broughtBack == 0)
        let node = try await world.open(SharedCase.owner, at: path)
        try await world.settle([node, scene.fire])
        #expect(await scene.fire.core.roster.parties[SharedCase.owner]?.closedLogs.count == 2)
        #expect(try await again.shown(at: node).contains(ContinuedAgency.lateAction))
        await node.close()
        #expect(try LogCheck(directory: path).damage.isEmpty)
        #expect(try await world.audit().findings.isEmpty)
    }

    @Test("Where the broker does not answer, or has something else, or a directory is there, nothing is made")
    func makesNothing() async throws {
        let scene = try await SharedCase()
        let former = try await ContinuedAgency.fork(scene).path
        let path = scene.world.directory + "/none"
        let continuation = ContinuedAgency.continuation(of: former, into: path, in: scene.world)
        let ask = ContinuedAgency.ask(scene.world)
        struct Silent: Error {}
        await #expect(throws: Silent.self) {
            _ = try await continuation.run(passphrases: OneProcess.passphrases) { path, query in
                guard path != "/v1/feed" else { throw Silent() }
                return try await ask(path, query)
            }
        }
        // What the broker has of the log and does not give.
        await #expect(throws: ContinuationFault.self) {
            _ = try await continuation.run(passphrases: OneProcess.passphrases) { path, query in
                path == "/v1/own" ? OwnLogPage(statements: []).encoded : try await ask(path, query)
            }
        }
        #expect(!PublicFile.exists(path))
        await #expect(throws: ContinuationFault.alreadyThere(path: former)) {
            _ = try await ContinuedAgency.continuation(of: former, into: former, in: scene.world).run(
                passphrases: OneProcess.passphrases, ask: ContinuedAgency.ask(scene.world))
        }
    }
}
