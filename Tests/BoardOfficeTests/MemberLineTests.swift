import BoardOffice
import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("The line of a new member") struct MemberLineTests {
    @Test("It comes back as it was, and no identifier, other digit or other case passes for it")
    func onlyItself() throws {
        let key = SigningKey(from: SeededEntropy(seed: 3)).publicKey
        let line = MemberLine(key.bytes)
        #expect(MemberLine(parsing: line.text) == line)
        #expect(MemberLine(parsing: key.keyID.hex) == nil)
        #expect(MemberLine(parsing: Hex.encode(key.bytes)) == nil)
        #expect(MemberLine(parsing: line.text.uppercased()) == nil)
        let digits = Array(line.text)
        for place in digits.indices {
            var other = digits
            other[place] = other[place] == "0" ? "1" : "0"
            #expect(MemberLine(parsing: String(other)) == nil, "\(place)")
        }
    }
}
