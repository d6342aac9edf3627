/// Small readings and writings of the line formats of C2SP.
enum NoteText {
    static let lineFeed = UInt8(ascii: "\n")

    /// A decimal number without sign or leading zeros; nil for anything else or beyond 2⁶⁴-1.
    static func decimal(_ text: [UInt8]) -> UInt64? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = text.first, text.count == 1 || first != digits.lowerBound,
            text.allSatisfy(digits.contains)
        else { return nil }
        return UInt64(String(decoding: text, as: UTF8.self))
    }

    /// The lines of a text that ends with a line feed, without their line feeds; nil for any other
    /// text.
    static func lines(_ text: [UInt8]) -> [[UInt8]]? {
        var lines = text.split(separator: lineFeed, omittingEmptySubsequences: false)
            .map(Array.init)
        guard let rest = lines.popLast(), rest.isEmpty else { return nil }
        return lines
    }

    /// The bytes of a big-endian number.
    static func bigEndian(_ value: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
        stride(from: value.bitWidth - 8, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: value >> $0)
        }
    }

    /// The big-endian number that bytes hold, up to eight of them.
    static func number(_ bytes: some Collection<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
