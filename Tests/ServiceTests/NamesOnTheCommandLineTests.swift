import Foundation
import TallystickRehearsal
import Testing

@Suite("Names of people on the command line")
struct NamesOnTheCommandLineTests {
    @Test("They are refused with words that say how to give them, and nothing is done where nothing is named")
    func refused() throws {
        let place = NSTemporaryDirectory() + "ts-names-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let stage = try RehearsalStage(
            directory: place, project: root, programs: Rehearsal.programs(root: root), isQuiet: true)
        let start = ["subject-access", "start", "--received", "2026-06-02", "--lead", "P. Ostrey"]
        for arguments in [
            ["erasure", "propose", "--reason", "request", "--subject", "Ada Quillfeather"],
            ["hold", "place", "--reason", "inquest", "--subject", "Ada Quillfeather"],
            start + ["--name", "Ada Quillfeather"], start + ["--also", "Adie"], start + ["--born", "1971-04-02"],
        ] {
            let told = try stage.run("tallystick", arguments)
            #expect(told.status == 64)
            #expect(told.errors.contains("--form FILE") && told.errors.contains("standard input"), "\(arguments)")
            #expect(!told.errors.contains("Ada") && !told.errors.contains("Adie"))
        }
        for arguments in [["erasure", "propose", "--reason", "request"], ["hold", "place", "--reason", "inquest"]] {
            let told = try stage.run("tallystick", arguments)
            #expect(told.status == 64 && told.errors.contains("say what"), "\(arguments)")
        }
        try SmallFile.write(Data("{\"because\": \"She asked\"}\n".utf8), to: stage.path("form.json"))
        let told = try stage.run(
            "tallystick",
            [
                "erasure", "propose", "--reason", "request", "--form", stage.path("form.json"), "--officer", "r1",
                "--node",
                stage.path("node"),
            ])
        #expect(told.status == 64 && told.errors.contains("'subject' is missing"))
    }
}
