/// An instant in milliseconds since 1970-01-01T00:00:00Z. Wire formats carry whole seconds.
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Milliseconds since the Unix epoch, UTC.
    public let milliseconds: Int64

    /// An instant, in milliseconds since the Unix epoch.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// An instant from a wire value.
    ///
    /// Values beyond the year 9999 are brought to its end; no such instant is ever ours.
    public init(wholeSeconds: UInt64) {
        milliseconds = Int64(min(wholeSeconds, Timestamp.lastSecond)) * 1000
    }

    /// Whole seconds since the Unix epoch, rounded down; instants before it count as the epoch.
    public var wholeSeconds: UInt64 { milliseconds > 0 ? UInt64(milliseconds / 1000) : 0 }

    /// This instant moved by a number of seconds, forwards or backwards.
    public func adding(seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: milliseconds + seconds * 1000)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    private static let lastSecond: UInt64 = 253_402_300_799
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC with whole seconds, such as `2026-03-01T09:30:00Z`.
    public var description: String {
        let seconds = wholeSeconds
        let date = CivilDate(daysSinceEpoch: Int64(seconds / 86_400))
        let inDay = seconds % 86_400
        let time = [inDay / 3600, inDay / 60 % 60, inDay % 60].map { padded($0, to: 2) }.joined(separator: ":")
        return "\(date)T\(time)Z"
    }

    /// Parses `YYYY-MM-DD` (midnight) or `YYYY-MM-DDTHH:MM:SSZ`; nil for anything else, impossible dates included.
    public init?(_ text: String) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let date = CivilDate(String(first)) else { return nil }
        var seconds = date.daysSinceEpoch * 86_400
        if parts.count == 2 {
            guard parts[1].hasSuffix("Z") else { return nil }
            let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
            let values = clock.compactMap { $0.utf8.count == 2 ? number($0) : nil }
            guard clock.count == 3, values.count == 3, (0...23).contains(values[0]), (0...59).contains(values[1]),
                (0...59).contains(values[2])
            else { return nil }
            seconds += values[0] * 3600 + values[1] * 60 + values[2]
        }
        guard seconds >= 0 else { return nil }
        self.init(milliseconds: seconds * 1000)
    }
}

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public let daysSinceEpoch: Int64

    /// The day that many days after 1970-01-01.
    public init(daysSinceEpoch: Int64) { self.daysSinceEpoch = daysSinceEpoch }

    /// Parses `YYYY-MM-DD`; nil for other shapes and for days that do not exist.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            let year = number(parts[0]), let month = number(parts[1]), let day = number(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// The given day; nil when the calendar has no such day.
    public init?(year: Int64, month: Int64, day: Int64) {
        guard (0...9999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days from civil.
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSinceEpoch = era * 146_097 + dayOfEra - 719_468
        guard components == (year, month, day) else { return nil }
    }

    /// Year, month (1 to 12) and day of the month.
    public var components: (year: Int64, month: Int64, day: Int64) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.daysSinceEpoch < right.daysSinceEpoch }
}

extension CivilDate: CustomStringConvertible {
    /// `YYYY-MM-DD`.
    public var description: String {
        let (year, month, day) = components
        return "\(padded(UInt64(max(0, year)), to: 4))-\(padded(UInt64(month), to: 2))-\(padded(UInt64(day), to: 2))"
    }
}

private func padded(_ value: UInt64, to width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// The number that the digits spell; nil for a sign, which `Int64` alone would take.
private func number(_ digits: Substring) -> Int64? {
    digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(digits) : nil
}
