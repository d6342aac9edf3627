extension CasePage: Answer {
    /// The case for reading: what it is, the risk, the people, what is to be done, what happened.
    public var text: String {
        let sections = [
            heading, riskText, peopleText, actionText, referralText, agencyText, requestText,
            timelineText,
        ]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var heading: String {
        var lines = ["Case \(reference)", summary ?? "The opening of this case was not received."]
        let facts = [
            ("Stage", stage), ("Lead", leadAgency), ("Kind", category), ("Area", area),
            ("Victim", victimName), ("Subject", subjectName),
        ]
        lines += facts.compactMap { name, value in value.map { "\(name): \($0)" } }
        if let handover { lines += handover.lines.dropFirst() }
        return printed(lines)
    }

    private var riskText: String {
        let lines = assessments.map { assessment -> String in
            guard let band = assessment.judgedBand else { return "  \(assessment.agency): sealed" }
            let points = assessment.score.map { PlainText.count($0, "point", "points") }
            let unknown = assessment.unknownCount.map { "\($0) unknown" }
            let matrix = [assessment.computedBand, points, unknown].compactMap(\.self)
            let when = assessment.assessedAt.map { ", \($0)" } ?? ""
            let why = assessment.rationale.map { ": \($0)" } ?? ""
            return
                "  \(assessment.agency): \(band) (matrix: \(matrix.joined(separator: ", ")))\(when)\(why)"
        }
        return section("Risk, agency by agency", lines)
    }

    private var peopleText: String {
        let consent = consents.map { consent in
            let scope = consent.scope.map { "; covers \($0)" } ?? ""
            let speaker = consent.by.map { "; said by \($0)" } ?? ""
            return "  \(consent.agency): \(consent.sentence) (\(consent.how)\(scope)\(speaker))"
        }
        let contact = safeContacts.map { contact in
            let words =
                contact.instruction
                ?? "going without because \(contact.goingWithoutBecause ?? "no reason is recorded")"
            let term = contact.isLive ? "until" : "no longer counts since"
            return "  \(contact.agency): \(words) (\(term) \(contact.expires))"
        }
        return section("Consent", consent) + section("Safe contact", contact)
    }

    private var actionText: String {
        let rows = actions.map { action in
            let status = action.isOverdue ? "\(action.status), overdue" : action.status
            return [action.owner, action.due ?? "-", status, action.action]
        }
        guard !rows.isEmpty else { return "" }
        return "Actions\n" + TextTable(["  Who", "Due", "Status", "What"], indented(rows)).text
    }

    private var referralText: String {
        section(
            "Referrals",
            referrals.map { "  \($0.service): \($0.standing) by \($0.agency) (\($0.words))" })
    }

    private var agencyText: String {
        // An agency may have several parts of a case with the same agencies on them.
        var lines: [String] = []
        for circle in circles {
            let line = "  \(circle.agency) shares with: \(circle.others)"
            if !lines.contains(line) { lines.append(line) }
        }
        return section("Agencies on this case", lines)
    }

    private var requestText: String {
        section(
            "Requests",
            requests.map { request in
                let labels = request.askedLabels?.joined(separator: ", ") ?? "could not be read"
                return
                    "  \(request.asker) asks \(request.asked) for \(labels): \(request.standingWords)"
            })
    }

    private var timelineText: String {
        let rows = timeline.map { entry -> [String] in
            let mark = mark(of: entry)
            let hidden =
                entry.sealedLabels.isEmpty
                ? "" : " [not for us: \(entry.sealedLabels.joined(separator: ", "))]"
            return [
                entry.happenedAt ?? entry.claimedAt, entry.agency, entry.words + mark,
                (entry.summary ?? "-") + hidden + entry.recalls.map { " [\($0.words(for: viewer))]" }.joined()
                    + entry.withdrawals.map { " [\($0.words(for: viewer))]" }.joined()
                    + entry.corrections.map(\.mark).joined() + CorrectionLine.mark(of: entry.caveats),
            ]
        }
        let table = TextTable(["  When", "Agency", "Entry", "Summary"], indented(rows)).text
        var lines = table.split(separator: "\n").map(String.init)
        // Backwards, so that no line moves before its entry has been added to it; the first is the heading.
        for (place, entry) in timeline.enumerated().reversed() {
            lines.insert(contentsOf: entry.details, at: min(place + 2, lines.count))
        }
        var text = "What happened\n" + lines.map { $0 + "\n" }.joined()
        if entryCount > timeline.count {
            text += "  and \(entryCount - timeline.count) earlier\n"
        }
        if timeline.contains(where: { $0.isPending && !cameByFile($0) }) {
            text += "  * not yet confirmed by the broker: nobody else has it\n"
        }
        if timeline.contains(where: cameByFile) {
            text += "  + brought by file: the broker has not confirmed it yet, and may refuse it\n"
        }
        if timeline.contains(where: isAwaitingCosigners) {
            text += "  ~ confirmed, not yet co-signed\n"
        }
        if timeline.contains(where: isInDoubt) {
            text += "  ? in doubt: signed with a key that may have been stolen, and not confirmed by its agency since; "
            text += "ask the agency before you act on it\n"
        }
        return text
    }

    private func mark(of entry: Entry) -> String {
        if entry.isRefused { return " (refused)" }
        if isInDoubt(entry) { return " ?" }
        if entry.isPending { return cameByFile(entry) ? " +" : " *" }
        return isAwaitingCosigners(entry) ? " ~" : ""
    }

    /// What waits for the broker and is another agency's can only have come by file.
    private func cameByFile(_ entry: Entry) -> Bool {
        entry.isPending && viewer.map { $0 != entry.agency } ?? false
    }

    private func isInDoubt(_ entry: Entry) -> Bool { inDoubt?.contains(entry.eventID) == true }

    private func isAwaitingCosigners(_ entry: Entry) -> Bool {
        guard let finalSize, let position = entry.position, !entry.isPending, !entry.isRefused else { return false }
        return position >= finalSize
    }

    private func indented(_ rows: [[String]]) -> [[String]] {
        rows.map { ["  " + $0[0]] + $0.dropFirst() }
    }

    private func section(_ title: String, _ lines: [String]) -> String {
        lines.isEmpty ? "" : printed([title] + lines)
    }

    private func printed(_ lines: [String]) -> String {
        lines.map { PlainText.printable($0) + "\n" }.joined()
    }
}

extension CasePage.Recall {
    /// In place of what was taken back, or beside it where it stays.
    fileprivate func words(for viewer: String?) -> String {
        let why = "on \(recalledAt.prefix(10)): \(RecallLine.words(of: reason))"
        return viewer == by ? "recalled from \(from) \(why)" : "recalled by \(by) \(why)"
    }
}

extension CasePage.Withdrawal {
    /// In place of what was withdrawn, or beside it where it stays.
    fileprivate func words(for viewer: String?) -> String {
        let why = "on \(withdrawnAt.prefix(10)): \(WithdrawalLine.words(of: reason))"
        let there = WithdrawalLine.words(of: standing, since: nil, until: keptUntil, law: keptBecause)
        return viewer == by
            ? "withdrawn from \(from) \(why); there: \(there)" : "withdrawn by \(by) \(why); here: \(there)"
    }
}

extension CasePage.Circle {
    fileprivate var others: String {
        let others = members.filter { $0 != agency }
        return others.isEmpty ? "nobody" : others.joined(separator: ", ")
    }
}
