import EventLogs
import GRDB
import TallystickPrimitives
import TallystickTesting
import Testing
import TransparencyLog

@testable import SQLiteStore

@Suite struct BrokerStoreTests {
    @Test func whatIsAdmittedIsReadBack() throws {
        var bench = try BrokerBench()
        #expect(try bench.store.registerHeadNote() == nil)
        #expect(try bench.store.allLogs().isEmpty)
        var all: [AdmittedStatement] = []
        var leaves: [[UInt8]] = []
        for (agency, refused) in [(0, []), (1, [1]), (0, [0]), (1, [])] as [(Int, Set<Int>)] {
            let batch = try bench.batch(from: agency, statements: 3, refusing: refused)
            try bench.admit(batch)
            all += batch.statements
            leaves += batch.registerLeaves
            #expect(try bench.store.registerHeadNote() == batch.registerHead.note)
            #expect(try bench.store.verifyRightEdge() == bench.register)
            let state = try #require(batch.logs.first)
            #expect(try bench.store.logState(state.origin) == state)
            for node in batch.registerNodes {
                #expect(try bench.store.registerNode(node.coordinate) == node.hash)
            }
            for part in batch.compartments {
                #expect(try bench.store.compartment(part.address) == part.carried)
            }
            for grant in batch.grants {
                let found = try bench.store.grants(
                    origin: grant.origin, index: grant.index, recipient: "police")
                #expect(found == [grant.bytes])
                let others = try bench.store.grants(
                    origin: grant.origin, index: grant.index, recipient: "landlord")
                #expect(others.isEmpty)
            }
        }
        #expect(try bench.store.statements(from: 0, limit: 99) == all)
        #expect(try bench.store.statements(from: 4, limit: 3) == Array(all[4..<7]))
        #expect(try bench.store.statementsAt(positions: [7, 99, 2]) == [all[7], all[2]])
        #expect(try bench.store.registerLeaves(from: 0, limit: 99) == leaves)
        #expect(try bench.store.allLogs().map(\.size.value) == [6, 6])
        try checkLookUps(all, in: bench.store)
        #expect(try bench.store.verifyRightEdge() == bench.register)
        #expect(try bench.store.verifyAll().isEmpty)
    }

    private func checkLookUps(_ all: [AdmittedStatement], in store: BrokerStore) throws {
        for statement in all {
            let (origin, index) = (statement.origin, statement.index)
            #expect(try store.statement(origin: origin, index: index) == statement)
        }
        let origin = try #require(all.first).origin
        let mine = all.filter { $0.origin == origin }
        let page = try store.statements(origin: origin, from: LeafIndex(2), limit: 3)
        #expect(page == Array(mine[2..<5]))
    }

    @Test func aBatchWithoutStatementsIsAdmitted() throws {
        var bench = try BrokerBench()
        try bench.admit(try bench.batch(from: 0))
        let leaf = Array("a look-up".utf8)
        var edge = bench.register
        let nodes = edge.append(MerkleTree.leafHash(leaf))
        try bench.admit(
            AdmissionBatch(
                previousSize: bench.register.size, registerLeaves: [leaf], registerNodes: nodes,
                registerHead: try bench.head(edge), statements: [], compartments: [], grants: [],
                logs: []))
        #expect(try bench.store.verifyRightEdge() == edge)
        #expect(try bench.store.statements(from: 2, limit: 9).isEmpty)
        #expect(try bench.store.verifyAll().isEmpty)
        _ = try bench.store.verifyRightEdge()
    }

    @Test func aBatchForAnotherSizeIsRefusedWhole() throws {
        var bench = try BrokerBench()
        let first = try bench.batch(from: 0)
        let second = try bench.batch(from: 1)
        try bench.store.admit(first)
        let error = EventStoreError.headConflict(expected: .empty, actual: TreeSize(2))
        #expect(throws: error) { try bench.store.admit(second) }
        #expect(try bench.store.allLogs() == first.logs)
        #expect(try bench.store.verifyAll().isEmpty)
    }

    @Test func aLogNeverSkipsAStatement() throws {
        var bench = try BrokerBench()
        _ = try bench.batch(from: 0)
        let second = try bench.batch(from: 0)
        let error = EventStoreError.headConflict(expected: TreeSize(2), actual: .empty)
        #expect(throws: error) { try bench.store.admit(second) }
        #expect(try bench.store.registerHeadNote() == nil)
        #expect(try bench.store.registerLeaves(from: 0, limit: 9).isEmpty)
    }

    @Test func aTakenPlaceIsADuplicate() throws {
        var bench = try BrokerBench()
        let first = try bench.batch(from: 0)
        try bench.admit(first)
        let next = try bench.batch(from: 0, statements: 1)
        let batch = try replacing(next) { statement in
            AdmittedStatement(
                origin: statement.origin, index: LeafIndex(0), registerPosition: statement.registerPosition,
                bytes: statement.bytes, leafHash: statement.leafHash, refusal: "limits")
        }
        #expect(throws: EventStoreError.duplicate) { try bench.store.admit(batch) }
        #expect(try bench.store.verifyRightEdge() == bench.register)
        try bench.admit(next)
    }

