import TallystickPrimitives

/// Looks at the text of a protocol file before the YAML library sees it.
///
/// It finds what the library would explain badly (tabs) or pay for dearly: aliases of anchors
/// multiply, and comparing the keys of such a document can take for ever.
struct YAMLScan {
    /// What was found, in the order of the file.
    private(set) var findings: [(line: Int, column: Int, message: String, hint: String?)] = []

    init(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        let sharing = YAMLScan.sharingMarks(in: scalars)
        var line = 1
        var column = 1
        var isIndentation = true
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\t", isIndentation {
                add(line, column, "a tab in the indentation", "indent with spaces")
            } else if YAMLScan.isInvisible(scalar), scalars[index] != "\u{feff}" || index > 0 {
                add(line, column, "a character that cannot be seen", "take it out")
            } else if sharing.contains(index) {
                let hint = "write the value out again where it is needed"
                add(line, column, "anchors (`&`) and aliases (`*`) are not allowed", hint)
            }
            if scalar == "\n" {
                (line, column, isIndentation) = (line + 1, 1, true)
            } else {
                isIndentation = isIndentation && (scalar == " " || scalar == "\t")
                column += 1
            }
        }
    }

    private mutating func add(_ line: Int, _ column: Int, _ message: String, _ hint: String?) {
        guard findings.count < Limits.protocolDiagnosticCount else { return }
        findings.append((line, column, message, hint))
    }

    /// Positions of everything that may be an anchor or alias, if the file has some of each.
    ///
    /// Only the two together can do harm; one kind alone is reported after parsing, where it is
    /// certain that it is not part of a text.
    private static func sharingMarks(in scalars: [Unicode.Scalar]) -> Set<Int> {
        var anchors: Set<Int> = []
        var aliases: Set<Int> = []
        for (index, scalar) in scalars.enumerated() where scalar == "&" || scalar == "*" {
            let startsToken = index == 0 || !isNameScalar(scalars[index - 1])
            let hasName = index + 1 < scalars.count && isNameScalar(scalars[index + 1])
            guard startsToken, hasName else { continue }
            if scalar == "&" { anchors.insert(index) } else { aliases.insert(index) }
        }
        return anchors.isEmpty || aliases.isEmpty ? [] : anchors.union(aliases)
    }

    /// The characters of an anchor's name in libYAML.
    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
    }

    /// Control characters, and marks that make text read differently from what it says.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d: false
        case 0...0x1f, 0x7f...0x9f: true
        case 0x200b...0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff: true
        default: false
        }
    }
}
