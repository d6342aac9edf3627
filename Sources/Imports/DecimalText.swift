/// Decimal numbers as agencies write them: `-1.214176`, `0.0`, `182096`.
enum DecimalText {
    /// The number; nil unless it is an optional minus, digits, and optionally a point and digits.
    static func value(of text: String) -> Double? {
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        let parts = unsigned.split(separator: ".", omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
        guard parts.count <= 2, areDigits, unsigned.utf8.count <= digitCount else { return nil }
        return Double(text)
    }

    /// The whole number; nil unless it is an optional minus and digits.
    static func integer(of text: String) -> Int64? {
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        guard !unsigned.isEmpty, unsigned.utf8.allSatisfy(isDigit) else { return nil }
        return Int64(text)
    }

    /// No measured quantity has more digits, and a double cannot hold them.
    private static let digitCount = 40

    private static func isDigit(_ unit: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(unit)
    }
}
