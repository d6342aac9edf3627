import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct NoteVerifierKeyTests {
    let key = SigningKey(from: SeededEntropy(seed: 5)).publicKey

    @Test(arguments: NoteKeyKind.allCases)
    func aKeyComesOutOfItsText(kind: NoteKeyKind) throws {
        let name = try #require(NoteKeyName("zeuge.example/größe"))
        let verifier = NoteVerifierKey(name: name, kind: kind, key: key)
        #expect(try NoteVerifierKey(parsing: verifier.text) == verifier)
    }

    @Test func theSameKeyHasAnotherIDForEachNameAndKind() throws {
        let names = try ["a.example", "b.example"].map { try #require(NoteKeyName($0)) }
        let ids = names.flatMap { name in
            NoteKeyKind.allCases.map { NoteVerifierKey(name: name, kind: $0, key: key).keyID }
        }
        #expect(Set(ids).count == 4)
    }

    @Test(arguments: ["", "a b", "a+b", "a\nb", "a\u{a0}b", "a\u{2028}b", "a\u{7f}b", "a\u{0}"])
    func namesThatCannotStandInANoteAreRefused(name: String) {
        #expect(NoteKeyName(name) == nil)
    }

    @Test func namesEndAt255Bytes() {
        #expect(NoteKeyName(String(repeating: "a", count: 255)) != nil)
        #expect(NoteKeyName(String(repeating: "a", count: 256)) == nil)
    }

    @Test func anUnsupportedKindIsNamed() throws {
        let body = Base64.encode([0x06] + key.bytes)
        let text = "a.example+00000000+\(String(decoding: body, as: UTF8.self))"
        #expect(throws: NoteKeyError.unsupportedKind(6)) { try NoteVerifierKey(parsing: text) }
    }

    @Test(arguments: [
        "", "a", "a+b", "a+00000000", "a+0000000+AA==", "a+0000000g+AA==", "a+00000000+",
    ])
    func otherTextsAreRefused(text: String) {
        #expect(throws: NoteKeyError.malformed) { try NoteVerifierKey(parsing: text) }
    }

    @Test func base64HasOneSpelling() throws {
        try checkProperty(cases: 500) { generator in
            let bytes = generator.bytes(upTo: 40)
            try #require(Base64.decode(Base64.encode(bytes)) == bytes)
        }
        for text in ["A", "AA", "AAA", "A===", "AA=A", "AAE=A", "AB==", "AAB=", "AA\n=", "===="] {
            #expect(Base64.decode(text.bytes) == nil, "\(text)")
        }
        #expect(Base64.encode("foob".bytes) == "Zm9vYg==".bytes)
        #expect(Base64.encode([0xfb, 0xff]) == "+/8=".bytes)
    }
}
