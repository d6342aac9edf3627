import BoardOffice
import PartyFiles
import TallystickTesting
import Testing

@testable import NodeService

@Suite("A node's directory is no board's") struct OtherDirectoryTests {
    @Test("and reading it as one says so")
    func noBoard() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let path = world.path(of: SharedCase.owner).path
        #expect(throws: BoardOfficeError.notABoard(path: path)) {
            try BoardLog.read(in: BoardDirectory(path: path), now: world.time.now())
        }
    }
}
