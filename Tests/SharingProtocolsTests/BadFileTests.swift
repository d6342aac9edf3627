import SharingProtocols
import TallystickPrimitives
import Testing

/// One way to spoil a protocol file and where the diagnostic must point.
struct BadFile: Sendable, CustomTestStringConvertible {
    let name: String
    let old: String
    let new: String
    /// The text in the spoilt file at which the diagnostic must point.
    let at: String
    let message: String
    var hint: String?

    var testDescription: String { name }
}

@Suite struct BadFileTests {
    static let spelling: [BadFile] = [
        BadFile(
            name: "unknown key", old: "title: Joint", new: "titel: Joint", at: "titel",
            message: "unknown key `titel`", hint: "did you mean `title`?"),
        BadFile(
            name: "unknown key in a clause", old: "    standing: norm\n    text: Every",
            new: "    standng: norm\n    text: Every", at: "standng",
            message: "unknown key `standng` in a feed", hint: "did you mean `standing`?"),
        BadFile(
            name: "unknown label", old: "labels: [identity]\n    from",
            new: "labels: [identiy]\n    from", at: "identiy",
            message: "unknown code `identiy`", hint: "did you mean `identity`?"),
        BadFile(
            name: "unknown gateway", old: "  - gateway: care-act-2014-s42",
            new: "  - gateway: care-act-2014-s24", at: "care-act-2014-s24",
            message: "unknown code", hint: "did you mean `care-act-2014-s42`?"),
        BadFile(
            name: "role that no party has", old: "to: [fire]\n    purposes",
            new: "to: [probation]\n    purposes", at: "probation", message: "unknown code"),
        BadFile(
            name: "unknown field", old: "fields: [address, telephone, uprn]",
            new: "fields: [adress, telephone]", at: "adress",
            message: "unknown code `adress`", hint: "did you mean `address`?"),
        BadFile(
            name: "field under the wrong label", old: "fields: [address, telephone, uprn]",
            new: "fields: [address, telephone, uprn, victim-name]", at: "victim-name]",
            message: "the field `victim-name` does not stand under `contact`",
            hint: "its label is identity"),
        BadFile(
            name: "field left out", old: "fields: [address, telephone, uprn]",
            new: "fields: [address]", at: "[address]",
            message: "the label `contact` covers more fields", hint: "add telephone"),
        BadFile(
            name: "pointer with a field of another label",
            old: "fields: [pointer-area, pointer-category, pointer-week, pointer-lead]\n  exclude",
            new: "fields: [pointer-area, place]\n  exclude", at: "place]",
            message: "unknown code `place`"),
        BadFile(
            name: "unknown event", old: "events: [referral-sent]", new: "events: [referal-sent]",
            at: "referal-sent", message: "unknown code", hint: "did you mean `referral-sent`?"),
        BadFile(
            name: "unknown consent state", old: "accept: [given]", new: "accept: [gven]",
            at: "gven", message: "unknown value `gven`", hint: "did you mean `given`?"),
        BadFile(
            name: "bad code", old: "agency: northshire-fire", new: "agency: Northshire Fire",
            at: "Northshire Fire\n    role", message: "is not a code"),
    ]

    static let values: [BadFile] = [
        BadFile(
            name: "no for Norway", old: "code: jag", new: "code: no", at: "no\nversion",
            message: "YAML reads `no` at `code` as true or false",
            hint: "write it in quotes: \"no\""),
        BadFile(
            name: "bare no of a party", old: "public-body: \"no\"", new: "public-body: no",
            at: "no\n    offices", message: "as true or false",
            hint: "write it in quotes: \"no\""),
        BadFile(
            name: "on", old: "afterwards: warn", new: "afterwards: on", at: "on\n  standing",
            message: "as true or false", hint: "write it in quotes: \"on\""),
        BadFile(
            name: "1e3", old: "title: Joint Action Group, Northshire", new: "title: 1e3",
            at: "1e3", message: "as a number", hint: "write it in quotes: \"1e3\""),
        BadFile(
            name: "a date for a title", old: "title: Joint Action Group, Northshire",
            new: "title: 2026-01-01", at: "2026-01-01", message: "as a date"),
        BadFile(
            name: "nothing written", old: "title: Joint Action Group, Northshire",
            new: "title:", at: "\nkind", message: "nothing is written at `title`"),
        BadFile(
            name: "version as text", old: "version: 1", new: "version: \"1\"", at: "\"1\"",
            message: "`version` must be a whole number without quotes"),
        BadFile(
            name: "version as a float", old: "version: 1", new: "version: 1.0", at: "1.0",
            message: "whole number"),
        BadFile(
            name: "version zero", old: "version: 1", new: "version: 0", at: "0\ntitle",
            message: "`version` is 0, but must be 1 to 99999"),
        BadFile(
            name: "version octal", old: "version: 1", new: "version: 017", at: "017",
            message: "whole number"),
        BadFile(
            name: "days beyond a year", old: "days: 28", new: "days: 367", at: "367",
            message: "must be 1 to 366"),
        BadFile(
            name: "a day that does not exist", old: "2027-03-31", new: "2027-02-30",
            at: "2027-02-30", message: "must be a day of the calendar"),
        BadFile(
            name: "list where text belongs", old: "title: Joint Action Group, Northshire",
            new: "title: [a, b]", at: "[a, b]", message: "must be one value"),
        BadFile(
            name: "text where a list belongs", old: "labels: [record]\n    from",
            new: "labels: record\n    from", at: "record\n    from", message: "must be a list"),
        BadFile(
            name: "text where a section belongs", old: "- purpose: case-review\n    text:",
            new: "- case-review\n  - purpose: other\n    text:", at: "case-review\n",
            message: "a purpose must be a section"),
        BadFile(
            name: "a tag", old: "code: jag", new: "code: !!str no", at: "!!str",
            message: "a tag (`!`)"),
        BadFile(
            name: "a tag of one's own", old: "code: jag", new: "code: !agency jag",
            at: "!agency", message: "a tag (`!`)"),
        BadFile(
            name: "a tag on a list", old: "from: all\n    to: all",
            new: "from: !!set [police]\n    to: all", at: "!!set", message: "must be a list"),
    ]

