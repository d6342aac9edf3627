import Foundation
import TallystickRehearsal
import Testing

@Suite("Founding where something is")
struct FoundingTests {
    @Test("A demonstration that is there keeps its passphrase, and nothing is started")
    func neverOver() throws {
        let place = NSTemporaryDirectory() + "ts-there-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: place) }
        let stage = try RehearsalStage(directory: place, project: place, programs: place, isQuiet: true)
        let passphrase = Data("the first passphrase\n".utf8)
        try SmallFile.write(passphrase, to: stage.path("passphrase"))
        let failure = #expect(throws: StepFailure.self) { try Founding(stage: stage).run() }
        #expect(failure?.words.contains("holds a demonstration already") == true)
        #expect(FileManager.default.contents(atPath: stage.path("passphrase")) == passphrase)
    }
}
