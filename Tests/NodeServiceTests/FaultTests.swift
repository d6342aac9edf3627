import BrokerService
import EventLogs
import Foundation
import GRDB
import HTTPTransport
import NodeInterface
import NodeProjections
import PartyFiles
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService
@testable import SQLiteStore

/// Faults of the machine under a node that goes on running.
@Suite("A node on a machine with faults") struct FaultTests {
    /// The disk takes no further page, from the middle of somebody's commit on.
    @Test("A full disk: a clear answer, nothing acknowledged is lost, and it goes on when there is room")
    func fullDisk() async throws {
        let scene = try await SharedCase()
        await scene.harbour.close()
        let disk = WatchedDisk(scene.world.path(of: SharedCase.owner).path, keepsOperations: false)
        let harbour = try await scene.world.open(SharedCase.owner)
        let api = NodeLocalAPI(core: harbour.core, link: harbour.link, logger: scene.world.logger)
        var recorded: [String] = []
        for round in 0..<3 {
            let form = ReportForm(officer: "h1", summary: "Report \(round)")
            let request = TransportRequest(method: .post, path: NodePath.reports, body: try Body.encode(form))
            disk.fail(with: .full)
            let refused = await api.handle(request)
            #expect(refused.status == 507 && refused.problem?.code == "disk-full")
            disk.fail(with: nil)
            let taken = await api.handle(request)
            recorded += try Body.decode(Recorded.self, try taken.successBody()).events
        }
        try await scene.world.settle([harbour, scene.fire])
        let rows = try await harbour.core.listReports().map(\.eventID)
        #expect(Set(recorded).isSubset(of: Set(rows)))
        #expect(rows.count == Set(rows).count, "what was refused is not there twice")
        #expect(try await harbour.core.status(isConnected: true).refused == 0)
    }

