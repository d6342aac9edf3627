import EventLogs
import Replication
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// What the broker sends of a share whose recipient ended the protocol while it was on its way.
@Suite struct EndedShareTests {
    private let police = CountyFixture.police
    private let council = CountyFixture.council

    /// A stream of the two names no protocol, so its statements go on; what opens anything goes only where the share holds.
    @Test(arguments: [false, true])
    func grantsGoOnlyWhereTheShareHolds(isEnded: Bool) async throws {
        try await BrokerUnderTest.run { broker in
            let matter = try await broker.openMatter(by: police)
            let (address, carried) = try broker.recordAtHome(in: matter)
            let pair = StreamID(from: broker.county.entropy)
            let circle = CircleControl(
                epoch: EpochID(from: broker.county.entropy), members: [police, council].sorted(), labels: [:],
                fromSequence: 0, bundle: nil, reason: "case-opened")
            try broker.county.write(.circle(circle), by: police) { options in
                options.stream = pair
                options.seen = matter.seen
            }
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let from = await broker.keeper.size
            let decision = broker.county.decision(of: police)
            if isEnded {
                let end = ControlBody.endAdoption(
                    bundle: try #require(decision.bundle), offices: ["data-protection-officer"],
                    reason: "review-overdue")
                try broker.county.write(end, by: council)
                try await broker.accepted(try broker.county.push(of: council), by: council)
            }
            let grant = DirectGrant(
                salt: broker.county.entropy.bytes(count: 16), recipient: council, kemKeyID: .zero, kem: 0x647a, kdf: 1,
                aead: 2, encapsulation: [1], sealed: [2]
            ).encoded
            let share = ShareControl(
                recipient: council, compartments: [address], expires: BrokerUnderTest.start.adding(seconds: 86_400))
            try broker.county.write(.share(share), by: police, compartments: [carried]) { options in
                options.stream = pair
                options.seen = matter.seen
                options.decision = decision
                options.grants = [grant]
            }
            try await broker.accepted(try broker.county.push(of: police), by: police)
            let entries = try await broker.feed(of: council, from: from).entries
            #expect(entries.map(\.statement.grants) == (isEnded ? [[]] : [[grant], []]))
        }
    }
}
