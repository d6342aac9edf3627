import CommandLineSupport
import NodeInterface
import TallystickPrimitives
import Testing

@Suite("Cases as text")
struct CaseRenderingTests {
    static let page = #"""
        {"actions":[{"action":"Visit both households","due":"2026-03-10","isOverdue":true,
        "owner":"marlow-vale-council","status":"open"}],"area":"E05000001",
        "assessments":[{"agency":"harbour-homes","assessedAt":"2026-03-01","computedBand":"medium",
        "isSealed":false,"judgedBand":"high","matrix":"asb-victim","matrixVersion":1,
        "rationale":"Threats are rising","score":14,"unknownCount":2},
        {"agency":"northshire-police","isSealed":true}],"category":"noise",
        "circles":[{"agency":"harbour-homes","members":["harbour-homes","northshire-police"],
        "reason":"shared","recipients":{},"stream":"00"},{"agency":"harbour-homes",
        "members":["harbour-homes","northshire-police"],"reason":"shared","recipients":{},"stream":"01"}],
        "consents":[{"agency":"harbour-homes","by":"her mother","how":"In person","scope":"victim-first",
        "sentence":"consent given","state":"given"}],"entryCount":4,"leadAgency":"harbour-homes",
        "links":[],"reference":"harbour-homes/0123456789abcdef0123456789abcdef",
        "referrals":[{"agency":"harbour-homes","offerCount":1,"service":"victim-first",
        "standing":"offered","words":"High risk"}],"reports":[],"requests":[],
        "safeContacts":[{"agency":"harbour-homes","confirmedAt":"2026-03-01","expires":"2026-05-30",
        "instruction":"Mobile before noon","isLive":true}],"sealedLabels":["identity"],
        "stage":"assessed","stages":{},"subjectName":null,
        "summary":"Noise and threats at one address",
        "timeline":[{"actor":"h1","agency":"harbour-homes","claimedAt":"2026-03-01T09:30:00Z","eventID":"0f",
        "fields":[{"field":"telephone","label":"contact","value":"01632 960123"},
        {"field":"address","label":"contact","value":"14 Invented Court"},
        {"field":"victim-born","label":"identity","value":"1971-04-02"},
        {"field":"actor","label":"record","value":"h1"},
        {"field":"event-type","label":"record","value":"case-opened"},
        {"field":"summary","label":"record","value":"Opened"},
        {"field":"safe-contact","label":"safe-contact","value":"Ring the sister after six in the evening, never the landline, and never leave a message with anybody"},
        {"field":"some-new-field","label":"record","value":"kept\u0007"}],"index":3,"isPending":true,"isRefused":false,"kind":"record","origin":"o",
        "recalls":[],"withdrawals":[],"corrections":[],"sealedLabels":["identity"],"sequence":1,"stream":"00","summary":"Opened",
        "type":"case-opened"},{"agency":"northshire-police","claimedAt":"2026-03-02T09:30:00Z",
        "eventID":"10","fields":[],"index":4,"isPending":false,"isRefused":false,"kind":"record",
        "origin":"o","recalls":[],"withdrawals":[],"corrections":[],"sealedLabels":["record"],"sequence":1,"stream":"00"},
        {"agency":"northshire-police","claimedAt":"2026-03-02T09:31:00Z","eventID":"11",
        "fields":[],"index":5,"isPending":false,"isRefused":false,"kind":"circle","origin":"o",
        "recalls":[],"withdrawals":[],"corrections":[],"sealedLabels":[],"sequence":0,"stream":"01"}],
        "victimName":"Ada Example"}
        """#

    @Test("An entry that is confirmed and not yet co-signed is marked, where anything can be final at all")
    func notYetCosigned() throws {
        for (size, isMarked) in [("9", true), ("10", false), ("null", false)] {
            let text = CaseRenderingTests.page
                .replacing("\"eventID\":\"10\"", with: "\"eventID\":\"10\",\"position\":9")
                .replacing("\"victimName\"", with: "\"finalSize\":\(size),\"victimName\"")
            let page = try CommandJSON.decode(CasePage.self, from: Array(text.utf8)).text
            #expect(page.contains(" ~") == isMarked, "\(size)")
            #expect(page.contains("  ~ confirmed, not yet co-signed\n") == isMarked, "\(size)")
        }
    }

    @Test("A case for reading")
    func wholePage() throws {
        let page = try CommandJSON.decode(CasePage.self, from: Array(CaseRenderingTests.page.utf8))
        #expect(
            page.text == """
                Case harbour-homes/0123456789abcdef0123456789abcdef
                Noise and threats at one address
                Stage: assessed
                Lead: harbour-homes
                Kind: noise
                Area: E05000001
                Victim: Ada Example

                Risk, agency by agency
                  harbour-homes: high (matrix: medium, 14 points, 2 unknown), 2026-03-01: Threats are rising
                  northshire-police: sealed

                Consent
                  harbour-homes: consent given (In person; covers victim-first; said by her mother)
                Safe contact
                  harbour-homes: Mobile before noon (until 2026-05-30)

                Actions
                  Who                  Due         Status         What
                  marlow-vale-council  2026-03-10  open, overdue  Visit both households

                Referrals
                  victim-first: offered by harbour-homes (High risk)

                Agencies on this case
                  harbour-homes shares with: northshire-police

