import CommandLineSupport
import NodeInterface
import Testing

@Suite("Answers as text")
struct RenderingTests {
    @Test("How a node stands")
    func status() {
        let status = NodeStatus(
            agency: "harbour-homes", origin: "harbour-homes.example/log", logSize: 42, pending: 2,
            refused: 0, registerSize: 130, received: 17, connected: true, feedFault: nil, cases: 3,
            reports: 9)
        #expect(
            status.text == """
                Agency                harbour-homes
                Log                   harbour-homes.example/log
                Our entries           42 (2 waiting for the broker, 0 refused)
                Received              17
                Register followed to  130
                Co-signed             nothing is final: fewer than four co-signers are listed
                Cases                 3
                Reports               9
                Broker                answers

                """)
    }

    @Test("What is final, and which log has told two stories")
    func cosigned() {
        var status = NodeStatus(
            agency: "harbour-homes", origin: "harbour-homes.example/log", logSize: 2, pending: 0, refused: 0,
            registerSize: 130, received: 0, connected: true, feedFault: nil, cases: 0, reports: 0)
        (status.cosigners, status.cosignersNeeded) = (2, 3)
        #expect(status.text.contains("Co-signed             nothing is final yet (2 co-signed, 3 needed)\n"))
        (status.cosigners, status.finalSize) = (3, 120)
        #expect(status.text.contains("Co-signed             the register is final to 120 (3 co-signed, 3 needed)\n"))
        status.twoStories = ["police.example/log"]
        #expect(status.text.contains("Two stories           police.example/log: nothing more of it is taken; carry"))
    }

    @Test("What is overdue, since when, and whom to ask", arguments: Overdue.Kind.allCases)
    func overdue(kind: Overdue.Kind) {
        var status = NodeStatus(
            agency: "harbour-homes", origin: "harbour-homes.example/log", logSize: 2, pending: 0, refused: 0,
            registerSize: 130, received: 0, connected: true, feedFault: nil, cases: 0, reports: 0)
        status.overdue = [Overdue(kind, who: "northshire-fire", since: "2026-03-01T09:30:00Z")]
        let line = status.text.split(separator: "\n").first { $0.hasPrefix("Overdue  ") }
        #expect(line?.contains("since 2026-03-01T09:30:00Z") == true)
        let named: Set<Overdue.Kind> = [
            .report, .coSigner, .recall, .withdrawal, .request, .answer, .handover, .handoverRelease, .erasure,
            .erasureAnswer,
        ]
        #expect(line?.contains("northshire-fire") == named.contains(kind))
    }

    @Test("An entry is confirmed first, and final later")
    func finalEntry() {
        var page = EntryPage(
            entry: "0f", recordedAt: "2026-03-01T09:30:00Z", verdict: .accepted, position: 7, reason: nil,
            brokerAnswers: true)
        #expect(!page.text.contains("Final") && !page.text.contains("co-signed"))
        page.isFinal = false
        #expect(page.text.hasSuffix("Not yet co-signed: the co-signers have not got as far.\n"))
        page.isFinal = true
        #expect(page.text.hasSuffix("Final: enough co-signers stand behind its place.\n"))
    }

    @Test("A node that is not let in does not look like one whose broker is away")
    func notEnrolled() {
        var status = NodeStatus(
            agency: "harbour-homes", origin: "harbour-homes.example/log", logSize: 2, pending: 2, refused: 0,
            registerSize: 0, received: 0, connected: false, feedFault: nil, cases: 0, reports: 0)
        #expect(status.text.contains("Broker                does not answer; the node records on, tries again"))
        for (fault, words) in [
            ("head-store", "the second store of this log's head cannot be written"),
            ("two-stories", "a log has told two stories"), ("not-believed", "answers what does not stand"),
        ] {
            status.brokerFault = fault
            #expect(status.text.contains(words) && !status.text.contains("does not answer"))
        }
        status.brokerFault = "not-accepted"
        status.enrolled = false
        #expect(status.text.contains("Broker                is there and does not let this node in: ask the board"))
        #expect(status.text.contains("Enrolment             none in force: ask the board to enrol this agency\n"))
    }

    @Test("An assessment, with what is offered because of it")
    func assessment() {
        var answer = AssessmentAnswer(
            score: 14, unknown: 2, computedBand: "medium", judgedBand: "high",
            offers: ["victim-first"])
        answer.questions = 14
        answer.couldReach = "high"
        #expect(
            answer.text == """
                Assessed: high
                The matrix gives medium: 14 points, incomplete: 2 of 14 unknown (may be up to high).
                Offer now (nothing leaves by itself):
                  victim-first

                """)
        let plain = AssessmentAnswer(
            score: 1, unknown: 0, computedBand: "standard", judgedBand: "standard", offers: [])
        #expect(
            plain.text == """
                Assessed: standard
                The matrix gives standard: 1 point, every question answered.

                """)
    }

    @Test("A report for reading, with the full account in lines that fit")
    func report() {
        var form = ReportForm(officer: "h1", summary: "Noise")
        form.telephone = "01632 960123"
        form.narrative = String(repeating: "word ", count: 30) + "\nAnd then\u{7}"
        let page = ReportPage(report: "0f", recordedAt: "2026-03-01T09:30:00Z", sourceReference: nil, content: form)
        #expect(
            page.text == """
                Report 0f
                Noise
                Recorded by: h1
                Recorded: 2026-03-01T09:30:00Z
                Telephone: 01632 960123
                Account:\(String(repeating: " word", count: 18))
                  \(String(repeating: "word ", count: 12).dropLast())
                  And then\u{FFFD}

                """)
    }

    @Test("What each agency receives, who had it before, and that nobody has the new yet")
    func share() {
        var answer = ShareAnswer(
            receives: [
                "northshire-police": ["record", "identity"], "northshire-fire": ["record"],
            ], before: ["northshire-fire": ["record"], "victim-first": ["record"]], newEntries: 3,
            withoutKey: ["meadow-housing"])
        answer.standing = EntryStanding(entry: "0f")
        #expect(
            answer.text == """
                Shared before with northshire-fire, victim-first. Who receives what has changed, so all of it is said \
                again: 3 entries.
                Agency             Since   Receives
                northshire-fire    before  record
                northshire-police  now     record, identity
                Receives nothing more of it: victim-first. What it has, it keeps.
                Left out until they have a key in force: meadow-housing
                \(waiting(false))
                """)
    }

    @Test("A case that is shared already, with nothing new")
    func sharedAlready() {
        let circle = ["northshire-fire": ["record"]]
        var answer = ShareAnswer(receives: circle, before: circle, newEntries: 0, withoutKey: [])
        #expect(
            answer.text == """
                Shared already with northshire-fire, who have all of this: nothing new was recorded or sent.
                Agency           Since   Receives
                northshire-fire  before  record

                """)
        answer.newEntries = 1
        #expect(answer.text.hasPrefix("Shared already with northshire-fire; new to them: 1 entry.\n"))
    }

    private func waiting(_ brokerAnswers: Bool) -> String {
        """
        It is recorded in this agency's own log; \(
            brokerAnswers
            ? "the broker has not confirmed it yet."
            : "the broker does not answer now; it goes there by itself once the broker does.")
        Until then nobody else has it. See when it is confirmed:
          tallystick node entry 0f

        """
    }

    @Test("How an entry stands")
    func entry() {
        func page(_ verdict: EntryPage.Verdict, _ position: Int?, _ reason: String?) -> String {
            EntryPage(
                entry: "0f", recordedAt: "2026-03-01T09:30:00Z", verdict: verdict, position: position, reason: reason,
                brokerAnswers: true
            ).text
        }
        let first = "Entry 0f, recorded here 2026-03-01T09:30:00Z\n"
        #expect(
            page(.waiting, nil, nil) == first
                + "Not yet confirmed: the broker answers, and has not judged it yet. Nobody else has it.\n")
        #expect(
            page(.accepted, 7, nil) == first
                + "Confirmed by the broker (place 7 in its register). Whoever is due it can have it.\n")
        #expect(
            page(.refused, 8, "not-permitted").contains("Refused by the broker (place 8 in its register): not-perm"))
    }

    @Test("An import, with what was set aside")
    func imported() {
        let answer = ImportAnswer(
            recorded: 34, alreadyThere: 0, filtered: 26,
            rejected: [.init(line: 9, problem: "'Month' is not YYYY-MM")])
        #expect(
            answer.text == """
                Recorded: 34
                Recorded before: 0
                Left out by the mapping: 26
                Set aside: 1

                Line  Why it was set aside
                9     'Month' is not YYYY-MM

                """)
    }

    @Test("Requests, answers and records")
    func small() {
        #expect(Recorded(events: ["0f"], wasThere: false).text == "Recorded.\nEntry 0f\n" + waiting(false))
        var recorded = Recorded(events: ["0f"])
        recorded.standing?.brokerAnswers = true
        #expect(recorded.text.hasSuffix(waiting(true)))
        #expect(
            Recorded(events: [], wasThere: true).text
                == "This was recorded before; nothing was added.\n")
        #expect(
            RequestMade(request: "0f", due: "2026-03-06T17:00:00Z").text
                == "Request 0f\nAn answer is due by 2026-03-06T17:00:00Z.\n" + waiting(false))
        #expect(
            AnswerMade(answer: "0f", disclosed: 1, until: "2026-04-01T00:00:00Z").text
                == "Answered: 0f\n1 part was given, until 2026-04-01T00:00:00Z.\n" + waiting(false))
        #expect(
            AnswerMade(answer: "0f", disclosed: 0, until: nil).text
                == "Answered: 0f\nNothing was given.\n" + waiting(false))
    }

    @Test("Protocols and pointers")
    func rows() {
        let row = ProtocolRow(
            code: "jag", version: 1, title: "Joint Action Group", bundle: "9f", signed: ["a", "b"],
            unsigned: ["c"], ended: [EndedSignature(party: "d", on: "2026-03-01T09:30:00Z", reason: "review-overdue")])
        #expect(
            [row].text == """
                Protocol  Version  Title               Signed  Not signed  Ended
                jag       1        Joint Action Group  a, b    c           d on 2026-03-01T09:30:00Z (review-overdue)

                """)
        #expect([ProtocolRow]().text == "No protocol is in force yet.\n")
        let pointer = VisibilityRow(
            agency: "a\u{1b}[2J", area: "E05", category: nil, week: "2026-W09")
        #expect(
            [pointer].text == """
                Who to ask  Area  Kind  Week
                a\u{FFFD}[2J       E05   -     2026-W09

                """)
        #expect(
            [VisibilityRow]().text == "Nobody has anything to show here, or too little for nobody to be recognised.\n")
    }

    @Test("JSON has its keys in order, and nothing else changes")
    func json() throws {
        let tree = try CommandJSON.decode(
            JSONTree.self,
            from: Array(#"{"b":[1,2.5,true,null],"a":{"z":"x/y","big":9007199254740993}}"#.utf8))
        #expect(
            try CommandJSON.text(tree) == """
                {
                  "a" : {
                    "big" : 9007199254740993,
                    "z" : "x/y"
                  },
                  "b" : [
                    1,
                    2.5,
                    true,
                    null
                  ]
                }

                """)
        let made = RequestMade(request: "0f", due: "2026-03-06T17:00:00Z")
        let written = try made.written(as: .json)
        #expect(try CommandJSON.decode(RequestMade.self, from: Array(written.utf8)) == made)
    }
}
