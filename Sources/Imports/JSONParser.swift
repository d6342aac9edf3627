/// Reads an array of flat objects (RFC 8259), strictly.
struct JSONParser {
    /// The text is not what it should be; `line` and `column` of the parser say where.
    struct SyntaxFault: Error {}

    private(set) var line = 1
    private var lineStart = 0
    private var offset = 0
    private let bytes: [UInt8]
    private let places: [String: Int]
    private let columns: [String]

    init(bytes: [UInt8], columns: [String]) {
        self.bytes = bytes
        self.columns = columns
        places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { offset = 3 }
    }

    /// The byte of the line, counted from 1.
    var column: Int { offset - lineStart + 1 }

    /// All objects of the array.
    mutating func records() throws(SyntaxFault) -> [JSONRecord] {
        var records: [JSONRecord] = []
        try expect("[")
        if !skip("]") {
            repeat { records.append(try record()) } while skip(",")
            try expect("]")
        }
        skipSpace()
        guard offset == bytes.count else { throw SyntaxFault() }
        return records
    }
}

private extension JSONParser {
    mutating func record() throws(SyntaxFault) -> JSONRecord {
        skipSpace()
        let start = (offset: offset, line: line)
        var values = [String?](repeating: nil, count: columns.count)
        var problem: RowProblem?
        var seen: Set<Int> = []
        try expect("{")
        if !skip("}") {
            repeat {
                let place = places[try string()]
                try expect(":")
                guard let place else {
                    try skipValue(depth: 0)
                    continue
                }
                let column = columns[place]
                if !seen.insert(place).inserted { problem = .repeatedKey(column: column) }
                skipSpace()
                if peek == UInt8(ascii: "{") || peek == UInt8(ascii: "[") {
                    try skipValue(depth: 0)
                    problem = .notFlat(column: column)
                } else {
                    values[place] = try scalar()
                }
            } while skip(",")
            try expect("}")
        }
        let range = start.offset..<offset
        if range.count > ImportLimits.recordByteCount { problem = .recordTooLong }
        return JSONRecord(line: start.line, range: range, values: values, problem: problem)
    }

    mutating func skipValue(depth: Int) throws(SyntaxFault) {
        guard depth <= ImportLimits.jsonDepth else { throw SyntaxFault() }
        if skip("{") {
            if skip("}") { return }
            repeat {
                _ = try string()
                try expect(":")
                try skipValue(depth: depth + 1)
            } while skip(",")
            try expect("}")
        } else if skip("[") {
            if skip("]") { return }
            repeat { try skipValue(depth: depth + 1) } while skip(",")
            try expect("]")
        } else {
            _ = try scalar()
        }
    }

    /// A text, or a number or truth value as it is written; nil for null.
    mutating func scalar() throws(SyntaxFault) -> String? {
        skipSpace()
        if peek == UInt8(ascii: "\"") { return try string() }
        let start = offset
        while let unit = peek, wordUnits.contains(unit) { offset += 1 }
        let word = String(decoding: bytes[start..<offset], as: UTF8.self)
        if word == "null" { return nil }
        guard word == "true" || word == "false" || isNumber(word) else {
            offset = start
            throw SyntaxFault()
        }
        return word
    }

    /// RFC 8259 §6: no leading zeros, no bare point.
    func isNumber(_ word: String) -> Bool {
        let parts = word.split(maxSplits: 1, omittingEmptySubsequences: false) {
            $0 == "e" || $0 == "E"
        }
        guard let mantissa = parts.first, DecimalText.value(of: String(mantissa)) != nil else {
            return false
        }
        let digits = mantissa.hasPrefix("-") ? mantissa.dropFirst() : mantissa
        let hasLeadingZero = digits.hasPrefix("0") && digits.count > 1 && !digits.hasPrefix("0.")
        guard !hasLeadingZero else { return false }
        guard parts.count == 2 else { return true }
        let exponent = parts[1].hasPrefix("+") ? parts[1].dropFirst() : parts[1]
        return DecimalText.integer(of: String(exponent)) != nil
    }

    mutating func string() throws(SyntaxFault) -> String {
        try expect("\"")
        var content: [UInt8] = []
        while let unit = peek, unit >= 0x20 {
            offset += 1
            switch unit {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): content += try escaped()
            default: content.append(unit)
            }
        }
        throw SyntaxFault()
    }

    mutating func escaped() throws(SyntaxFault) -> String.UTF8View {
        guard let unit = peek else { throw SyntaxFault() }
        offset += 1
        if unit == UInt8(ascii: "u") { return String(try scalarEscape()).utf8 }
        guard let character = simpleEscapes[unit] else { throw SyntaxFault() }
        return character.utf8
    }

    mutating func scalarEscape() throws(SyntaxFault) -> Character {
        var value = UInt32(try fourDigits())
        if (0xd800...0xdbff).contains(value) {
            guard bytes[offset...].starts(with: Array("\\u".utf8)) else { throw SyntaxFault() }
            offset += 2
            let low = UInt32(try fourDigits())
            guard (0xdc00...0xdfff).contains(low) else { throw SyntaxFault() }
            value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
        }
        guard let scalar = Unicode.Scalar(value) else { throw SyntaxFault() }
        return Character(scalar)
    }

    mutating func fourDigits() throws(SyntaxFault) -> UInt16 {
        let digits = bytes[offset...].prefix(4)
        let areHexadecimal = digits.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        guard digits.count == 4, areHexadecimal,
            let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw SyntaxFault() }
        offset += 4
        return value
    }

    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func expect(_ character: Unicode.Scalar) throws(SyntaxFault) {
        guard skip(character) else { throw SyntaxFault() }
    }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    mutating func skipSpace() {
        while let unit = peek, [0x20, 0x09, 0x0a, 0x0d].contains(unit) {
            offset += 1
            let isInsideCRLF = unit == 0x0d && peek == 0x0a
            guard unit == 0x0a || unit == 0x0d, !isInsideCRLF else { continue }
            line += 1
            lineStart = offset
        }
    }
}

private let wordUnits = Set("abcdefghijklmnopqrstuvwxyz0123456789+-.E".utf8)

private let simpleEscapes: [UInt8: String] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
    UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
    UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
]
