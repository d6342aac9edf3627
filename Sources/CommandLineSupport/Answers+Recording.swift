public import NodeInterface

extension Recorded: Answer {
    /// What was recorded, and under which identifiers.
    public var text: String {
        let first = wasThere ? "This was recorded before; nothing was added.\n" : "Recorded.\n"
        let entries = events.map { "Entry \(PlainText.printable($0))\n" }
        let home = keptHome.map { "Kept at home: \(PlainText.printable($0))\n" }
        return first + (entries + home).joined()
    }
}

extension CaseOpened: Answer {
    /// The reference by which everybody knows the case.
    public var text: String { "Case opened: \(PlainText.printable(caseReference))\n" }
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
        return lines.map { $0 + "\n" }.joined()
    }
}

extension AssessmentAnswer {
    private var reach: String {
        couldReach == computedBand ? "" : " (may be up to \(PlainText.printable(couldReach)))"
    }
}

extension ShareAnswer: Answer {
    /// What each agency on the case receives from now on.
    public var text: String {
        let rows = receives.sorted { $0.key < $1.key }.map { agency, labels in
            [agency, labels.isEmpty ? "nothing" : labels.joined(separator: ", ")]
        }
        let table = TextTable(["Agency", "Receives"], rows, empty: "Shared with nobody.").text
        guard !withoutKey.isEmpty else { return table }
        let names = withoutKey.map { PlainText.printable($0) }.joined(separator: ", ")
        return table + "Left out until they have a key in force: \(names)\n"
    }
}

extension PreviewPage: Answer {}

extension RequestMade: Answer {
    /// The request's identifier, and by when an answer is due.
    public var text: String {
        "Request \(PlainText.printable(request))\nAn answer is due by \(PlainText.printable(due)).\n"
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
        return "Answered: \(PlainText.printable(answer))\n\(given)\n"
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

            """
        guard !rejected.isEmpty else { return counts }
        let rows = rejected.map { [String($0.line), $0.problem] }
        return counts + "\n" + TextTable(["Line", "Why it was set aside"], rows).text
    }
}