                What happened
                  When                  Agency             Entry                 Summary
                  2026-03-01T09:30:00Z  harbour-homes      Case opened *         Opened [not for us: identity]
                      Recorded by: h1
                      Telephone: 01632 960123
                      Address: 14 Invented Court
                      Victim born: 1971-04-02
                      Safe contact: Ring the sister after six in the evening, never the landline, and never leave a
                        message with anybody
                      Some new field: kept\u{FFFD}
                  2026-03-02T09:30:00Z  northshire-police  Something not for us  - [not for us: record]
                  2026-03-02T09:31:00Z  northshire-police  Agencies on the case  -
                  and 1 earlier
                  * not yet confirmed by the broker: nobody else has it

                """)
    }

    @Test("A list of cases: every agency's view of the risk beside the others'")
    func list() throws {
        let json = #"""
            [{"bands":[{"agency":"harbour-homes","judgedBand":"high"},
            {"agency":"northshire-police","judgedBand":null}],"category":"noise","entryCount":3,
            "hasPending":true,"leadAgency":"harbour-homes",
            "reference":"harbour-homes/0123456789abcdef0123456789abcdef","stage":"assessed",
            "summary":"Noise and threats","updatedAt":"2026-03-01"},
            {"bands":[],"entryCount":1,"hasPending":false,
            "reference":"meadow-housing/ff23456789abcdef0123456789abcdef","updatedAt":"2026-03-02"}]
            """#
        let rows = try CommandJSON.decode([CaseLine].self, from: Array(json.utf8))
        #expect(
            rows.text == """
                Case                     Stage         Lead           Risk                                            Updated       Summary
                harbour-homes/01234567   assessed      harbour-homes  harbour-homes: high; northshire-police: sealed  2026-03-01 *  Noise and threats
                meadow-housing/ff234567  not received  -              not assessed                                    2026-03-02    -
                * not yet confirmed by the broker

                """)
        #expect([CaseLine]().text == "No cases yet.\n")
    }

    /// A list that may not be whole says so.
    @Test("A list that ends says that it does", arguments: [Limits.listRowCount - 1, Limits.listRowCount])
    func listEnd(count: Int) throws {
        let row = #"{"bands":[],"entryCount":1,"hasPending":false,"reference":"a/b","updatedAt":"2026-03-02"}"#
        let json = "[" + [String](repeating: row, count: count).joined(separator: ",") + "]"
        let text = try CommandJSON.decode([CaseLine].self, from: Array(json.utf8)).text
        #expect(text.contains("find others with 'tallystick search'") == (count == Limits.listRowCount))
    }

    @Test("Requests, with why and by when")
    func requests() throws {
        let json = #"""
            {"asked":[],"toAnswer":[{"asked":"northshire-police","askedLabels":["safe-contact"],
            "asker":"harbour-homes","disclosedLabels":[],"due":"2026-03-06T17:00:00Z",
            "changedFact":"A threat of arson","earlier":[{"eventID":"0e","madeAt":"2026-02-20T09:00:00Z",
            "outcome":"refused","outcomeCode":"not-necessary","outcomeWords":"No hearing is set"}],
            "eventID":"0f","isPending":false,"lateDays":2,"madeAt":"2026-03-01T09:30:00Z",
            "reason":"Before the hearing","reference":"harbour-homes/0123456789abcdef",
            "standing":"overdue"}]}
            """#
        let lists = try CommandJSON.decode(RequestLists.self, from: Array(json.utf8))
        #expect(
            lists.text == """
                Asked of us

                Request 0f
                  harbour-homes asks northshire-police
                  Case: harbour-homes/01234567
                  For: safe-contact
                  Because: Before the hearing
                  What has changed: A threat of arson
                  Asked before, 2026-02-20T09:00:00Z: refused, not-necessary, No hearing is set
                  Due 2026-03-06T17:00:00Z: overdue, 2 days late

                """)
        let none = try CommandJSON.decode(
            RequestLists.self, from: Array(#"{"asked":[],"toAnswer":[]}"#.utf8))
        #expect(none.text == "No requests.\n")
    }

    @Test("What a search found")
    func search() throws {
        let json = #"""
            [{"agency":"harbour-homes","corrections":[],"eventID":"28","isPending":false,
            "recordedAt":"2026-03-01T09:30:00Z","reference":"harbour-homes/0123456789abcdef",
            "summary":"Noise and threats","type":"case-opened"}]
            """#
        let rows = try CommandJSON.decode([SearchLine].self, from: Array(json.utf8))
        #expect(
            rows.text == """
                Case                    Recorded              Agency         Entry        Summary
                harbour-homes/01234567  2026-03-01T09:30:00Z  harbour-homes  case-opened  Noise and threats

                """)
        #expect([SearchLine]().text == "Nothing found.\n")
    }

    @Test("A list of reports")
    func reports() throws {
        let json = #"""
            [{"agency":"harbour-homes","area":"E05000001","cases":["a/b"],"category":"noise",
            "corrections":[],"eventID":"0f","isPending":true,"occurred":"2026-03","recordedAt":"2026-03-01T09:30:00Z",
            "sourceReference":"N-1","summary":"Shouting"}]
            """#
        let rows = try CommandJSON.decode([ReportLine].self, from: Array(json.utf8))
        #expect(
            rows.text == """
                Report  When     Kind   Area       Their number  Cases  Summary
                0f *    2026-03  noise  E05000001  N-1           1      Shouting
                * not yet confirmed by the broker: nobody else has it

                """)
    }

    @Test("What does not read as an answer is refused without being quoted")
    func malformed() {
        let failure = #expect(throws: CommandFailure.self) {
            try CommandJSON.decode(
                CasePage.self, from: Array(#"{"victimName":"Ada Example"}"#.utf8))
        }
        #expect(failure?.message.contains("Ada") == false)
    }
}