    static let structure: [BadFile] = [
        BadFile(
            name: "anchor", old: "title: Joint", new: "title: &t Joint", at: "&t",
            message: "anchors (`&`) and aliases (`*`) are not allowed"),
        BadFile(
            name: "alias without anchor", old: "title: Joint Action Group, Northshire",
            new: "title: *t", at: "*t", message: "undefined alias"),
        BadFile(
            name: "anchor and alias", old: "code: jag\nversion: 1",
            new: "code: &c jag\nversion: *c", at: "&c jag",
            message: "anchors (`&`) and aliases (`*`) are not allowed"),
        BadFile(
            name: "merge key", old: "requests:\n", new: "requests:\n  <<: {answer-days: 5}\n",
            at: "<<", message: "merge keys (`<<`) are not allowed"),
        BadFile(
            name: "key twice", old: "version: 1\n", new: "version: 1\nversion: 2\n",
            at: "version: 1", message: "`version` stands twice"),
        BadFile(
            name: "key twice, once in quotes", old: "version: 1\n",
            new: "version: 1\n\"version\": 2\n", at: "version: 1",
            message: "`version` stands twice"),
        BadFile(
            name: "clause twice", old: "clause: identity-to-case-agencies",
            new: "clause: record-to-case-agencies",
            at: "record-to-case-agencies\n    labels: [identity]",
            message: "the clause `record-to-case-agencies` stands twice"),
        BadFile(
            name: "party twice", old: "agency: meadow-housing", new: "agency: harbour-homes",
            at: "agency: harbour-homes\n    role: landlord\n    entity: Meadow",
            message: "`harbour-homes` is a party twice"),
        BadFile(
            name: "missing key", old: "    entity: Northshire Fire and Rescue Authority\n",
            new: "", at: "agency: northshire-fire", message: "a party lacks `entity`"),
        BadFile(
            name: "tab in the indentation", old: "  by: 2027-03-31", new: "\tby: 2027-03-31",
            at: "\tby", message: "a tab in the indentation", hint: "indent with spaces"),
        BadFile(
            name: "text that reads backwards", old: "title: Joint",
            new: "title: \u{202e}Joint", at: "\u{202e}", message: "cannot be seen"),
        BadFile(
            name: "colon in a text", old: "title: Joint Action", new: "title: Joint: Action",
            at: ": Action", message: "mapping values are not allowed",
            hint: "put quotes round a text that holds a colon"),
        BadFile(
            name: "second document", old: "\nparties:\n", new: "\n---\nparties:\n", at: "---",
            message: "another document"),
        BadFile(
            name: "retention of a role left out",
            old:
                """
                  - role: fire
                    months: 12
                    from: [visit-made]
                    then: erase
                    standing: local
                    choice: retention-periods
                    because: The next programme of visits renews what is still needed.

                """,
            new: "", at: "- role: police\n    months", message: "no retention is agreed for fire"),
        BadFile(
            name: "hard block left out", old: "  - s17a-person\n", new: "",
            at: "- svd-patient", message: "hard blocks of the law must all be listed",
            hint: "add s17a-person"),
        BadFile(
            name: "pointer of hate", old: "exclude-categories: [hate, ",
            new: "exclude-categories: [", at: "[domestic-abuse",
            message: "must hold what points at a person by itself", hint: "add hate"),
        BadFile(
            name: "pointer by feed", old: "labels: [consent]\n    from",
            new: "labels: [pointer]\n    from", at: "clause: consent-to-victim-agencies",
            message: "a pointer is in nobody's feed"),
        BadFile(
            name: "consent rule without test", old: "    accept: [given]\n", new: "",
            at: "clause: referral-needs-consent", message: "needs `accept` or `refuse`"),
        BadFile(
            name: "emergency as a gateway", old: "- gateway: victims-code-right-4",
            new: "- gateway: emergency", at: "emergency\n",
            message: "unknown code `emergency`"),
        BadFile(
            name: "steps out of order", old: "after-days: 3\n", new: "after-days: 11\n",
            at: "- after-days: 1\n", message: "the steps must come later and later, and go higher and higher"),
    ]

