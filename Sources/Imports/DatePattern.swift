import TallystickPrimitives

/// How an agency writes dates: `YYYY-MM`, `DD/MM/YYYY`, `M/D/YY H:MM`, `YYYYMMDD`.
///
/// A single letter takes one or two digits, a doubled one exactly two; `MM` after an hour is
/// minutes. The precision is the pattern's: a month stays a month, and no day, second or time zone
/// is ever added.
struct DatePattern: Hashable, Sendable {
    private let pieces: [Piece]

    /// Nil for a pattern that lacks year or month, repeats a part, skips one (a day before an hour,
    /// an hour before a minute) or cannot be split again (`MD`).
    init?(_ text: String) {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let letter = rest.first {
            let run = rest.prefix { $0 == letter }
            if letter.isLetter, letter != "T", letter != "Z" {
                let hasHour = pieces.contains { $0.part == .hour }
                guard let piece = Piece(letter, count: run.count, afterHour: hasHour),
                    !pieces.contains(where: { $0.part == piece.part }),
                    pieces.last?.mayPrecedeDigits ?? true
                else { return nil }
                pieces.append(piece)
                rest = rest.dropFirst(run.count)
            } else {
                guard let unit = letter.asciiValue, literals.contains(unit) else { return nil }
                pieces.append(.literal(unit))
                rest = rest.dropFirst()
            }
        }
        self.pieces = pieces
        guard isComplete else { return nil }
    }

    /// The date in ISO 8601 at the pattern's own precision; nil for other shapes, days that do not
    /// exist and years beyond `ImportLimits.years`.
    func canonical(_ text: String) -> String? {
        guard var parts = split(text) else { return nil }
        if let year = parts[.shortYear] {
            // IEEE Std 1003.1, strptime %y: 69 to 99 are the last century's.
            parts[.year] = year + (year < 69 ? 2000 : 1900)
        }
        guard let year = parts[.year], ImportLimits.years.contains(year),
            let month = parts[.month],
            CivilDate(year: year, month: month, day: parts[.day] ?? 1) != nil,
            (0...23).contains(parts[.hour] ?? 0), (0...59).contains(parts[.minute] ?? 0),
            (0...59).contains(parts[.second] ?? 0)
        else { return nil }
        let date = [year, month, parts[.day]].compactMap(\.self).map(padded)
        let time = [Part.hour, .minute, .second].compactMap { parts[$0] }.map(padded)
        let zone = pieces.last == .literal(UInt8(ascii: "Z")) ? "Z" : ""
        let clock = time.isEmpty ? "" : "T" + time.joined(separator: ":") + zone
        return date.joined(separator: "-") + clock
    }
}

private extension DatePattern {
    enum Part: Hashable { case year, shortYear, month, day, hour, minute, second }

    enum Piece: Hashable {
        case digits(Part, ClosedRange<Int>)
        case literal(UInt8)

        init?(_ letter: Character, count: Int, afterHour: Bool) {
            switch (letter, count) {
            case ("Y", 4): self = .digits(.year, 4...4)
            case ("Y", 2): self = .digits(.shortYear, 2...2)
            case ("M", 1), ("M", 2): self = .digits(afterHour ? .minute : .month, count...2)
            case ("D", 1), ("D", 2): self = .digits(.day, count...2)
            case ("H", 1), ("H", 2): self = .digits(.hour, count...2)
            case ("S", 2): self = .digits(.second, 2...2)
            default: return nil
            }
        }

        var part: Part? {
            switch self {
            case .digits(let part, _): part
            case .literal: nil
            }
        }

        var mayPrecedeDigits: Bool {
            switch self {
            case .digits(_, let width): width.count == 1
            case .literal: true
            }
        }
    }

    var isComplete: Bool {
        func has(_ part: Part) -> Bool { pieces.contains { $0.part == part } }
        let hasYear = has(.year) != has(.shortYear)
        return hasYear && has(.month) && (has(.day) || !has(.hour))
            && has(.hour) == has(.minute) && (has(.minute) || !has(.second))
    }

    func split(_ text: String) -> [Part: Int64]? {
        var parts: [Part: Int64] = [:]
        var rest = Substring(text).utf8
        for piece in pieces {
            switch piece {
            case .literal(let unit):
                guard rest.first == unit else { return nil }
                rest = rest.dropFirst()
            case .digits(let part, let width):
                let isDigit = { (unit: UInt8) in (0x30...0x39).contains(unit) }
                let digits = rest.prefix(width.upperBound).prefix(while: isDigit)
                guard width.contains(digits.count), let value = Int64(Substring(digits)) else {
                    return nil
                }
                parts[part] = value
                rest = rest.dropFirst(digits.count)
            }
        }
        return rest.isEmpty ? parts : nil
    }

    func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}

private let literals = Set("-/.: ,TZ".utf8)
