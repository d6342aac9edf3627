public import NodeInterface

/// One case whose lead moves or has moved, as far as the text shows it.
public struct HandoverLine: AnswerRow, Codable, Hashable, Sendable {
    let reference: String
    let lead: String
    let since: String?
    let before: [String]
    let next: String?
    let isAsAccepted: Bool
    let offeredTo: String?
    let offeredAt: String?
    let due: String?
    let isAccepted: Bool
    let wouldTake: [String]
    let needsConsent: Bool

    /// One paragraph a case.
    public static func text(of rows: [HandoverLine]) -> String {
        guard !rows.isEmpty else { return "No case has changed its lead, and none is offered.\n" }
        let note =
            rows.contains { $0.isAsAccepted && !$0.before.isEmpty }
            ? "Fewer than four co-signers are listed, so nothing is final: shown is what the broker accepted.\n" : ""
        return rows.map { $0.lines.map { PlainText.printable($0) + "\n" }.joined() }.joined(separator: "\n") + note
    }

    /// The case in words.
    var lines: [String] {
        let name = CaseLine.short(reference) ?? reference
        var lines = ["Case \(name): \(lead) leads" + (since.map { " since \($0)" } ?? "")]
        if !before.isEmpty { lines.append("  Before: \(before.joined(separator: ", "))") }
        if let next {
            lines.append("  \(lead) has let go to \(next), which leads once the co-signers stand behind it.")
        }
        if let offeredTo {
            let when = offeredAt.map { " on \($0.prefix(10))" } ?? ""
            let by = due.map { ", to be answered by \($0.prefix(10))" } ?? ""
            lines.append(
                isAccepted
                    ? "  \(offeredTo) has accepted it. \(lead) leads until it lets go: tallystick handover release"
                    : "  Offered to \(offeredTo)\(when)\(by). \(lead) leads and answers until it has let go.")
        }
        if !wouldTake.isEmpty { lines.append("  Would take it: \(wouldTake.joined(separator: ", "))") }
        if needsConsent {
            lines.append("  You have no consent on record yet. Ask again, and record it: tallystick case consent")
        }
        return lines
    }
}

extension HandoverPage: Answer {
    /// What goes with the case, as a list to go through with the other agency.
    public var text: String {
        var lines = ["Case \(reference), led by \(lead)", "Stage: \(stage ?? "not received")"]
        lines.append(actions.isEmpty ? "No open actions." : "Open actions:")
        lines += actions.map { "  \($0.owner), \($0.due ?? "no day"): \($0.action)" }
        lines.append(requests.isEmpty ? "No open requests." : "Open requests:")
        lines += requests.map { "  \($0.asker) asked \($0.asked), due \($0.due)" }
        lines.append(
            consents.isEmpty ? "No consent on record." : "Consent on record, to be asked for again by another lead:")
        lines += consents.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        if !sharesWithAnEnd.isEmpty { lines.append("Given until a day, by this agency; it ends on that day:") }
        lines += sharesWithAnEnd.map { "  \($0)" }
        lines.append("For the board, if the lead's node is lost: \(board)")
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}
