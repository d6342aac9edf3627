import Casework
import EventLogs
import NodeProjections
import TallystickPrimitives
import TallystickTesting
import Testing

@Suite("A search")
struct SearchTests {
    private func views(_ texts: [String]) throws -> NodeViews {
        var script = LogScript()
        for text in texts {
            try script.add(
                landlord, try stream(1), .reportRecorded(Report(summary: text)), about: nil)
        }
        let views = try NodeViews(agency: landlord)
        try views.fold(script.events)
        return views
    }

    @Test("finds entries with every word, whatever their case and accents")
    func findsWords() throws {
        let views = try views(["Noise by the gate", "Café noise", "Fireworks"])
        #expect(try views.search("NOISE").count == 2)
        #expect(try views.search("noise gate").map(\.summary) == ["Noise by the gate"])
        #expect(try views.search("cafe").map(\.summary) == ["Café noise"])
        #expect(try views.search("firew").map(\.summary) == ["Fireworks"])
        #expect(try views.search("works").isEmpty)
        #expect(try views.search("gate fireworks").isEmpty)
    }

    @Test("gives no character of the text a meaning of its own")
    func injection() throws {
        let views = try views(["Noise by the gate", "Fireworks"])
        let texts = [
            "noise OR fireworks", "NOT fireworks", "noise NOT gate", "words: noise",
            "{words}: noise", "noise NEAR gate", "^noise AND fireworks",
        ]
        for text in texts { #expect(try views.search(text).isEmpty, "\(text)") }
        let same = [
            "noise*", "\"noise\"", "(noise", "noise)", "-noise", "noise;--", "+noise", "^noise",
        ]
        for text in same { #expect(try views.search(text).count == 1, "\(text)") }
        for text in ["", " ", "\"", "*", "\"\"", "()", "\u{0}", "'", "-- ;"] {
            #expect(try views.search(text).isEmpty, "\(text)")
        }
    }

    @Test("of any text at all gives hits or none, and never an error")
    func fuzz() throws {
        let views = try views(["Noise by the gate"])
        let pieces = [
            "noise", "\"", "*", "(", ")", ":", "^", "+", "-", "AND", "OR", "NOT", "NEAR(", "{",
            "}",
            "\u{0}", "'", ";", "é", "e\u{301}", "🧷", "a\u{0}b", "\u{feff}", "٣", "漢", "words",
            ",", "²", "ª", "\u{200d}", "\u{e000}", "a\u{301}\"",
        ]
        try checkProperty(cases: 400) { generator in
            var text = generator.text(upTo: 8)
            for _ in 0..<generator.int(in: 0...6) {
                text += generator.element(of: pieces) + (generator.bool() ? " " : "")
            }
            _ = try views.search(text)
        }
    }

    @Test("finds in an entry every word it was recorded with")
    func findsWhatIsThere() throws {
        try checkProperty(cases: 10) { generator in
            let words = (0..<8).map { _ in
                String((0..<6).map { _ in generator.element(of: Array("abcdefgh")) })
            }
            let views = try views([words.joined(separator: " ")])
            try #require(try views.search(words.joined(separator: "-")).count == 1)
            try #require(try views.search(generator.element(of: words)).count == 1)
        }
    }

    @Test("finds no safe contact, no access, and nothing that is sealed or gone")
    func leavesOut() throws {
        var script = LogScript()
        let reference = CaseReference(agency: landlord, stream: try stream(1))
        try script.add(
            landlord, try stream(1),
            .safeContactRecorded(
                SafeContactRecord(
                    details: SafeContactDetails(
                        contact: .instruction("sister upstairs"), confirmedAt: start,
                        expires: start))), about: reference)
        try script.add(
            landlord, try stream(1),
            .caseOpened(
                CaseOpening(
                    summary: "Noise", leadAgency: landlord,
                    people: PeopleDetails(victimName: "Zebedee"))), about: reference)
        let views = try NodeViews(agency: landlord)
        try views.fold(script.events)
        #expect(try views.search("sister").isEmpty)
        #expect(try views.search("zebedee").count == 1)
        try views.fold(script.events.map { $0.withholding(["identity"]) })
        #expect(try views.search("zebedee").isEmpty)
        #expect(try views.search("noise").count == 1)
    }

    @Test("hands out no more than was asked for")
    func limits() throws {
        let views = try views((0..<20).map { "Noise \($0)" })
        #expect(try views.search("noise", limit: 5).count == 5)
        #expect(try views.search("noise", limit: -1).isEmpty)
        #expect(try views.reports(limit: 7, skipping: 15).count == 5)
        #expect(try views.reports(limit: .max).count == 20)
    }
}
