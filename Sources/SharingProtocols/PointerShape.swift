import TallystickPrimitives

/// How fine the values of a pointer may be (PRACTICE P5): a value that says more is dropped whole.
public enum PointerShape {
    /// Bytes in an area: room for a ward's name or a code, not for an account.
    public static let areaByteCount = 64

    /// Whether a text can be a ward or LSOA and is not evidently something finer.
    public static func isArea(_ text: String) -> Bool {
        guard (1...areaByteCount).contains(text.utf8.count),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f })
        else { return false }
        let words = text.split(separator: " ")
        // A number before another word is a house or a flat.
        if words.dropLast().contains(where: { $0.utf8.first.map(isDigit) ?? false }) {
            return false
        }
        let letters = Array(text.uppercased().utf8.filter { $0 != UInt8(ascii: " ") })
        return !letters.isEmpty && !isPostcode(letters) && !isOutputArea(letters)
            && !isNumber(letters)
    }

    /// Whether a text is a week: `2026-W09` (ISO 8601) or the date of a Monday. Other days are
    /// finer.
    public static func isWeek(_ text: String) -> Bool {
        if let date = CivilDate(text) {
            // 1970-01-01 was a Thursday, three days after a Monday.
            let days = (date.daysSinceEpoch + 3) % 7
            return days == 0
        }
        let parts = text.split(separator: "-W", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy(isDigit) }), let week = Int(parts[1])
        else { return false }
        return (1...53).contains(week)
    }

    /// A whole postcode is a handful of doors: two to four characters, then a digit and two
    /// letters.
    private static func isPostcode(_ units: [UInt8]) -> Bool {
        guard (5...7).contains(units.count), isLetter(units[0]) else { return false }
        let inward = units.suffix(3)
        return isDigit(inward[inward.startIndex]) && inward.dropFirst().allSatisfy(isLetter)
    }

    /// Codes such as E00000001 name census output areas, finer than the LSOAs E01 (ONS, GSS
    /// coding).
    private static func isOutputArea(_ units: [UInt8]) -> Bool {
        let zero = UInt8(ascii: "0")
        return isStatistical(units) && units[1] == zero && units[2] == zero
    }

    /// Six digits in a row are a property's reference number or a coordinate, unless a GSS code.
    private static func isNumber(_ units: [UInt8]) -> Bool {
        guard !isStatistical(units) else { return false }
        return units.split(whereSeparator: { !isDigit($0) }).contains { $0.count >= 6 }
    }

    private static func isStatistical(_ units: [UInt8]) -> Bool {
        units.count == 9 && isLetter(units[0]) && units.dropFirst().allSatisfy(isDigit)
    }

    private static func isDigit(_ unit: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(unit)
    }

    private static func isLetter(_ unit: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(unit)
    }
}
