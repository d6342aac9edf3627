public import NodeInterface

extension KeptCommandRow: AnswerRow {
    /// One line a command, and below those that were refused why.
    public static func text(of rows: [KeptCommandRow]) -> String {
        let cells = rows.map { row in
            [
                String(row.number), row.keptAt, row.officer ?? "-", row.command, row.caseReference ?? "-",
                row.standing == .waiting ? "waits" : "could not be recorded",
            ]
        }
        let table = TextTable(
            ["Number", "Given", "By", "What", "Case", "How it stands"], cells, empty: "Nothing is kept."
        ).text
        let words = rows.flatMap { row in
            (row.words ?? [:]).sorted { $0.key < $1.key }.map { "  \($0.key): \(PlainText.printable($0.value))\n" }
        }
        let reasons = rows.compactMap { row in
            row.reason.map { "\(row.number): \(PlainText.printable($0))\n" }
        }
        return table + words.joined() + reasons.joined()
    }
}

extension LostPartRow: AnswerRow {
    /// One line a part.
    public static func text(of rows: [LostPartRow]) -> String {
        let cells = rows.map { row in
            [
                String(row.index), row.entry, row.kind, row.label,
                row.loss == "content" ? "its content: it never left this node" : "its key: others can read it",
            ]
        }
        return TextTable(
            ["Index", "Entry", "Kind", "Part", "What is lost"], cells, empty: "Nothing of our own log is lost."
        ).text
    }
}
