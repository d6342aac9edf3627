import HTTPTransport
import NodeInterface
import NodeProjections
import TallystickPrimitives
import Testing

@testable import NodeService

/// People type the first digits of an entry, as they type those of a case.
@Suite("Entries by their first digits") struct EntryNameTests {
    @Test("Eight digits are enough, fewer are not, and digits that nothing begins with name nothing")
    func firstDigits() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        let recorded = try await core.record(ReportForm(officer: "h1", summary: "Bins set on fire"))
        let whole = try #require(recorded.events.last)
        for count in [Limits.entryDigits, 9, 31, 32] {
            let page = try await core.showReport(ReportQuery(officer: "h1", report: String(whole.prefix(count))))
            #expect(page.report == whole && page.content.summary == "Bins set on fire", "\(count) digits")
        }
        for typed in [String(whole.prefix(Limits.entryDigits - 1)), "", "zzzzzzzz", whole + "0"] {
            await #expect(throws: ProblemDetails.self, "'\(typed)'") {
                _ = try await core.showReport(ReportQuery(officer: "h1", report: typed))
            }
        }
        let other = String(whole.prefix(8).map { $0 == "0" ? "1" : "0" })
        #expect(try await core.eventID(other) == nil)
    }

    @Test("Digits that two entries begin with name neither")
    func ambiguous() async throws {
        let scene = try await SharedCase()
        let views = scene.harbour.core.views
        let ends = [UInt8.min, .max].compactMap { EventID(bytes: [UInt8](repeating: $0, count: EventID.byteCount)) }
        #expect(try views.events(from: ends[0], through: ends[1]).count == 2)
        #expect(NodeProblem.manyEntries("0f5c1a2b").detail.contains("Type more of its digits"))
    }
}
