import CommandLineSupport
import NodeInterface
import Testing

@Suite("The disclosure ledger as text")
struct LedgerTextTests {
    private static func page() -> LedgerPage {
        var line = LedgerPage.Line(
            verb: "disclosure", entry: "0f", type: "disclosure-made", agency: "harbour-homes", person: "a person there",
            at: "2026-03-01T09:30:00Z")
        line.labels = ["risk"]
        line.purpose = "prevent-fire-harm"
        line.gateway = "cda-1998-s115"
        line.agreement = "jag version 1"
        line.clauses = ["fire-safety-visit"]
        line.recipients = [
            LedgerPage.Recipient(
                agency: "northshire-fire", availablePosition: 7, available: "since 2026-03-01T09:31:00Z",
                deliveredPosition: nil, delivered: "nothing confirms it", listed: "sealed by northshire-fire",
                displayed: "sealed by northshire-fire", acknowledged: "sealed by northshire-fire",
                acted: "sealed by northshire-fire")
        ]
        return LedgerPage(
            reference: "harbour-homes/3fa2", lines: [line],
            refusals: [
                LedgerPage.Refusal(
                    request: "0e", asker: "northshire-fire", asked: "harbour-homes", outcome: "refused",
                    reason: "Not\u{1b}[2J needed", at: nil)
            ], cannotShow: ["erased: 0", "off-system: letters"])
    }

    @Test("Each line says under what, six states stand apart for each recipient, and it ends with what it cannot show")
    func text() {
        let text = LedgerPages(pages: [Self.page()], caution: nil).text
        let lines = text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        #expect(lines.contains("for:          prevent-fire-harm, under cda-1998-s115, jag version 1"))
        #expect(lines.contains("clauses:      fire-safety-visit"))
        let states = ["available:", "delivered:", "listed:", "displayed:", "acknowledged:", "acted on:"]
        #expect(states.allSatisfy { state in lines.count { $0.hasPrefix(state) } == 1 })
        #expect(text.hasSuffix("What this cannot show:\n  erased: 0\n  off-system: letters\n"))
        #expect(!text.contains("\u{1b}"), "what somebody else wrote cannot steer a terminal")
    }

    @Test("A person's ledgers say first how they were found, also when none was")
    func person() {
        #expect(LedgerPages(pages: [], caution: "Look at each.").text.hasPrefix("Look at each.\n\nNothing here"))
    }
}
