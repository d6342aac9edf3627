public import NodeInterface

extension ErasureMade: Answer {
    /// What comes next, and from whom.
    public var text: String {
        var lines: [String] = []
        if erasure.isEmpty {
            lines.append("Answered.")
        } else {
            lines.append("Erasure \(erasure)")
        }
        if !holds.isEmpty {
            lines.append("It is on hold: \(holds.joined(separator: ", ")). It can go when that is lifted.")
        }
        if !approvers.isEmpty { lines.append("Approved by: \(approvers.joined(separator: ", "))") }
        if let due {
            lines.append("It is hidden now, and destroyed from \(due) on. Until then: tallystick erasure bring-back.")
        } else if !erasure.isEmpty, approvers.count < 2 {
            lines.append("Two people approve it, each by their own name: tallystick erasure approve \(erasure)")
        }
        return lines.map { PlainText.printable($0) + "\n" }.joined() + EntryStanding.text(of: standing)
    }
}

extension ErasureQuestionRow: AnswerRow {
    /// One paragraph a question.
    public static func text(of rows: [ErasureQuestionRow]) -> String {
        rows.isEmpty ? "Nobody asks about an erasure.\n" : rows.map(\.paragraph).joined(separator: "\n")
    }

    private var paragraph: String {
        var lines = ["Question \(question)", "  \(by) asked on \(askedAt), and destroys its own from \(due) on"]
        for reference in references { lines.append("  Case: \(CaseLine.short(reference) ?? reference)") }
        if let answer {
            lines.append("  Answer: \(ErasureReport.words(of: answer))")
        } else if let erasure {
            lines.append("  Proposed here: \(erasure); it is answered when two have approved it")
        } else {
            lines.append("  Answer: tallystick erasure answer \(question) erase, keep or nothing")
        }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}

extension ErasureReport: AnswerRow {
    /// One paragraph an erasure, with a line for each holder where they are asked for.
    public static func text(of rows: [ErasureReport]) -> String {
        rows.isEmpty ? "No erasures.\n" : rows.map(\.paragraph).joined(separator: "\n")
    }

    private var paragraph: String {
        var lines = [
            "Erasure \(erasure): \(ErasureReport.words(of: standing))",
            "  Proposed by \(proposedBy) on \(proposedAt), because: \(reason)",
        ]
        if let words { lines.append("  Why: \(words)") }
        if !approvers.isEmpty { lines.append("  Approved by: \(approvers.joined(separator: ", "))") }
        if let due { lines.append("  Destroyed from \(due) on") }
        if !holds.isEmpty { lines.append("  On hold: \(holds.joined(separator: ", "))") }
        for holder in holders { lines += holder.lines }
        if !cannotReach.isEmpty { lines.append("  What this does not reach:") }
        for sentence in cannotReach { lines.append("    \(sentence)") }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }

    /// A standing in words.
    static func words(of standing: String) -> String {
        switch standing {
        case "proposed": "waits for two people to approve it"
        case "on-hold", "held": "on hold"
        case "quarantine": "hidden, and can be brought back"
        case "destroying": "being destroyed"
        case "erased": "erased"
        case "brought-back": "brought back"
        case "will-erase": "will be erased"
        case "kept": "kept"
        case "holds-nothing": "holds nothing"
        case "outstanding": "outstanding"
        case "here": "here"
        case "withdrawn": "withdrawn by who asked"
        default: standing
        }
    }
}

extension ErasureHolder {
    fileprivate var lines: [String] {
        var said = ErasureReport.words(of: standing)
        if let until { said += " until \(until.prefix(10))" }
        if let because { said += " because \(because)" }
        if let since { said += standing == "outstanding" ? ", asked on \(since)" : ", since \(since)" }
        if let backupsBy { said += "; backups until \(backupsBy.prefix(10))" }
        let labels = Set(parts.map(\.label)).sorted().joined(separator: ", ")
        let which = labels.isEmpty ? "" : ": \(labels)"
        return [
            "  \(agency): \(said)",
            "    \(PlainText.count(parts.count, "part", "parts")) of \(log) \(stream.prefix(8))\(which)",
        ]
    }
}
