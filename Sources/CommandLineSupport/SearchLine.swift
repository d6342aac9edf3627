/// One entry found by a search, as far as the text shows it.
public struct SearchLine: Codable, Hashable, Sendable {
    let eventID: String
    let agency: String
    let type: String?
    let summary: String?
    let reference: String?
    let recordedAt: String
    let isPending: Bool
    let corrections: [CorrectionLine]
    let caveats: [String]?
}

extension SearchLine: AnswerRow {
    /// One line an entry.
    public static func text(of rows: [SearchLine]) -> String {
        let cells = rows.map { line in
            [
                CaseLine.short(line.reference) ?? "-",
                line.recordedAt + (line.isPending ? " *" : ""),
                line.agency, line.type ?? "sealed",
                (line.summary ?? "-") + line.corrections.map(\.mark).joined() + CorrectionLine.mark(of: line.caveats),
            ]
        }
        let table = TextTable(
            ["Case", "Recorded", "Agency", "Entry", "Summary"], cells, empty: "Nothing found.")
        return table.text
            + (rows.contains { $0.isPending } ? "* not yet confirmed by the broker\n" : "")
    }
}
