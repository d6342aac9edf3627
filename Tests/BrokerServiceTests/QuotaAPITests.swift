import EventLogs
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

    /// What somebody reads counts, by requests and by bytes; an answer that overdraws is the last one for a while.
    @Test(arguments: ["/v1/feed", "/v1/heads"]) func readingEndsWithTheQuota(path: String) async throws {
        try await BrokerUnderTest.run { broker in
            func read(by peer: AgencyCode) async -> TransportResponse {
                await broker.api.handle(
                    TransportRequest(method: .get, path: path, query: ["from": "0", "wait": "0"], peer: peer))
            }
            let quotas = broker.api.quotas
            #expect(quotas.take(Limits.quotaReadBurst - 2, of: .reads, by: police, at: broker.time.now()) == nil)
            #expect(await read(by: police).status == 200)
            #expect(await read(by: police).status == 200)
            #expect(isQuota(await read(by: police)))
            #expect(await read(by: council).status == 200, "others are not touched")
            broker.time.advance(seconds: 1)
            for _ in 0..<Limits.quotaReadsPerSecond { #expect(await read(by: police).status == 200) }
            #expect(isQuota(await read(by: police)))

            broker.time.advance(seconds: 1_000)
            let now = broker.time.now()
            #expect(quotas.take(Limits.quotaReadByteBurst, of: .readBytes, by: police, at: now) == nil)
            let last = await read(by: police)
            #expect(last.status == 200)
            #expect(isQuota(await read(by: police)))
            broker.time.advance(seconds: 1)
            // One second gives back more than this answer had.
            #expect(last.body.count < Limits.quotaReadBytesPerSecond)
            #expect(await read(by: police).status == 200)
        }
    }

    /// A share costs by what it makes the broker read, and not one statement.
    @Test func aShareIsChargedForWhatItNames() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            var given: [(CompartmentAddress, CarriedCompartment)] = []
            for _ in 0..<3 { given.append(try broker.recordAtHome(in: matter)) }
            try await broker.accepted(try broker.county.push(of: police), by: police)
            try broker.share(given.map(\.0), carrying: given.map(\.1), in: matter)
            let push = try broker.county.push(of: police)
            broker.time.advance(seconds: 1_000)
            let now = broker.time.now()
            // Enough for the statements and not for what they name: it is owed, and the next push waits for it.
            let left = push.statements.count
            #expect(broker.api.quotas.take(Limits.quotaBurst - left, by: police, at: now) == nil)
            try await broker.accepted(push, by: police)
            try broker.county.record(in: matter, by: police)
            let next = try broker.county.push(of: police)
            #expect(broker.api.quotas.take(0, by: police, at: now) == 1)
            let size = await broker.keeper.size
            #expect(isQuota(await broker.push(next, by: police)))
            #expect(await broker.keeper.size == size)
            broker.time.advance(seconds: 1)
            try await broker.accepted(next, by: police)
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
