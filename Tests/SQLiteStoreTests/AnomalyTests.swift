import EventLogs
import Foundation
import GRDB
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

/// Makes the first, second, third… write fail until a run sees no failure
/// (sqlite.org/testing.html).
@Suite struct AnomalyTests {
    @Test func aFullDiskLosesNothingThatWasAcknowledged() throws {
        var failures = 0
        for pages in 0... {
            let bench = try NodeBench()
            let connection = bench.store.connection
            let empty = try #require(
                try connection.pool.read { try Int.fetchOne($0, sql: "PRAGMA page_count") })
            try connection.execute("PRAGMA max_page_count = \(empty + pages)")
            let run = try run(bench)
            failures += run.refused.count
            #expect(run.refused.allSatisfy { $0.error == .diskFull })
            try check(run, in: bench)
            try connection.execute("PRAGMA max_page_count = 100000")
            try checkItGoesOn(run, in: bench)
            if run.refused.isEmpty { break }
        }
        #expect(failures > 10)
    }

    @Test func aFailedCommitStopsTheStoreUntilItIsOpenedAnew() throws {
        var bench = try NodeBench()
        try bench.append(2)
        let veto = CommitVeto()
        bench.store.connection.pool.add(transactionObserver: veto, extent: .observerLifetime)
        #expect(throws: EventStoreError.outcomeUnknown) { try bench.append(1) }
        bench.store.connection.pool.remove(transactionObserver: veto)
        #expect(throws: EventStoreError.outcomeUnknown) { try bench.append(1) }
        #expect(throws: EventStoreError.outcomeUnknown) {
            try bench.store.queueFindings([])
        }
        try bench.store.connection.pool.close()
        let store = try NodeStore.open(in: bench.directory.path)
        let edge = try store.verifyRightEdge()
        #expect(edge.frontier.size == TreeSize(2))
        var log = bench.log
        log.sequencer = edge.sequencer(origin: log.origin)
        try log.append([AppendRequest([log.draft(log.stream())])], to: store)
        #expect(try store.verifyAll().isEmpty)
    }

    @Test func aStatementThatFailsRollsTheWholeBatchBack() throws {
        var bench = try NodeBench()
        try bench.append(1)
        try bench.store.connection.execute(
            """
            CREATE TRIGGER fail BEFORE INSERT ON grants WHEN (SELECT count(*) FROM grants) = 3
            BEGIN SELECT RAISE(ABORT, 'no'); END
            """)
        #expect(throws: EventStoreError.unavailable("append statements: SQLite code 1811")) {
            try bench.append(5)
        }
        #expect(try bench.store.readLog(from: LeafIndex(0), limit: 9).count == 1)
        #expect(try bench.store.verifyAll().isEmpty)
        try bench.store.connection.execute("DROP TRIGGER fail")
        try bench.append(5)
        #expect(try bench.store.readLog(from: LeafIndex(0), limit: 9).count == 6)
    }

    private struct Run {
        var log: LogFixture
        var acknowledged: [EventID] = []
        var refused: [(event: EventID, error: EventStoreError)] = []
    }

    /// Appends a few batches of growing size; each is acknowledged or refused.
    private func run(_ bench: NodeBench) throws -> Run {
        var run = Run(log: bench.log)
        for round in 1...4 {
            let drafts = (0..<round).map { _ in
                run.log.draft(run.log.stream(), compartments: 1, byteCount: 3000)
            }
            do throws(EventStoreError) {
                try append(drafts, &run.log, to: bench.store)
                run.acknowledged += drafts.map(\.eventID)
            } catch {
                run.refused += drafts.map { ($0.eventID, error) }
            }
        }
        return run
    }

    private func append(
        _ drafts: [StatementDraft], _ log: inout LogFixture, to store: NodeStore
    ) throws(EventStoreError) {
        do { try log.append([AppendRequest(drafts)], to: store) } catch let error
            as EventStoreError
        { throw error } catch { throw .unavailable("\(error)") }
    }

    private func check(_ run: Run, in bench: NodeBench) throws {
        let events = run.acknowledged + run.refused.map(\.event)
        #expect(try Set(bench.store.recorded(Set(events)).keys) == Set(run.acknowledged))
        #expect(try bench.store.verifyAll().isEmpty)
        let size = try bench.store.verifyRightEdge().frontier.size
        #expect(size == run.log.sequencer.frontier.size)
    }

    private func checkItGoesOn(_ run: Run, in bench: NodeBench) throws {
        var log = run.log
        try log.append([AppendRequest([log.draft(log.stream())])], to: bench.store)
        #expect(try bench.store.verifyAll().isEmpty)
    }
}

/// Makes every COMMIT fail.
private final class CommitVeto: TransactionObserver {
    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseWillCommit() throws { throw DatabaseError(resultCode: .SQLITE_IOERR_FSYNC) }
    func databaseDidCommit(_ database: Database) {}
    func databaseDidRollback(_ database: Database) {}
}
