import EventLogs
import HTTPTransport
import NodeInterface
import PartyFiles
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import Testing
import TransparencyLog

@testable import NodeService

/// What a node that stopped at the wrong moment owes others, and what others told it falsely: nothing is forgotten.
@Suite("A node stopped before it reported") struct UnreportedTests {
    /// The reports of a node about an author, from an index on.
    private static func reports(of node: OneNode, from index: LeafIndex) async throws -> [ReceivedControl] {
        try node.core.store.readLog(from: index, limit: 100).compactMap { placed in
            if case .received(let report) = placed.statement.payload.control { report } else { nil }
        }
    }

    /// Takes a page as far as a node comes that stops after storing it.
    static func store(
        _ scene: SharedCase, changing change: (FeedPage) -> FeedPage = { $0 }
    ) async throws -> TreeSize {
        let core = scene.fire.core
        var follower = await core.follower
        let body = try await Call(api: scene.world.broker, peer: SharedCase.asker)
            .send(method: .get, path: "/v1/feed", query: ["from": "\(follower.size.value)"], body: []).successBody()
        let page = change(try FeedPage(decoding: body))
        let followed = try follower.take(
            page, now: core.time.now(), own: { NodeCore.ownStatement(at: $0, in: core.store) },
            registered: { position in
                guard let leaf = try? core.store.registerLeaves(from: position, limit: 1).first,
                    case .verdict(let record)? = try? RegisterLeaf(decoding: leaf)
                else { return nil }
                return record
            })
        try PageTaking(store: core.store, opener: core.opener, ownOrigin: core.origin, now: core.time.now())
            .save(followed, frontier: follower.frontier.nodes, size: follower.size, leaves: page.leaves)
        return follower.size
    }

    private static func act(_ scene: SharedCase) async throws {
        _ = try await scene.harbour.core.record(
            ActionForm(officer: "h1", caseReference: scene.reference, action: "Ring", owner: SharedCase.owner.text))
        _ = try await scene.harbour.link.push(from: try scene.harbour.core.store.firstUnadmitted())
    }

    @Test("What was received is reported after the next start, and once", arguments: [true, false])
    func owedAfterAStart(keepsViews: Bool) async throws {
        let scene = try await SharedCase()
        if keepsViews { await scene.fire.core.keepViews() }
        #expect(await !scene.fire.core.owesReports)
        try await Self.act(scene)
        let reached = try await Self.store(scene)
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        #expect(await again.core.owesReports)
        let written = (await again.core.writer.size).nextIndex
        try await again.core.report()
        let reports = try await Self.reports(of: again, from: written)
        #expect(reports.map(\.registerSize) == [reached])
        #expect(reports.first?.findings.isEmpty == true)
        await again.close()
        let third = try await scene.world.open(SharedCase.asker)
        #expect(await !third.core.owesReports)
        try await scene.world.settle([scene.harbour, third])
        #expect(try await third.refusedCount() == 0)
    }

    @Test("What was wrong with the page itself is in the report")
    func pageFindings() async throws {
        let scene = try await SharedCase()
        try await Self.act(scene)
        _ = try await Self.store(scene) { page in
            page.changing { entry in
                (entry.statement.compartments.map { CarriedCompartment(id: $0.id, content: [1], wrap: $0.wrap) }, [])
            }
        }
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        let written = (await again.core.writer.size).nextIndex
        try await again.core.report()
        let found = try await Self.reports(of: again, from: written).flatMap(\.findings).map(\.finding)
        #expect(found == ["compartment-mismatch"])
    }

    /// Without a second look, the report would say that all of it came as it should.
    @Test("What was wrong with it is in the report, although the node stopped before it noted that")
    func findings() async throws {
        let scene = try await SharedCase()
        let request = try await scene.ask()
        try await scene.world.settle([scene.harbour, scene.fire])
        try await scene.answer(request, days: 5)
        _ = try await scene.harbour.link.push(from: try scene.harbour.core.store.firstUnadmitted())
        // The share comes without its grant: nothing here opens what it gives.
        _ = try await Self.store(scene) { page in
            page.changing { entry in
                let kind = try? Statement(decoding: entry.statement.bytes).payload.kind
                return (entry.statement.compartments, kind == .share ? [] : entry.statement.grants)
            }
        }
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        let written = (await again.core.writer.size).nextIndex
        try await again.core.report()
        let found = try await Self.reports(of: again, from: written).flatMap(\.findings).map(\.finding)
        #expect(found == ["key-missing"])
    }

    /// The register had been stored, and the false receipt not yet put right by it.
    @Test("A false receipt is put right by the register at the next start")
    func falseReceipt() async throws {
        let scene = try await SharedCase()
        let core = scene.fire.core
        _ = try await core.record(ReportForm(officer: "f1", summary: "Smoke"))
        let first = try core.store.firstUnadmitted()
        let place = (await core.follower.size).value + 10
        let lying = BrokerLink(
            core: core, client: LyingBroker(world: scene.world, peer: SharedCase.asker, place: place),
            directory: scene.fire.link.directory, time: scene.world.time, logger: scene.world.logger)
        _ = try await lying.push(from: first)
        #expect(try core.store.admission(of: first)?.registerPosition == place)
        let reached = try await Self.store(scene)
        try #require(reached.value <= place)
        let leaves = try core.store.registerLeaves(from: 0, limit: Int(reached.value)).map {
            try RegisterLeaf(decoding: $0)
        }
        let position = try #require(
            leaves.firstIndex {
                if case .verdict(let record) = $0 {
                    record.origin == core.origin && record.index == first
                } else {
                    false
                }
            })
        await scene.fire.close()
        let again = try await scene.world.open(SharedCase.asker)
        #expect(try again.core.store.admission(of: first)?.registerPosition == UInt64(position))
        #expect(try again.core.store.contradictions().map(\.registerPosition) == [place])
        let status = try await again.core.status(isConnected: true)
        #expect(status.feedFault == "receipt-contradicted")
        #expect(status.pending == 0)
    }
}

extension FeedPage {
    /// The page with other compartments and grants beside its statements.
    fileprivate func changing(
        _ change: (FeedEntry) -> (compartments: [CarriedCompartment], grants: [[UInt8]])
    ) -> FeedPage {
        FeedPage(
            from: from, leaves: leaves, headNote: headNote,
            entries: entries.map { entry in
                let changed = change(entry)
                return FeedEntry(
                    position: entry.position, statementPosition: entry.statementPosition, index: entry.index,
                    statement: CarriedStatement(
                        bytes: entry.statement.bytes, compartments: changed.compartments, grants: changed.grants))
            })
    }
}
