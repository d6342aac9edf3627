import Foundation
import TallystickRehearsal
import Testing

@Suite("Checking an authority's answer by the command")
struct TimestampCommandTests {
    private struct Case: Decodable {
        let name: String
        let roots: String
        let text: String
        let answer: String
    }

    @Test("A sound answer dates the head; anything else exits 2 and says why")
    func answers() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let place = NSTemporaryDirectory() + "ts-stamp-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let root = here.deletingLastPathComponent().path
        let stage = try RehearsalStage(
            directory: place, project: root, programs: Rehearsal.programs(root: root), isQuiet: true)
        let file = here.appending(path: "TimestampTokensTests/answers.json")
        let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
        for (name, status, words) in [
            ("an answer by P-256", Int32(0), "existed at 2026-11-22T03:04:05Z"),
            ("about other bytes", 2, "it is about something else than head.note"),
            ("another authority's root", 2, "does not lead to one of these roots"),
            ("not granted", 2, "did not grant the request (status 2)"),
        ] {
            let item = try #require(cases.first { $0.name == name })
            try Data(try bytes(item.text) + Array("\n— register.example/log AAAAAAAA\n".utf8))
                .write(to: URL(fileURLWithPath: stage.path("head.note")))
            try Data(try bytes(item.answer)).write(to: URL(fileURLWithPath: stage.path("head.tsr")))
            try Data(item.roots.utf8).write(to: URL(fileURLWithPath: stage.path("roots.pem")))
            let done = try stage.run(
                "tallystick",
                ["audit", "timestamp", "check", stage.path(""), "--authority", stage.path("roots.pem")])
            #expect(done.status == status, "\(name)")
            #expect((done.output + done.errors).contains(words), "\(name): \(done.output + done.errors)")
        }
    }

    private func bytes(_ hex: String) throws -> [UInt8] {
        try stride(from: 0, to: hex.count, by: 2).map { place in
            let start = hex.index(hex.startIndex, offsetBy: place)
            return try #require(UInt8(hex[start..<hex.index(start, offsetBy: 2)], radix: 16))
        }
    }
}
