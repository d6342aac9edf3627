import EventLogs
import HTTPTransport
import Partnership
import Replication
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// What one batch writes, where its own statements refer to each other.
@Suite struct BatchTests {
    private let police = CountyFixture.police
    private let council = CountyFixture.council

    @Test func aRecordAndTheShareOfItsHomeCompartmentMayComeInOneBatch() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let from = await broker.keeper.size
            let (address, carried) = try broker.recordAtHome(in: matter)
            try broker.share([address], carrying: [carried], in: matter)
            try await broker.accepted(try broker.county.push(of: police), by: police)
            // It is kept under its own place, not under that of the share it came with.
            #expect(try broker.store.compartment(address) == carried)
            let own = CompartmentAddress(
                origin: address.origin, index: LeafIndex(address.index.value + 1), compartment: address.compartment)
            #expect(try broker.store.compartment(own) == nil)
            let page = try await broker.feed(of: council, from: from)
            let given = page.entries.filter { $0.position != $0.statementPosition }
            #expect(given.map(\.statementPosition) == [from.value])
            #expect(given.flatMap(\.statement.compartments) == [carried])
            let direct = page.entries.filter { $0.position == $0.statementPosition }
            #expect(direct.allSatisfy { $0.statement.compartments.isEmpty })
        }
    }

    /// A share of what stands nowhere is refused, in the same batch too.
    @Test func aShareOfWhatTheBatchDoesNotHoldIsRefused() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let log = try #require(broker.county.logs[police])
            try broker.county.record(in: matter, by: police)
            try broker.share(
                [
                    CompartmentAddress(
                        origin: log.origin, index: log.nextIndex,
                        compartment: CompartmentID(from: broker.county.entropy))
                ], carrying: [], in: matter)
            #expect(
                try await broker.verdicts(try broker.county.push(of: police), by: police)
                    == [.accepted, .refused("share-of-others")])
        }
    }

    /// What has changed between append and admission counts at admission: a statement of an agency whose enrolment was
    /// ended meanwhile is registered as refused, and nobody gets what it carried.
    @Test func whatIsNoLongerInForceAtAdmissionIsRefusedAndGivenToNobody() async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let log = try #require(broker.county.logs[police])
            let from = await broker.keeper.size
            try broker.county.record(in: matter, by: police)
            let late = try broker.county.push(of: police)
            let ends = BrokerUnderTest.start.adding(seconds: 10)
            try broker.county.act(log.enrolment(expires: ends), .enrol) { .enrol($0) }
            try await broker.pushBoard()
            broker.time.set(ends)
            #expect(try await broker.verdicts(late, by: police) == [.refused("enrolment-ended")])
            for peer in CountyFixture.agencies where peer != police {
                let page = try await broker.feed(of: peer, from: from)
                let refused = page.entries.filter { $0.statement.bytes == late.statements[0].bytes }
                #expect(refused.allSatisfy { $0.statement.compartments.isEmpty && $0.statement.grants.isEmpty })
                #expect(page.entries.allSatisfy { $0.statement.compartments.isEmpty }, "\(peer)")
            }
            let address = CompartmentAddress(
                origin: log.origin, index: late.firstIndex, compartment: late.statements[0].compartments[0].id)
            #expect(try broker.store.compartment(address) == nil)
        }
    }
}
