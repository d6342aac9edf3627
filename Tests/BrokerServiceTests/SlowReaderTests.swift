import EventLogs
import Foundation
import GRDB
import HTTPTransport
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService
@testable import SQLiteStore

/// What a reader makes the broker read does not stand between a push and its receipt.
@Suite(.timeLimit(.minutes(10))) struct SlowReaderTests {
    private let police = CountyFixture.police
    private let council = CountyFixture.council

    /// While every connection that reads is taken, a page of a feed waits; admission, which only writes, does not.
    @Test func admissionGoesOnWhileAFeedIsRead() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let from = await broker.keeper.size
            try broker.county.record(in: matter, by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            try broker.county.record(in: matter, by: police)
            let push = try broker.county.push(of: police)

            let pool = broker.store.connection.pool
            let release = DispatchSemaphore(value: 0)
            let count = pool.configuration.maximumReaderCount
            let (taken, take) = AsyncStream<Void>.makeStream()
            let (waitedOut, impatient) = AsyncStream<Void>.makeStream()
            for _ in 0..<count {
                Thread.detachNewThread {
                    try? pool.read { _ in
                        take.yield()
                        // Not for ever, so that the test ends where admission does wait.
                        if release.wait(timeout: .now() + .seconds(20)) == .timedOut { impatient.yield() }
                    }
                }
            }
            var isTaken = taken.makeAsyncIterator()
            for _ in 0..<count { await isTaken.next() }
            let asked = broker
            let page = Task { try await asked.feed(of: council, from: from) }
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await broker.accepted(push, by: police) == 1)
            for _ in 0..<count { release.signal() }
            impatient.finish()
            for await _ in waitedOut { Issue.record("the push waited for a reader") }
            // It was asked for before or after the push, whoever came first.
            #expect(try await page.value.entries.count >= 1)
        }
    }
}
