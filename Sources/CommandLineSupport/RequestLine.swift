/// One request for information, as far as the text shows it.
public struct RequestLine: Codable, Hashable, Sendable {
    let eventID: String
    let asker: String
    let asked: String
    let reference: String?
    let due: String
    let askedLabels: [String]?
    let reason: String?
    let changedFact: String?
    let earlier: [Earlier]
    let standing: String
    let lateDays: Int
    let outcome: String?
    let outcomeWords: String?
    let steps: [Step]?
    let proposed: Proposed?
    let contact: Contact?
    let office: String?
    let answeredBy: String?
    let awayUntil: String?
    let told: String?
    let answeredAt: String?
    let enteredAt: String?

    /// A reminder, or a step up the ladder.
    public struct Step: Codable, Hashable, Sendable {
        let step: String
        let at: String
        let words: String?

        /// What was done, when, and in which words.
        var sentence: String {
            let done = step == "reminder" ? "Reminded" : "Taken to the \(step)"
            return "\(done) \(at)" + (words.map { ": \($0)" } ?? "")
        }
    }

    /// A step whose time has come.
    public struct Proposed: Codable, Hashable, Sendable {
        let step: String
        let office: String?
    }

    /// Who answers for an agency.
    public struct Contact: Codable, Hashable, Sendable {
        let contact: String
        let deputy: String
    }

    /// An earlier request of the same agency on the same case.
    public struct Earlier: Codable, Hashable, Sendable {
        let madeAt: String
        let outcome: String?
        let outcomeCode: String?
        let outcomeWords: String?

        /// When, and what became of it and why.
        var words: String {
            // A person decided, and said why in words: their code says no more.
            let code = outcomeCode == "decided" ? nil : outcomeCode
            let answer = [outcome ?? "not answered", code, outcomeWords].compactMap(\.self)
            return "\(madeAt): " + answer.joined(separator: ", ")
        }
    }
}

extension RequestLine {
    /// How it stands, in words.
    var standingWords: String {
        let late = lateDays == 0 ? "" : ", \(PlainText.count(lateDays, "day", "days")) late"
        return (outcome.map { "answered: \($0)" } ?? standing) + late
    }
}

extension RequestLine {
    /// One paragraph a request, because its reason decides.
    var paragraph: String {
        var lines = [
            "Request \(eventID)", "  \(asker) asks \(asked)",
            "  Case: \(CaseLine.short(reference) ?? "-")",
            "  For: \(askedLabels?.joined(separator: ", ") ?? "could not be read")",
            "  Because: \(reason ?? "could not be read")",
        ]
        if let changedFact { lines.append("  What has changed: \(changedFact)") }
        for request in earlier { lines.append("  Asked before, \(request.words)") }
        if let contact { lines.append("  Whom to speak to: \(contact.contact); in their absence \(contact.deputy)") }
        if office == "deputy" {
            lines.append("  For the deputy" + (awayUntil.map { ": the contact is away until \($0)" } ?? ""))
        }
        lines.append(
            "  Due \(due): \(standingWords)" + (answeredBy == "deputy" ? ", by the deputy for the contact" : ""))
        lines += (steps ?? []).map { "  \($0.sentence)" }
        if let proposed {
            let office = proposed.office.map { " (\($0))" } ?? ""
            lines.append("  The time has come for: \(proposed.step)\(office); 'tallystick request step' takes it")
        }
        if let told, let answeredAt {
            let entered = enteredAt.map { ", entered \($0)" } ?? ""
            lines.append("  Told \(told == "on-paper" ? "on paper" : "by voice") \(answeredAt)\(entered)")
        }
        if let words = outcomeWords { lines.append("  Answer: \(words)") }
        return lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}

/// The requests to this agency, and those it made.
public struct RequestLists: Answer, Codable, Hashable, Sendable {
    let toAnswer: [RequestLine]
    let asked: [RequestLine]

    /// First what waits for us, then what we wait for.
    public var text: String {
        guard !toAnswer.isEmpty || !asked.isEmpty else { return "No requests.\n" }
        let parts = [("Asked of us", toAnswer), ("Asked by us", asked)]
        return parts.filter { !$0.1.isEmpty }.map { title, lines in
            title + "\n\n" + lines.map(\.paragraph).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
