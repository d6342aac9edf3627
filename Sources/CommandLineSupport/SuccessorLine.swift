public import NodeInterface

extension SuccessorMoved: Answer {
    /// How many went, how many are left, and what stays.
    public var text: String {
        var lines = ["\(PlainText.count(moved, "case", "cases")) let go, \(left) left"]
        if !staying.isEmpty { lines.append("These stay, and why:") }
        lines += staying.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        lines.append(
            left > 0
                ? "Give the same command again for the next ones."
                : "When the broker has confirmed them: tallystick successor finish")
        return lines.map { PlainText.printable($0) + "\n" }.joined()
            + (standing == nil ? "" : EntryStanding.text(of: standing))
    }
}

extension SuccessorPlan: Answer {
    /// What would go, case by case, and what has to be done first.
    public var text: String {
        var lines = ["From \(predecessor) to \(successor)"]
        if !first.isEmpty { lines.append("To be done first:") }
        lines += first.map { "  \($0)" }
        let rows = cases.map { row in
            [
                CaseLine.short(row.reference) ?? row.reference, row.stage ?? "-", String(row.actions),
                "\(row.requestsAsked)/\(row.requestsToAnswer)", String(row.sharesWithAnEnd.count),
                row.hasConsent ? "asked again" : "none", row.staysBecause ?? "goes",
            ]
        }
        let table = TextTable(
            ["Case", "Stage", "Actions", "Asked/to answer", "Until a day", "Consent", "Goes?"],
            rows.map { $0.map { PlainText.printable($0) } }, empty: "No cases.")
        let going = cases.count { $0.staysBecause == nil }
        let totals = [
            "\(cases.count) cases, of which \(going) go and \(cases.count - going) stay",
            "\(onOthersCases) cases that others lead: ask their leads to share with \(successor)",
            "Holds and days of retention do not move: see 'tallystick hold list' and 'tallystick retention list'",
            "Schedule \(scheduleHash)",
        ]
        return lines.map { PlainText.printable($0) + "\n" }.joined() + table.text
            + totals.map { PlainText.printable($0) + "\n" }.joined()
    }
}

/// One succession, as far as the text shows it.
public struct SuccessorLine: AnswerRow, Codable, Hashable, Sendable {
    let act: String
    let predecessor: String
    let successor: String
    let schedule: String?
    let caseLimit: Int?
    let stage: String
    let position: Int
    let moved: Int
    let waiting: Int
    let gave: Int?
    let took: Int?
    let keeper: String?
    let isClosed: Bool
    let toSign: [String]

    /// One paragraph a succession.
    public static func text(of rows: [SuccessorLine]) -> String {
        rows.isEmpty
            ? "No succession that this agency is a side of, or keeps a log by.\n"
            : rows.map { $0.lines.map { PlainText.printable($0) + "\n" }.joined() }.joined(separator: "\n")
    }

    private var lines: [String] {
        var lines = ["\(successor) takes the place of \(predecessor), act \(act)"]
        if let schedule { lines.append("  For what schedule \(schedule) names, \(caseLimit ?? 0) cases at the most") }
        lines.append("  " + standing)
        lines.append("  \(PlainText.count(moved, "case has", "cases have")) moved")
        if let gave { lines.append("  \(predecessor) ended with \(gave)") }
        if let took { lines.append("  \(successor) ended with \(took)") }
        if let keeper {
            lines.append(
                isClosed
                    ? "  The log of \(predecessor) is closed. \(keeper) answers for it and holds its keys."
                    : "  When everything has moved, \(keeper) answers for the log of \(predecessor) and holds its keys."
            )
        }
        lines += toSign.map { "  To be signed: \($0)" }
        return lines
    }

    private var standing: String {
        switch stage {
        case "decided": "The board has decided it; neither side has said so yet: tallystick successor start"
        case "given": "\(predecessor) gives; \(successor) has not said that it takes: tallystick successor start"
        case "taken": "\(successor) takes; \(predecessor) has not said that it gives: tallystick successor start"
        case "waiting": "Both sides have said so; it holds from register position \(position)"
        case "moving": "It holds: tallystick successor move, until nothing is left"
        case "gave": "\(predecessor) has finished; \(successor) compares its number: tallystick successor finish"
        default: "Done on both sides"
        }
    }
}
