import EventLogs
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import BrokerService

/// The police write, for their next push.
extension BrokerUnderTest {
    /// A record with one compartment that stays at home.
    mutating func recordAtHome(
        in matter: CountyFixture.Matter
    ) throws -> (CompartmentAddress, CarriedCompartment) {
        let log = try #require(county.logs[CountyFixture.police])
        let index = log.nextIndex
        let sealed = county.sealedPart("account", in: matter.epoch, paddedLength: 1 << 10)
        let carried = CarriedCompartment(id: sealed.carried.id, content: sealed.carried.content, wrap: nil)
        let home = CompartmentDescriptor(
            id: carried.id, label: "account", paddedLength: ByteCount(1 << 10),
            contentHash: sealed.descriptor.contentHash, wrapHash: nil, keyCommitment: .zero, fieldRoot: .zero,
            reader: .home, caveats: [], expires: nil)
        let decision = county.decision(of: CountyFixture.police)
        try county.write(.record, by: CountyFixture.police) { options in
            options.stream = matter.stream
            options.seen = matter.seen
            options.decision = decision
            options.descriptors = [home]
        }
        return (CompartmentAddress(origin: log.origin, index: index, compartment: carried.id), carried)
    }

    /// A share of compartments with the council, for a day.
    mutating func share(
        _ addresses: [CompartmentAddress], carrying carried: [CarriedCompartment], in matter: CountyFixture.Matter
    ) throws {
        let decision = county.decision(of: CountyFixture.police)
        let share = ShareControl(
            recipient: CountyFixture.council, compartments: addresses,
            expires: BrokerUnderTest.start.adding(seconds: 86_400))
        try county.write(.share(share), by: CountyFixture.police, compartments: carried) { options in
            options.stream = matter.stream
            options.seen = matter.seen
            options.decision = decision
        }
    }
}
