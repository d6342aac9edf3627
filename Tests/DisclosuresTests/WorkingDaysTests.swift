import Disclosures
import TallystickPrimitives
import Testing

@Suite("Working days")
struct WorkingDaysTests {
    // 2026-03-02 is a Monday.
    @Test(
        "Saturdays and Sundays do not count, nor does the day it begins",
        arguments: [
            ("2026-03-02", 1, "2026-03-03"), ("2026-03-02", 5, "2026-03-09"), ("2026-03-06", 1, "2026-03-09"),
            ("2026-03-07", 1, "2026-03-09"), ("2026-03-08", 1, "2026-03-09"), ("2026-03-06", 10, "2026-03-20"),
            ("2026-03-07", 5, "2026-03-13"), ("2026-03-04", 0, "2026-03-04"), ("2026-12-31", 2, "2027-01-04"),
        ])
    func counted(start: String, count: Int, end: String) throws {
        let instant = try #require(Timestamp(start + "T15:04:05Z"))
        #expect(WorkingDays.adding(count, to: instant).description == end + "T15:04:05Z")
    }

    @Test("Every term ends on a weekday, and a longer one later")
    func everyTerm() throws {
        let start = try #require(Timestamp("2026-02-25"))
        for offset in 0..<7 {
            let instant = start.adding(seconds: Int64(offset) * 86_400)
            var last = instant
            for count in 1...60 {
                let end = WorkingDays.adding(count, to: instant)
                #expect(end > last)
                // 2026-02-23 is a Monday.
                let monday = try #require(Timestamp("2026-02-23"))
                #expect((end.wholeSeconds - monday.wholeSeconds) / 86_400 % 7 < 5)
                last = end
            }
        }
    }
}
