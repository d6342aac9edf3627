import EventLogs
import Foundation
import GRDB
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import SQLiteStore

@Suite struct OpeningTests {
    @Test func aMissingStoreIsNeverMadeByOpening() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/log.sqlite"
        #expect(throws: StoreOpeningError.missing(path: path)) {
            try NodeStore.open(in: directory.path)
        }
        #expect(throws: StoreOpeningError.missing(path: directory.path + "/no/broker.sqlite")) {
            try BrokerStore.open(in: directory.path + "/no")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }

    @Test func aStoreIsNeverCreatedOverAnother() throws {
        let bench = try NodeBench()
        let path = bench.directory.path + "/log.sqlite"
        #expect(throws: StoreOpeningError.alreadyExists(path: path)) {
            try NodeStore.create(in: bench.directory.path)
        }
    }

    @Test func filesAreTheOwnersAlone() throws {
        var bench = try NodeBench()
        try bench.append(2)
        let directory = bench.directory.path
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            #expect(try mode("\(directory)/\(name)") == 0o600, "\(name)")
        }
        let made = directory + "/made"
        _ = try BrokerStore.create(in: made)
        #expect(try mode(made) == 0o700)
        #expect(try mode(made + "/broker.sqlite") == 0o600)
    }

    @Test(arguments: [0o640, 0o604, 0o610])
    func aFileThatOthersCanReachIsRefused(mode: Int) throws {
        let bench = try NodeBench()
        let path = bench.directory.path + "/log.sqlite"
        try bench.store.connection.pool.close()
        chmod(path, mode_t(mode))
        let expected = StoreOpeningError.permissions(
            path: path, expected: 0o600, actual: UInt32(mode))
        #expect(throws: expected) { try NodeStore.open(in: bench.directory.path) }
        chmod(path, 0o600)
        chmod(bench.directory.path, 0o755)
        let open = StoreOpeningError.permissions(
            path: bench.directory.path, expected: 0o700, actual: 0o755)
        #expect(throws: open) { try NodeStore.open(in: bench.directory.path) }
    }

    @Test func anotherKindOfStoreIsRefused() throws {
        let directory = try ScratchDirectory()
        try BrokerStore.create(in: directory.path).connection.pool.close()
        try FileManager.default.moveItem(
            atPath: directory.path + "/broker.sqlite", toPath: directory.path + "/log.sqlite")
        let expected = StoreOpeningError.otherKind(
            path: directory.path + "/log.sqlite", applicationID: BrokerSchema.kind.applicationID)
        #expect(throws: expected) { try NodeStore.open(in: directory.path) }
    }

    @Test func anotherVersionIsRefused() throws {
        let bench = try NodeBench()
        try bench.store.connection.execute("PRAGMA user_version = 1")
        let expected = StoreOpeningError.otherVersion(
            path: bench.directory.path + "/log.sqlite", expected: 3, actual: 1)
        #expect(throws: expected) { try NodeStore.open(in: bench.directory.path) }
    }

    @Test func noDatabaseIsNamedAsSuch() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/log.sqlite"
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: path))
        chmod(path, 0o600)
        #expect(throws: StoreOpeningError.self) { try NodeStore.open(in: directory.path) }
    }

    @Test func everyConnectionHasTheSettings() throws {
        var bench = try NodeBench()
        try bench.append(1)
        let pool = bench.store.connection.pool
        func settings(_ database: Database) throws -> [String] {
            try ["journal_mode", "synchronous", "temp_store", "secure_delete", "foreign_keys"]
                .map { try #require(try String.fetchOne(database, sql: "PRAGMA \($0)")) }
        }
        let expected = ["wal", "2", "2", "1", "1"]
        #expect(try pool.writeWithoutTransaction(settings) == expected)
        #expect(try pool.read(settings) == expected)
        #expect(try pool.makeSnapshot().read(settings) == expected)
    }

    @Test(arguments: ["synchronous = NORMAL", "temp_store = FILE", "secure_delete = OFF"])
    func aSettingThatDidNotTakeIsAnError(pragma: String) throws {
        let bench = try NodeBench()
        let name = try #require(pragma.split(separator: " ").first.map(String.init))
        try bench.store.connection.pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA \(pragma)")
            let error = #expect(throws: StoreOpeningError.self) {
                try StoreSettings.check(database)
            }
            guard case .setting(name, _, _, "writing") = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }
}
