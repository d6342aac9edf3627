import SignedStatements
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import TransparencyLog

@Suite struct TreeHeadTests {
    let log: TestLog
    let signed: SignedTreeHead

    init() throws {
        log = try TestLog(leaves: 9)
        signed = try log.signedHead(7)
    }

    @Test func theTextIsThreeLines() {
        let text = String(decoding: log.head(0).noteText, as: UTF8.self)
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        #expect(text == "broker.example/log\n0\n\(root)\n")
    }

    @Test func aSignedHeadVerifiesAndComesOutTheSame() throws {
        let verified = try SignedTreeHead(
            verifying: signed.note, origin: log.origin, key: log.key.publicKey)
        #expect(verified == signed)
        #expect(verified.head == log.head(7))
        #expect(try TreeHead(parsing: verified.head.noteText) == log.head(7))
    }

    @Test func signingIsRepeatable() throws {
        #expect(try log.signedHead(7) == signed)
    }

    @Test func anotherLogsHeadIsRefused() throws {
        let other = try #require(Origin("broker.example/other"))
        #expect(throws: TreeHeadError.wrongOrigin(expected: other, found: log.origin)) {
            try SignedTreeHead(verifying: signed.note, origin: other, key: log.key.publicKey)
        }
    }

    @Test func anotherKeysSignatureIsRefused() throws {
        let stranger = try TestLog(seed: 2)
        #expect(throws: TreeHeadError.note(.noKnownSignature)) {
            try SignedTreeHead(
                verifying: signed.note, origin: log.origin, key: stranger.key.publicKey)
        }
    }

    /// Whatever byte of the note is changed, it is not the log's signed head any more.
    @Test func everyByteOfTheNoteMatters() throws {
        for position in signed.note.indices {
            for change in [UInt8(0x01), 0x04, 0x20] {
                var note = signed.note
                note[position] ^= change
                #expect(throws: TreeHeadError.self, "byte \(position)") {
                    try SignedTreeHead(
                        verifying: note, origin: log.origin, key: log.key.publicKey)
                }
            }
        }
    }

    @Test func truncatedNotesAreRefused() throws {
        for count in signed.note.indices {
            #expect(throws: TreeHeadError.self) {
                try UnverifiedTreeHead(parsing: Array(signed.note[..<count]))
            }
        }
    }

    @Test(
        arguments: [
            ("log\n7\n", nil), ("log\n7\n\n", nil), ("", nil), ("log\n7\nROOT", nil),
            ("log\n7\nROOT\n\nmore\n", nil),
            ("two words\n7\nROOT\n", 1), ("a+b\n7\nROOT\n", 1),
            ("log\n07\nROOT\n", 2), ("log\n-1\nROOT\n", 2), ("log\n+1\nROOT\n", 2),
            ("log\n18446744073709551616\nROOT\n", 2), ("log\n7 \nROOT\n", 2),
            ("log\n7\nAAAA\n", 3), ("log\n7\nROOT=\n", 3),
            ("log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n", 3),
        ] as [(String, Int?)])
    func malformedTextsAreRefusedWithTheirLine(text: String, line: Int?) {
        let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        let bytes = text.split(separator: "ROOT", omittingEmptySubsequences: false)
            .joined(separator: root).bytes
        #expect(throws: TreeHeadError.malformed(line: line)) { try TreeHead(parsing: bytes) }
    }

    @Test func extensionLinesAreKept() throws {
        let text = log.head(7).noteText + "more\n".bytes
        let head = try TreeHead(parsing: text)
        #expect(head.root == log.head(7).root)
        #expect(head.noteText == text)
        #expect(try SignedTreeHead.sign(head, with: log.key).head == head)
    }

    @Test func anEmptyLogHasOneRoot() throws {
        let root = log.tree.leaves[0]
        let wrongHead = TreeHead(origin: log.origin, size: .empty, root: root)
        let note = try SignedTreeHead.sign(wrongHead, with: log.key).note
        #expect(throws: TreeHeadError.wrongEmptyRoot(root)) {
            try SignedTreeHead(verifying: note, origin: log.origin, key: log.key.publicKey)
        }
        let honest = try log.signedHead(0).note
        #expect(throws: Never.self) {
            try SignedTreeHead(verifying: honest, origin: log.origin, key: log.key.publicKey)
        }
    }
}
