public import Casework
import GRDB
import Synchronization
public import TallystickPrimitives

/// One agency's read models: everything it could open, in memory, with full-text search.
///
/// A pure fold of admitted entries with our own pending entries on top. Folding again what is
/// already there replaces it, so that labels received or destroyed later are taken in the same way;
/// the result depends on what was folded, never on how it was divided into batches.
public final class NodeViews: Sendable {
    /// The agency whose views these are.
    public let agency: AgencyCode
    private let queue: DatabaseQueue
    let index = SearchIndex()
    private let knownLeads = Mutex<[CaseReference: LeadOrder]>([:])

    /// Empty views.
    ///
    /// - Throws: `NodeViewsError.database` when no database can be made in memory.
    public init(agency: AgencyCode) throws(NodeViewsError) {
        self.agency = agency
        queue = try NodeViews.attempt("open") {
            var configuration = Configuration()
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA temp_store = MEMORY")
                try database.execute(sql: "PRAGMA foreign_keys = OFF")
            }
            let queue = try DatabaseQueue(configuration: configuration)
            try queue.write { try $0.execute(sql: ViewSchema.sql) }
            return queue
        }
    }

    /// Adds admitted entries, in the order of the register, all of them or none.
    ///
    /// - Parameters:
    ///   - events: the entries; one that is already there, admitted or pending, is replaced.
    ///   - refused: events that the register refused, as in `void`.
    ///   - position: up to where the register has been folded, where that is further than the last
    ///     entry for us.
    /// - Throws: `NodeViewsError.notAdmitted` for an entry without a register position.
    public func fold(
        _ events: [FoldedEvent], voiding refused: [EventID] = [], upTo position: UInt64? = nil
    ) throws(NodeViewsError) {
        try fold(prepared: events.map(PreparedEvent.init), voiding: refused, upTo: position)
    }

    /// Adds admitted entries that were prepared beforehand; see `fold(_:voiding:upTo:)`.
    public func fold(
        prepared events: [PreparedEvent], voiding refused: [EventID] = [], upTo position: UInt64? = nil
    ) throws(NodeViewsError) {
        if let event = events.first(where: { $0.entry.position == nil }) {
            throw .notAdmitted(index: event.entry.leaf)
        }
        let last = [events.compactMap(\.entry.position).max(), position].compactMap { $0 }.max()
        try write("fold") { database in
            var batch = try FoldBatch(database, leads: leads, search: index)
            for event in events { try batch.fold(event) }
            for event in refused { try batch.void(event) }
            try batch.finish()
            try NodeViews.advance(database, to: last)
        }
    }

    /// Adds our own entries that the register has not admitted yet, in the order of our log, to what is pending.
    ///
    /// One that is there already, or that the register refused, changes nothing. An entry is pending
    /// until it is folded as admitted or voided.
    /// - Throws: `NodeViewsError.notPending` for an entry with a register position.
    public func addPending(_ events: [FoldedEvent]) throws(NodeViewsError) {
        try addPending(prepared: events.map(PreparedEvent.init))
    }

    /// Adds pending entries that were prepared beforehand; see `addPending(_:)`.
    public func addPending(prepared events: [PreparedEvent]) throws(NodeViewsError) {
        if let event = events.first(where: { $0.entry.position != nil }) {
            throw .notPending(index: event.entry.leaf)
        }
        try write("add what is pending") { database in
            var batch = try FoldBatch(database, leads: leads, search: index)
            for event in events { try batch.addPending(event) }
            try batch.finish()
        }
    }

    /// Takes away what was shown as pending and will not be admitted as it came; it may be folded later all the same.
    public func dropPending(_ event: EventID) throws(NodeViewsError) {
        try write("drop what is pending") { database in
            var batch = try FoldBatch(database, leads: leads, search: index)
            _ = try batch.dropPending(event)
            try batch.finish()
        }
    }

    /// Takes an entry that the register refused out of every state.
    ///
    /// One that was folded as admitted stays to be seen; one that was pending is gone.
    public func void(_ event: EventID) throws(NodeViewsError) {
        try write("void an entry") { database in
            var batch = try FoldBatch(database, leads: leads, search: index)
            try batch.void(event)
            try batch.finish()
        }
    }

    /// Who leads the cases whose lead ever changed.
    public var leads: [CaseReference: LeadOrder] { knownLeads.withLock(\.self) }

    /// Who leads a case, where its lead ever changed.
    public func leadOrder(of reference: CaseReference) -> LeadOrder { leads[reference] ?? LeadOrder() }

    /// Takes up who leads the cases whose lead ever changed, all of them; what a list shows of a case follows it.
    public func setLeads(_ leads: [CaseReference: LeadOrder]) throws(NodeViewsError) {
        let before = self.leads
        let changed = Set(leads.keys).union(before.keys).filter { leads[$0] != before[$0] }
        guard !changed.isEmpty else { return }
        knownLeads.withLock { $0 = leads }
        try write("take up leads") { database in
            var batch = try FoldBatch(database, leads: leads, search: index)
            try batch.touch(changed.sorted())
            try batch.finish()
        }
    }

    /// The register position up to which was folded; nil when nothing was.
    public func checkpoint() throws(NodeViewsError) -> UInt64? {
        try read("read the checkpoint") { database in
            try database.number("SELECT checkpoint FROM progress").map(UInt64.init(bitPattern:))
        }
    }

    static func advance(_ database: Database, to position: UInt64?) throws {
        guard let position else { return }
        try database.run(
            "UPDATE progress SET checkpoint = max(ifnull(checkpoint, 0), ?)", [position.stored])
    }
}

extension NodeViews {
    func read<Value: Sendable>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(NodeViewsError) -> Value {
        try NodeViews.attempt(operation) { try queue.read(body) }
    }

    func write<Value: Sendable>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(NodeViewsError) -> Value {
        try NodeViews.attempt(operation) { try queue.write(body) }
    }

    private static func attempt<Value>(
        _ operation: String, _ body: () throws -> Value
    ) throws(NodeViewsError) -> Value {
        do { return try body() } catch let error as NodeViewsError { throw error } catch let error
            as DatabaseError
        {
            throw .database(operation: operation, code: error.extendedResultCode.rawValue)
        } catch { throw .damaged(part: operation) }
    }
}
