import EventLogs
import Foundation
import GRDB
import Replication
import SharingProtocols
public import TallystickPrimitives

extension BrokerViews {
    /// Lines in one answer: more is no look-up but a download.
    public static let visibilityLimit = 500

    /// Cases behind one line of an answer at least (PRACTICE P5).
    public static let smallestGroup = VisibilityGroups.smallest

    /// Answers a look-up, in an order that tells nothing of when the entries came.
    ///
    /// Shown are pointers under bundles that the asker, the author and the shown lead have all
    /// signed, and that have not expired by the newest time in the register; never the asker's own, and of the others what
    /// so many share that nobody can be found behind it.
    /// - Parameters:
    ///   - asker: who looks; its look-up is registered first.
    ///   - signed: the bundles that the roster says the asker has signed.
    ///   - smallestGroup: cases behind one line at least.
    public func visibility(
        _ query: VisibilityQuery, for asker: AgencyCode, signed: Set<Hash256>,
        smallestGroup: Int = BrokerViews.smallestGroup
    ) throws(BrokerViewsError) -> [VisibilityEntry] {
        let places = Array(repeating: "?", count: signed.count).joined(separator: ", ")
        let sql = "\(BrokerViews.visibilitySQL) IN (\(places)) \(BrokerViews.visibilityOrder)"
        var arguments: StatementArguments = [asker.text, asker.text]
        arguments += StatementArguments(signed.sorted().map(\.blob))
        return try read("look up") { database in
            let cells = try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
                guard let category: CategoryCode = try row.code("category", of: "pointers"),
                    let author: AgencyCode = try row.code("author", of: "pointers")
                else { throw BrokerViewsError.damaged(table: "pointers") }
                return VisibilityGroups.Cell(
                    entry: VisibilityEntry(
                        agency: try row.code("agency", of: "pointers"), area: row["area"], category: category,
                        week: row["week"]),
                    author: author, count: row["cases"])
            }
            return VisibilityGroups(cells, smallest: smallestGroup).lines(
                for: query, limit: BrokerViews.visibilityLimit)
        }
    }

    // A lead that has not signed is not shown, so that no other name can stand in a lead's place. What is asked for narrows
    // the lines, never what they are made of.
    private static let visibilitySQL = """
        SELECT l.agency AS agency, p.area AS area, p.category AS category, p.week AS week, p.author AS author,
        count(*) AS cases
        FROM pointers p
        JOIN adoptions a ON a.agency = p.author AND a.bundle = p.bundle
        LEFT JOIN adoptions l ON l.agency = p.lead AND l.bundle = p.bundle
        WHERE p.author <> ?
        AND (p.expires IS NULL OR p.expires > (SELECT clock FROM state))
        AND EXISTS (SELECT 1 FROM adoptions s WHERE s.agency = ? AND s.bundle = p.bundle)
        AND p.bundle
        """
    private static let visibilityOrder = "GROUP BY l.agency, p.area, p.category, p.week, p.author"

    /// How each agency takes part, by code; agencies that were asked and never spoke included.
    public func participation() throws(BrokerViewsError) -> [ParticipationEntry] {
        try read("read participation") { database in
            try Row.fetchAll(database, sql: BrokerViews.participationSQL).map { row in
                guard let agency: AgencyCode = try row.code("agency", of: "participation") else {
                    throw BrokerViewsError.damaged(table: "participation")
                }
                let last: Int64? = row["last_at"]
                return ParticipationEntry(
                    agency: agency, accepted: row.count("accepted"), refused: row.count("refused"),
                    requestsReceived: row.count("received"), answeredInTime: row.count("in_time"),
                    answeredLate: row.count("late"),
                    lastStatementAt: last.map { Timestamp(wholeSeconds: UInt64(clamping: $0)) })
            }
        }
    }

    private static let participationSQL = """
        SELECT n.agency AS agency, accepted, refused, last_at,
        count(asked) AS received, count(CASE WHEN answered_at <= due THEN 1 END) AS in_time,
        count(CASE WHEN answered_at > due THEN 1 END) AS late
        FROM (SELECT agency FROM participation UNION SELECT asked FROM requests) n
        LEFT JOIN participation p ON p.agency = n.agency
        LEFT JOIN requests r ON r.asked = n.agency GROUP BY n.agency ORDER BY n.agency
        """

    /// Verdicts from a position on, in register order, at most `Limits.pageLeafCount`.
    public func register(from position: UInt64, limit: Int) throws(BrokerViewsError)
        -> [RegisterRow]
    {
        try read("read the register") { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM register WHERE position >= ? ORDER BY position LIMIT ?",
                arguments: [position.stored, min(max(0, limit), Limits.pageLeafCount)]
            ).map(BrokerViews.registerRow)
        }
    }

    private static func registerRow(_ row: Row) throws -> RegisterRow {
        let text: String = row["origin"]
        let hash: Data = row["leaf_hash"]
        let refusal: ReasonCode? = try row.code("refusal", of: "register")
        guard let origin = Origin(text), let leafHash = Hash256(bytes: hash),
            let kind = StatementKind(rawValue: row.count("kind"))
        else { throw BrokerViewsError.damaged(table: "register") }
        let record = AdmissionRecord(
            origin: origin, index: LeafIndex(row.count("idx")), leafHash: leafHash,
            verdict: refusal.map(Verdict.refused) ?? .accepted,
            admittedAt: Timestamp(wholeSeconds: row.count("admitted_at")))
        return RegisterRow(
            position: row.count("position"), record: record, kind: kind,
            agency: try row.code("agency", of: "register"))
    }
}
