import DeterministicCBOR
import GRDB
import TallystickPrimitives

/// What the broker shows, folded from the register: who holds what sort of thing where, who takes
/// part, what was decided.
///
/// It holds pointers, codes, counts and times only, and may be deleted at any time: folding the
/// register again from position 0 gives the same views (DESIGN §6).
public struct BrokerViews: Sendable {
    let pool: DatabasePool

    /// Opens `views.sqlite` in a directory, made empty with mode 600 if it is missing or of another
    /// version.
    public static func open(in directory: String) throws(BrokerViewsError) -> BrokerViews {
        BrokerViews(pool: try ViewsFile.open(in: directory))
    }

    /// The register position to fold next; 0 when nothing has been folded.
    public func checkpoint() throws(BrokerViewsError) -> UInt64 {
        try read("read the checkpoint") { try BrokerViews.next(in: $0) }
    }

    /// Forgets everything, so that the register can be folded again from position 0.
    public func reset() throws(BrokerViewsError) {
        try Failure.wrapping("reset") {
            try pool.write { database in
                for (table, _) in ViewsSchema.order where table != "state" {
                    try database.execute(sql: "DELETE FROM \(table)")
                }
                try database.execute(sql: "UPDATE state SET next = 0, clock = 0")
            }
        }
    }

    /// Every row of every table in order, as det([[table, [[value ...] ...]] ...]): the same after
    /// every rebuild.
    public func orderedLogicalDump() throws(BrokerViewsError) -> [UInt8] {
        try read("dump") { database in
            let tables = try ViewsSchema.order.map { table, key in
                let rows = try Row.fetchAll(
                    database, sql: "SELECT * FROM \(table) ORDER BY \(key)")
                return CBOR.array([
                    .text(table),
                    .array(rows.map { .array($0.databaseValues.map(BrokerViews.item)) }),
                ])
            }
            return CBOR.array(tables).encoded
        }
    }

    func read<Value>(
        _ operation: String, _ body: (Database) throws -> Value
    ) throws(BrokerViewsError) -> Value {
        try Failure.wrapping(operation) { try pool.read(body) }
    }

    static func next(in database: Database) throws -> UInt64 {
        let next = try Int64.fetchOne(database, sql: "SELECT next FROM state")
        guard let next, next >= 0 else { throw BrokerViewsError.damaged(table: "state") }
        return UInt64(next)
    }

    private static func item(_ value: DatabaseValue) -> CBOR {
        switch value.storage {
        case .null: .null
        case .int64(let number): .integer(number)
        // No table has a column of reals; STRICT keeps them out.
        case .double(let number): .text("\(number)")
        case .string(let text): .text(text)
        case .blob(let bytes): .bytes(Array(bytes))
        }
    }
}
