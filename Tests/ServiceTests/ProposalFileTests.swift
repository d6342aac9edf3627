import Foundation
import TallystickRehearsal
import Testing

@Suite("Files that members sign")
struct ProposalFileTests {
    @Test("A proposal is never written over a file that is there")
    func neverOver() throws {
        let place = NSTemporaryDirectory() + "ts-propose-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let stage = try RehearsalStage(
            directory: place, project: root, programs: Rehearsal.programs(root: root), isQuiet: true)
        try SmallFile.write(Data("correct horse battery\n".utf8), to: stage.path("passphrase"))
        try stage.must(
            "tallystick",
            [
                "board", "init", "--dir", stage.path("board"), "--origin", "board.example/log", "--members", "1",
                "--threshold", "1", "--passphrase-file", stage.path("passphrase"), "--member-passphrase-file",
                stage.path("passphrase"), "--test-cost",
            ])
        let arguments = ["board", "witnesses", "--dir", stage.path("board"), "--propose", stage.path("proposal")]
        try stage.must("tallystick", arguments)
        let proposal = try #require(FileManager.default.contents(atPath: stage.path("proposal")))
        for there in [proposal, Data("signed by one member\n".utf8)] {
            try SmallFile.write(there, to: stage.path("proposal"))
            let again = try stage.run("tallystick", arguments)
            #expect(again.status == 64)
            #expect(again.errors.contains("there is a file"))
            #expect(FileManager.default.contents(atPath: stage.path("proposal")) == there)
        }
    }
}
