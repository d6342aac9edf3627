import CommandLineSupport
import Foundation
import Testing

/// Whoever asks a node that cannot answer yet is told what it waits for.
@Suite("A node that cannot answer yet") struct SilentNodeTests {
    @Test("No node, and one that is not enrolled, do not look like one that has stopped")
    func notEnrolled() async throws {
        let path = NSTemporaryDirectory() + "ts-silent-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let none = await #expect(throws: CommandFailure.self) {
            try await DaemonConnection(directory: path).get("/v1/status")
        }
        #expect(none?.message == "\(path) is no node's directory")
        try Data("x".utf8).write(to: URL(filePath: path + "/enrolment.request"))
        let waiting = await #expect(throws: CommandFailure.self) {
            try await DaemonConnection(directory: path).get("/v1/status")
        }
        #expect(waiting?.message == "the node in \(path) is not enrolled yet")
        #expect(waiting?.hint?.contains("enrolment.request") == true)
    }
}
