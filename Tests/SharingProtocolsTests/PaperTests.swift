@testable import SharingProtocols
import TallystickPrimitives
import Testing

/// What the papers and the comparison say is what the decision does.
@Suite struct PaperTests {
    @Test(arguments: ProtocolFiles.names)
    func everyPaperIsMade(name: String) throws {
        let terms = try ProtocolFiles.terms(name)
        for part in ProtocolDocument.Part.allCases {
            let paper = ProtocolDocument(part, of: terms)
            #expect(paper.text.contains(terms.title), "\(part)")
            for table in paper.tables {
                #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.title)")
            }
            #expect(paper.html.hasPrefix("<!doctype html>") && paper.html.hasSuffix("</html>\n"))
            #expect(!paper.html.contains("<script"))
        }
    }

    @Test func aPageShowsNoMarkupOfTheFile() {
        let table = PlainTable(title: "a < b", columns: ["\"x\""], rows: [["<script>&"]])
        #expect(table.html.contains("&lt;script&gt;&amp;"))
        #expect(table.html.contains("a &lt; b") && table.html.contains("&quot;x&quot;"))
    }

    @Test func theNoticeSaysWhatEachPartyCanReceive() throws {
        let notice = ProtocolDocument(.notice, of: try ProtocolFiles.terms("jag")).tables[0]
        let fire = try #require(notice.rows.first { $0[0].contains("Fire") })
        #expect(fire[1].contains("risk assessment") && !fire[1].contains("Who the victim"))
        #expect(fire[2].hasPrefix("12 months"))
    }

    @Test func nothingChangesBetweenTheSame() throws {
        let terms = try ProtocolFiles.terms("jag")
        let difference = ProtocolDifference(from: terms, to: terms)
        #expect(difference.isEmpty)
        #expect(difference.text.hasSuffix("Nothing changes for anybody.\n"))
    }

    @Test func aNewVersionSaysWhatChangesForWhom() throws {
        let old = try ProtocolFiles.terms("jag")
        let text = try ProtocolFiles.edited(
            "jag",
            [
                ("version: 1", "version: 2"),
                (
                    "    to: [victim-service, police, landlord, district-council]\n",
                    "    to: [victim-service, police, county-council, district-council]\n"
                ),
                ("    days: 28\n", "    days: 14\n"),
            ])
        let new = try SharingProtocol(parsing: Array(text.utf8), file: "jag.yaml")
        let difference = ProtocolDifference(from: old, to: new)
        let consent = "consent: consent-by, consent-how, consent-scope, consent-state"
        func rows(_ agency: String) -> [[String]] {
            difference.tables.first { $0.title == "What changes for \(agency)" }?.rows ?? []
        }
        let county = rows("northshire-county").filter { $0[1] == "receives" }
        #expect(!county.isEmpty)
        #expect(county.allSatisfy { $0[0] == "may now" && $0[3] == consent }, "\(county)")
        #expect(county.first?[2].contains("harbour-homes, marlow-vale-council") == true)
        let landlord = rows("meadow-housing").filter { $0[1] == "receives" }
        #expect(landlord.contains { $0[0] == "may no longer" && $0[3] == consent })
        let fire = rows("northshire-fire").filter { $0[1] == "receives" }
        #expect(fire.contains { $0[0] == "on other terms" && $0[6].contains("for 14 days at most") }, "\(fire)")
        #expect(difference.tables.last?.title == "What changes for everybody")
    }
}
