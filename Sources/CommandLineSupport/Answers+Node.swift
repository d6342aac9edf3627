public import NodeInterface

extension NodeStatus: Answer {
    /// How the node stands, line by line.
    public var text: String {
        var rows = [
            ["Agency", agency], ["Log", origin],
            ["Our entries", "\(logSize) (\(pending) waiting for the broker, \(refused) refused)"],
            ["Received", String(received)], ["Register followed to", String(registerSize)],
            ["Co-signed", cosigned],
            ["Cases", String(cases)], ["Reports", String(reports)], ["Broker", broker],
        ]
        if let uncertain { rows.append(["Not written", NodeStatus.words(of: uncertain)]) }
        if keptCommands > 0 { rows.append(["Kept", "\(keptCommands), not recorded yet: see 'tallystick node kept'"]) }
        if lostParts > 0 {
            rows.append(["Lost", "\(lostParts) parts of our entries did not come back: see 'tallystick node lost'"])
        }
        for log in twoStories {
            rows.append(["Two stories", "\(log): nothing more of it is taken; carry the evidence file to the board"])
        }
        if emergenciesToReview > 0 {
            let count = PlainText.count(emergenciesToReview, "waits", "wait")
            rows.append(["Emergencies", "\(count) for somebody else's review: see 'tallystick emergency list'"])
        }
        if recallsToAnswer > 0 {
            let count = PlainText.count(recallsToAnswer, "waits", "wait")
            rows.append(["Recalls", "\(count) for our answer: see 'tallystick recall list'"])
        }
        if erasureQuestions > 0 {
            let count = PlainText.count(erasureQuestions, "question waits", "questions wait")
            rows.append(["Erasure", "\(count) for our answer: see 'tallystick erasure questions'"])
        }
        if handoversToAnswer > 0 {
            let count = PlainText.count(handoversToAnswer, "case is", "cases are")
            rows.append(["Handovers", "\(count) offered to us: see 'tallystick handover list'"])
        }
        if handoversWaiting > 0 {
            let count = PlainText.count(handoversWaiting, "offer waits", "offers wait")
            rows.append(["Handovers", "\(count) for another agency's answer: see 'tallystick handover list'"])
        }
        if withdrawalsToAnswer > 0 {
            let count = PlainText.count(withdrawalsToAnswer, "waits", "wait")
            rows.append(["Withdrawn from us", "\(count) for our decision: see 'tallystick withdraw list'"])
        }
        if withdrawalsOutstanding > 0 {
            let count = PlainText.count(withdrawalsOutstanding, "waits", "wait")
            rows.append(["Withdrawn by us", "\(count) for somebody's answer: see 'tallystick withdraw list'"])
        }
        if let breachDue {
            rows.append([
                "Given in error",
                "tell the data protection officer now: the regulator is told by \(breachDue), or it is on record why not",
            ])
        }
        for late in overdue { rows.append(["Overdue", late.sentence]) }
        for soon in dueSoon ?? [] {
            let who = soon.who ?? ""
            let what =
                soon.kind == .answer
                ? "your answer to \(who) is due \(soon.since ?? "")"
                : "\(who) answers by \(soon.since ?? ""): 'tallystick request step' reminds them"
            rows.append(["Due soon", what])
        }
        if carried > 0 { rows.append(["Brought by file", "\(carried) not yet confirmed by the broker"]) }
        if carriedUnshown > 0 {
            rows.append(["Brought by file", "\(PlainText.count(carriedUnshown, "file", "files")) cannot be shown now"])
        }
        if carriedDropped > 0 {
            rows.append(["Brought by file", "\(carriedDropped) the broker did not take as they came; shown no more"])
        }
        if !enrolled { rows.insert(["Enrolment", "none in force: ask the board to enrol this agency"], at: 1) }
        if let lackedRules { rows.append(["Update", "this node stands still: \(lackedRules)"]) }
        if let feedFault, lackedRules == nil { rows.append(["Not believed", "the broker's feed: \(feedFault)"]) }
        let width = rows.map { $0[0].count }.max() ?? 0
        return rows.map { row in
            let gap = String(repeating: " ", count: width - row[0].count + 2)
            return row[0] + gap + PlainText.printable(row[1]) + "\n"
        }.joined()
    }

    /// How far the co-signers stand behind the register.
    private var cosigned: String {
        guard let cosignersNeeded else { return "nothing is final: fewer than four co-signers are listed" }
        let count = "\(cosigners) co-signed, \(cosignersNeeded) needed"
        return finalSize.map { "the register is final to \($0) (\(count))" } ?? "nothing is final yet (\(count))"
    }

