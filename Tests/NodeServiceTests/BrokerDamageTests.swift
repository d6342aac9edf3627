import EventLogs
import Foundation
import GRDB
import PartyFiles
import SQLiteStore
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import BrokerService
@testable import NodeService

@Suite("Damage to a broker's store is named by log, place and kind") struct BrokerDamageNamedTests {
    private static let own = "(SELECT log FROM origins WHERE origin = 'harbour-homes.example/log')"
    private static let other = "(SELECT log FROM origins WHERE origin = 'northshire-fire.example/log')"

    /// What is done to the file, and what it is called: part, index, log.
    private static let damages: [(String, [String])] = [
        ("UPDATE statements SET bytes = x'00' WHERE log = \(own) AND idx = 5", ["statement 5 harbour-homes"]),
        (
            "UPDATE statements SET leaf_hash = zeroblob(32) WHERE log = \(own) AND idx = 5",
            ["statement 5 harbour-homes"]
        ),
        ("DELETE FROM statements WHERE log = \(own) AND idx = 4", ["statement-missing 4 harbour-homes"]),
        (
            "DELETE FROM statements WHERE log = \(own) AND idx = (SELECT max(idx) FROM statements WHERE log = \(own))",
            ["statement-missing LAST harbour-homes"]
        ),
        (
            """
            CREATE TEMP TABLE kept AS SELECT idx, bytes, leaf_hash FROM statements WHERE log = \(own) AND idx IN (4, 7);
            UPDATE statements SET bytes = (SELECT bytes FROM kept WHERE kept.idx = 11 - statements.idx),
                leaf_hash = (SELECT leaf_hash FROM kept WHERE kept.idx = 11 - statements.idx)
                WHERE log = \(own) AND idx IN (4, 7);
            """, ["statement-order 4 harbour-homes", "statement-order 7 harbour-homes"]
        ),
        (replacing(6, by: "log = \(own) AND idx = 4"), ["statement-replayed 6 harbour-homes"]),
        (replacing(6, by: "log = \(other) AND idx = 2"), ["statement-foreign 6 harbour-homes"]),
        (
            "UPDATE statements SET refusal = 'quota' WHERE log = \(own) AND idx = 5",
            ["verdict 5 harbour-homes"]
        ),
        ("UPDATE register_leaves SET bytes = x'00' WHERE position = 3", ["register-leaf 3 register"]),
        ("DELETE FROM register_leaves WHERE position = 3", ["register-leaf-missing 3 register"]),
        ("UPDATE tree_nodes SET hash = zeroblob(32) WHERE level = 1 AND idx = 2", ["tree-node 2 register"]),
        ("UPDATE tree_head SET note = x'00'", ["head - register"]),
        ("UPDATE logs SET frontier = zeroblob(length(frontier)) WHERE log = \(own)", ["log - harbour-homes"]),
    ]

    private static func replacing(_ index: Int, by source: String) -> String {
        """
        UPDATE statements SET (bytes, leaf_hash) = (SELECT bytes, leaf_hash FROM statements WHERE \(source))
        WHERE log = \(own) AND idx = \(index)
        """
    }

    private func named(in path: String, _ now: Timestamp) throws -> [String] {
        try BrokerCheck(directory: path, now: now).found.map { found in
            let log = found.log?.text.split(separator: ".").first.map(String.init) ?? "register"
            return "\(found.part) \(found.index.map { "\($0)" } ?? "-") \(log)"
        }.sorted()
    }

    @Test("Each kind has a name of its own, and nothing else is named") func eachKind() async throws {
        let scene = try await GivenBothWays()
        let world = scene.shared.world
        let broker = world.path(of: OneProcessFounding.brokerCode).path
        let last = try NodeStore.open(in: scene.place.path).verifyRightEdge().frontier.size.value - 1
        for (number, (sql, expected)) in Self.damages.enumerated() {
            let copy = "\(world.directory)/broken-\(number)"
            try FileManager.default.copyItem(atPath: broker, toPath: copy)
            #expect(try named(in: copy, world.time.now()) == [])
            let queue = try DatabaseQueue(path: copy + "/broker.sqlite")
            try await queue.write { database in
                let triggers = try String.fetchAll(
                    database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
                for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger)") }
                try database.execute(sql: sql)
            }
            try queue.close()
            let names = expected.map { $0.replacingOccurrences(of: "LAST", with: "\(last)") }
            #expect(try named(in: copy, world.time.now()) == names.sorted(), "\(sql)")
        }
    }
}
