public import NodeInterface

extension WithdrawalMadeAnswer: Answer {
    /// What was withdrawn from whom, and what happens there.
    public var text: String {
        let lines = withdrawals.keys.sorted().map { agency in
            let labels = (labels[agency] ?? []).joined(separator: ", ")
            return "Withdrawn from \(agency): \(labels) (\((withdrawals[agency] ?? []).joined(separator: ", ")))"
        }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
            + "They show and give it no more as soon as it reaches them, tell whoever they had given it to, and destroy it, "
            + "or answer until when they keep it and under which law: see 'tallystick withdraw list'.\n"
            + "What was done with it before stays lawful. To give it after all, record it anew.\n"
            + EntryStanding.text(of: standing)
    }
}

/// One withdrawal, as far as the text shows it.
public struct WithdrawalLine: AnswerRow, Codable, Hashable, Sendable {
    /// Somebody to whom the agency had passed it on.
    public struct Onward: Codable, Hashable, Sendable {
        let agency: String
        let standing: String
        let since: String
        let keptUntil: String?
        let keptBecause: String?
    }

    let eventID: String
    let act: String?
    let author: String
    let holder: String
    let entries: [String]
    let references: [String]
    let labels: [String]
    let reason: String
    let words: String?
    let withdrawnAt: String
    let standing: String
    let stoppedAt: String?
    let keptUntil: String?
    let keptBecause: String?
    let onward: [Onward]
    let isPending: Bool
    let madeFrom: [String]
    let follows: String?
    let isOutstanding: Bool
    let endsAt: String?

    /// One paragraph a withdrawal.
    public static func text(of rows: [WithdrawalLine]) -> String {
        rows.isEmpty ? "No withdrawals.\n" : rows.map(\.paragraph).joined(separator: "\n")
    }

    /// A reason in words.
    static func words(of reason: String) -> String {
        switch reason {
        case "consent-withdrawn": "the person's consent was withdrawn"
        case "objection": "the person objects"
        case "not-needed": "it is not needed there any more"
        case "agreement-ended": "the agreement has ended"
        default: reason
        }
    }

    /// How far somebody has got, in words.
    static func words(of standing: String, since: String?, until: String?, law: String?) -> String {
        let when = since.map { " since \($0)" } ?? ""
        return switch standing {
        case "sent": "no answer yet\(when)"
        case "stopped": "shows and gives it no more\(when); nobody has decided what becomes of it"
        case "ended": "destroyed"
        case "kept": "kept until \((until ?? "").prefix(10)) because \(law ?? "of a law")"
        default: standing
        }
    }

    private var paragraph: String {
        var lines = ["Withdrawal \(eventID)\(isOutstanding ? " (somebody has still to answer)" : "")"]
        lines.append("  \(author) withdrew it from \(holder) on \(withdrawnAt): \(WithdrawalLine.words(of: reason))")
        if !labels.isEmpty { lines.append("  What: \(labels.joined(separator: ", "))") }
        for entry in entries { lines.append("  Entry: \(entry)") }
        for reference in references { lines.append("  Case: \(CaseLine.short(reference) ?? reference)") }
        if let words { lines.append("  Why, in our words: \(words)") }
        if let follows { lines.append("  Passed on, because it was withdrawn from us: \(follows)") }
        let since = standing == "sent" ? withdrawnAt : stoppedAt
        lines.append(
            "  \(holder): "
                + WithdrawalLine.words(of: standing, since: since, until: keptUntil, law: keptBecause))
        for other in onward {
            lines.append(
                "  \(other.agency), to whom it was passed on: "
                    + WithdrawalLine.words(
                        of: other.standing, since: other.since, until: other.keptUntil, law: other.keptBecause))
        }
        for entry in madeFrom { lines.append("  Made from it here: \(entry)") }
        if let endsAt {
            lines.append(
                "  Decide: 'tallystick withdraw answer \(eventID) ended', or 'kept' with --until and --law. Otherwise it is "
                    + "destroyed on \(endsAt.prefix(10)).")
        }
        if isPending { lines.append("  The broker has not accepted it yet: telephone them.") }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}
