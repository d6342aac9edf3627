public import EventLogs
import GRDB
import TallystickPrimitives
import TransparencyLog

/// Everything the broker keeps: the register, the statements of all logs, and what travels beside
/// them.
///
/// The file is `broker.sqlite` in the given directory. One process at a time may have it open.
/// Every write is one transaction that survives power loss when the call returns; cancelling a task
/// never interrupts one.
public struct BrokerStore: Sendable {
    let connection: StoreConnection

    static let register = LogTree(
        leafQuery: "SELECT leaf_hash FROM register_leaves WHERE position = ?",
        leafCountQuery: "SELECT count(*) FROM register_leaves")

    /// Makes an empty store, and the directory if there is none.
    public static func create(in directory: String) throws(StoreOpeningError) -> BrokerStore {
        BrokerStore(connection: try .create(BrokerSchema.kind, in: directory))
    }

    /// Opens a store that is there; verify it with `verifyRightEdge` before anything is admitted.
    public static func open(in directory: String) throws(StoreOpeningError) -> BrokerStore {
        BrokerStore(connection: try .open(BrokerSchema.kind, in: directory))
    }

    /// Writes a batch.
    ///
    /// Adding the same compartment or grant again changes nothing; what has been purged stays out.
    /// - Throws: `.headConflict` when the register, or a log that grows, has another size;
    ///   `.duplicate` when a place in a log is taken; `.damaged` with part `compartment` when
    ///   another content is stored. Nothing was written then.
    ///   `.outcomeUnknown`: open the store anew.
    public func admit(_ batch: AdmissionBatch) throws(EventStoreError) {
        try connection.write("admit") { try BrokerStore.admit(batch, to: $0) }
    }

    /// Begins to admit a batch as `admit(_:)` does; batches are written in the order in which they were begun.
    ///
    /// - Parameter completion: hears the outcome, on the store's own thread.
    public func beginAdmit(
        _ batch: AdmissionBatch, completion: @escaping @Sendable (Result<Void, EventStoreError>) -> Void
    ) {
        connection.begin("admit", { try BrokerStore.admit(batch, to: $0) }, completion: completion)
    }

    private static func admit(_ batch: AdmissionBatch, to database: Database) throws {
        try register.replaceHead(
            database, previousSize: batch.previousSize, size: batch.registerHead.head.size,
            note: batch.registerHead.note)
        try add(batch, to: database)
    }

    /// Writes everything of a batch but its head.
    static func add(_ batch: AdmissionBatch, to database: Database) throws {
        try add(batch.registerLeaves, from: batch.previousSize, to: database)
        try register.add(batch.registerNodes, to: database)
        var numbers = LogNumbers(database)
        try advance(batch.logs, by: batch.statements, &numbers, in: database)
        try add(batch.statements, &numbers, to: database)
        var rows = try CarriedPartRows(database)
        for compartment in batch.compartments {
            try rows.add(compartment.carried, of: compartment.address)
        }
        for grant in batch.grants {
            try rows.add(grant: grant.bytes, recipient: grant.recipient, origin: grant.origin, index: grant.index)
        }
    }

    /// Moves each log on, and sees that it grows by exactly the statements of the batch.
    private static func advance(
        _ logs: [LogState], by statements: [AdmittedStatement], _ numbers: inout LogNumbers, in database: Database
    ) throws {
        let counts = Dictionary(grouping: statements, by: \.origin).mapValues(\.count)
        precondition(
            Set(counts.keys).isSubset(of: logs.map(\.origin)),
            "a batch states every log that grows")
        for log in logs {
            let previous = TreeSize(log.size.value &- UInt64(counts[log.origin] ?? 0))
            let number = try numbers.number(of: log.origin)
            try database.run(
                """
                UPDATE logs SET size = ?, frontier = ?, note = ? WHERE log = ? AND size = ?
                """,
                [
                    log.size.value.stored, log.frontier.nodes.flatMap(\.bytes).blob,
                    log.headNote.blob, number, previous.value.stored,
                ])
            guard database.changesCount == 0 else { continue }
            let actual = try logState(log.origin, in: database)?.size ?? .empty
            guard actual == .empty, previous == .empty else {
                throw EventStoreError.headConflict(expected: previous, actual: actual)
            }
            try database.run(
                "INSERT INTO logs (log, size, frontier, note) VALUES (?, ?, ?, ?)",
                [
                    number, log.size.value.stored,
                    log.frontier.nodes.flatMap(\.bytes).blob, log.headNote.blob,
                ])
        }
    }

    private static func add(_ leaves: [[UInt8]], from size: TreeSize, to database: Database) throws {
        var rows = try RowWriter(
            "INSERT INTO register_leaves (position, bytes, leaf_hash) VALUES (?, ?, ?)", in: database)
        for (offset, leaf) in leaves.enumerated() {
            rows.add((size.value + UInt64(offset)).stored)
            rows.add(leaf)
            rows.add(MerkleTree.leafHash(leaf).bytes)
            try rows.write()
        }
    }

    private static func add(
        _ statements: [AdmittedStatement], _ numbers: inout LogNumbers, to database: Database
    ) throws {
        var rows = try RowWriter(
            """
            INSERT INTO statements (register_position, log, idx, bytes, leaf_hash, refusal)
            VALUES (?, ?, ?, ?, ?, ?)
            """, in: database)
        for statement in statements {
            rows.add(statement.registerPosition.stored)
            rows.add(try numbers.number(of: statement.origin))
            rows.add(statement.index.value.stored)
            rows.add(statement.bytes)
            rows.add(statement.leafHash.bytes)
            rows.add(statement.refusal?.text)
            try rows.write()
        }
    }
}
