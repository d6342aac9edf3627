import TallystickPrimitives
import TallystickTesting
import Testing

@Suite struct TimeTests {
    /// Two whole cycles of 400 years, in steps that fall on every day of the first.
    @Test func everyDaySurvivesARoundTrip() throws {
        for day in Int64(0)..<146_097 {
            let date = CivilDate(daysSinceEpoch: day)
            let (year, month, dayOfMonth) = date.components
            try #require(CivilDate(year: year, month: month, day: dayOfMonth) == date)
        }
    }

    @Test func everyMonthHasItsDays() {
        for year in Int64(1896)...2104 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            for (index, length) in lengths.enumerated() {
                let month = Int64(index + 1)
                #expect(CivilDate(year: year, month: month, day: length) != nil)
                #expect(CivilDate(year: year, month: month, day: length + 1) == nil)
                #expect(CivilDate(year: year, month: month, day: 0) == nil)
            }
        }
    }

    /// Values from GNU date.
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(UInt64, String)])
    func instantsAreWrittenAsInRFC3339(seconds: UInt64, text: String) {
        #expect(Timestamp(wholeSeconds: seconds).description == text)
        #expect(Timestamp(text)?.wholeSeconds == seconds)
    }

    @Test func wholeSecondsSurviveARoundTripThroughText() throws {
        try checkProperty { generator in
            let instant = Timestamp(wholeSeconds: UInt64(generator.int(in: 0...253_402_300_799)))
            try #require(Timestamp(instant.description) == instant)
        }
    }

    @Test(arguments: [
        "", "2026", "2026-13-01", "2026-02-29", "2026-1-01", "2026-+1-01", "+026-01-01",
        "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00",
        "2026-01-01T+1:00:00Z", "2026-01-01T00:00Z", "2026-01-01T00:00:00ZT", "1969-12-31",
        "2026-01-01 00:00:00Z", "２０２６-01-01",
    ])
    func otherTextIsNoInstant(text: String) { #expect(Timestamp(text) == nil) }

    @Test func wireValuesBeyondTheYear9999AreBroughtToItsEnd() {
        let last = Timestamp(wholeSeconds: 253_402_300_799)
        #expect(Timestamp(wholeSeconds: 253_402_300_800) == last)
        #expect(Timestamp(wholeSeconds: .max) == last)
    }

    @Test func secondsAreRoundedDownAndNeverNegative() {
        #expect(Timestamp(milliseconds: 1999).wholeSeconds == 1)
        #expect(Timestamp(milliseconds: -1).wholeSeconds == 0)
        #expect(Timestamp(milliseconds: 500).adding(seconds: -1).milliseconds == -500)
    }

    @Test func aManualClockMovesOnlyWhenItIsMoved() {
        let time = ManualTime(Timestamp(wholeSeconds: 10))
        #expect(time.now() == Timestamp(wholeSeconds: 10))
        time.advance(seconds: -3)
        #expect(time.now() == Timestamp(wholeSeconds: 7))
        time.set(Timestamp(wholeSeconds: 100))
        #expect(time.now() == Timestamp(wholeSeconds: 100))
        #expect(FixedTime(Timestamp(wholeSeconds: 4)).now() == Timestamp(wholeSeconds: 4))
    }
}
