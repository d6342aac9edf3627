import Casework
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("A case's reference")
struct CaseReferenceTests {
    @Test("goes to text and back")
    func roundTrip() throws {
        try checkProperty { generator in
            let stream = try #require(StreamID(bytes: generator.bytes(count: 16)))
            let reference = CaseReference(agency: landlord, stream: stream)
            try #require(CaseReference(reference.text) == reference)
        }
    }

    @Test(
        "is nothing but agency, slash and 32 digits",
        arguments: [
            "", "/", "harbour-homes", "harbour-homes/", "harbour-homes/3fa2",
            "/00000000000000000000000000000001", "Harbour/00000000000000000000000000000001",
            "a/b/00000000000000000000000000000001", "a/0000000000000000000000000000000g",
            "a/00000000000000000000000000000001 ",
        ])
    func refusesOtherText(text: String) {
        #expect(CaseReference(text) == nil)
    }
}
