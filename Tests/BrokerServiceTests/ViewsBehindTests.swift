import EventLogs
import Foundation
import GRDB
import HTTPTransport
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// Views that cannot follow hold nothing up, and say so: in the status, and instead of an answer that lacks something.
@Suite struct ViewsBehindTests {
    private let police = CountyFixture.police

    private func views(_ broker: BrokerUnderTest, _ sql: String) throws {
        try DatabaseQueue(path: broker.directory + "/views.sqlite").write { try $0.execute(sql: sql) }
    }

    private func lookUp(_ broker: BrokerUnderTest) async -> TransportResponse {
        await broker.api.handle(TransportRequest(method: .get, path: "/v1/visibility", peer: police))
    }

    private func fault(_ broker: BrokerUnderTest) async throws -> String? {
        let local = BrokerLocalAPI(keeper: broker.keeper, desk: broker.desk, directory: broker.api.directory)
        let status = try await local.handle(TransportRequest(method: .get, path: "/v1/status")).successBody()
        let json = try JSONSerialization.jsonObject(with: Data(status)) as? [String: Any]
        return json?["viewsFault"] as? String
    }

    @Test func aFoldThatFailsIsNamedAndMadeUpFor() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            #expect(try await fault(broker) == nil)
            #expect(await lookUp(broker).status == 200)
            try views(broker, "ALTER TABLE register RENAME TO away")
            try broker.county.record(in: matter, by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            #expect(try await fault(broker) == "views-behind")
            let size = await broker.keeper.size
            let refused = await lookUp(broker)
            #expect(refused.status == 503 && refused.problem?.code == "views-behind")
            #expect(await broker.keeper.size == size, "nothing was looked up, so nothing is registered")
            try broker.county.record(in: matter, by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            #expect(try await fault(broker) == "views-behind")

            try views(broker, "ALTER TABLE away RENAME TO register")
            #expect(await lookUp(broker).status == 200)
            #expect(try await fault(broker) == nil)
            let folded = try await DatabaseQueue(path: broker.directory + "/views.sqlite").read {
                try Int64.fetchAll($0, sql: "SELECT position FROM register ORDER BY position")
            }
            #expect(Set(folded).isSuperset(of: [Int64(size.value - 1), Int64(size.value)]), "nothing was left out")
        }
    }

    @Test func theNextPushMakesUpForItToo() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            try views(broker, "ALTER TABLE register RENAME TO away")
            try broker.county.record(in: matter, by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            try views(broker, "ALTER TABLE away RENAME TO register")
            try broker.county.record(in: matter, by: police)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            #expect(try await fault(broker) == nil)
            let count = try await DatabaseQueue(path: broker.directory + "/views.sqlite").read {
                try Int64.fetchOne(
                    $0, sql: "SELECT count(*) FROM register WHERE position >= (SELECT next FROM state) - 2")
            }
            #expect(count == 2)
        }
    }
}
