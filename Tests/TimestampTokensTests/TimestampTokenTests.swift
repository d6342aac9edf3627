import Foundation
import TallystickPrimitives
import TallystickTesting
import Testing
import TimestampTokens

/// Answers of invented authorities, made by `authority.py`, which shares no code with the product.
@Suite struct TimestampTokenTests {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let roots: String
        let text: HexBytes
        let answer: HexBytes
        let result: String
        let at: String
        let accuracy: Int64?

        var testDescription: String { name }
    }

    static let cases: [Case] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "answers.json")
        return (try? JSONDecoder().decode([Case].self, from: Data(contentsOf: file))) ?? []
    }()

    @Test(arguments: cases) func anAnswerShowsATimeOrSaysWhyNot(item: Case) async throws {
        do {
            let token = try await TimestampToken.check(item.answer.bytes, about: item.text.bytes, roots: item.roots)
            #expect(item.result == "sound")
            #expect(token.at.description == item.at)
            #expect(token.accuracy == item.accuracy)
            #expect(token.authority == "CN=Invented Time")
            #expect(token.serialNumber == "0123456789abcdef")
        } catch { #expect(String("\(error)".prefix { $0 != "(" }) == item.result) }
    }

    @Test func everyFaultIsThere() {
        let results = Set(TimestampTokenTests.cases.map(\.result))
        #expect(
            results == [
                "sound", "malformed", "notGranted", "otherBytes", "unknownAlgorithm", "signature",
                "certificateMissing", "certificateNotTrusted",
            ])
        #expect(TimestampTokenTests.cases.count == 46)
    }

    @Test func theStatusOfARefusalIsTold() async throws {
        let refused = try #require(TimestampTokenTests.cases.first { $0.result == "notGranted" })
        await #expect(throws: TimestampFault.notGranted(2)) {
            try await TimestampToken.check(refused.answer.bytes, about: [], roots: refused.roots)
        }
    }

    /// No byte of a sound answer can be another and still show the same time of the same bytes by somebody else, or
    /// another time; and none makes the program stop.
    @Test func aByteChangedAnywhereNeverShowsAnotherTime() async throws {
        let sound = try #require(TimestampTokenTests.cases.first)
        let token = try await TimestampToken.check(sound.answer.bytes, about: sound.text.bytes, roots: sound.roots)
        for place in sound.answer.bytes.indices {
            for bit: UInt8 in [0x01, 0x80] {
                var bytes = sound.answer.bytes
                bytes[place] ^= bit
                let found = try? await TimestampToken.check(bytes, about: sound.text.bytes, roots: sound.roots)
                #expect(found == nil || found == token, "byte \(place)")
            }
        }
        for length in 0..<sound.answer.bytes.count {
            let cut = Array(sound.answer.bytes.prefix(length))
            await #expect(throws: TimestampFault.malformed) {
                try await TimestampToken.check(cut, about: sound.text.bytes, roots: sound.roots)
            }
        }
    }

    @Test func anAnswerIsReadUpToItsLimit() async throws {
        let sound = try #require(TimestampTokenTests.cases.first { $0.name == "the token alone" })
        for (length, isRead) in [(Limits.timestampByteCount, true), (Limits.timestampByteCount + 1, false)] {
            let answer = TimestampTokenTests.answer(around: sound.answer.bytes, ofLength: length)
            #expect(answer.count == length)
            let token = try? await TimestampToken.check(answer, about: sound.text.bytes, roots: sound.roots)
            #expect((token != nil) == isRead)
        }
    }

    /// An answer whose status says something in words, as many as it takes.
    private static func answer(around token: [UInt8], ofLength length: Int) -> [UInt8] {
        func element(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
            [tag, 0x83, UInt8(body.count >> 16), UInt8(body.count >> 8 & 0xff), UInt8(body.count & 0xff)] + body
        }
        func shortest(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
            body.count > 0xffff
                ? element(tag, body) : [tag, 0x82, UInt8(body.count >> 8), UInt8(body.count & 0xff)] + body
        }
        func answer(words count: Int) -> [UInt8] {
            let words = shortest(0x0c, [UInt8](repeating: 0x78, count: count))
            return shortest(0x30, shortest(0x30, [0x02, 0x01, 0x00] + shortest(0x30, words)) + token)
        }
        let bare = answer(words: 50_000).count - 50_000
        return answer(words: length - bare)
    }

    @Test func aQuestionIsWhatAuthoritiesRead() throws {
        // 30 39 version 1, 30 31 imprint {SHA-256, 32 bytes}, certReq true (RFC 3161 §2.4.1).
        let bytes = Array("tallystick".utf8)
        let head: [UInt8] = [
            0x30, 0x39, 0x02, 0x01, 0x01, 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04,
            0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
        ]
        #expect(
            try TimestampRequest(about: bytes).encoded == head + Hash256(hashing: bytes).bytes + [0x01, 0x01, 0xff])
    }
}
