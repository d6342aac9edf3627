import Foundation
import SharingProtocols
import TallystickPrimitives
import Testing

@Suite struct PreviewTests {
    private func draft(_ summary: String) -> ShareDraft {
        var question = Questions.feed(.record, to: "northshire-police")
        question.sealed = nil
        return ShareDraft(
            eventType: "report-recorded",
            fields: [
                DraftField(field: "summary", text: summary),
                DraftField(field: "narrative", text: "Ann Example told us everything."),
                DraftField(field: "victim-name", text: "Ann Example"),
                DraftField(field: "telephone", text: "01632 960 123"),
                DraftField(field: "safe-contact", text: "text only, mornings"),
                DraftField(field: "reporter-name", text: "A neighbour"),
                DraftField(field: "shoe-size", text: "9"),
            ], question: question, people: ["Ann Example", "Bob O'Test"])
    }

    private func shown(to agency: String, _ preview: SharePreview) -> [String]? {
        preview.agencies.first { $0.agency == agency }.map { view in
            view.lines.filter(\.isShown).map(\.field)
        }
    }

    @Test func eachAgencySeesWhatTheAgreementGivesIt() throws {
        let preview = SharePreview(draft("Noise."), under: try ProtocolFiles.terms("jag"))
        #expect(
            preview.agencies.map(\.agency)
                == Questions.circle.sorted().map(\.text).filter { $0 != "harbour-homes" })
        #expect(shown(to: "northshire-fire", preview) == ["summary"])
        #expect(shown(to: "northshire-county", preview) == ["summary", "victim-name"])
        #expect(
            shown(to: "northshire-police", preview)
                == ["summary", "victim-name", "telephone", "safe-contact"])
        #expect(shown(to: "victim-first", preview) == ["summary", "victim-name", "safe-contact"])
    }

    @Test func everyLineSaysWhy() throws {
        let preview = SharePreview(draft("Noise."), under: try ProtocolFiles.terms("jag"))
        let police = try #require(preview.agencies.first { $0.agency == "northshire-police" })
        #expect(police.lines.allSatisfy { $0.why.hasSuffix(".") })
        let reporter = police.lines.first { $0.field == "reporter-name" }
        #expect(reporter?.why.contains("stays with the agency that was told") == true)
        #expect(reporter?.why.contains("No clause") == false, "the protocol's own words are enough")
        let contact = police.lines.first { $0.field == "safe-contact" }
        #expect(contact?.caveats == ["no-contact-with-subject", "no-onward"])
        let unknown = police.lines.first { $0.field == "shoe-size" }
        #expect(unknown?.isShown == false)
    }

    @Test func thePreviewIsTheDecision() throws {
        let jag = try ProtocolFiles.terms("jag")
        let draft = draft("Noise.")
        for view in SharePreview(draft, under: jag).agencies {
            for line in view.lines {
                guard let label = Label(line.label) else { continue }
                let question = draft.question.changed {
                    $0.recipient = AgencyCode(view.agency) ?? "nobody"
                    $0.label = label
                    $0.sealed = SealedFacts(
                        eventType: "report-recorded", fields: [FieldCode(line.field) ?? "none"])
                }
                let decision = ShareDecisions.decideShare(question, under: jag)
                #expect(decision.isPermitted == line.isShown)
            }
        }
    }

    @Test func withoutProtocolNothingIsShown() {
        let preview = SharePreview(draft("Noise."), under: nil)
        #expect(preview.agencies.flatMap(\.lines).allSatisfy { !$0.isShown })
    }

    @Test func onlySharedTextsAreMarked() throws {
        let preview = SharePreview(
            draft("Ann Example, 01632 960 123, is on medication."),
            under: try ProtocolFiles.terms("jag"))
        let summary = preview.texts.first { $0.field == "summary" }
        #expect(summary?.marks.map(\.kind) == [.name, .name, .telephone, .health])
        #expect(preview.texts.first { $0.field == "victim-name" }?.marks.isEmpty == true)
        #expect(preview.texts.first { $0.field == "telephone" }?.marks.isEmpty == true)
        #expect(preview.text.contains("look again: 01632 960 123 (telephone)"))
        #expect(preview.text.contains("What northshire-fire sees"))
        #expect(try JSONEncoder().encode(preview).isEmpty == false)
    }

    /// A page, and not a scroll: what is decided alike is said once.
    @Test func severalEntriesAreOneShortText() throws {
        let jag = try ProtocolFiles.terms("jag")
        let previews = (1...5).map { number in
            (entry: Optional("entry-\(number)"), preview: SharePreview(draft("Noise \(number)."), under: jag))
        }
        let text = SharePreview.text(of: previews)
        let lines = text.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("What ") } == 5, "what it says, and four different views of five agencies")
        #expect(lines.contains("What harbour-homes sees") == false)
        #expect(lines.count { $0.hasPrefix("sees identity: victim-name. ") } == 3)
        #expect(lines.contains { $0.hasPrefix("not reporter. Who told us stays with the agency that was told.") })
        for number in 1...5 { #expect(text.contains("  summary: Noise \(number).\n")) }
        #expect(lines.count < 120, "\(lines.count)")
    }

    @Test func aDirectShareIsPreviewedForItsRecipient() throws {
        let draft = ShareDraft(
            eventType: "risk-assessed", fields: [DraftField(field: "score", text: "31")],
            question: Questions.fireShare())
        let preview = SharePreview(draft, under: try ProtocolFiles.terms("jag"))
        #expect(preview.agencies.map(\.agency) == ["northshire-fire"])
        #expect(shown(to: "northshire-fire", preview) == ["score"])
    }

    // MARK: Risky passages

    struct Sample: Sendable {
        let text: String
        let kind: RiskyPassage.Kind?
        let passage: String
    }

    static let samples: [Sample] = [
        Sample(text: "call 01632 960123 after six", kind: .telephone, passage: "01632 960123"),
        Sample(text: "(01632) 960 123.", kind: .telephone, passage: "(01632) 960 123"),
        Sample(text: "+44 7700 900123", kind: .telephone, passage: "+44 7700 900123"),
        Sample(text: "07700-900-123", kind: .telephone, passage: "07700-900-123"),
        Sample(text: "at 12 Quay St, ZZ1 1ZZ", kind: .postcode, passage: "ZZ1 1ZZ"),
        Sample(text: "zz11zz", kind: .postcode, passage: "zz11zz"),
        Sample(text: "write ann@example.org.", kind: .email, passage: "ann@example.org"),
        Sample(text: "QQ 12 34 56 C", kind: .nationalInsurance, passage: "QQ 12 34 56 C"),
        Sample(text: "NHS 943 476 5919", kind: .nhsNumber, passage: "943 476 5919"),
        Sample(text: "he was Sectioned", kind: .health, passage: "Sectioned"),
        Sample(text: "his mental  health", kind: .health, passage: "mental  health"),
        Sample(text: "Mr TEST shouted", kind: .name, passage: "TEST"),
        Sample(text: "noise at 23:30 on 2026-03-01", kind: nil, passage: ""),
        Sample(text: "reference 943 476 5918 000 1", kind: nil, passage: ""),
        Sample(text: "reference 943 476 5918", kind: nil, passage: ""),
        Sample(text: "the healthy option", kind: nil, passage: ""),
        Sample(text: "a test of patience", kind: .name, passage: "test"),
        Sample(text: "protested twice", kind: nil, passage: ""),
    ]

    @Test(arguments: samples)
    func marksWhatToLookAtAgain(sample: Sample) {
        let found = RiskyWords.passages(in: sample.text, people: ["Bob Test"])
            .filter { $0.text != "NHS" }
        #expect(found.first?.kind == sample.kind, "\(found)")
        if sample.kind != nil { #expect(found.first?.text == sample.passage) }
    }

    @Test func aMarkSaysWhereItIs() {
        let text = "déjà vu: call 01632 960123"
        let mark = RiskyWords.passages(in: text).first
        #expect(mark?.start == 14)
    }
}
