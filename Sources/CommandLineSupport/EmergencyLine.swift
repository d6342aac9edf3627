public import NodeInterface

extension EmergencyMade: Answer {
    /// The identifier, what went with it, and that somebody else reviews it.
    public var text: String {
        let given =
            disclosed == 0
            ? "" : "With it: \(PlainText.count(disclosed, "part", "parts")) of the case, to each agency.\n"
        return "Told: \(PlainText.printable(emergency))\n" + given
            + "Tell your supervisor and data protection officer. Somebody else reviews it by "
            + "\(PlainText.printable(reviewDue)): tallystick emergency review.\n" + EntryStanding.text(of: standing)
    }
}

/// One emergency, as far as the text shows it.
public struct EmergencyLine: AnswerRow, Codable, Hashable, Sendable {
    let eventID: String
    let teller: String
    let told: [String]
    let toldAt: String?
    let recordedAt: String
    let reference: String?
    let threat: String
    let personTold: String
    let atRisk: String?
    let whereabouts: String?
    let labels: [String]
    let reviewDue: String
    let finding: String?
    let reviewWords: String?
    let standing: String
    let isPending: Bool

    /// One paragraph an emergency, because its words decide.
    public static func text(of rows: [EmergencyLine]) -> String {
        guard !rows.isEmpty else { return "No emergencies.\n" }
        return rows.map(\.paragraph).joined(separator: "\n")
    }

    private var paragraph: String {
        var lines = [
            "Emergency \(eventID)", "  \(teller) told \(told.joined(separator: ", ")): \(personTold)",
            "  When: \(toldAt ?? recordedAt)", "  Danger: \(threat)",
        ]
        if let atRisk { lines.append("  In danger: \(atRisk)") }
        if let whereabouts { lines.append("  Where: \(whereabouts)") }
        if let reference { lines.append("  Case: \(CaseLine.short(reference) ?? reference)") }
        if !labels.isEmpty { lines.append("  With it: \(labels.joined(separator: ", "))") }
        lines.append("  Review: " + review)
        if let reviewWords { lines.append("  Because: \(reviewWords)") }
        if isPending { lines.append("  The broker has not accepted it yet: ring them.") }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }

    private var review: String {
        guard let finding else {
            return "by somebody else until \(reviewDue)\(standing == "overdue" ? ", overdue" : "")"
        }
        return switch finding {
        case "justified": "telling was right"
        case "too-much": "telling was right, and more was told than was needed"
        default: "telling was not needed"
        }
    }
}
