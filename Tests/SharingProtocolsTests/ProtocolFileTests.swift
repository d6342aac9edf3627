import SharingProtocols
import TallystickPrimitives
import Testing

@Suite struct ProtocolFileTests {
    @Test func jagParses() throws {
        let jag = try ProtocolFiles.terms("jag")
        #expect(jag.code == "jag")
        #expect(jag.version == 1)
        #expect(jag.parties.count == 7)
        #expect(jag.party("northshire-fire")?.role == "fire")
        #expect(jag.party("northshire-police")?.regime == .part3)
        #expect(jag.party("harbour-homes")?.isPublicBody == false)
        #expect(jag.party("northshire-county")?.functions == ["social-care"])
        #expect(jag.party("northshire-broker") == nil)
        #expect(jag.openChoices.isEmpty)
        #expect(jag.retention.count == Set(jag.parties.map(\.role)).count)
    }

    @Test func victimFirstParses() throws {
        let terms = try ProtocolFiles.terms("victim-first")
        #expect(terms.rules.map(\.code) == ["referral"])
        #expect(terms.review.afterwards == .stop)
        #expect(terms.pointer == nil)
    }
}
