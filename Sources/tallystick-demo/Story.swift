import Foundation
import TallystickRehearsal

/// The story, step by step; each step says what happened, what each agency can now see, and what must hold.
struct Story {
    let stage: RehearsalStage
    let founded: Founded
    private var reference = ""

    init(stage: RehearsalStage, founded: Founded) {
        self.stage = stage
        self.founded = founded
    }

    mutating func play() throws {
        try imports()
        try recordAndShare()
        try whoReceives()
        try sideBySide()
        try askAndAnswer()
        try AuditSteps(stage: stage, founded: founded, reference: reference).play()
    }

    private func desk(_ agency: String) -> Desk { Desk(stage: stage, agency: agency) }

    private static let circle = [Agencies.police, Agencies.council, Agencies.county, Agencies.fire]

    // MARK: 1

    private func imports() throws {
        stage.step(1, "The police import real incidents, the council a file with other columns.")
        let police = try desk(Agencies.police).must([
            "import", stage.project + "/samples/police/2019-01-leicestershire-asb-sample.csv",
            "--mapping", stage.project + "/samples/police/mapping.yaml",
        ])
        let recorded = police["recorded"] as? Int ?? 0
        try stage.expect(recorded > 0, "\(recorded) incidents recorded at \(Agencies.police)")
        let again = try desk(Agencies.police).must([
            "import", stage.project + "/samples/police/2019-01-leicestershire-asb-sample.csv",
            "--mapping", stage.project + "/samples/police/mapping.yaml",
        ])
        try stage.expect(
            again["recorded"] as? Int == 0 && again["alreadyThere"] as? Int == recorded,
            "the same file again adds nothing")
        let council = try desk(Agencies.council).must([
            "import", stage.project + "/samples/council/noise-complaints-sample.csv",
            "--mapping", stage.project + "/samples/council/mapping.yaml",
        ])
        try stage.expect(
            (council["recorded"] as? Int ?? 0) > 0,
            "\(council["recorded"] as? Int ?? 0) noise complaints recorded at \(Agencies.council)")
        try stage.expect(
            try desk(Agencies.harbour).list(["report", "list"]).isEmpty,
            "nobody else sees any of them: imported rows stay at home")
    }

    // MARK: 2

    private mutating func recordAndShare() throws {
        stage.step(2, "A housing association records a report, opens a case, scores it and shares it.")
        let form = stage.path("report.json")
        let report: [String: Any] = [
            "officer": "officer-of-harbour-homes", "summary": "Repeated threats and banging at night at one address",
            "narrative": "\(Canary.account) The caller says that the neighbour kicked her door at 2am.",
            "category": "threats", "channel": "telephone", "occurred": "2026-03", "area": "E01025700",
            "place": "A block of flats near the canal", "victimName": "Ada Quillfeather",
            "victimBorn": "1971-04-02", "subjectName": "Tobias Marl", "address": "14 Invented Court",
            "telephone": "01632 960123", "safeContact": "Ring the sister after 6pm, never the landline",
            "reporterName": "Ada Quillfeather", "reporterRole": "victim",
        ]
        try SmallFile.write(try JSONSerialization.data(withJSONObject: report), to: form)
        let harbour = desk(Agencies.harbour)
        let recorded = try harbour.must(["report", "record", "--form", form])
        try? FileManager.default.removeItem(atPath: form)
        guard let event = (recorded["events"] as? [String])?.first else { throw StepFailure("no report recorded") }
        let opened = try harbour.must([
            "case", "open", "--report", event, "--summary",
            "Threats and noise at night; the tenant is afraid and has few people to turn to",
        ])
        guard let reference = opened["caseReference"] as? String else { throw StepFailure("no case opened") }
        self.reference = reference
        stage.say("   The case is \(reference.prefix(26))…")
        try assessHigh()
        try referral()
        try shareCase()
    }

    private func assessHigh() throws {
        let chosen = try questionCodes()
        let answer = try desk(Agencies.harbour).must(
            ["case", "assess", reference] + chosen.prefix(8).flatMap { ["--mark", "\($0)=3"] } + [
                "--band", "high", "--because", "Threats at her door, alone, getting worse each week",
            ])
        try stage.expect(
            answer["judgedBand"] as? String == "high" && answer["computedBand"] as? String == "high",
            "the matrix gives high with \(answer["score"] as? Int ?? 0) points, and the officer judges high")
        try stage.expect(
            (answer["offers"] as? [String]) == ["victim-first"],
            "the score offers a Victim First referral; nothing has left")
    }

    /// The questions of the matrix that take marks.
    private func questionCodes() throws -> [String] {
        let answer = try stage.must("tallystick", ["case", "questions", "--format", "json"]).json() as? [String: Any]
        let questions = answer?["questions"] as? [[String: Any]] ?? []
        return questions.filter { $0["most"] as? Int != nil }.compactMap { $0["code"] as? String }
    }

