extension ProtocolLifePage {
    /// Where it stands, in a paragraph for each thing there is to say.
    public var text: String {
        var lines = ["\(code) version \(version): \(title)", "  rules \(bundle)", "  \(headline)"]
        lines += openChoices.map { choice in
            "  to be settled before anybody can sign: \(choice.choice): \(choice.question)"
                + (choice.owner.map { " (\($0))" } ?? " (nobody is named who settles it)")
        }
        if stage != "consultation", stage != "drafted" { lines += signatures }
        lines += pairLines
        lines += ended.map(\.sentence).map { "  \($0)" }
        lines.append("  \(review)")
        lines += consultation
        lines += succeeded.map { "  \($0)" }
        lines += waiting.map { "  \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private var headline: String {
        switch stage {
        case "drafted": "Drafted: it is not on the board's log. Nothing is shared under it."
        case "consultation":
            "Out for consultation: the board has not activated it. Nothing is shared under it, and nobody can sign it yet."
        case "signing": "Out for signature. Nothing is shared under it."
        case "in-force": "In force between those named below, and nobody else."
        case "lapsed":
            "Its review should have been done by \(reviewBy), and sharing stops then: nothing new goes under it. "
                + "A new version with a later day takes its place."
        case "suspended": "Suspended. Nothing new is shared under it."
        case "superseded": "Superseded: everybody between whom it was in force has signed a newer version."
        default: "Ended. Nothing new is shared under it."
        }
    }

    private var signatures: [String] {
        unsigned.map { party in
            let offices = party.offices.joined(separator: ", ")
            return "  not signed: \(party.party), by its \(offices)"
        }
    }

    private var pairLines: [String] {
        pairs.map { pair in
            let since = pair.since.map { "since \($0)" } ?? "from register position \(pair.position)"
            let newer = pair.replacedBy.map { "; version \($0) has taken its place between them" } ?? ""
            return "  \(pair.one) and \(pair.other): \(since)\(newer)"
        }
    }

    private var review: String {
        let effect = stopsAtReview ? "nothing new is shared after that day" : "sharing goes on, with this reminder"
        return isReviewOverdue
            ? "REVIEW OVERDUE since \(reviewBy): ask \(reviewLead); \(effect)"
            : "review by \(reviewBy), led by \(reviewLead); if it passes, \(effect)"
    }

    private var consultation: [String] {
        var lines = replies.map { reply in
            "  \(reply.party), \(reply.office): \(reply.response) on \(reply.on)"
                + (reply.words.map { ": " + $0.split(whereSeparator: \.isNewline).joined(separator: " ") } ?? "")
        }
        if stage == "consultation", !silent.isEmpty {
            lines.append("  no answer yet from: \(silent.joined(separator: ", "))")
        }
        return lines
    }
}

extension ProtocolLifePage.Ended {
    /// Who took the signature back, why, when, and how it comes back.
    var sentence: String {
        let by = offices.isEmpty ? "" : " by its \(offices.joined(separator: ", "))"
        guard isSuspension else { return "\(party) ended it on \(on)\(by): \(reason)" }
        return "\(party) suspended it on \(on)\(by). It goes on with \(party) when \(party) signs it again"
    }
}
