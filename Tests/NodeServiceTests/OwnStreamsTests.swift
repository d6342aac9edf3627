import Casework
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

@Suite("An agency's own streams of its cases")
struct OwnStreamsTests {
    @Test("are what was set last and not forgotten since, from either side")
    func againstPlain() throws {
        let agency: AgencyCode = "harbour-homes"
        let ids = try (0..<6).map { number in
            try #require(StreamID(bytes: [UInt8](repeating: UInt8(number), count: 16)))
        }
        try checkProperty(cases: 100) { generator in
            var (streams, plain) = (OwnStreams(), [CaseReference: StreamID]())
            for _ in 0..<generator.int(in: 1...40) {
                let reference = CaseReference(agency: agency, stream: generator.element(of: ids))
                let stream = generator.element(of: ids)
                switch generator.int(in: 0...3) {
                case 0:
                    streams.forget(stream)
                    plain = plain.filter { $0.value != stream }
                case 1:
                    streams.forget(reference)
                    plain[reference] = nil
                default:
                    streams.set(stream, for: reference)
                    plain[reference] = stream
                }
                for id in ids {
                    let reference = CaseReference(agency: agency, stream: id)
                    try #require(streams[reference] == plain[reference])
                    try #require(streams.firstCases[id] == plain.filter { $0.value == id }.keys.min())
                }
            }
        }
    }
}
