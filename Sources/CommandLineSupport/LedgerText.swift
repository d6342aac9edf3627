public import NodeInterface

extension LedgerPages: Answer {
    /// Each ledger for itself, and what it cannot show at its end.
    public var text: String {
        let head = caution.map { $0 + "\n\n" } ?? ""
        guard !pages.isEmpty else { return head + "Nothing here has these words.\n" }
        return head + pages.map(\.text).joined(separator: "\n")
    }
}

extension LedgerPage {
    var text: String {
        var lines = ["Disclosure ledger of case \(reference)", ""]
        for line in self.lines { lines += line.paragraph }
        if self.lines.isEmpty { lines.append("Nothing is recorded.") }
        lines += ["", "Requests not answered in full:"]
        lines += refusals.isEmpty ? ["  none"] : refusals.map { "  \($0.sentence)" }
        lines += ["", "What this cannot show:"] + cannotShow.map { "  \($0)" }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}

extension LedgerPage.Line {
    fileprivate var paragraph: [String] {
        let what = type.map { " (\($0))" } ?? " (sealed from us)"
        var lines = ["\(at)  \(verb)\(what) by \(agency), \(person)", "    entry \(entry)"]
        if !labels.isEmpty { lines.append("    what:         \(labels.joined(separator: ", "))") }
        if let purpose {
            let under = [gateway, agreement].compactMap(\.self).joined(separator: ", ")
            lines.append("    for:          \(purpose), under \(under)")
        }
        if !clauses.isEmpty { lines.append("    clauses:      \(clauses.joined(separator: ", "))") }
        if let told { lines.append("    told:         \(told == "on-paper" ? "on paper" : "by voice")") }
        if let until { lines.append("    until:        \(until)") }
        if !takenFrom.isEmpty { lines.append("    no more for:  \(takenFrom.joined(separator: ", "))") }
        for recipient in recipients { lines += recipient.paragraph }
        return lines
    }
}

extension LedgerPage.Recipient {
    fileprivate var paragraph: [String] {
        [
            "    to \(agency)", "      available:    \(available)", "      delivered:    \(delivered)",
            "      listed:       \(listed)", "      displayed:    \(displayed)",
            "      acknowledged: \(acknowledged)", "      acted on:     \(acted)",
        ]
    }
}

extension LedgerPage.Refusal {
    fileprivate var sentence: String {
        let when = at.map { " on \($0)" } ?? ""
        return "\(asked) answered \(asker)\(when): \(outcome)" + (reason.map { ", \($0)" } ?? "")
    }
}
