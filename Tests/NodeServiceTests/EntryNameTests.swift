import EventLogs
import HTTPTransport
import NodeInterface
import NodeProjections
import Replication
import TallystickPrimitives
import TallystickTesting
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
        let core = scene.harbour.core
        let start = [UInt8](repeating: 0xab, count: 4)
        let events = (1...2).compactMap { EventID(bytes: start + [UInt8](repeating: $0, count: EventID.byteCount - 4)) }
        let size = await core.follower.size
        for (place, event) in events.enumerated() {
            try core.views.fold([
                FoldedEvent(
                    origin: core.origin, agency: core.agency, index: LeafIndex(90_000 + UInt64(place)),
                    registerPosition: size.value, stream: StreamID(from: scene.world.entropy), sequence: 0,
                    eventID: event, kind: .record, issuedAt: scene.world.time.now(), opened: [:], withheldLabels: [],
                    control: .record)
            ])
        }
        await #expect { _ = try await core.showReport(ReportQuery(officer: "h1", report: "abababab")) } throws: {
            ($0 as? ProblemDetails)?.code == "entry-ambiguous"
        }
        #expect(try await core.eventID("abababab01") == events[0])
    }

    @Test("Holds are named alike, though they are said to several agencies at once")
    func holds() async throws {
        let scene = try await SharedCase()
        let core = scene.harbour.core
        var form = HoldForm(officer: "h1", reason: "litigation")
        form.caseReference = scene.reference
        let placed = try await core.place(form)
        let first = String(placed.hold.prefix(Limits.entryDigits))
        #expect(try await core.listHolds(only: first).map(\.hold) == [placed.hold])
        await #expect(throws: ProblemDetails.self) { _ = try await core.listHolds(only: String(first.dropLast())) }
        _ = try await core.lift(HoldLiftForm(officer: "h1", hold: first))
        #expect(try await core.listHolds().isEmpty)
    }
}
