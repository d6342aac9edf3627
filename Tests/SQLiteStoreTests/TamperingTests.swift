import EventLogs
import Foundation
import GRDB
import TallystickPrimitives
import TallystickTesting
import Testing

@testable import SQLiteStore

@Suite struct TriggerTests {
    static let nodeAttempts = [
        "UPDATE statements SET event_id = zeroblob(16)", "DELETE FROM statements",
        "UPDATE streams SET sequence = sequence + 2", "DELETE FROM streams", "UPDATE origins SET log = 7",
        "DELETE FROM origins", "UPDATE tree_nodes SET idx = 9",
        "DELETE FROM tree_nodes", "DELETE FROM tree_head", "UPDATE tree_head SET size = size - 1",
        "UPDATE admissions SET accepted = 0", "DELETE FROM admissions",
        "UPDATE contradictions SET accepted = 0", "DELETE FROM contradictions",
        "UPDATE register_leaves SET bytes = x''", "DELETE FROM register_leaves",
        "DELETE FROM register_head", "UPDATE register_head SET size = 0",
        "UPDATE received SET bytes = x''", "DELETE FROM received",
        "INSERT OR REPLACE INTO statements SELECT * FROM statements WHERE idx = 0",
        """
        INSERT INTO statements VALUES (3, zeroblob(16), x'', zeroblob(32))
        """,
    ]

    @Test(arguments: nodeAttempts) func aNodesHistoryIsNeverRewritten(sql: String) throws {
        var bench = try NodeBench()
        try bench.append(3)
        try bench.store.recordAdmissions([
            Admission(
                index: LeafIndex(0), registerPosition: 7, isAccepted: true, reason: nil, proof: [])
        ])
        try bench.store.keepContradictions([
            Admission(index: LeafIndex(0), registerPosition: 8, isAccepted: true, reason: nil, proof: [])
        ])
        try bench.store.appendRegister(
            leaves: [[1]], from: .empty, frontier: [.zero], headNote: [1])
        var other = LogFixture(seed: 2, origin: "other.example/log")
        let memory = InMemoryEventStore()
        try other.append([AppendRequest([other.draft(other.stream())])], to: memory)
        try bench.store.saveReceived(
            try memory.readLog(from: LeafIndex(0), limit: 1).map { placed in
                ReceivedStatement(
                    registerPosition: 3, origin: placed.statement.origin, index: placed.index,
                    bytes: placed.statement.bytes, compartments: [], grants: [])
            })
        let error = #expect(throws: DatabaseError.self) {
            try bench.store.connection.execute(sql)
        }
        #expect(error?.extendedResultCode == .SQLITE_CONSTRAINT_TRIGGER)
    }
}

/// Flips every bit of stored rows behind the triggers' back, in a transaction that is rolled back.
@Suite struct BitFlipTests {
    /// A column, the rows of interest, and the name that damage to it must get.
    struct Target: CustomTestStringConvertible, Sendable {
        let table: String
        let column: String
        let part: String
        var testDescription: String { "\(table).\(column)" }
    }

    static let blobs = [
        Target(table: "statements", column: "bytes", part: "statement"),
        Target(table: "statements", column: "leaf_hash", part: "statement"),
        Target(table: "statements", column: "event_id", part: "statement"),
        Target(table: "streams", column: "stream", part: "stream"),
        Target(table: "streams", column: "hash", part: "stream"),
        Target(table: "tree_nodes", column: "hash", part: "tree-node"),
        Target(table: "tree_head", column: "note", part: "head"),
        Target(table: "tree_head", column: "note_hash", part: "head"),
        Target(table: "compartments", column: "content", part: "compartment"),
        Target(table: "compartments", column: "wrap", part: "wrap"),
        Target(table: "compartments", column: "compartment", part: "compartment"),
        Target(table: "grants", column: "bytes", part: "grant"),
    ]

    static let numbers = [
        Target(table: "statements", column: "idx", part: "statement"),
        Target(table: "streams", column: "sequence", part: "stream"),
        Target(table: "tree_nodes", column: "level", part: "tree-node"),
        Target(table: "tree_nodes", column: "idx", part: "tree-node"),
        Target(table: "tree_head", column: "size", part: "head"),
    ]

    private let bench: NodeBench

