public import TallystickPrimitives

/// Days on which an answer can be expected: Monday to Friday, in UTC.
///
/// Bank holidays differ from nation to nation and from year to year and are not known here; a term
/// that spans one is a day shorter than the people at work would count it.
public enum WorkingDays {
    /// The same time of day, a number of working days later.
    ///
    /// The day of the instant itself does not count, so a term that begins at a weekend begins with
    /// Monday.
    public static func adding(_ count: Int, to instant: Timestamp) -> Timestamp {
        let first = Int64(instant.wholeSeconds / 86_400)
        var day = first
        var left = count
        while left > 0 {
            day += 1
            if isWorkingDay(day) { left -= 1 }
        }
        return instant.adding(seconds: (day - first) * 86_400)
    }

    private static func isWorkingDay(_ daysSinceEpoch: Int64) -> Bool {
        // 1970-01-01 was a Thursday: three days after a Monday.
        (daysSinceEpoch + 3) % 7 < 5
    }
}
