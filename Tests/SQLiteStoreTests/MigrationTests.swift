import EventLogs
import Foundation
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

/// A store of an earlier version is copied, brought up in the copy, and replaced; until then it is as it was.
@Suite struct MigrationTests {
    /// A store as an earlier program left it: its tables are this version's without those that came later.
    private static func earlier(_ version: Int64) throws -> (bench: NodeBench, head: [UInt8]?) {
        var bench = try NodeBench()
        try bench.append(5, compartments: 2)
        try bench.append(3)
        let head = try bench.store.headNote()
        if version < 3 { try bench.store.connection.execute("DROP TABLE returned") }
        if version < 2 { try bench.store.connection.execute("DROP TABLE lost") }
        try bench.store.connection.execute("PRAGMA user_version = \(version)")
        try bench.store.connection.emptyWriteAheadLog()
        try bench.store.connection.close()
        return (bench, head)
    }

    private static func copyExists(in directory: String) -> Bool {
        FileManager.default.fileExists(atPath: StoreMigration.copies(in: directory))
    }

    @Test(arguments: 1..<NodeSchema.kind.version)
    func everyEarlierVersionIsBroughtUp(version: Int64) throws {
        let (bench, head) = try Self.earlier(version)
        let path = bench.directory.path
        #expect(throws: StoreOpeningError.self) { try NodeStore.open(in: path) }
        #expect(try StoreMigration.isNeeded(in: path))
        let migration = try StoreMigration(of: path)
        #expect(migration.from == version && Self.copyExists(in: path))
        #expect(try migration.copy.verifyAll().isEmpty)
        try migration.switchOver()
        #expect(!Self.copyExists(in: path))
        #expect(try !StoreMigration.isNeeded(in: path))
        let store = try NodeStore.open(in: path)
        #expect(try store.headNote() == head && head != nil)
        #expect(try store.verifyAll().isEmpty)
        #expect(try store.readLog(from: LeafIndex(0), limit: 99).count == 8)
        // The tables' own rules came along, and the log goes on.
        #expect(throws: (any Error).self) { try store.connection.execute("DELETE FROM statements") }
        var log = bench.log
        try log.append([AppendRequest([log.draft(log.stream())])], to: store)
        #expect(try store.verifyRightEdge().frontier.size == TreeSize(9))
    }

    @Test func thereIsAStepFromEveryEarlierVersion() {
        #expect(NodeSchema.kind.steps.keys.sorted() == Array(1..<NodeSchema.kind.version))
    }

    @Test func whatWasInterruptedIsBegunAgain() throws {
        let (bench, head) = try Self.earlier(2)
        let path = bench.directory.path
        let before = try Data(contentsOf: URL(filePath: path + "/log.sqlite"))
        let cutShort = try StoreMigration(of: path)
        try cutShort.copy.connection.close()
        #expect(try Data(contentsOf: URL(filePath: path + "/log.sqlite")) == before)
        #expect(Self.copyExists(in: path))
        try StoreMigration(of: path).switchOver()
        #expect(try NodeStore.open(in: path).headNote() == head)
        #expect(!Self.copyExists(in: path))
    }

    @Test func givenUpItLeavesTheStoreAsItWas() throws {
        let (bench, _) = try Self.earlier(1)
        let path = bench.directory.path
        let before = try Data(contentsOf: URL(filePath: path + "/log.sqlite"))
        try StoreMigration(of: path).discard()
        #expect(try Data(contentsOf: URL(filePath: path + "/log.sqlite")) == before)
        #expect(!Self.copyExists(in: path))
    }

    @Test(arguments: [
        "CREATE TABLE returned (idx INTEGER PRIMARY KEY)", "CREATE TABLE other (idx INTEGER PRIMARY KEY)",
        "DROP TABLE findings", "DROP TRIGGER statements_delete",
    ])
    func tablesOfNoVersionAreRefused(change: String) throws {
        let (bench, _) = try Self.earlier(2)
        let path = bench.directory.path
        let connection = try StoreConnection.openAnyVersion(of: NodeSchema.kind, in: path).connection
        try connection.execute(change)
        try connection.close()
        #expect(throws: StoreOpeningError.otherTables(path: path + "/log.sqlite")) { try StoreMigration(of: path) }
        #expect(!Self.copyExists(in: path))
    }

    @Test func whatALaterProgramWroteIsLeftAlone() throws {
        let (bench, _) = try Self.earlier(3)
        let path = bench.directory.path
        let later = NodeSchema.kind.version + 1
        let connection = try StoreConnection.openAnyVersion(of: NodeSchema.kind, in: path).connection
        try connection.execute("PRAGMA user_version = \(later)")
        try connection.close()
        let expected = StoreOpeningError.otherVersion(
            path: path + "/log.sqlite", expected: NodeSchema.kind.version, actual: later)
        #expect(throws: expected) { try StoreMigration.isNeeded(in: path) }
        #expect("\(expected)".contains("a later one"))
    }
}