    @Test(arguments: spelling + values + structure + NewBadFiles.rows)
    func pointsAtTheFault(bad: BadFile) throws {
        let text = try ProtocolFiles.edited("jag", [(bad.old, bad.new)])
        let place = try #require(Place(of: bad.at, in: text))
        let problems = try #require(throws: ProtocolProblems.self) {
            try SharingProtocol(parsing: Array(text.utf8), file: "bad.yaml")
        }
        let found = problems.diagnostics.filter { $0.message.contains(bad.message) }
        #expect(!found.isEmpty, "\(problems)")
        #expect(found.contains { $0.line == place.line }, "\(place) in \(problems)")
        #expect(found.contains { $0.column == place.column }, "\(place) in \(problems)")
        if let hint = bad.hint { #expect(found.contains { $0.suggestion == hint }, "\(problems)") }
    }

    @Test func theLimitOfSizeIsExact() throws {
        let text = try ProtocolFiles.text("jag")
        let room = Limits.protocolByteCount - text.utf8.count
        let full = text + "#" + String(repeating: "x", count: room - 1)
        #expect(full.utf8.count == Limits.protocolByteCount)
        #expect(throws: Never.self) {
            try SharingProtocol(parsing: Array(full.utf8), file: "full.yaml")
        }
        let problems = try #require(throws: ProtocolProblems.self) {
            try SharingProtocol(parsing: Array((full + "x").utf8), file: "big.yaml")
        }
        #expect(problems.diagnostics.map(\.line) == [1])
        #expect("\(problems)".hasPrefix("big.yaml:1:1: the file has 262145 bytes"))
    }

    @Test(
        arguments: [
            [], Array("# nothing\n".utf8), [0xff, 0xfe], Array("just text".utf8),
            Array("- a\n- b\n".utf8), Array("{}".utf8), Array("? [a]\n: b".utf8), [0],
        ] as [[UInt8]])
    func otherBytesAreRefused(bytes: [UInt8]) {
        #expect(throws: ProtocolProblems.self) { try SharingProtocol(parsing: bytes, file: "x") }
    }

    @Test func aliasesThatMultiplyAreRefusedBeforeTheyAreCompared() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += "? *a40\n: 1\n"
        let problems = #expect(throws: ProtocolProblems.self) {
            try SharingProtocol(parsing: Array(text.utf8), file: "bomb.yaml")
        }
        #expect(problems?.diagnostics.first?.line == 1)
        #expect(problems?.diagnostics.count == Limits.protocolDiagnosticCount)
    }

    @Test func deepNestingIsRefused() {
        for opening in ["[", "{a: ", "- ", "? "] {
            let text = String(repeating: opening, count: 20_000)
            #expect(throws: ProtocolProblems.self) {
                try SharingProtocol(parsing: Array(text.utf8), file: "deep.yaml")
            }
        }
    }

    @Test func severalFaultsAreReportedInTheOrderOfTheFile() throws {
        let text = try ProtocolFiles.edited(
            "jag", [("kind: information", "kind: infrmation"), ("months: 12", "months: none")])
        let problems = try #require(throws: ProtocolProblems.self) {
            try SharingProtocol(parsing: Array(text.utf8), file: "two.yaml")
        }
        let lines = problems.diagnostics.map(\.line)
        #expect(lines.count >= 2)
        #expect(lines == lines.sorted())
    }
}

/// Line and column of the first place of a text, counted from 1.
struct Place: Hashable, CustomStringConvertible {
    let line: Int
    let column: Int

    var description: String { "\(line):\(column)" }

    init?(of needle: String, in text: String) {
        let scalars = Array(text.unicodeScalars)
        let sought = Array(needle.unicodeScalars)
        guard scalars.count >= sought.count else { return nil }
        let starts = 0...(scalars.count - sought.count)
        guard
            let start = starts.first(where: {
                scalars[$0..<$0 + sought.count].elementsEqual(sought)
            })
        else { return nil }
        let before = scalars[..<start]
        line = before.count { $0 == "\n" } + 1
        column = start - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0) + 1
    }
}
