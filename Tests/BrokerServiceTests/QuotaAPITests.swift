import HTTPTransport
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// Quotas as callers meet them.
@Suite struct QuotaAPITests {
    private let police = CountyFixture.police
    private let council = CountyFixture.council

    private func isQuota(_ response: TransportResponse) -> Bool {
        response.status == 429 && response.problem?.code == "quota"
            && (response.headers["retry-after"].flatMap { Int($0) } ?? 0) > 0
    }

    /// What does not even decode has been paid for by its length.
    @Test func aBodyIsChargedByItsLengthBeforeItIsDecoded() async throws {
        try await BrokerUnderTest.run { broker in
            let body = [UInt8](repeating: 0xff, count: Limits.requestByteCount)
            func send(_ count: Int, by peer: AgencyCode) async -> TransportResponse {
                await broker.api.handle(
                    TransportRequest(method: .post, path: "/v1/push", body: Array(body.prefix(count)), peer: peer))
            }
            broker.time.advance(seconds: 1_000)
            for _ in 0..<Limits.quotaByteBurst / body.count {
                #expect(await send(body.count, by: police).problem?.code == "body-malformed")
            }
            #expect(isQuota(await send(1, by: police)))
            #expect(await send(1, by: council).problem?.code == "body-malformed", "others are not touched")
            let wait = try #require(await send(body.count, by: police).headers["retry-after"].flatMap { Int64($0) })
            #expect(wait == Int64(body.count / Limits.quotaBytesPerSecond))
            broker.time.advance(seconds: wait)
            #expect(await send(body.count, by: police).problem?.code == "body-malformed")
            #expect(isQuota(await send(1, by: police)))
        }
    }

    @Test func lookUpsEndWithTheQuotaAndOnlyAnsweredOnesAreRegistered() async throws {
        try await BrokerUnderTest.run { broker in
            func lookUp(by peer: AgencyCode) async -> TransportResponse {
                await broker.api.handle(
                    TransportRequest(method: .get, path: "/v1/visibility", query: ["area": "E05000001"], peer: peer))
            }
            broker.time.advance(seconds: 1_000)
            let before = await broker.keeper.size.value
            let count = Limits.quotaBurst / Limits.lookUpCost
            for number in 0..<count { #expect(await lookUp(by: police).status == 200, "\(number)") }
            #expect(isQuota(await lookUp(by: police)))
            #expect(await broker.keeper.size.value == before + UInt64(count))
            #expect(await lookUp(by: council).status == 200)
        }
    }

    @Test func statementsBeyondTheQuotaAreRefusedWhole() async throws {
        try await BrokerUnderTest.run { broker in
            broker.time.advance(seconds: 1_000)
            let matter = try await broker.openMatter(by: police)
            try broker.county.record(in: matter, by: police)
            try broker.county.record(in: matter, by: police)
            let push = try broker.county.push(of: police)
            let left = broker.api.quotas.take(Limits.quotaBurst - 2, by: police, at: broker.time.now())
            #expect(left == nil)
            let size = await broker.keeper.size
            #expect(isQuota(await broker.push(push, by: police)))
            #expect(await broker.keeper.size == size)
            broker.time.advance(seconds: 1)
            try await broker.accepted(push, by: police)
        }
    }
}
