/// One case in a list, as far as the text shows it.
public struct CaseLine: Codable, Hashable, Sendable {
    /// One agency's newest assessment.
    public struct Band: Codable, Hashable, Sendable {
        let agency: String
        let judgedBand: String?
    }

    let reference: String
    let summary: String?
    let stage: String?
    let leadAgency: String?
    let bands: [Band]
    let updatedAt: String
    let hasPending: Bool

    /// The agency and the first eight digits: enough to name a case among a few thousand.
    static func short(_ reference: String?) -> String? {
        guard let reference, let slash = reference.firstIndex(of: "/") else { return reference }
        return String(reference[...slash]) + reference[slash...].dropFirst().prefix(8)
    }
}

extension CaseLine: AnswerRow {
    /// One line a case; every agency's view of the risk stands beside the others'.
    public static func text(of rows: [CaseLine]) -> String {
        let cells = rows.map { line in
            let bands = line.bands.map { "\($0.agency): \($0.judgedBand ?? "sealed")" }
            return [
                CaseLine.short(line.reference) ?? "", line.stage ?? "not received",
                line.leadAgency ?? "-",
                bands.isEmpty ? "not assessed" : bands.joined(separator: "; "),
                line.updatedAt + (line.hasPending ? " *" : ""), line.summary ?? "-",
            ]
        }
        let table = TextTable(
            ["Case", "Stage", "Lead", "Risk", "Updated", "Summary"], cells, empty: "No cases yet.")
        let note = rows.contains { $0.hasPending } ? "* not yet confirmed by the broker\n" : ""
        return table.text + note + ListEnd.words(after: rows.count)
    }
}