    private func referral() throws {
        let harbour = desk(Agencies.harbour)
        let early = try harbour.run([
            "referral", "send", reference, "--protocol", "victim-first", "--summary", "Please support her",
        ])
        try stage.expect(early.status != 0, "it does not leave before consent and a safe contact are recorded")
        try harbour.must([
            "case", "consent", reference, "given", "--how", "On the telephone, in her own words", "--scope",
            "Support by Victim First", "--by", "the victim",
        ])
        try harbour.must([
            "case", "safe-contact", reference, "--instruction", "Ring the sister after 6pm, never the landline",
        ])
        try harbour.must([
            "referral", "send", reference, "--protocol", "victim-first", "--gateway", "victims-code-right-4",
            "--summary",
            "High risk; wants somebody to talk to and advice on staying safe",
        ])
        try stage.wait("the referral to reach Victim First") {
            try !desk(Agencies.victimFirst).list(["case", "list"]).isEmpty
        }
        try stage.expect(true, "with both recorded it leaves, and Victim First has it")
        try harbour.must(["referral", "offer", reference, "--because", "She asked again after a new threat"])
        try harbour.must(["referral", "decline", reference, "--because", "She is in touch with them already"])
        stage.say("   ✓ a second offer is made, and declined with a reason")
    }

    private func shareCase() throws {
        let with = Story.circle.flatMap { ["--with", $0] }
        let preview = try desk(Agencies.harbour).must(
            ["case", "preview", reference, "--protocol", "jag", "--purpose", "prevent-asb"] + with)
        let text = preview["text"] as? String ?? ""
        try stage.expect(
            !text.isEmpty && text.contains(Agencies.fire), "before it goes, the officer sees what each agency would see"
        )
        let answer = try desk(Agencies.harbour).must(
            ["case", "share", reference, "--protocol", "jag", "--purpose", "prevent-asb"] + with)
        guard let receives = answer["receives"] as? [String: [String]] else { throw StepFailure("nothing was shared") }
        for (agency, labels) in receives.sorted(by: { $0.key < $1.key }) {
            stage.say("   → \(agency) receives: \(labels.joined(separator: ", "))")
        }
        try cosigned(answer)
        try stage.expect(receives[Agencies.fire] == ["record"], "fire receives the record and nothing else")
        try stage.expect(receives[Agencies.meadow] == nil, "\(Agencies.meadow) is not among them")
    }

    /// First the broker confirms, then the others co-sign; neither holds anybody's work up.
    private func cosigned(_ answer: [String: Any]) throws {
        guard let standing = answer["standing"] as? [String: Any], let entry = standing["entry"] as? String else {
            throw StepFailure("the share has no entry")
        }
        let harbour = desk(Agencies.harbour)
        try stage.wait("the share to be confirmed") {
            try harbour.must(["node", "entry", entry])["verdict"] as? String == "accepted"
        }
        stage.say("   ✓ accepted: the broker has confirmed the share")
        try stage.wait("the share to be final") {
            try harbour.must(["node", "entry", entry])["isFinal"] as? Bool == true
        }
        let status = try harbour.must(["node", "status"])
        let (cosigners, needed) = (status["cosigners"] as? Int ?? 0, status["cosignersNeeded"] as? Int ?? 0)
        try stage.expect(
            needed == 6 && cosigners >= needed,
            "final: \(cosigners) of 8 co-signers stand behind it, and \(needed) are enough")
    }

    // MARK: 3

    private func whoReceives() throws {
        stage.step(3, "The agencies on the case receive what they are due, and nobody else anything.")
        for agency in Story.circle {
            try stage.wait("the case to reach \(agency)") {
                try desk(agency).view(of: reference) != nil
            }
            let labels = try desk(agency).readableLabels(of: reference)
            stage.say("   \(agency) can read: \(labels.sorted().joined(separator: ", "))")
        }
        let fire = try desk(Agencies.fire).readableLabels(of: reference)
        try stage.expect(fire == ["record"], "fire reads the record only")
        let police = try desk(Agencies.police).readableLabels(of: reference)
        try stage.expect(
            police.isSuperset(of: ["record", "identity", "contact", "risk"]) && !police.contains("account")
                && !police.contains("reporter"), "the police read who and how to reach her, never the full account")
        try stage.expect(
            try desk(Agencies.meadow).view(of: reference) == nil
                && desk(Agencies.meadow).list(["case", "list"]).isEmpty,
            "\(Agencies.meadow), which has no role, received nothing of it")
        let rows = try desk(Agencies.council).list(["visibility"])
        stage.say("   The broker's visibility view shows: \(rows)")
        try stage.expect(
            rows.isEmpty, "the visibility view shows nothing of one case: fewer than ten could be told from one another"
        )
        let broker = stage.path(Agencies.broker)
        try stage.expect(
            try !Canary.isFound(Canary.account, under: broker)
                && !Canary.isFound("Quillfeather", under: stage.directory),
            "no readable name and no account is in any file of the broker, or of anybody")
    }

