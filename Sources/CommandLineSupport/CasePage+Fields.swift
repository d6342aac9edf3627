extension CasePage.Entry {
    /// Who recorded the entry, and everything of it that could be opened, in lines of their own.
    var details: [String] {
        var lines = actor.map { PlainText.wrapped("Recorded by: \($0)", indent: 6) } ?? []
        for field in fields where !CasePage.Field.shownElsewhere.contains(field.field) && !field.value.isEmpty {
            lines += PlainText.wrapped("\(field.name): \(field.words)", indent: 6)
        }
        return lines
    }
}

extension CasePage.Entry {
    /// What kind of entry it is, in words.
    var words: String {
        if let type { return CasePage.Entry.words[type] ?? type }
        if !fields.isEmpty { return "Given to us" }
        return CasePage.Entry.wordsOfKinds[kind] ?? "Something not for us"
    }

    private static let wordsOfKinds = [
        "circle": "Agencies on the case", "share": "Something given", "request": "A request", "answer": "An answer",
        "recall": "Something recalled", "withdraw": "Something withdrawn",
    ]

    private static let words = [
        "report-recorded": "Report", "case-opened": "Case opened", "risk-assessed": "Risk assessed",
        "stage-changed": "Stage changed", "action-recorded": "Action", "referral-offered": "Referral offered",
        "referral-declined": "Referral declined", "referral-sent": "Referral sent",
        "consent-recorded": "Consent", "safe-contact-recorded": "Safe contact", "case-linked": "Case linked",
        "request-made": "Request", "request-answered": "Answer", "disclosure-made": "Information given",
        "request-stepped": "Reminder, or a level up",
        "import-rejected": "Row set aside", "emergency-disclosed": "Told in an emergency",
        "emergency-reviewed": "Emergency reviewed", "entry-corrected": "Entry corrected or disputed",
        "recall-made": "Recall: given in error", "recall-answered": "Answer to a recall",
        "recall-used": "What was done with it", "recall-decided": "Whether the regulator is told",
        "recalled": "Taken back", "withdrawal-made": "Withdrawal", "withdrawal-answered": "Answer to a withdrawal",
        "withdrawal-decided": "What becomes of it",
    ]
}

extension CasePage.Field {
    /// What the line of the entry, or the heading of the case, says already.
    static let shownElsewhere: Set<String> = [
        "event-type", "happened-at", "actor", "case-agency", "case-stream", "summary", "recall-act", "withdrawal-act",
        "correction-act",
    ]

    /// The value; of a reason only the words, where its code says no more than that a person decided.
    var words: String {
        let code = "decided, "
        return field == "outcome-reason" && value.hasPrefix(code) ? String(value.dropFirst(code.count)) : value
    }

    /// The field in the words of people; a field that this release does not know keeps its own.
    var name: String {
        if let words = CasePage.Field.words[field] { return words }
        let words = field.split(separator: "-").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    private static let words = [
        "asked-labels": "Asked for", "assessed-by-agency": "Assessed by", "assessed-at": "Assessed",
        "computed-band": "Risk by the matrix", "consent-by": "Said by", "consent-how": "How it was said",
        "consent-scope": "Covers", "consent-state": "Consent", "contact-confirmed-at": "Safe contact confirmed",
        "contact-expires": "Safe contact counts until", "declined-because": "Why", "derived-from": "Made from",
        "disclosed-labels": "Given", "judged-band": "Risk as judged", "narrative": "Account",
        "handover-step": "Handover", "handover-to": "To",
        "offered-because": "Why", "outcome-reason": "Why", "owner-agency": "Who",
        "pointer-area": "Findable without names by area", "pointer-category": "Findable by kind",
        "pointer-lead": "Findable by lead", "pointer-week": "Findable by week", "rationale": "Why",
        "reporter-name": "Told by", "reporter-role": "Told as", "request-reason": "Why",
        "request-reference": "In answer to request",
        "source-reference": "Their number", "subject-born": "Subject born", "subject-name": "Subject",
        "aware-at": "Somebody aware since", "breach-decision": "Decision", "corrected-entry": "About entry",
        "correction-kind": "What is said of it", "correction-words": "In words", "replaced-by": "Right is entry",
        "follows-correction": "Passed on from", "follows-recall": "Passed on from",
        "follows-withdrawal": "Passed on from",
        "kept-because": "Under", "kept-until": "Kept until", "recall-reason": "Why", "recall-words": "In words",
        "recalled-entry": "Entry", "recalled-from": "Taken back from", "recalled-labels": "What",
        "withdrawal-reason": "Why", "withdrawal-words": "In words", "withdrawn-entry": "Entry",
        "withdrawn-from": "No more for", "withdrawn-labels": "What",
        "unknown-count": "Questions unknown", "uprn": "Property (UPRN)",
        "victim-born": "Victim born", "victim-name": "Victim",
    ]
}

extension PlainText {
    /// Text in lines of at most `width` characters where its words allow it, safe for a terminal.
    ///
    /// Lines of its own are kept; what goes on is indented further than where it began.
    static func wrapped(_ text: String, indent: Int, width: Int = 100) -> [String] {
        var lines: [String] = []
        var line = String(repeating: " ", count: indent)
        var isEmpty = true
        let further = String(repeating: " ", count: indent + 2)
        for part in printable(text, keepingLines: true).split(separator: "\n") {
            for word in part.split(separator: " ") {
                if !isEmpty, line.count + 1 + word.count > width {
                    lines.append(line)
                    (line, isEmpty) = (further, true)
                }
                line += (isEmpty ? "" : " ") + word
                isEmpty = false
            }
            if !isEmpty { lines.append(line) }
            (line, isEmpty) = (further, true)
        }
        return lines
    }
}