    init() throws {
        var bench = try NodeBench()
        try bench.append(2)
        self.bench = bench
        #expect(try bench.store.verifyAll().isEmpty)
        try bench.store.connection.pool.write { database in
            let triggers = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger)") }
        }
    }

    @Test(arguments: blobs) func everyBitOfABlobCounts(target: Target) throws {
        let bytes = try bench.store.connection.pool.read { database in
            try #require(
                try Row.fetchOne(
                    database, sql: "SELECT \(target.column) FROM \(target.table) LIMIT 1")
            ).bytes(0)
        }
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            let found = try afterwards { database in
                try database.execute(
                    sql: """
                        UPDATE \(target.table) SET \(target.column) = ?
                        WHERE \(target.column) = ?
                        """, arguments: [flipped.blob, bytes.blob])
            }
            try #require(found.contains { $0.part == target.part }, "bit \(bit): \(found)")
        }
    }

    @Test(arguments: numbers) func everyBitOfANumberCounts(target: Target) throws {
        for bit in 0..<63 {
            let found: [StoredDamage]
            do {
                found = try afterwards { database in
                    try database.execute(
                        sql: """
                            UPDATE \(target.table) SET \(target.column) =
                            (\(target.column) | \(1 << bit)) - (\(target.column) & \(1 << bit))
                            """)
                }
            } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                continue
            }
            try #require(found.contains { $0.part == target.part }, "bit \(bit): \(found)")
        }
    }

    @Test func aNodeTooManyIsNamed() throws {
        let found = try afterwards { database in
            try database.execute(sql: "INSERT INTO tree_nodes VALUES (5, 0, zeroblob(32))")
        }
        #expect(found == [StoredDamage(part: "tree-node", index: nil)])
    }

    /// What is found after a change.
    private func afterwards(_ change: (Database) throws -> Void) throws -> [StoredDamage] {
        var found: [StoredDamage] = []
        try bench.store.connection.pool.writeWithoutTransaction { database in
            try database.inTransaction {
                try change(database)
                found = try NodeStore.verifyAll(database) { _ in }
                return .rollback
            }
        }
        return found
    }
}

/// Flips bits of the file itself, where a row may become anything.
@Suite struct RawFileTests {
    /// In the statement's bytes, in its column and in the index that look-ups use.
    @Test func everyCopyOfAnIdentifierCounts() throws {
        var bench = try NodeBench()
        let event = try #require(try bench.append(3).last).statement.eventID
        try bench.store.connection.emptyWriteAheadLog()
        try bench.store.connection.pool.close()
        let path = bench.directory.path + "/log.sqlite"
        let file = try Data(contentsOf: URL(filePath: path))
        var places: [Int] = []
        while let found = file.range(of: event.bytes.blob, in: (places.last ?? 0)..<file.count) {
            places.append(found.upperBound)
        }
        #expect(places.count == 3)
        for place in places {
            var image = file
            image[place - 1] ^= 1
            for end in ["-wal", "-shm"] { unlink(path + end) }
            try image.write(to: URL(filePath: path))
            let store = try NodeStore.open(in: bench.directory.path)
            #expect(try !store.verifyAll().isEmpty, "at byte \(place)")
            try store.connection.pool.close()
        }
    }

    @Test func damageToTheFileIsNamedOrChangesNothing() throws {
        var bench = try NodeBench()
        try bench.append(6)
        let whole = try bench.store.readLog(from: LeafIndex(0), limit: 99)
        let events = Set(whole.map(\.statement.eventID))
        let known = try bench.store.recorded(events)
        try bench.store.connection.emptyWriteAheadLog()
        try bench.store.connection.pool.close()
        let path = bench.directory.path + "/log.sqlite"
        let file = try Data(contentsOf: URL(filePath: path))
        var named = 0
        try checkProperty(cases: 200) { generator in
            var image = file
            image[generator.int(in: 0...file.count - 1)] ^= 1 << UInt8(generator.int(in: 0...7))
            for end in ["-wal", "-shm"] { unlink(path + end) }
            try image.write(to: URL(filePath: path))
            do {
                let store = try NodeStore.open(in: bench.directory.path)
                defer { try? store.connection.pool.close() }
                guard try store.verifyAll().isEmpty else { return named += 1 }
                try #require(try store.readLog(from: LeafIndex(0), limit: 99) == whole)
                try #require(try store.recorded(events) == known)
            } catch is StoreOpeningError { named += 1 } catch is EventStoreError { named += 1 }
        }
        #expect(named > 20)
    }
}
