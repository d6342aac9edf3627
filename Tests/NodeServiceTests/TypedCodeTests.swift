import Casework
import HTTPTransport
import NodeInterface
import SharingProtocols
import TallystickPrimitives
import Testing

@testable import NodeService

/// What is typed where there is something to choose from.
@Suite("Codes that people type") struct TypedCodeTests {
    @Test("A slip of the fingers is refused with what was probably meant, and nothing is recorded")
    func slips() async throws {
        let world = try await OneProcess(agencies: [SharedCase.owner])
        let harbour = try await world.open(SharedCase.owner)
        try await world.settle([harbour])
        let core = harbour.core
        let size = await core.writer.size
        for (category, area, says) in [
            ("nosie", nil, "Did you mean 'noise'?"), ("hat", nil, "Did you mean 'hate'?"),
            ("Noise!", nil, "Did you mean 'noise'?"), ("aardvarks", nil, "one of these"),
            (nil, "E0102570", "as in E01025700"), (nil, "14 Invented Court", "goes under 'place' or 'address'"),
            (nil, "ZZ1 1ZZ", "no ward or LSOA"), (nil, "E00000001", "no ward or LSOA"),
        ] as [(String?, String?, String)] {
            var report = ReportForm(officer: "h1", summary: "Noise")
            (report.category, report.area) = (category, area)
            var opening = CaseForm(officer: "h1", reports: [], summary: "Noise")
            (opening.category, opening.area) = (category, area)
            let look = VisibilityForm(officer: "h1", area: area, category: category)
            for problem in [
                await #expect(throws: ProblemDetails.self, performing: { try await core.record(report) }),
                await #expect(throws: ProblemDetails.self, performing: { try await core.openCase(opening) }),
                await #expect(throws: ProblemDetails.self, performing: { try await core.check(look) }),
            ] { #expect(problem?.detail.contains(says) == true, "\(problem?.detail ?? "")") }
        }
        #expect(await core.writer.size == size)
        for (category, area) in [("noise-party", "Quayside"), ("hate-disability", "E05000001"), ("other", "W01000001")]
        {
            var report = ReportForm(officer: "h1", summary: "Noise")
            (report.category, report.area) = (category, area)
            #expect(try await core.record(report).events.count == 1)
        }
        let known = try await core.explain(ExplainForm(protocolCode: "jag"))
        #expect(known.text.hasPrefix("Joint Action Group, Northshire (jag, version 1"))
        let unknown = await #expect(throws: ProblemDetails.self) {
            try await core.explain(ExplainForm(protocolCode: "jagg"))
        }
        #expect(unknown?.detail.contains("Did you mean 'jag'?") == true)
    }

    @Test("What the protocol makes a rule for can be typed, and the book is in order")
    func book() {
        #expect(
            CategoryBook.codes == CategoryBook.codes.sorted()
                && Set(CategoryBook.codes).count == CategoryBook.codes.count)
        #expect(CategoryBook.covers("hate-crime") && !CategoryBook.covers("hatecrime"))
    }
}
