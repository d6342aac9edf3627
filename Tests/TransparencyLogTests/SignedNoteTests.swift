import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct SignedNoteTests {
    let log: TestLog
    let note: SignedNote
    let logKey: NoteVerifierKey

    init() throws {
        log = try TestLog(leaves: 5)
        note = try SignedNote(parsing: try log.signedHead(5).note)
        logKey = .log(log.origin, key: log.key.publicKey)
    }

    private func stranger(_ number: Int) throws -> NoteSignature {
        let name = try #require(NoteKeyName("witness-\(number).example"))
        return NoteSignature(name: name, keyID: UInt32(number), signature: [1, 2, 3])
    }

    @Test func upTo64SignaturesAreAccepted() throws {
        var full = note
        for number in 1..<Limits.noteSignatureCount { full = try full.adding(try stranger(number)) }
        #expect(full.signatures.count == 64)
        #expect(try SignedNote(parsing: full.encoded) == full)
        #expect(try full.verify(with: [logKey]).count == 1)

        let extra = try stranger(64)
        #expect(throws: NoteError.signatureCount(65)) { try full.adding(extra) }
        let bytes = full.encoded + extra.line
        #expect(throws: NoteError.signatureCount(65)) { try SignedNote(parsing: bytes) }
        #expect(throws: NoteError.signatureCount(0)) {
            try SignedNote(text: note.text, signatures: [])
        }
    }

    @Test func theTextEndsAtTheLastBlankLine() throws {
        let text = "one\n\ntwo\n\n\nthree\n".bytes
        let signature = NoteSignature(
            name: logKey.name, keyID: logKey.keyID, signature: try log.key.sign(text))
        let parsed = try SignedNote(
            parsing: SignedNote(text: text, signatures: [signature]).encoded)
        #expect(parsed.text == text)
        #expect(try parsed.verify(with: [logKey]).count == 1)
    }

    @Test func aKnownKeysBadLineSpoilsTheWholeNote() throws {
        let bad = NoteSignature(name: logKey.name, keyID: logKey.keyID, signature: [1, 2, 3])
        let spoilt = try note.adding(bad)
        #expect(throws: NoteError.invalidSignature(name: logKey.name)) {
            try spoilt.verify(with: [logKey])
        }
    }

    @Test func linesOfUnknownKeysAreIgnored() throws {
        let sameName = NoteSignature(name: logKey.name, keyID: ~logKey.keyID, signature: [1])
        let extended = try note.adding(sameName).adding(try stranger(1))
        #expect(try extended.verify(with: [logKey]).count == 1)
        #expect(throws: NoteError.noKnownSignature) { try extended.verify(with: []) }
    }

    @Test func sizesAtTheLimit() throws {
        let line = try stranger(1)
        let room = Limits.noteByteCount - line.line.count - 2
        let text = Array(repeating: UInt8(ascii: "a"), count: room) + [NoteText.lineFeed]
        let largest = try SignedNote(text: text, signatures: [line])
        #expect(largest.encoded.count == Limits.noteByteCount)
        #expect(try SignedNote(parsing: largest.encoded) == largest)

        let tooMuch = Limits.noteByteCount + 1
        let oversized = [UInt8(ascii: "a")] + text
        #expect(throws: NoteError.tooLarge(tooMuch)) {
            try SignedNote(text: oversized, signatures: [line])
        }
        #expect(throws: NoteError.tooLarge(tooMuch)) {
            try SignedNote(parsing: [UInt8(ascii: "a")] + largest.encoded)
        }
    }

    @Test(arguments: ["", "no end", "tab\t\n", "nul\0\n", "return\r\n"])
    func textsThatCannotBeNotesAreRefused(text: String) throws {
        let line = try stranger(1)
        #expect(throws: NoteError.badText) {
            try SignedNote(text: text.bytes, signatures: [line])
        }
    }

    @Test func bytesThatAreNotUTF8AreRefused() throws {
        let line = try stranger(1)
        #expect(throws: NoteError.badText) {
            try SignedNote(text: [0xff, NoteText.lineFeed], signatures: [line])
        }
    }

    @Test(arguments: [
        "- name AAAAAAE=", "\u{2014}name AAAAAAE=", "\u{2014} name", "\u{2014} name AAAAAAE= ",
        "\u{2014} name  AAAAAAE=", "\u{2014} na+me AAAAAAE=", "\u{2014}  AAAAAAE=",
        "\u{2014} name AAAAAA==", "\u{2014} name AAAAAAF=", "\u{2014} name AAAAAAE",
        "\u{2014} na\u{a0}me AAAAAAE=",
    ])
    func badSignatureLinesAreRefusedWithTheirNumber(line: String) throws {
        let bytes = note.encoded + "\(line)\n".bytes
        #expect(throws: NoteError.badSignatureLine(number: 2)) { try SignedNote(parsing: bytes) }
    }

    /// Whatever parses comes out byte for byte the same: a note has one spelling.
    @Test func parsingNeverChangesANote() throws {
        let honest = note.encoded
        try checkProperty(cases: 2000) { generator in
            var bytes = honest
            for _ in 0...generator.int(in: 0...2) {
                let position = generator.int(in: 0...bytes.count - 1)
                bytes[position] = generator.element(of: Array("\n A=+\u{2014}9".utf8))
            }
            guard let parsed = try? SignedNote(parsing: bytes) else { return }
            try #require(parsed.encoded == bytes)
        }
    }
}
