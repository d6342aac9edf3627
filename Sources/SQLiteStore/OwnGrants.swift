import EventLogs
import GRDB
public import TallystickPrimitives

/// Takes out of a copy of a store what a key file opens by itself: grants to the party, and those of its own log to
/// others, where the keys are kept already.
///
/// A backup would otherwise open what was erased after it was made: content by its wraps, the wraps by a circle's key, and
/// that by a grant and somebody's KEM key, which erasing does not replace (decision 0030). With the grants gone everything in a
/// backup hangs on the local key alone.
public enum OwnGrants {
    /// Takes them out, and leaves nothing of them in the file.
    ///
    /// - Parameters:
    ///   - directory: where the copy is; nobody else has it open.
    ///   - agency: whose store it is.
    /// - Returns: how many there were.
    public static func leaveOut(of directory: String, for agency: AgencyCode) throws -> Int {
        let store = try NodeStore.open(in: directory)
        let count = try store.connection.write("leave out grants") { database in
            var gone: [Int64] = []
            let own = try ownLog(database)
            try database.forEachRow(
                "SELECT grants.id, grants.log, grants.idx, grants.bytes FROM grants", []
            ) { row in
                let (id, log): (Int64, Int64) = (row[0], row[1])
                let index = try row.number(2)
                guard let grant = try? DirectGrant(decoding: try row.bytes(3)), log == own || grant.recipient == agency,
                    let statement = try statement(log, index, isOwn: log == own, in: database),
                    try areKeysKept(of: statement, for: agency, in: database)
                else { return }
                gone.append(id)
            }
            for id in gone { try database.run("DELETE FROM grants WHERE id = ?", [id]) }
            return gone.count
        }
        try store.connection.emptyWriteAheadLog()
        try store.connection.close()
        return count
    }

    private static func ownLog(_ database: Database) throws -> Int64? {
        guard let row = try database.row("SELECT bytes FROM statements WHERE idx = 0", []) else { return nil }
        guard let first = try? EventLogs.Statement(decoding: try row.bytes(0)) else { throw damage("statement", 0) }
        return try LogNumbers.find(first.origin, in: database)
    }

    /// The statement of a grant; nil for one of its own that the register does not have: whoever is to have that needs all of
    /// its grants.
    private static func statement(
        _ log: Int64, _ index: UInt64, isOwn: Bool, in database: Database
    ) throws -> EventLogs.Statement? {
        let sql =
            isOwn
            ? "SELECT bytes FROM statements WHERE ? = ? AND idx = ? AND idx NOT IN (SELECT idx FROM unadmitted)"
            : "SELECT bytes FROM received WHERE ? = ? AND idx = ? AND log = ?"
        var arguments: StatementArguments = [log, log, index.stored]
        if !isOwn { arguments += [log] }
        return try database.row(sql, arguments).flatMap { try? EventLogs.Statement(decoding: try $0.bytes(0)) }
    }

    /// Whether everything that a grant of a statement can hold for the party is kept, or destroyed.
    private static func areKeysKept(
        of statement: EventLogs.Statement, for agency: AgencyCode, in database: Database
    ) throws -> Bool {
        switch statement.payload.control {
        case .circle(let circle):
            for label in circle.labels.keys where circle.recipients(of: label).contains(agency) {
                let row = try database.row(
                    "SELECT 1 FROM circle_keys WHERE origin = ? AND stream = ? AND label = ? AND epoch = ?",
                    [statement.origin.text, statement.payload.stream.blob, label.text, circle.epoch.blob])
                if row == nil { return false }
            }
            return true
        case .share(let share):
            for address in share.compartments {
                if try CarriedParts.isPurged(address, in: database) { continue }
                let row = try database.row(
                    "SELECT 1 FROM content_keys WHERE log = \(LogNumbers.query) AND idx = ? AND compartment = ?",
                    address.arguments)
                if row == nil { return false }
            }
            return true
        default: return false
        }
    }
}
