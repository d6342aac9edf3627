import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct TextPrimitiveTests {
    @Test func hexSurvivesARoundTripInEitherCase() throws {
        try checkProperty { generator in
            let bytes = generator.bytes(upTo: 40)
            let text = Hex.encode(bytes)
            try #require(Hex.decode(text) == bytes)
            try #require(Hex.decode(text.uppercased()) == bytes)
            try #require(text == text.lowercased())
        }
    }

    @Test(arguments: ["0", "0g", " 00", "0x00", "００", "+1"])
    func otherTextIsNotHex(text: String) { #expect(Hex.decode(text) == nil) }

    @Test func codesEndAtTheirLimit() {
        #expect(AgencyCode(String(repeating: "a", count: Limits.codeLength)) != nil)
        #expect(AgencyCode(String(repeating: "a", count: Limits.codeLength + 1)) == nil)
        #expect(AgencyCode(String()) == nil)
    }

    @Test func codesTakeExactlyTheirAlphabet() {
        let accepted = (UInt8.min...UInt8.max).filter {
            AgencyCode(String(decoding: [$0], as: UTF8.self)) != nil
        }
        #expect(accepted == Array("-0123456789abcdefghijklmnopqrstuvwxyz".utf8))
    }

    @Test func aMisspeltCodeInTheSourceStopsTheProgram() async {
        await #expect(processExitsWith: .failure) { _ = "Not A Code" as AgencyCode }
    }

    @Test func originsEndAtTheirLimit() {
        #expect(Origin(String(repeating: "o", count: Limits.originLength)) != nil)
        #expect(Origin(String(repeating: "o", count: Limits.originLength + 1)) == nil)
        #expect(Origin("") == nil)
    }

    @Test func originsTakePrintableASCIIWithoutSpaceOrPlus() {
        let accepted = (UInt8.min...UInt8.max).filter {
            Origin(String(decoding: [$0], as: UTF8.self)) != nil
        }
        #expect(accepted == (0x21...0x7e).filter { $0 != UInt8(ascii: "+") })
    }
}
