import EventLogs
import Sealing
import TallystickPrimitives
import TallystickTesting
import Testing

extension ConformanceWireSealing {
    /// One opening that must fail; `how` says which of the three.
    struct RefusedOpening: Decodable, Sendable {
        let id: String
        let fault: String
        let how: String
        let origin: String
        let event: HexBytes
        let content_key: HexBytes
        let circle_key: HexBytes?
        let compartment: HexBytes
        let content: HexBytes
        let wrap: HexBytes?
        let descriptor: HexBytes
    }

    @Test func openingsAreRefusedForTheirReason() throws {
        let file = try VectorDirectory().load(
            "tallystick/openings_refused.json", as: RefusedOpening.self)
        for vector in file.vectors {
            do {
                try attempt(vector)
                Issue.record("\(vector.id) was opened")
            } catch let fault as OpeningFault {
                #expect(fault.code.text == vector.fault, "\(vector.id)")
            }
        }
        #expect(file.vectors.count == file.count)
        #expect(file.count == 42)
        #expect(Set(file.vectors.map(\.how)) == ["open", "unwrap", "read"])
    }

    private func attempt(_ vector: RefusedOpening) throws {
        let descriptor = try wireDescriptor(vector.descriptor)
        let carried = CarriedCompartment(
            id: try #require(CompartmentID(bytes: vector.compartment.bytes)),
            content: vector.content.bytes, wrap: vector.wrap?.bytes)
        switch vector.how {
        case "unwrap":
            let key = try #require(vector.circle_key.flatMap { CircleKey(bytes: $0.bytes) })
            _ = try CompartmentSeal.unwrap(carried, descriptor: descriptor, with: key)
        case "read": _ = try CompartmentSeal.read(carried, descriptor: descriptor)
        default:
            let context = SealingContext(
                origin: try #require(Origin(vector.origin)),
                event: try #require(EventID(bytes: vector.event.bytes)))
            _ = try CompartmentSeal.open(
                carried, descriptor: descriptor,
                contentKey: try #require(ContentKey(bytes: vector.content_key.bytes)),
                in: context)
        }
    }
}
