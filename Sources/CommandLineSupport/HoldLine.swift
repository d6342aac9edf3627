public import NodeInterface

extension HoldPlaced: Answer {
    /// Who is told, and who must be told otherwise.
    public var text: String {
        var lines = ["On hold: \(hold). Nothing of it is erased here, at the broker, or by anybody who is told."]
        if !told.isEmpty {
            lines.append("Told: \(told.joined(separator: ", ")); whoever they gave it to is told by them")
        }
        if !notTold.isEmpty { lines.append("Not told, write to them: \(notTold.joined(separator: ", "))") }
        if told.isEmpty, notTold.isEmpty { lines.append("Nobody else was given anything of it.") }
        return lines.map { PlainText.printable($0) + "\n" }.joined() + EntryStanding.text(of: standing)
    }
}

extension HoldRow: AnswerRow {
    /// One paragraph a hold.
    public static func text(of rows: [HoldRow]) -> String {
        rows.isEmpty ? "No holds.\n" : rows.map(\.paragraph).joined(separator: "\n")
    }

    private var paragraph: String {
        var lines = ["Hold \(hold)", "  By \(by)\(officer.map { ", \($0)," } ?? "") on \(placedAt): \(reason)"]
        if let words { lines.append("  Why: \(words)") }
        for reference in references { lines.append("  Case: \(CaseLine.short(reference) ?? reference)") }
        if references.isEmpty { lines.append("  No case that is shown here") }
        if !told.isEmpty { lines.append("  Told: \(told.joined(separator: ", "))") }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}

extension RetentionRow: AnswerRow {
    /// One paragraph a case; nothing is erased by it.
    public static func text(of rows: [RetentionRow]) -> String {
        guard !rows.isEmpty else { return "No case has a period here that is over.\n" }
        return rows.map(\.paragraph).joined(separator: "\n")
            + "\nNothing is erased by this list: see 'tallystick erasure propose'.\n"
    }

    private var paragraph: String {
        var lines = [
            "\(CaseLine.short(reference) ?? reference)  \(isOver ? "over since" : "until") \(over.prefix(10))",
            "  \(PlainText.count(months, "month", "months")) from: \(from)", "  Then: \(then)", "  Because: \(because)",
        ]
        if !holds.isEmpty { lines.append("  On hold: \(holds.joined(separator: ", "))") }
        if let erasure { lines.append("  Being erased: \(erasure)") }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}