    private static func words(of code: String) -> String {
        switch code {
        case "log-forked":
            """
            the log, ever again: others hold another history of it (log-forked). Keep this directory as it is, and \
            go on in a new log with 'tallystick-node continue'; docs/runbooks/log-lost.md says how
            """
        case "head-store-not-met":
            """
            the log: by its second store it had given out more than anybody has now (\(code)). Put the newest copy of the \
            directory back; if there is none, start once with --begin-head-store and enter again what is missing
            """
        default:
            """
            the log, until the broker and enough co-signers have said how far it goes there (\(code)); what people enter is \
            kept, and recorded then. Co-signers that were put back at the same time wait for each other: where it stays so, \
            ask their people, and see --answer-for-log in 'tallystick-node run --help'
            """
        }
    }

    private var broker: String {
        if connected { return "answers" }
        switch brokerFault {
        case "not-accepted":
            return "is there and does not let this node in: ask the board whether this agency is enrolled, "
                + "and the broker's operator whether it has the board's newest file; the node records on"
        case "other-certificate":
            return "is not the enrolled one: compare its fingerprint with its operator before anything else; "
                + "the node records on"
        case "two-stories":
            return "answers, and nothing goes to it or comes from it: a log has told two stories; tell the board"
        case "head-store":
            return
                "answers; nothing is sent, because the second store of this log's head cannot be written: see that its "
                + "place is mounted and may be written to; the node records on"
        case "not-believed": return "answers what does not stand; the node records on, and believes nothing of it"
        default: return "does not answer; the node records on, tries again at least once a minute, and catches up"
        }
    }
}

extension Overdue {
    /// What is missing, since when, and whom to ask.
    fileprivate var sentence: String {
        let since = since.map { "since \($0)" } ?? ""
        return switch kind {
        case .broker: "the broker has not answered \(since): ask its operator"
        case .verdict: "our oldest waiting entry has had no verdict \(since): ask the broker's operator"
        case .final: "the register has not become final \(since): see that the co-signers run"
        case .coSigner:
            "\(who ?? "") has not co-signed the newest final head, others have \(since): ask whether it runs"
        case .report:
            "\(who ?? "") has not confirmed what we sent it \(since): "
                + "telephone if it matters, and ask whether its node runs and is given our entries"
        case .breach:
            "the decision whether the regulator is told of what we gave in error \(since): see 'tallystick recall list'"
        case .recallAnswer: "our answer to a recall \(since): see 'tallystick recall list'"
        case .handover: "\(who ?? "") has not answered whether it takes a case \(since): telephone them"
        case .handoverAnswer: "our answer whether we take a case \(since): see 'tallystick handover list'"
        case .handoverRelease:
            "\(who ?? "") accepted a case that we still lead \(since): see 'tallystick handover list'"
        case .recall: "\(who ?? "") has not said what was done with what we recalled \(since): telephone them"
        case .subjectAccess:
            "a person asked for their own data, the last day is a week or less away \(since), and there is no draft: see "
                + "'tallystick subject-access list'"
        case .erasureAnswer:
            "our answer to \(who ?? "") about what it destroys \(since): see 'tallystick erasure questions'"
        case .erasure: "\(who ?? "") has not answered about what we destroy \(since): telephone them"
        case .withdrawal:
            "\(who ?? "") has not confirmed that it stopped, or destroyed, what we withdrew \(since): telephone them"
        case .request: "\(who ?? "") has not answered us; a step is due \(since): see 'tallystick request list'"
        case .answer: "our answer to \(who ?? "") \(since): see 'tallystick request list'"
        case .review: "the review of an emergency \(since): see 'tallystick emergency list'"
        }
    }
}

extension ProtocolRow: AnswerRow {
    /// One line a protocol.
    public static func text(of rows: [ProtocolRow]) -> String {
        let cells = rows.map { row in
            [
                row.code, String(row.version), row.title, row.signed.joined(separator: ", "),
                row.unsigned.joined(separator: ", "),
                row.ended.map { "\($0.party) on \($0.on) (\($0.reason))" }.joined(separator: ", "),
            ]
        }
        return TextTable(
            ["Protocol", "Version", "Title", "Signed", "Not signed", "Ended"], cells,
            empty: "No protocol is in force yet."
        ).text
    }
}

extension VisibilityRow: AnswerRow {
    /// One line a pointer.
    public static func text(of rows: [VisibilityRow]) -> String {
        let cells = rows.map { [$0.agency, $0.area ?? "-", $0.category ?? "-", $0.week ?? "-"] }
        return TextTable(
            ["Who to ask", "Area", "Kind", "Week"], cells,
            empty: "Nobody has anything to show here, or too little for nobody to be recognised."
        ).text
    }
}
