import CommandLineSupport
import EventLogs
import Foundation
import NodeInterface
import PartyFiles
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import NodeService

@Suite("A store that an earlier program wrote is brought to this one's version") struct MigrationTests {
    private static let earlier = "DROP TABLE returned; PRAGMA user_version = 2"

    @Test("It is refused until it is brought up, loses nothing, and the node goes on")
    func broughtUp() async throws {
        let scene = try await GivenBothWays()
        let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
        let whole = try copy.dump()
        try StoreCopy.run(Self.earlier, in: copy.path + "/log.sqlite")
        let refused = await #expect(throws: StoreOpeningError.self) { try await copy.open(as: scene.shared.world) }
        #expect(refused.map { "\($0)" }?.contains("tallystick-node migrate") == true)
        let answer = try NodeMigration(directory: copy.path).run()
        #expect(answer.isWhole && answer.from == 2 && answer.version == StoreMigration.version)
        #expect(answer.text.contains("was of version 2"))
        #expect(try copy.dump() == whole)
        try await copy.open(as: scene.shared.world)
        #expect(try NodeMigration(directory: copy.path).run().text.contains("already"))
    }

    @Test("Where something is damaged, or a process is at work, nothing is changed")
    func left() async throws {
        let scene = try await GivenBothWays()
        let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
        try StoreCopy.run(
            """
            DROP TRIGGER tree_nodes_update; UPDATE tree_nodes SET hash = zeroblob(32) WHERE level = 1 AND idx = 0;
            CREATE TRIGGER tree_nodes_update BEFORE UPDATE ON tree_nodes
                BEGIN SELECT RAISE(ABORT, 'a node never changes'); END;
            """ + Self.earlier, in: copy.path + "/log.sqlite")
        let answer = try NodeMigration(directory: copy.path).run()
        #expect(!answer.isWhole && answer.text.contains("Nothing was changed"))
        #expect(try StoreMigration.isNeeded(in: copy.path))
        #expect(!FileManager.default.fileExists(atPath: StoreMigration.copies(in: copy.path)))
        let lock = try DirectoryLock(PartyDirectory(path: copy.path))
        defer { withExtendedLifetime(lock) {} }
        #expect(throws: DirectoryInUse.self) { try NodeMigration(directory: copy.path).run() }
    }
}
