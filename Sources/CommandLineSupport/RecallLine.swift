public import NodeInterface

extension RecallMadeAnswer: Answer {
    /// What was taken back from whom, and the clock.
    public var text: String {
        let lines = recalls.keys.sorted().map { agency in
            let labels = (labels[agency] ?? []).joined(separator: ", ")
            return "Recalled from \(agency): \(labels) (\(recalls[agency] ?? ""))"
        }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
            + "Their nodes hide it as soon as it reaches them; paper and people it does not reach: telephone if it matters.\n"
            + "Tell your data protection officer now. Until \(PlainText.printable(reportDue)) the regulator is told, or it "
            + "is on record why not: tallystick recall decide.\n" + EntryStanding.text(of: standing)
    }
}

/// One recall, as far as the text shows it.
public struct RecallLine: AnswerRow, Codable, Hashable, Sendable {
    let eventID: String
    let act: String?
    let author: String
    let holder: String
    let entries: [String]
    let references: [String]
    let labels: [String]
    let reason: String
    let words: String?
    let recalledAt: String
    let awareAt: String?
    let reportDue: String?
    let decision: String?
    let hiddenAt: String?
    let shownCount: UInt64?
    let saidCount: UInt64?
    let uses: [String]
    let useWords: [String]
    let standing: String
    let isPending: Bool
    let madeFrom: [String]
    let follows: String?
    let asksYou: Bool

    /// One paragraph a recall.
    public static func text(of rows: [RecallLine]) -> String {
        rows.isEmpty ? "No recalls.\n" : rows.map(\.paragraph).joined(separator: "\n")
    }

    /// A reason in words.
    static func words(of reason: String) -> String {
        switch reason {
        case "wrong-agency": "it went to the wrong agency"
        case "wrong-person": "it is about somebody else"
        case "too-much": "more went than was needed"
        case "not-permitted": "nothing permitted it"
        case "unsafe": "it puts somebody in danger"
        default: reason
        }
    }

    private var paragraph: String {
        var lines = ["Recall \(eventID)"]
        lines.append("  \(author) took it back from \(holder) on \(recalledAt): \(RecallLine.words(of: reason))")
        if !labels.isEmpty { lines.append("  What: \(labels.joined(separator: ", "))") }
        for reference in references { lines.append("  Case: \(CaseLine.short(reference) ?? reference)") }
        if let words { lines.append("  What happened: \(words)") }
        if let follows { lines.append("  Passed on, because it was recalled from us: \(follows)") }
        lines.append("  There: \(there)")
        if !uses.isEmpty {
            lines.append("  Done with it: \(uses.map(RecallLine.words(ofUse:)).joined(separator: "; "))")
        }
        for word in useWords { lines.append("    \(word)") }
        for entry in madeFrom { lines.append("  Made from it, and not hidden: \(entry)") }
        if let reportDue {
            lines.append(
                "  Regulator: "
                    + (decision.map { $0 == "reported" ? "was told" : "need not be told" }
                        ?? "to be decided, and told if it must be, by \(reportDue)"))
        }
        if asksYou {
            lines.append("  You were shown this. Say what you did with it: tallystick recall answer \(eventID) …")
        }
        if isPending { lines.append("  The broker has not accepted it yet: telephone them.") }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }

    private var there: String {
        guard let hiddenAt else { return "no answer yet" }
        let shown = shownCount ?? 0
        if shown == 0 { return "hidden since \(hiddenAt); nobody had been shown it" }
        return "hidden since \(hiddenAt); shown \(PlainText.count(Int(shown), "time", "times")), "
            + (standing == "answered" ? "and everybody has said what they did" : "\(saidCount ?? 0) answered")
    }

    private static func words(ofUse use: String) -> String {
        switch use {
        case "not-read": "not read"
        case "read-only": "read, and nothing done with it"
        case "acted": "acted on"
        case "passed-on": "somebody was told"
        case "copied": "noted, printed or saved"
        default: "could not be asked"
        }
    }
}
