import CommandLineSupport
import EventLogs
import Foundation
import GRDB
import PartyFiles
import SQLiteStore
import TallystickPrimitives
import Testing
import TransparencyLog

@testable import NodeService

// GRDB has one too.
private typealias Statement = EventLogs.Statement

/// Each way in which a node's file can be wrong, inflicted on a store that a node wrote, and what `verify` calls it.
enum Infliction: String, CaseIterable, Sendable {
    case statementBit, eventColumn, missingMiddle, missingRun, cutTail, exchangedNeighbours, exchangedAcross
    case replayed, replayedWithin, foreign
    case compartmentBit, wrapBit, grantBit
    case nodeBit, higherNodeBit, missingNode, headBit, streamBit
    case receiptBit, receiptOfAnother, verdictTurned
    case receivedBit, receivedCompartmentBit, receivedWrapBit, receivedGrantBit
    case registerLeafBit, registerLeafMissing, registerHeadBit
    case twoPlaces

    /// Does it, and says what must be named.
    func inflict(_ database: Database) throws -> [String] {
        switch self {
        case .statementBit:
            try Infliction.flip("statements", "bytes", "idx = 5", in: database)
            return ["statement at 5"]
        case .eventColumn:
            try Infliction.flip("statements", "event_id", "idx = 5", in: database)
            return ["statement at 5"]
        case .missingMiddle:
            try database.execute(sql: "DELETE FROM statements WHERE idx = 4")
            return ["statement-missing at 4"]
        case .missingRun:
            try database.execute(sql: "DELETE FROM statements WHERE idx IN (4, 5, 6)")
            return ["statement-missing at 4, 3 of them"]
        case .cutTail:
            let last = try Infliction.size(database) - 2
            try database.execute(sql: "DELETE FROM statements WHERE idx >= \(last)")
            return ["statement-missing at \(last), 2 of them"]
        case .exchangedNeighbours: return try exchange(4, 5, in: database)
        case .exchangedAcross: return try exchange(3, 6, in: database)
        case .replayed: return try replace(6, by: "statements WHERE idx = 3", "statement-replayed", in: database)
        case .replayedWithin: return try replace(5, by: "statements WHERE idx = 4", "statement-replayed", in: database)
        case .foreign:
            return try replace(6, by: "received LIMIT 1", "statement-foreign", in: database)
        default: return try inflictMore(database)
        }
    }

    private func inflictMore(_ database: Database) throws -> [String] {
        switch self {
        case .compartmentBit:
            return ["compartment at \(try Infliction.flipPart("content", own: true, in: database))"]
        case .wrapBit: return ["wrap at \(try Infliction.flipPart("wrap", own: true, in: database))"]
        case .grantBit: return ["grant at \(try Infliction.flipGrant(own: true, in: database))"]
        case .nodeBit:
            try Infliction.flip("tree_nodes", "hash", "level = 1 AND idx = 1", in: database)
            return ["tree-node at 1"]
        case .higherNodeBit:
            try Infliction.flip("tree_nodes", "hash", "level = 2 AND idx = 1", in: database)
            return ["tree-node at 1"]
        case .missingNode:
            try database.execute(sql: "DELETE FROM tree_nodes WHERE level = 1 AND idx = 2")
            return ["tree-node at 2", "tree-node"]
        case .headBit:
            try Infliction.flip("tree_head", "note", "id = 1", in: database)
            return ["head"]
        case .streamBit:
            let last = try Infliction.size(database) - 1
            let bytes = try Data.fetchOne(database, sql: "SELECT bytes FROM statements WHERE idx = \(last)")
            let stream = try Statement(decoding: Array(try #require(bytes))).payload.stream
            try Infliction.flip("streams", "hash", "stream = X'\(stream.hex)'", in: database)
            return ["stream at \(last)"]
        default: return try inflictElsewhere(database)
        }
    }

    private func inflictElsewhere(_ database: Database) throws -> [String] {
        switch self {
        case .receiptBit:
            try Infliction.flip("admissions", "proof", "idx = 5", in: database)
            return ["receipt at 5"]
        case .receiptOfAnother:
            try database.execute(
                sql: "UPDATE admissions SET proof = (SELECT proof FROM admissions WHERE idx = 4) WHERE idx = 5")
            return ["receipt at 5"]
        case .verdictTurned:
            try database.execute(sql: "UPDATE admissions SET accepted = 0, reason = 'quota' WHERE idx = 5")
            return ["receipt at 5"]
        case .receivedBit:
            let position = try Int.fetchOne(database, sql: "SELECT max(register_position) FROM received") ?? 0
            let index = try Int.fetchOne(
                database, sql: "SELECT idx FROM received WHERE register_position = \(position)")
            try Infliction.flip("received", "bytes", "register_position = \(position)", in: database)
            return ["received at \(index ?? 0)"]
        case .receivedCompartmentBit:
            return ["received-compartment at \(try Infliction.flipPart("content", own: false, in: database))"]
        case .receivedWrapBit:
            return ["received-wrap at \(try Infliction.flipPart("wrap", own: false, in: database))"]
        case .receivedGrantBit: return ["received-grant at \(try Infliction.flipGrant(own: false, in: database))"]
        case .registerLeafBit:
            try Infliction.flip("register_leaves", "bytes", "position = 7", in: database)
            return ["register-leaf"]
        case .registerLeafMissing:
            try database.execute(sql: "DELETE FROM register_leaves WHERE position = 7")
            return ["register-leaf-missing at 7"]
        case .registerHeadBit:
            // Of the root in the note: the last character of its third line.
            try Infliction.flip("register_head", "note", "id = 1", at: 70, in: database)
            return ["register-head"]
        case .twoPlaces:
            try Infliction.flip("statements", "bytes", "idx = 2", in: database)
            try database.execute(sql: "DELETE FROM statements WHERE idx = 7")
            return ["statement at 2", "statement-missing at 7"]
        default: return []
        }
    }

    private static func size(_ database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM statements") ?? 0
    }

    private func exchange(_ one: Int, _ other: Int, in database: Database) throws -> [String] {
        try database.execute(
            sql: """
                UPDATE statements SET idx = 1000000 WHERE idx = \(one);
                UPDATE statements SET idx = \(one) WHERE idx = \(other);
                UPDATE statements SET idx = \(other) WHERE idx = 1000000
                """)
        return ["statement-order at \(one)", "statement-order at \(other)"]
    }

    private func replace(_ index: Int, by source: String, _ name: String, in database: Database) throws -> [String] {
        let row = try #require(try Row.fetchOne(database, sql: "SELECT bytes, leaf_hash FROM \(source)"))
        let (bytes, hash): (Data, Data) = (row[0], row[1])
        try database.execute(
            sql: "UPDATE statements SET bytes = ?, leaf_hash = ? WHERE idx = \(index)", arguments: [bytes, hash])
        return ["\(name) at \(index)"]
    }

    private static func flip(
        _ table: String, _ column: String, _ condition: String, at place: Int? = nil, in database: Database
    ) throws {
        let row = try #require(try Row.fetchOne(database, sql: "SELECT \(column) FROM \(table) WHERE \(condition)"))
        var bytes: Data = row[0]
        bytes[place ?? bytes.count - 1] ^= 1
        try database.execute(sql: "UPDATE \(table) SET \(column) = ? WHERE \(condition)", arguments: [bytes])
    }

    /// The number of the own log, which is that of the first part stored.
    private static let ownLog = "(SELECT log FROM origins WHERE origin = 'harbour-homes.example/log')"

    private static func flipPart(_ column: String, own: Bool, in database: Database) throws -> Int {
        let row = try #require(
            try Row.fetchOne(
                database,
                sql: """
                    SELECT id, idx FROM compartments
                    WHERE \(column) IS NOT NULL AND log \(own ? "=" : "<>") \(ownLog) ORDER BY id DESC LIMIT 1
                    """))
        let (id, index): (Int, Int) = (row[0], row[1])
        try flip("compartments", column, "id = \(id)", in: database)
        return index
    }

    private static func flipGrant(own: Bool, in database: Database) throws -> Int {
        let row = try #require(
            try Row.fetchOne(
                database, sql: "SELECT id, idx FROM grants WHERE log \(own ? "=" : "<>") \(ownLog) LIMIT 1"))
        let (id, index): (Int, Int) = (row[0], row[1])
        try flip("grants", "bytes", "id = \(id)", in: database)
        return index
    }
}