    @Test("A clock that steps back a little: recording goes on, no statement claims an earlier time, all is admitted")
    func clockStepsBack() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        for step: Int64 in [-30, -Limits.clockAheadSeconds + 30, 10, 200_000] {
            scene.world.time.advance(seconds: step)
            _ = try await core.record(ReportForm(officer: "h1", summary: "At \(step)"))
            try await scene.world.settle([scene.harbour, scene.fire])
        }
        #expect(try await core.status(isConnected: true).refused == 0)
        let size = await core.writer.size
        let log = try core.store.readLog(from: LeafIndex(0), limit: Int(size.value))
        let times = log.map(\.statement.issuedAt)
        #expect(times == times.sorted())
        #expect(await core.feedFault == nil)
    }

    @Test("A clock that ran a year ahead: what it wrote is refused, and what is recorded after its mending is not")
    func clockRanAhead() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        let year: Int64 = 365 * 86_400
        scene.world.time.advance(seconds: year)
        _ = try await core.record(ReportForm(officer: "h1", summary: "A year ahead"))
        let aheadSize = await core.writer.size
        scene.world.time.advance(seconds: -year)
        _ = try await core.record(ReportForm(officer: "h1", summary: "Mended"))
        try await scene.world.settle([scene.harbour, scene.fire])
        let log = try core.store.readLog(from: LeafIndex(0), limit: Int(await core.writer.size.value))
        let now = scene.world.time.now()
        let ahead = log.filter { $0.statement.issuedAt > now.adding(seconds: Limits.clockAheadSeconds) }
        #expect(!ahead.isEmpty && ahead.allSatisfy { $0.index < aheadSize.nextIndex })
        #expect(log.contains { $0.index >= aheadSize.nextIndex }, "there is something after it")
        #expect(try await core.status(isConnected: true).refused == ahead.count)
        #expect(await core.feedFault == nil)
    }

    @Test("A founding that was cut short leaves an empty log: the node does not start on it and says what to do")
    func emptyLog() async throws {
        let scene = try await SharedCase()
        await scene.harbour.close()
        let path = scene.world.path(of: SharedCase.owner).path
        for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        _ = try NodeStore.create(in: path)
        await #expect(throws: NodeStartFault.emptyLog) { _ = try await scene.world.open(SharedCase.owner) }
        // It is gone on with, once; an entry in it is never written over.
        // The second store of its head would stop a second founding alone; here it is as if there had been none.
        func found() throws {
            PublicFile.remove(path + ".head")
            try NodeFounding.found(
                in: path, passphrase: OneProcess.passphrase, entropy: scene.world.entropy, time: scene.world.time)
        }
        try found()
        _ = try await scene.world.open(SharedCase.owner)
        #expect(throws: StoreOpeningError.alreadyExists(path: path + "/log.sqlite")) { try found() }
        // Nor is what its witness cosigned begun anew, where that was lost.
        try remove("witness.sqlite", in: path)
        #expect(throws: StoreOpeningError.alreadyExists(path: path + "/log.sqlite")) { try found() }
        #expect(!FileManager.default.fileExists(atPath: path + "/witness.sqlite"))
        for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite-shm"] {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        // Cut short before that, there is a file and no store in it.
        #expect(
            FileManager.default.createFile(
                atPath: path + "/log.sqlite", contents: nil, attributes: [.posixPermissions: 0o600]))
        let problem = #expect(throws: StoreOpeningError.self) { try found() }
        #expect(problem?.description.contains("found again") == true)
    }

    @Test("A register's founding that was cut short is gone on with, and one that was not is not")
    func emptyRegister() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let copy = world.directory + "/second-broker"
        let first = world.path(of: OneProcessFounding.brokerCode).path
        try FileManager.default.copyItem(atPath: first, toPath: copy)
        func found() throws {
            PublicFile.remove(copy + ".head")
            try BrokerFounding.found(
                in: copy, passphrase: OneProcess.passphrase, entropy: world.entropy, time: world.time)
        }
        let refusal = StoreOpeningError.alreadyExists(path: copy + "/broker.sqlite")
        #expect(throws: refusal) { try found() }
        try remove("witness.sqlite", in: copy)
        #expect(throws: refusal) { try found() }
        #expect(!FileManager.default.fileExists(atPath: copy + "/witness.sqlite"))
        // Cut short before the first leaf, with and without the second of its stores.
        for hasBoth in [false, true] {
            try remove(".sqlite", in: copy)
            _ = try BrokerStore.create(in: copy)
            if hasBoth { _ = try WitnessStore.create(in: copy) }
            try found()
            #expect(try BrokerStore.open(in: copy).registerHeadNote() != nil)
            #expect(try WitnessStore.open(in: copy).evidence().isEmpty)
            #expect(throws: refusal) { try found() }
        }
    }

    /// Removes a store with what SQLite keeps beside it.
    private func remove(_ part: String, in path: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.contains(part) {
            try FileManager.default.removeItem(atPath: path + "/" + name)
        }
    }

    /// What a commit did is not known: the writer ends, so that the process does, and the next start verifies the log.
    @Test("An unknown outcome ends the node, and the next start goes on")
    func unknownOutcome() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        let (draft, _) = core.recorder.ownCircle(
            of: StreamID(from: scene.world.entropy), event: EventID(from: scene.world.entropy))
        let veto = CommitVeto()
        core.store.connection.pool.add(transactionObserver: veto, extent: .observerLifetime)
        await #expect(throws: AppendFailure.store(.outcomeUnknown)) {
            _ = try await core.writer.append(AppendRequest([draft]))
        }
        core.store.connection.pool.remove(transactionObserver: veto)
        await #expect(throws: EventStoreError.outcomeUnknown) { try await scene.harbour.ended() }
        let again = try await scene.world.open(SharedCase.owner)
        _ = try await again.core.record(ReportForm(officer: "h1", summary: "Known again"))
        try await scene.world.settle([again, scene.fire])
        #expect(try await again.core.status(isConnected: true).refused == 0)
    }
}
