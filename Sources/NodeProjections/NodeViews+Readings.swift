public import Casework
public import Disclosures
import EventLogs
import GRDB
public import TallystickPrimitives

/// A report of readings that was sent or received, as it is shown.
public struct ReadingReportView: Hashable, Sendable, Encodable {
    /// One case.
    public struct Line: Hashable, Sendable, Encodable {
        /// The case.
        public let reference: String
        /// By role, in steps; the others under `others`.
        public let counts: [String: String]
    }

    /// The entry, in hexadecimal.
    public let eventID: String
    /// Whose readings.
    public let reader: String
    /// Who is told.
    public let owner: String
    /// The Monday on which the week began.
    public let week: String
    /// What was displayed; empty where nothing was, or nothing may be told.
    public let lines: [Line]
    /// Whether more was displayed than a report has room for.
    public let hasMore: Bool
    /// Whether the broker has confirmed it.
    public let isPending: Bool

    init(_ opened: OpenedEntry, _ report: ReadingReport, to owner: AgencyCode) {
        eventID = opened.entry.eventID.hex
        reader = opened.entry.agency.text
        self.owner = owner.text
        week = report.week.description
        lines = report.lines.map { line in
            let counts = line.counts.map { ($0.role?.rawValue ?? "others", $0.step.rawValue) }
            return Line(reference: line.reference.text, counts: Dictionary(counts) { first, _ in first })
        }
        hasMore = report.hasMore
        isPending = opened.isPending
    }
}

/// A report that is known here.
public struct KnownReadingReport: Sendable {
    /// Whose readings.
    public let reader: AgencyCode
    /// Who is told.
    public let owner: AgencyCode
    /// What it says.
    public let report: ReadingReport
    /// As it is shown.
    public let view: ReadingReportView
}

/// One of this agency's own records that a person was shown a case.
public struct OwnReading: Hashable, Sendable {
    /// Which of the four states.
    public let state: AccessState
    /// When.
    public let at: Timestamp
    /// The person, by the identifier of that day.
    public let actor: String
    /// In what role, or to what end.
    public let role: String?
}

extension NodeViews {
    /// Every report of readings, by this agency and to it, the newest first.
    public func readingReports() throws(NodeViewsError) -> [KnownReadingReport] {
        try read("read reports of readings") { database in
            guard let type = try database.nameID("reading-reported") else { return [] }
            let all = try database.entries(
                where: "entry.type = ? AND refused.event IS NULL ORDER BY entry.issued DESC, entry.id DESC", [type])
            return try all.compactMap { opened in
                // A report that names somebody is none: its author's node tells people nothing.
                guard case .readingReported(let report) = opened.disclosure, opened.common?.actor == nil,
                    let owner = try database.members(of: opened.entry).first
                else { return nil }
                return KnownReadingReport(
                    reader: opened.entry.agency, owner: owner, report: report,
                    view: ReadingReportView(opened, report, to: owner))
            }
        }
    }

    /// What this agency keeps from being told, the newest first.
    public func withheldReadings() throws(NodeViewsError) -> [ReadingWithheld] {
        try read("read what is withheld") { database in
            guard let type = try database.nameID("reading-withheld") else { return [] }
            return try database.entries(
                where: "entry.type = ? AND refused.event IS NULL ORDER BY entry.issued DESC, entry.id DESC", [type]
            ).compactMap { opened in
                guard opened.entry.agency == agency, case .readingWithheld(let withheld) = opened.disclosure else {
                    return nil
                }
                return withheld
            }
        }
    }

    /// The other agencies of whose casework this node holds content, by case, and since when each has an entry in it.
    public func contentOwners() throws(NodeViewsError) -> [AgencyCode: [CaseReference: Timestamp]] {
        try read("read who is owed reports") { database in
            var owners: [AgencyCode: [CaseReference: Timestamp]] = [:]
            try database.forEachRow(
                """
                SELECT agency.text, min(entry.issued), matter.agency, matter.stream
                FROM entry JOIN name AS agency ON agency.id = entry.agency
                JOIN matter ON matter.id = entry.matter
                LEFT JOIN refused ON refused.event = entry.event
                WHERE entry.kind IN (1, 2) AND entry.type IS NOT NULL AND entry.position IS NOT NULL
                    AND refused.event IS NULL AND agency.text <> ?
                GROUP BY agency.text, matter.id
                """, [agency.text]
            ) { row in
                let owner: AgencyCode = try row.code(0)
                let milliseconds: Int64 = row[1]
                let since = Timestamp(milliseconds: milliseconds)
                let reference = CaseReference(agency: try row.code(2), stream: try row.id(3))
                owners[owner, default: [:]][reference] = since
            }
            return owners
        }
    }

    /// Which of this agency's people were shown which cases in a week; what was only listed does not count.
    public func displays(in week: CivilDate) throws(NodeViewsError) -> Set<DayReading> {
        let first = Timestamp(milliseconds: week.daysSinceEpoch * 86_400_000)
        let last = first.adding(seconds: 7 * 86_400)
        return try read("read who was shown what") { database in
            let accesses = try database.entries(
                where: "entry.kind = 10 AND entry.issued >= ? AND refused.event IS NULL", [first.milliseconds])
            var found: Set<DayReading> = []
            for access in accesses {
                guard access.entry.agency == agency, case .accessRecorded(let record) = access.casework,
                    record.state == .displayed, let reference = record.caseReference ?? access.read.reference,
                    let actor = access.common?.actor
                else { continue }
                let at = access.common?.happenedAt.flatMap { Timestamp($0) } ?? access.entry.issuedAt
                guard at >= first, at < last else { continue }
                let day = CivilDate(daysSinceEpoch: Int64(at.wholeSeconds / 86_400))
                found.insert(
                    DayReading(
                        reference: reference, day: day, actor: actor,
                        role: record.role.flatMap { ReaderRole(rawValue: $0) }))
            }
            return found
        }
    }

    /// What this agency recorded last of its contact's absence.
    public func newestContactAway() throws(NodeViewsError) -> ContactAway? {
        try read("read who is away") { database in
            guard let type = try database.nameID("contact-away") else { return nil }
            return try database.entries(
                where: "entry.type = ? AND refused.event IS NULL ORDER BY entry.leaf DESC LIMIT 1", [type]
            ).lazy.compactMap { opened in
                guard opened.entry.agency == self.agency, case .contactAway(let away) = opened.disclosure else {
                    return nil
                }
                return away
            }.first
        }
    }

    /// This agency's own records of who was shown a case, person by person, the newest first.
    public func ownReadings(of reference: CaseReference) throws(NodeViewsError) -> [OwnReading] {
        try read("read who was shown a case") { database in
            try database.entries(
                where: """
                    entry.kind = 10 AND refused.event IS NULL AND matter.stream = ? AND matter.agency = ?
                    ORDER BY entry.leaf DESC
                    """, [reference.stream.blob, reference.agency.text]
            ).compactMap { opened in
                guard opened.entry.agency == agency, case .accessRecorded(let access)? = opened.casework,
                    let actor = opened.common?.actor
                else { return nil }
                return OwnReading(
                    state: access.state,
                    at: opened.common?.happenedAt.flatMap { Timestamp($0) } ?? opened.entry.issuedAt,
                    actor: actor, role: access.role)
            }
        }
    }
}