extension StoreCopy {
    /// Changes the store's file with its rules off, as its administrator can.
    func inflict(_ damage: Infliction) throws -> [String] {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path + "/log.sqlite", configuration: configuration)
        let expected = try queue.write { database in
            for name in try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'") {
                try database.execute(sql: "DROP TRIGGER \(name)")
            }
            return try damage.inflict(database)
        }
        try queue.close()
        return expected
    }

    /// What `verify` finds, as "part at index, so many of them".
    func namedDamage() throws -> [String] {
        try LogCheck(directory: path).damage.map { found in
            found.part + (found.index.map { " at \($0)" } ?? "") + (found.count > 1 ? ", \(found.count) of them" : "")
        }
    }

    /// Every row of every table, in an order that follows from them; numbers of rows are left out.
    func dump() throws -> [String] {
        try DatabaseQueue(path: path + "/log.sqlite").read { database in
            let tables = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type IN ('table', 'trigger') ORDER BY name")
            return try tables.flatMap { table -> [String] in
                guard try database.tableExists(table) else { return [table] }
                return try Row.fetchAll(database, sql: "SELECT * FROM \"\(table)\"").map { row in
                    "\(table) " + row.filter { $0.0 != "id" }.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
                }.sorted()
            }
        }
    }
}

@Suite("Damage is named by log, place and kind") struct NamedDamageTests {
    @Test("Each kind of damage to a node's file has a name of its own, and nothing else is named")
    func eachKind() async throws {
        let scene = try await GivenBothWays()
        for damage in Infliction.allCases {
            let copy = try StoreCopy(of: scene.place, in: scene.shared.world.directory)
            let expected = try copy.inflict(damage)
            #expect(try copy.namedDamage() == expected, "\(damage)")
            let logs = Set(try LogCheck(directory: copy.path).damage.map(\.log))
            let own = damage.isElsewhere ? [] : ["harbour-homes.example/log"]
            #expect(logs.isSuperset(of: own) && logs.count == 1, "\(damage): \(logs)")
            try FileManager.default.removeItem(atPath: copy.path)
        }
    }
}

extension Infliction {
    /// Whether it is to something of another log.
    fileprivate var isElsewhere: Bool { rawValue.hasPrefix("received") || rawValue.hasPrefix("register") }
}

/// Two agencies that have shared a case with each other, so that each has something of everything.
struct GivenBothWays {
    let shared: SharedCase
    var place: PartyDirectory { shared.world.path(of: SharedCase.owner) }

    init() async throws {
        shared = try await SharedCase()
        let fire = try await SharedCase.share(at: shared.fire, with: [SharedCase.owner])
        #expect(fire != shared.reference)
        try await shared.world.settle([shared.harbour, shared.fire])
        await shared.harbour.close()
    }
}
