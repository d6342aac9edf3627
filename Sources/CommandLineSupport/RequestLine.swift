/// One request for information, as far as the text shows it.
public struct RequestLine: Codable, Hashable, Sendable {
    let eventID: String
    let asker: String
    let asked: String
    let reference: String?
    let due: String
    let askedLabels: [String]?
    let reason: String?
    let standing: String
    let lateDays: Int
    let outcome: String?
    let outcomeWords: String?
}

extension RequestLine {
    /// How it stands, in words.
    var standingWords: String {
        let late = lateDays == 0 ? "" : ", \(PlainText.count(lateDays, "day", "days")) late"
        return (outcome.map { "answered: \($0)" } ?? standing) + late
    }
}

extension RequestLine: AnswerRow {
    /// One paragraph a request, because its reason decides.
    public static func text(of rows: [RequestLine]) -> String {
        guard !rows.isEmpty else { return "No requests.\n" }
        return rows.map { line in
            var lines = [
                "Request \(line.eventID)", "  \(line.asker) asks \(line.asked)",
                "  Case: \(CaseLine.short(line.reference) ?? "-")",
                "  For: \(line.askedLabels?.joined(separator: ", ") ?? "could not be read")",
                "  Because: \(line.reason ?? "could not be read")",
                "  Due \(line.due): \(line.standingWords)",
            ]
            if let words = line.outcomeWords { lines.append("  Answer: \(words)") }
            return lines.map { PlainText.printable($0) + "\n" }.joined()
        }.joined(separator: "\n")
    }
}
