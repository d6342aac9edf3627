/// One report in a list, as far as the text shows it.
public struct ReportLine: Codable, Hashable, Sendable {
    let eventID: String
    let summary: String?
    let category: String?
    let occurred: String?
    let area: String?
    let sourceReference: String?
    let isPending: Bool
    let cases: [String]
    let corrections: [CorrectionLine]
}

extension ReportLine: AnswerRow {
    /// One line a report.
    public static func text(of rows: [ReportLine]) -> String {
        let cells = rows.map { line in
            [
                line.eventID + (line.isPending ? " *" : ""), line.occurred ?? "-",
                line.category ?? "-", line.area ?? "-", line.sourceReference ?? "-",
                line.cases.isEmpty ? "none" : String(line.cases.count),
                (line.summary ?? "-") + line.corrections.map(\.mark).joined(),
            ]
        }
        let table = TextTable(
            ["Report", "When", "Kind", "Area", "Their number", "Cases", "Summary"], cells,
            empty: "No reports yet.")
        let note = rows.contains { $0.isPending } ? "* not yet confirmed by the broker: nobody else has it\n" : ""
        return table.text + note + ListEnd.words(after: rows.count)
    }
}
