import EventLogs
import Partnership
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// Whatever a party pushes, the broker starts again on what it registered, and judges it as it did.
@Suite struct RestartTests {
    private let police = CountyFixture.police

    /// A share is judged by what its records say, also when the key that signed it was announced a page before.
    @Test func anAcceptedShareIsAcceptedAgain() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let (address, carried) = try broker.recordAtHome(in: matter)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            try broker.share([address], carrying: [carried], in: matter)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let size = await broker.keeper.size
            let again = try await broker.idleKeeper()
            #expect(await again.size == size)
        }
    }

    /// A clock that ran a day ahead does not hold the register there; one that goes back a minute does not take it along.
    @Test func theRegisterFollowsAMendedClock() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            var admitted: [Timestamp] = []
            for step: Int64 in [86_400, -86_400, -60] {
                broker.time.advance(seconds: step)
                try broker.county.record(in: matter, by: police)
                let answer = try await broker.keeper.push(try broker.county.push(of: police), by: police)
                for receipt in answer.receipts {
                    guard case .verdict(let record) = try receipt.parts().leaf else { throw Unexpected("no verdict") }
                    admitted.append(record.admittedAt)
                }
            }
            let start = BrokerUnderTest.start
            #expect(admitted == [start.adding(seconds: 86_400), start, start])
        }
    }

    /// What nobody can be given is refused: a verdict that cannot be repeated from the disk would be the broker's end.
    @Test(arguments: [[Array("x".utf8)], [[]], [Array("x".utf8), Array("y".utf8)]])
    func aGrantThatDoesNotReadIsNeverAccepted(grants: [[UInt8]]) async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let bundle = try #require(broker.county.decision(of: police).bundle)
            try broker.county.write(.adopt(bundle: bundle, offices: ["nobody"]), by: police) { $0.grants = grants }
            try broker.county.write(.keyset([]), by: police) { $0.grants = grants }
            try broker.county.record(in: matter, by: police) { $0.grants = grants }
            let verdicts = try await broker.verdicts(try broker.county.push(of: police), by: police)
            #expect(verdicts.count == 3 && verdicts.allSatisfy { $0 != .accepted })
            let size = await broker.keeper.size
            let again = try await broker.idleKeeper()
            #expect(await again.size == size)
        }
    }
}
