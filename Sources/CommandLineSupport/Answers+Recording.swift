public import NodeInterface

extension Recorded: Answer {
    /// What was recorded, and under which identifiers.
    public var text: String {
        let first = wasThere ? "This was recorded before; nothing was added.\n" : "Recorded.\n"
        let entries = events.map { "Entry \(PlainText.printable($0))\n" }
        let home = keptHome.map { "Kept at home: \(PlainText.printable($0))\n" }
        let next = offers.map { $0.map { PlainText.printable($0) + "\n" }.joined() } ?? ""
        return first + (entries + home).joined() + next + EntryStanding.text(of: standing)
    }
}

extension ProtocolSigned: Answer {
    /// What was signed, and by whom it has still to be.
    public var text: String {
        let lacking = stillToSign.map { PlainText.printable($0) }.joined(separator: ", ")
        let next =
            stillToSign.isEmpty
            ? "Every office of this agency has signed: it holds with whoever has signed it too.\n"
            : "It does not hold yet. Still to sign for this agency: \(lacking).\n"
        return "Signed.\nEntry \(PlainText.printable(entry))\n" + next + EntryStanding.text(of: standing)
    }
}

extension CaseOpened: Answer {
    /// The reference by which everybody knows the case.
    public var text: String {
        "Case opened: \(PlainText.printable(caseReference))\n" + EntryStanding.text(of: standing)
    }
}

extension AssessmentAnswer: Answer {
    /// Computed and judged band, and what is offered because of it.
    public var text: String {
        let unknowns =
            unknown == 0 ? "every question answered" : "incomplete: \(unknown) of \(questions) unknown\(reach)"
        var lines = [
            "Assessed: \(PlainText.printable(judgedBand))",
            "The matrix gives \(PlainText.printable(computedBand)): "
                + "\(PlainText.count(score, "point", "points")), \(unknowns).",
        ]
        if !offers.isEmpty {
            lines.append("Offer now (nothing leaves by itself):")
            lines += offers.map { "  \(PlainText.printable($0))" }
        }
        lines += keptHome.map { "Kept at home: \(PlainText.printable($0))" }
        return lines.map { $0 + "\n" }.joined() + EntryStanding.text(of: standing)
    }
}

extension AssessmentAnswer {
    private var reach: String {
        couldReach == computedBand ? "" : " (may be up to \(PlainText.printable(couldReach)))"
    }
}

extension ShareAnswer: Answer {
    /// What each agency on the case has had, what is new, and who receives what from now on.
    public var text: String {
        let shared = before.keys.sorted().map { PlainText.printable($0) }.joined(separator: ", ")
        let first: String
        if before.isEmpty {
            first = "Shared now: \(PlainText.count(newEntries, "entry", "entries")).\n"
        } else if newEntries == 0 {
            first = "Shared already with \(shared), who have all of this: nothing new was recorded or sent.\n"
        } else if receives == before {
            first =
                "Shared already with \(shared); new to them: "
                + "\(PlainText.count(newEntries, "entry", "entries")).\n"
        } else {
            first =
                "Shared before with \(shared). Who receives what has changed, so all of it is said again: "
                + "\(PlainText.count(newEntries, "entry", "entries")).\n"
        }
        let rows = receives.sorted { $0.key < $1.key }.map { agency, labels in
            [
                agency, before[agency] == nil ? "now" : "before",
                labels.isEmpty ? "nothing" : labels.joined(separator: ", "),
            ]
        }
        var text = first + TextTable(["Agency", "Since", "Receives"], rows, empty: "Shared with nobody.").text
        let leaving = before.keys.filter { receives[$0] == nil && !withoutKey.contains($0) }.sorted()
        if !leaving.isEmpty {
            let names = leaving.map { PlainText.printable($0) }.joined(separator: ", ")
            text += "Receives nothing more of it: \(names). What it has, it keeps.\n"
        }
        if !withoutKey.isEmpty {
            let names = withoutKey.map { PlainText.printable($0) }.joined(separator: ", ")
            text += "Left out until they have a key in force: \(names)\n"
        }
        for words in leftOut ?? [] { text += PlainText.printable(words) + "\n" }
        return text + EntryStanding.text(of: standing)
    }
}

extension PreviewPage: Answer {}

extension RequestMade: Answer {
    /// The request's identifier, and by when an answer is due.
    public var text: String {
        "Request \(PlainText.printable(request))\nAn answer is due by \(PlainText.printable(due)).\n"
            + (power.map { "Asked under \(PlainText.printable($0)).\n" } ?? "")
            + EntryStanding.text(of: standing)
    }
}

extension AnswerMade: Answer {
    /// What was given, and until when.
    public var text: String {
        let given =
            disclosed == 0
            ? "Nothing was given."
            : PlainText.count(disclosed, "part was given", "parts were given")
                + (until.map { ", until \(PlainText.printable($0))." } ?? ".")
        let under = power.map { "Given under \(PlainText.printable($0)).\n" } ?? ""
        return "Answered: \(PlainText.printable(answer))\n\(given)\n" + under + EntryStanding.text(of: standing)
    }
}

extension ImportAnswer: Answer {
    /// The counts, and each row that was set aside.
    public var text: String {
        let counts = """
            Recorded: \(recorded)
            Recorded before: \(alreadyThere)
            Left out by the mapping: \(filtered)
            Set aside: \(rejected.count)

            """ + EntryStanding.text(of: standing)
        guard !rejected.isEmpty else { return counts }
        let rows = rejected.map { [String($0.line), $0.problem] }
        return counts + "\n" + TextTable(["Line", "Why it was set aside"], rows).text
    }
}
