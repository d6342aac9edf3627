public import Casework
import DeterministicCBOR
import EventLogs
import GRDB
import TallystickPrimitives

extension NodeViews {
    /// Reports, the newest claimed time first.
    ///
    /// - Parameters:
    ///   - limit: rows at most, up to `ViewLimits.pageRows`.
    ///   - skipping: rows to leave out first.
    public func reports(limit: Int, skipping: Int = 0) throws(NodeViewsError) -> [ReportRow] {
        try read("list reports") { database in
            guard let type = try database.nameID("report-recorded") else { return [] }
            let found = try database.entries(
                where: """
                    entry.type = ? AND refused.event IS NULL
                    ORDER BY entry.issued DESC, entry.id DESC LIMIT ? OFFSET ?
                    """, [type, ViewLimits.rows(limit), max(0, skipping)])
            return try found.map { try reportRow($0, database) }
        }
    }

    /// Cases, the newest entry first.
    ///
    /// - Parameters:
    ///   - stage: only cases that stand there; nil for all.
    ///   - limit: rows at most, up to `ViewLimits.pageRows`.
    ///   - skipping: rows to leave out first.
    public func cases(
        stage: CaseStage? = nil, limit: Int, skipping: Int = 0
    ) throws(NodeViewsError) -> [CaseRow] {
        try read("list cases") { database in
            var rows: [CaseRow] = []
            try database.forEachRow(
                """
                SELECT matter.agency, matter.stream, c.state, c.layer FROM case_row AS c
                JOIN matter ON matter.id = c.matter
                WHERE (c.stage = ?1 OR ?1 IS NULL) AND \(NodeViews.topLayer)
                ORDER BY c.updated DESC, matter.agency, matter.stream LIMIT ?2 OFFSET ?3
                """, [stage?.rawValue, ViewLimits.rows(limit), max(0, skipping)]
            ) { row in
                let reference = CaseReference(agency: try row.code(0), stream: try row.id(1))
                let state = try CBOR(decoding: try row.bytes(2))
                rows.append(
                    CaseRow(
                        try CaseSummary(reference, leads: leadOrder(of: reference), state),
                        hasPending: row[3] == ViewSchema.Layer.withPending.rawValue))
            }
            return rows
        }
    }

    /// How much of everything there is.
    public func counts() throws(NodeViewsError) -> ViewCounts {
        let open = try openRequests()
        return try read("count") { database in
            func count(_ sql: String, _ arguments: StatementArguments = []) throws -> Int {
                Int(try database.number("SELECT count(*) FROM " + sql, arguments) ?? 0)
            }
            func count(type: String) throws -> Int {
                guard let id = try database.nameID(type) else { return 0 }
                return try count(
                    "entry WHERE type = ? AND event NOT IN (SELECT event FROM refused)", [id])
            }
            var stages: [String: Int] = [:]
            try database.forEachRow(
                """
                SELECT ifnull(c.stage, 'unknown'), count(*) FROM case_row AS c
                WHERE \(NodeViews.topLayer) GROUP BY 1
                """
            ) { row in stages[row[0]] = row[1] }
            return ViewCounts(
                admitted: try count("entry WHERE position IS NOT NULL"),
                pending: try count("entry WHERE position IS NULL"),
                refused: try count("refused"),
                reports: try count(type: "report-recorded"),
                rejectedRows: try count(type: "import-rejected"), casesByStage: stages,
                requestsToAnswer: open.toUs,
                requestsWaiting: open.ours)
        }
    }

    /// The condition by which a case shows its pending state where it has one.
    private static let topLayer = """
        (c.layer = 1 OR NOT EXISTS (
            SELECT 1 FROM case_row AS p WHERE p.matter = c.matter AND p.layer = 1))
        """

    private func reportRow(_ opened: OpenedEntry, _ database: Database) throws -> ReportRow {
        var report: Report?
        if case .reportRecorded(let value) = opened.casework { report = value }
        var cases: [String] = []
        try database.forEachRow(
            """
            SELECT DISTINCT matter.agency, matter.stream FROM opened_from
            JOIN entry ON entry.id = opened_from.entry JOIN matter ON matter.id = entry.matter
            WHERE opened_from.report = ? ORDER BY 1, 2
            """, [opened.entry.eventID.blob]
        ) { row in
            cases.append(CaseReference(agency: try row.code(0), stream: try row.id(1)).text)
        }
        return ReportRow(
            eventID: opened.entry.eventID.hex, agency: opened.entry.agency.text,
            summary: report?.summary, category: report?.category?.text, channel: report?.channel,
            occurred: report?.occurred, place: report?.place.place, area: report?.place.area,
            sourceReference: report?.sourceReference,
            recordedAt: opened.entry.issuedAt.description, isPending: opened.isPending,
            cases: cases, corrections: opened.corrections)
    }
}

extension CaseRow {
    init(_ state: CaseSummary, hasPending: Bool) {
        reference = state.reference.text
        summary = state.summary
        category = state.category
        kind = state.kind
        leadAgency = state.lead.map { state.leads.last ?? $0 }?.text
        stage = state.stage?.rawValue
        bands = state.words.filter(\.value.hasAssessed).sorted { $0.key < $1.key }.map {
            BandRow(
                agency: $0.key.text, judgedBand: $0.value.judged?.rawValue,
                computedBand: $0.value.computed?.rawValue, score: $0.value.score,
                unknownCount: $0.value.unknownCount,
                assessedAt: $0.value.assessedAt?.description)
        }
        updatedAt = state.updated.description
        entryCount = state.entryCount
        self.hasPending = hasPending
    }
}

/// Bounds of what the views hand out at once.
public enum ViewLimits {
    /// Rows of one list.
    public static let pageRows = 1_000
    /// Entries of one case's timeline: the newest ones.
    public static let timelineEntries = 2_000
    /// Words of one search.
    public static let searchWords = 16
    /// Entries in one part of a snapshot: a few megabytes to seal at a time.
    public static let snapshotEntries = 1_024

    static func rows(_ limit: Int) -> Int { min(max(0, limit), pageRows) }
}
