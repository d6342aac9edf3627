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
                Cases                 3
                Reports               9
                Broker                answers

                """)
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

    @Test("What each agency receives")
    func share() {
        let answer = ShareAnswer(
            receives: [
                "northshire-police": ["record", "identity"], "northshire-fire": ["record"],
            ],
            withoutKey: ["meadow-housing"])
        #expect(
            answer.text == """
                Agency             Receives
                northshire-fire    record
                northshire-police  record, identity
                Left out until they have a key in force: meadow-housing

                """)
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
        #expect(Recorded(events: ["0f"], wasThere: false).text == "Recorded.\nEntry 0f\n")
        #expect(
            Recorded(events: [], wasThere: true).text
                == "This was recorded before; nothing was added.\n")
        #expect(
            RequestMade(request: "0f", due: "2026-03-06T17:00:00Z").text
                == "Request 0f\nAn answer is due by 2026-03-06T17:00:00Z.\n")
        #expect(
            AnswerMade(answer: "0f", disclosed: 1, until: "2026-04-01T00:00:00Z").text
                == "Answered: 0f\n1 part was given, until 2026-04-01T00:00:00Z.\n")
        #expect(
            AnswerMade(answer: "0f", disclosed: 0, until: nil).text
                == "Answered: 0f\nNothing was given.\n")
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
        #expect([VisibilityRow]().text == "Nobody has anything to show here.\n")
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
