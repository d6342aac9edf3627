public import NodeInterface

extension SubjectAccessLists: Answer {
    /// The requests, and what other agencies ask.
    public var text: String {
        let rows = requests.map { row in
            [String(row.access.prefix(8)), row.requester, row.lead, row.due + (row.isLate ? " LATE" : ""), row.access]
        }
        let table = TextTable(
            ["Request", "Who asked", "Lead", "Answer by", "In full"], rows, empty: "No request for one's own data.")
        guard !questions.isEmpty else { return table.text }
        return table.text + "\nOther agencies ask:\n"
            + questions.flatMap(\.lines).map { PlainText.printable($0) + "\n" }.joined()
    }
}

extension SubjectAccessLists.Question {
    fileprivate var lines: [String] {
        let said =
            view.map { "we said \($0)" } ?? (isLate ? "LATE, an answer was due \(due)" : "an answer is due \(due)")
        return ["  \(consultation)", "    \(from), about \(requester): \(said)", "    \(words)"]
            + entries.map { "    entry \($0)" }
    }
}

extension SubjectAccessConsulted: Answer {
    /// Who was asked, and until when.
    public var text: String {
        var lines = asked.keys.sorted().map { "Asked \($0); an answer is due by \(due)" }
        lines += notAsked.keys.sorted().map { "Not asked: \($0): \(notAsked[$0] ?? "")" }
        if lines.isEmpty { lines = ["Nobody else contributed anything."] }
        return lines.map { PlainText.printable($0) + "\n" }.joined() + EntryStanding.text(of: standing)
    }
}

extension SubjectAccessPage: Answer {
    /// For the lead: each entry with what would be given and what is left out, who was asked, and the clock.
    public var text: String {
        var lines = [
            "Request \(access) of \(requester), for \(lead)",
            "Received \(receivedOn); the last day is \(due)" + (isLate ? ": LATE" : "")
                + (extended.map { " (extended: \($0))" } ?? ""),
            "",
        ]
        for row in rows { lines += row.lines }
        if rows.isEmpty { lines.append("Nothing here has the names.") }
        lines.append("")
        for consultation in consultations { lines.append(consultation.line) }
        for agency in toConsult { lines.append("\(agency) contributed and was not asked: subject-access consult") }
        lines += [
            "", "Entries are found by the names. Somebody of the same name may be among them, and what spells the name",
            "otherwise is missing: look at each.",
        ]
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}

extension SubjectAccessPage.Row {
    fileprivate var lines: [String] {
        let who =
            places.isEmpty ? "not named in a field: look whether it is about them" : places.joined(separator: " and ")
        var lines = ["\(recordedAt) \(type) by \(agency) (\(regime))", "  entry \(entry)", "  they are: \(who)"]
        if let reference { lines.append("  case: \(CaseLine.short(reference) ?? reference)") }
        if let exemption { lines.append("  left out: \(exemption)") }
        if !given.isEmpty { lines.append("  given: \(given.joined(separator: ", "))") }
        if exemption == nil, !leftOut.isEmpty { lines.append("  left out: \(leftOut.joined(separator: ", "))") }
        if hasHealthWords { lines.append("  it has words about health: ask a health professional first") }
        return lines
    }
}

extension SubjectAccessPage.Consultation {
    fileprivate var line: String {
        guard let view else { return "\(agency) was asked: an answer \(isLate ? "was" : "is") due \(due)" }
        return "\(agency) says \(view)" + (exemption.map { " (\($0))" } ?? "") + (words.map { ": \($0)" } ?? "")
    }
}
