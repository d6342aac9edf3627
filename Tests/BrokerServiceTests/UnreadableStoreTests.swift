import EventLogs
import GRDB
import HTTPTransport
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// A disk that does not answer is no reason for a verdict and no reason to give less: both would stay when it answers
/// again.
@Suite struct UnreadableStoreTests {
    private let police = CountyFixture.police
    private let council = CountyFixture.council

    private func change(_ broker: BrokerUnderTest, _ sql: String) throws {
        try DatabaseQueue(path: broker.directory + "/broker.sqlite").write { try $0.execute(sql: sql) }
    }

    /// A share needs what an earlier statement says of its compartment.
    @Test func aShareIsNotRefusedBecauseItsRecordCannotBeRead() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let (address, carried) = try broker.recordAtHome(in: matter)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            try broker.share([address], carrying: [carried], in: matter)
            let push = try broker.county.push(of: police)
            let size = await broker.keeper.size

            try change(
                broker,
                """
                DROP TRIGGER statements_update;
                CREATE TABLE whole AS SELECT register_position, bytes FROM statements;
                UPDATE statements SET bytes = x'00' WHERE idx = \(address.index)
                """)
            let response = await broker.push(push, by: police)
            #expect(response.status == 503)
            try change(
                broker,
                """
                UPDATE statements SET bytes = whole.bytes FROM whole
                WHERE whole.register_position = statements.register_position
                """)

            // As at the broker's next start.
            let keeper = try await broker.idleKeeper()
            #expect(await keeper.size == size, "nothing was judged")
            let running = Task { try await keeper.run() }
            defer { running.cancel() }
            let answer = try await keeper.push(push, by: police)
            let verdicts = try answer.receipts.map { receipt in
                guard case .verdict(let record) = try receipt.parts().leaf else { throw Unexpected("no verdict") }
                return record.verdict
            }
            #expect(verdicts == [.accepted])
        }
    }

    @Test func aFeedDoesNotLeaveOutWhatCannotBeRead() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let from = await broker.keeper.size
            for _ in 0..<3 { try broker.county.record(in: matter, by: police) }
            try await broker.accepted(try broker.county.push(of: police), by: police)
            #expect(try await broker.feed(of: council, from: from).entries.count == 3)
            try change(
                broker,
                """
                DROP TRIGGER statements_update;
                UPDATE statements SET bytes = x'00' WHERE register_position = \(from.value + 1)
                """)
            let response = await broker.api.handle(
                TransportRequest(
                    method: .get, path: "/v1/feed", query: ["from": "\(from)", "wait": "0"], peer: council))
            #expect(response.status == 503)
        }
    }
}