    @Test func compartmentsMayComeLaterAndMayBePurged() throws {
        var bench = try BrokerBench()
        let first = try bench.batch(from: 0)
        try bench.admit(
            AdmissionBatch(
                previousSize: first.previousSize, registerLeaves: first.registerLeaves,
                registerNodes: first.registerNodes, registerHead: first.registerHead,
                statements: first.statements, compartments: [], grants: [], logs: first.logs))
        let late = AdmissionBatch(
            previousSize: bench.register.size, registerLeaves: [], registerNodes: [],
            registerHead: first.registerHead, statements: [], compartments: first.compartments,
            grants: [], logs: [])
        try bench.admit(late)
        try bench.admit(late)
        let addresses = first.compartments.map(\.address)
        #expect(try bench.store.compartments(addresses).count == addresses.count)
        let victim = try #require(first.compartments.first)
        #expect(try bench.directory.contains(victim.content))
        try bench.store.purge([victim.address])
        #expect(try !bench.directory.contains(victim.content))
        try bench.admit(late)
        #expect(try bench.store.compartment(victim.address) == nil)
        #expect(
            try bench.store.compartments(
                origin: victim.address.origin, index: victim.address.index
            ).isEmpty)
        #expect(try bench.store.verifyAll().isEmpty)
    }

    @Test func theStateIsTheSameAfterARestart() throws {
        var bench = try BrokerBench()
        for agency in [0, 1, 0] { try bench.admit(try bench.batch(from: agency)) }
        let before = try bench.store.statements(from: 0, limit: 99)
        let logs = try bench.store.allLogs()
        try bench.store.connection.pool.close()
        let store = try BrokerStore.open(in: bench.directory.path)
        #expect(try store.verifyRightEdge() == bench.register)
        #expect(try store.statements(from: 0, limit: 99) == before)
        #expect(try store.allLogs() == logs)
    }

    private func replacing(
        _ batch: AdmissionBatch, _ change: (AdmittedStatement) -> AdmittedStatement
    ) throws -> AdmissionBatch {
        AdmissionBatch(
            previousSize: batch.previousSize, registerLeaves: batch.registerLeaves,
            registerNodes: batch.registerNodes, registerHead: batch.registerHead,
            statements: batch.statements.map(change), compartments: batch.compartments,
            grants: batch.grants, logs: batch.logs)
    }
}

@Suite struct BrokerDamageTests {
    static let attempts = [
        "UPDATE statements SET refusal = 'no'", "DELETE FROM statements",
        "UPDATE register_leaves SET bytes = x''", "DELETE FROM register_leaves",
        "UPDATE logs SET size = size - 1", "DELETE FROM logs",
        "UPDATE origins SET log = 7", "DELETE FROM origins", "UPDATE tree_head SET size = 0",
        "DELETE FROM tree_head", "UPDATE tree_nodes SET level = 2", "DELETE FROM tree_nodes",
    ]

    @Test(arguments: attempts) func theHistoryIsNeverRewritten(sql: String) throws {
        var bench = try BrokerBench()
        try bench.admit(try bench.batch(from: 0))
        let error = #expect(throws: DatabaseError.self) {
            try bench.store.connection.execute(sql)
        }
        #expect(error?.extendedResultCode == .SQLITE_CONSTRAINT_TRIGGER)
    }

    static let damages = [
        ("UPDATE statements SET bytes = x'00' WHERE idx = 1", "statement"),
        ("UPDATE statements SET leaf_hash = zeroblob(32) WHERE idx = 1", "statement"),
        ("UPDATE statements SET log = 9 WHERE idx = 1", "log"),
        ("UPDATE origins SET origin = 'other.example/log' WHERE log = 1", "statement-foreign"),
        ("DELETE FROM statements WHERE idx = 1", "statement-missing"),
        ("UPDATE register_leaves SET bytes = x'00' WHERE position = 1", "register-leaf"),
        ("UPDATE register_leaves SET leaf_hash = zeroblob(32) WHERE position = 1", "register-leaf"),
        ("DELETE FROM register_leaves WHERE position = 1", "register-leaf-missing"),
        ("UPDATE tree_nodes SET hash = zeroblob(32)", "tree-node"),
        ("DELETE FROM tree_nodes", "tree-node"),
        ("UPDATE tree_head SET note = x'00'", "head"),
        ("UPDATE tree_head SET size = 1", "head"),
        ("UPDATE logs SET frontier = zeroblob(length(frontier))", "log"),
        ("UPDATE logs SET size = 1", "log"),
        ("UPDATE logs SET note = x'00'", "log"),
        ("DELETE FROM logs", "log"),
        ("UPDATE compartments SET content = x'00' WHERE idx = 1", "compartment"),
    ]

    @Test(arguments: damages) func damageIsNamed(sql: String, part: String) throws {
        var bench = try BrokerBench()
        try bench.admit(try bench.batch(from: 0))
        try bench.store.connection.pool.writeWithoutTransaction { database in
            let triggers = try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
            for trigger in triggers { try database.execute(sql: "DROP TRIGGER \(trigger)") }
            try database.execute(sql: sql)
        }
        let parts = try bench.store.verifyAll().map(\.part)
        #expect(parts.contains(part), "\(parts)")
    }
}
