public import NodeInterface

/// The reports of readings that came and went, as far as the text shows them.
public struct ReadingLines: Answer, Codable, Hashable, Sendable {
    /// One report.
    struct Report: Codable, Hashable, Sendable {
        struct Line: Codable, Hashable, Sendable {
            let reference: String
            let counts: [String: String]
        }

        let reader: String
        let owner: String
        let week: String
        let lines: [Line]
        let hasMore: Bool
        let isPending: Bool
    }

    /// What is withheld.
    struct Withheld: Codable, Hashable, Sendable {
        let reference: String?
        let from: String?
        let decidedBy: String
        let words: String
        let until: String
    }

    let received: [Report]
    let sent: [Report]
    let withheld: [Withheld]

    /// What came, what went, what is withheld; and what a report does not say.
    public var text: String {
        var lines = ["Reported to this agency:"]
        lines += received.isEmpty ? ["  nothing yet"] : received.flatMap { $0.paragraph("\($0.reader) says of the") }
        lines += ["", "Reported by this agency:"]
        lines += sent.isEmpty ? ["  nothing yet"] : sent.flatMap { $0.paragraph("to \($0.owner), of the") }
        lines += ["", "Withheld by this agency:"]
        lines += withheld.isEmpty ? ["  nothing"] : withheld.map(\.sentence)
        lines += [
            "", "A report that says nothing may mean that nothing was shown, or that nothing may be told.",
            "'under-5' and the like are days on which a person was shown the case, added up over people.",
        ]
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}

extension ReadingLines.Report {
    fileprivate func paragraph(_ head: String) -> [String] {
        let pending = isPending ? " (not yet confirmed by the broker)" : ""
        var lines = ["  \(head) week of \(week)\(pending):"]
        if self.lines.isEmpty { lines.append("    nothing to report") }
        for line in self.lines {
            let counts = line.counts.keys.sorted().map { "\($0) \(line.counts[$0] ?? "")" }
            lines.append("    \(CaseLine.short(line.reference) ?? line.reference): \(counts.joined(separator: ", "))")
        }
        if hasMore { lines.append("    and more cases than a report has room for") }
        return lines
    }
}

extension ReadingLines.Withheld {
    fileprivate var sentence: String {
        let what = reference.map { CaseLine.short($0) ?? $0 } ?? "every case"
        return "  \(what), from \(from ?? "every agency"), until \(until), by \(decidedBy): \(words)"
    }
}

extension WhoReadPage: Answer {
    /// One line a reading; nothing is counted.
    public var text: String {
        let cells = rows.map { [$0.at, $0.state, $0.person, $0.role ?? "-"] }
        let table = TextTable(["When", "What", "Who", "Role or end"], cells, empty: "No record of a reading.")
        return "Case \(PlainText.printable(reference)), for \(PlainText.printable(purpose))\n" + table.text
    }
}