    // MARK: 4

    private func sideBySide() throws {
        stage.step(4, "The police assess the risk differently; both views stand; the case moves on.")
        let questions = try questionCodes()
        try desk(Agencies.police).must(
            ["case", "assess", reference] + questions.prefix(4).flatMap { ["--mark", "\($0)=3"] } + [
                "--band", "medium", "--because", "No history on record; patrol increased",
            ])
        try stage.wait("both views to stand at the council") {
            bands(try desk(Agencies.council).view(of: reference)).count == 2
        }
        let seen = bands(try desk(Agencies.council).view(of: reference))
        try stage.expect(
            seen == [Agencies.harbour: "high", Agencies.police: "medium"],
            "at the council: harbour-homes judges high, the police medium, side by side")
        try desk(Agencies.harbour).must([
            "case", "stage", reference, "action-plan", "--summary", "Joint visit agreed; locks changed this week",
        ])
        try stage.wait("the case to move on at the police") {
            try desk(Agencies.police).view(of: reference)?["stage"] as? String == "action-plan"
        }
        try stage.expect(true, "the case stands at action-plan, for everybody on it")
    }

    private func bands(_ view: [String: Any]?) -> [String: String] {
        let rows = view?["assessments"] as? [[String: Any]] ?? []
        var result: [String: String] = [:]
        for row in rows {
            if let agency = row["agency"] as? String, let band = row["judgedBand"] as? String { result[agency] = band }
        }
        return result
    }

    // MARK: 5

    private func askAndAnswer() throws {
        stage.step(5, "Fire asks for the victim's contact, is refused; a changed fact supports a new request.")
        let first = try ask("To fit a smoke alarm", changedFact: nil, after: nil)
        try arrives(first)
        try desk(Agencies.harbour).must([
            "answer", first, "refused", "--because", "Not needed for that: we can fit the alarm ourselves",
        ])
        try stage.wait("the refusal to reach fire") {
            try request(first, at: Agencies.fire)?["outcome"] as? String == "refused"
        }
        let words = try request(first, at: Agencies.fire)?["outcomeWords"] as? String ?? ""
        try stage.expect(words.hasPrefix("Not needed"), "fire is refused, with the reason")
        let second = try ask(
            "To protect her from fire at home", changedFact: "A threat to burn the flat was made on Tuesday",
            after: first)
        try arrives(second)
        let seen = try request(second, at: Agencies.harbour)
        let earlier = seen?["earlier"] as? [[String: Any]] ?? []
        try stage.expect(
            earlier.contains { $0["eventID"] as? String == first && $0["outcome"] as? String == "refused" },
            "who decides sees the earlier refusal and the changed fact")
        let answer = try desk(Agencies.harbour).must([
            "answer", second, "full", "--label", "safe-contact", "--label", "risk", "--days", "28", "--because",
            "The threat makes it necessary",
        ])
        try stage.expect(answer["disclosed"] as? Int == 2, "two parts are given, until \(answer["until"] ?? "")")
        try stage.wait("the disclosure to reach fire") {
            try desk(Agencies.fire).readableLabels(of: reference).isSuperset(of: ["safe-contact", "risk"])
        }
        let labels = try desk(Agencies.fire).readableLabels(of: reference)
        try stage.expect(
            labels == ["record", "safe-contact", "risk"],
            "fire now reads the safe contact and the risk, and neither name nor address")
    }

    private func ask(_ reason: String, changedFact: String?, after: String?) throws -> String {
        var arguments = [
            "request", "make", reference, "--of", Agencies.harbour, "--label", "safe-contact", "--label", "risk",
            "--protocol", "jag", "--purpose", "prevent-fire-harm", "--because", reason,
        ]
        if let changedFact { arguments += ["--changed-fact", changedFact] }
        if let after { arguments += ["--after", after] }
        let made = try desk(Agencies.fire).must(arguments)
        guard let request = made["request"] as? String else { throw StepFailure("no request was made") }
        return request
    }

    private func arrives(_ request: String) throws {
        try stage.wait("the request to reach \(Agencies.harbour)") {
            try self.request(request, at: Agencies.harbour) != nil
        }
    }

    private func request(_ id: String, at agency: String) throws -> [String: Any]? {
        let lists = try desk(agency).must(["request", "list"])
        let rows = (lists["toAnswer"] as? [[String: Any]] ?? []) + (lists["asked"] as? [[String: Any]] ?? [])
        return rows.first { $0["eventID"] as? String == id }
    }
}
