import EventLogs
import HTTPTransport
import Logging
import NodeInterface
import PartyFiles
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

/// A clock that goes back is survived, and somebody is told.
@Suite("The clock of a node") struct ClockTests {
    @Test("Stepping back is a warning at each entry written until the log's time is reached again")
    func steppedBack() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let lines = Lines()
        let opened = try await OpenedNode(
            world.path(of: SharedCase.owner), passphrase: OneProcess.passphrase, entropy: world.entropy,
            time: world.time, logger: Logger(label: "test") { _ in LineHandler(lines: lines) })
        let writing = Task { try await opened.core.writer.run() }
        defer { writing.cancel() }
        let warning: Logger.Metadata = ["error.code": "clock-stepped-back"]
        for (seconds, count) in [(5, 0), (-3, 1), (3, 1)] as [(Int64, Int)] {
            world.time.advance(seconds: seconds)
            _ = try await opened.core.record(ReportForm(officer: "h1", summary: "Noise"))
            #expect(lines.all.count { $0 == warning } == count, "\(seconds)")
        }
    }
}
