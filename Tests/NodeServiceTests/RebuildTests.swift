import Casework
import EventLogs
import NodeInterface
import NodeProjections
import Partnership
import PartyFiles
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// What a node knows at its start is what it knew when it stopped.
@Suite("A rebuild of what a node holds in memory") struct RebuildTests {
    @Test("Comes out as the live views, by pages of any length, from kept views and from none", arguments: [1, 2, 3])
    func pages(seed: UInt64) async throws {
        let scene = try await SharedCase(seed: seed)
        var generator = Generator(seed: seed)
        try await scene.give(days: 7)
        // Kept views that lack what comes after them.
        for node in [scene.harbour, scene.fire] { await node.core.keepViews() }
        for _ in 0..<4 { try await step(scene, &generator, until: 4) }
        try await scene.world.settle([scene.harbour, scene.fire])
        for _ in 0..<8 { try await step(scene, &generator, until: 7) }
        for node in [scene.harbour, scene.fire] {
            let core = node.core
            for (pageCount, partCount) in [(1, 1), (7, 2), (Limits.rebuildPageLeafCount, Limits.rebuildPartLeafCount)] {
                for isKept in [true, false] {
                    var rebuild = NodeRebuild(parts: try scene.world.parts(of: core, withKeptViews: isKept))
                    rebuild.pageCount = pageCount
                    rebuild.partCount = partCount
                    let rebuilt = try await rebuild.run()
                    try #require((rebuilt.foldedUpTo != nil) == isKept)
                    try await requireSame(rebuilt, core)
                }
            }
        }
    }

    /// Something that an agency does, or an exchange; what comes last is still pending.
    private func step(_ scene: SharedCase, _ generator: inout Generator, until last: Int) async throws {
        let node = generator.bool() ? scene.harbour : scene.fire
        switch generator.int(in: 0...last) {
        case 0: _ = try await node.core.record(ReportForm(officer: "h1", summary: "Noise by the gate"))
        case 1: _ = try await node.core.openCase(CaseForm(officer: "h1", reports: [], summary: "Noise"))
        case 2:
            var form = AssessmentForm(officer: "h1", caseReference: scene.reference)
            form.marks = ["frequency": 2]
            form.rationale = "Seen today"
            _ = try await node.core.assess(form)
        case 3:
            _ = try await node.core.record(
                ActionForm(officer: "h1", caseReference: scene.reference, action: "Visit", owner: SharedCase.owner.text)
            )
        case 4: _ = try await node.core.showCase(CaseQuery(officer: "f1", caseReference: scene.reference))
        case 5: _ = try await node.exchange()
        case 6: if generator.bool() { await node.core.keepViews() }
        default: try await scene.world.settle([scene.harbour, scene.fire])
        }
    }

    private func requireSame(_ rebuilt: NodeRebuild.Result, _ core: NodeCore) async throws {
        let (live, views) = (core.views, rebuilt.views)
        try #require(try views.orderedLogicalDump() == live.orderedLogicalDump())
        try #require(try views.counts() == live.counts())
        try #require(try views.cases(limit: 100) == live.cases(limit: 100))
        try #require(try views.reports(limit: 100) == live.reports(limit: 100))
        try #require(try views.ledger(limit: 1_000) == live.ledger(limit: 1_000))
        let now = core.time.now()
        for row in try live.cases(limit: 100) {
            let reference = try #require(CaseReference(row.reference))
            try #require(try views.caseView(reference, at: now) == live.caseView(reference, at: now))
        }
        try #require(rebuilt.follower.size == (await core.follower.size))
        try #require(rebuilt.follower.frontier == (await core.follower.frontier))
        let book = await core.book
        try #require(rebuilt.book.entries.mapValues(Set.init) == book.entries.mapValues(Set.init))
        try #require(rebuilt.book.requests.mapValues(Set.init) == book.requests.mapValues(Set.init))
        try #require(rebuilt.book.accesses.mapValues(Set.init) == book.accesses.mapValues(Set.init))
        try #require(rebuilt.book.ownStreams == book.ownStreams)
        let circles = (rebuilt.circles, await core.ownCircles)
        let kept = circles.0.streams
        try #require(Set(kept) == Set(circles.1.streams))
        for stream in kept {
            try #require(circles.0[stream]?.control == circles.1[stream]?.control)
            try #require(circles.0[stream]?.keys.keys == circles.1[stream]?.keys.keys)
        }
    }

    @Test("Reads what is pending in runs without gaps")
    func runs() {
        let indexes = [3, 4, 5, 6, 9, 11, 12].map { LeafIndex($0) }
        #expect(NodeRebuild.runs(indexes, limit: 3).map { $0.map(\.value) } == [[3, 4, 5], [6], [9], [11, 12]])
        #expect(NodeRebuild.runs([], limit: 3).isEmpty)
    }
}

extension OneProcess {
    /// What a node is rebuilt from, by its start or by a test beside it.
    func parts(of core: NodeCore, withKeptViews: Bool) throws -> NodeCore.Parts {
        let (file, fingerprint) = try path(of: core.agency).partnership()
        let views = SealedViews(
            path: core.sealedViews.path + (withKeptViews ? "" : ".none"), agency: core.agency,
            localKey: core.opener.localKey)
        return NodeCore.Parts(
            agency: core.agency, writer: core.writer, recorder: core.recorder, opener: core.opener,
            bootstrap: try file.bootstrap(fingerprint: fingerprint, now: time.now()), time: time, entropy: entropy,
            logger: logger, sealedViews: views, kept: core.kept, carriedFiles: core.carriedFiles)
    }
}
