/// Text from elsewhere, made safe for a terminal.
public enum PlainText {
    /// Replaces control characters, and characters that turn the direction of writing, by `�`.
    ///
    /// What other agencies wrote must not move the cursor or reorder what stands beside it.
    /// - Parameter keepingLines: whether line feeds stay; otherwise they become spaces.
    public static func printable(_ text: String, keepingLines: Bool = false) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result.append(keepingLines ? "\n" : " ")
            case "\t": result.append(" ")
            case _ where isUnsafe(scalar): result.append("\u{FFFD}")
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0: true
        case 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069, 0x061c, 0x2028, 0x2029: true
        default: false
        }
    }

    /// A count with its noun, such as `1 entry` or `3 entries`.
    public static func count(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }
}
