/// One field of a record: where its content lies, without the surrounding quotes.
struct CSVField: Hashable, Sendable {
    let range: Range<Int>
    /// Doubled quotes inside still have to be made single.
    let hasDoubledQuotes: Bool
}

/// One record of a CSV file, whole or damaged.
struct CSVRecord: Hashable, Sendable {
    /// The physical line where the record starts, counted from 1.
    let line: Int
    /// The record's bytes in the file, without the final line end.
    let range: Range<Int>
    /// At most `ImportLimits.columnCount` fields; `fieldCount` counts them all.
    let fields: [CSVField]
    let fieldCount: Int
    let problem: RowProblem?

    var isBlank: Bool { range.isEmpty && problem == nil }
}

/// Splits bytes into records, strictly as RFC 4180 §2 has it; line ends are CRLF, LF or CR.
///
/// A damaged record is handed out with its problem, and reading resumes at a line start. Where a
/// quote never closes properly, two readings compete. When the file is said to have no line breaks
/// inside fields, the quote is at fault and the next line is read again. When it may have them, the
/// lines that follow could be somebody's free text posing as rows, so they are set aside as well.
/// Linear: an opening quote that runs to the end of the file leaves no second one after it.
struct CSVTokenizer: Sendable {
    private(set) var offset: Int
    /// The physical line at `offset`, counted from 1.
    private(set) var line = 1
    private let bytes: [UInt8]
    private let delimiter: UInt8
    private let allowsLineBreaks: Bool

    init(bytes: [UInt8], from offset: Int = 0, delimiter: UInt8, allowsLineBreaks: Bool) {
        self.bytes = bytes
        self.offset = offset
        self.delimiter = delimiter
        self.allowsLineBreaks = allowsLineBreaks
    }

    /// The next record; nil at the end of the file.
    mutating func next() -> CSVRecord? {
        guard offset < bytes.count else { return nil }
        let start = Place(offset: offset, line: line)
        var fields: [CSVField] = []
        var fieldCount = 0
        while true {
            switch scanField() {
            case .problem(let problem):
                let end = skipRestOfLine()
                return record(from: start, to: end, fields: fields, count: fieldCount, problem)
            case .field(let field):
                fieldCount += 1
                if fields.count < ImportLimits.columnCount { fields.append(field) }
            }
            guard offset < bytes.count, bytes[offset] == delimiter else { break }
            offset += 1
        }
        let end = offset
        // With no line breaks in the file's fields, a record of several lines is two run together.
        let isTorn = line > start.line && !allowsLineBreaks
        endLine()
        let problem = isTorn ? RowProblem.lineBreakInField : nil
        return record(from: start, to: end, fields: fields, count: fieldCount, problem)
    }

    /// The content of a field, its doubled quotes made single.
    func content(of field: CSVField) -> [UInt8] {
        guard field.hasDoubledQuotes else { return Array(bytes[field.range]) }
        var content: [UInt8] = []
        var position = field.range.lowerBound
        while position < field.range.upperBound {
            content.append(bytes[position])
            position += bytes[position] == quote ? 2 : 1
        }
        return content
    }
}

private extension CSVTokenizer {
    struct Place {
        let offset: Int
        let line: Int
    }

    enum Scan {
        case field(CSVField)
        case problem(RowProblem)
    }

    func record(
        from start: Place, to end: Int, fields: [CSVField], count: Int, _ problem: RowProblem?
    ) -> CSVRecord {
        let range = start.offset..<end
        let isTooLong = range.count > ImportLimits.recordByteCount
        return CSVRecord(
            line: start.line, range: range, fields: fields, fieldCount: count,
            problem: problem ?? (isTooLong ? .recordTooLong : nil))
    }

    mutating func scanField() -> Scan {
        if offset < bytes.count, bytes[offset] == quote { return scanQuotedField() }
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == delimiter || isLineEnd(byte) { break }
            if byte == quote { return .problem(.strayQuote) }
            offset += 1
        }
        return .field(CSVField(range: start..<offset, hasDoubledQuotes: false))
    }

    mutating func scanQuotedField() -> Scan {
        let opening = Place(offset: offset, line: line)
        offset += 1
        let start = offset
        var hasDoubledQuotes = false
        while offset < bytes.count {
            guard bytes[offset] == quote else {
                if !consumeLineEnd() { offset += 1 }
                continue
            }
            offset += 1
            if offset < bytes.count, bytes[offset] == quote {
                hasDoubledQuotes = true
                offset += 1
            } else if isFieldEnd {
                let range = start..<(offset - 1)
                return .field(CSVField(range: range, hasDoubledQuotes: hasDoubledQuotes))
            } else {
                return brokenQuote(opening, .strayQuote)
            }
        }
        return brokenQuote(opening, .unclosedQuote(openedOnLine: opening.line))
    }

    mutating func brokenQuote(_ opening: Place, _ problem: RowProblem) -> Scan {
        guard line > opening.line, !allowsLineBreaks else { return .problem(problem) }
        offset = opening.offset
        line = opening.line
        return .problem(.unclosedQuote(openedOnLine: opening.line))
    }

    var isFieldEnd: Bool {
        guard offset < bytes.count else { return true }
        return bytes[offset] == delimiter || isLineEnd(bytes[offset])
    }

    /// Goes to the start of the next physical line; returns where this one's content ends.
    mutating func skipRestOfLine() -> Int {
        while offset < bytes.count, !isLineEnd(bytes[offset]) { offset += 1 }
        let end = offset
        endLine()
        return end
    }

    /// Leaves the present line, also where the file ends without a line end.
    mutating func endLine() {
        let isInsideLine = offset > 0 && !isLineEnd(bytes[offset - 1])
        if !consumeLineEnd(), isInsideLine { line += 1 }
    }

    @discardableResult
    mutating func consumeLineEnd() -> Bool {
        guard offset < bytes.count else { return false }
        switch bytes[offset] {
        case carriageReturn:
            offset += 1
            if offset < bytes.count, bytes[offset] == lineFeed { offset += 1 }
        case lineFeed:
            offset += 1
        default:
            return false
        }
        line += 1
        return true
    }
}

private let quote = UInt8(ascii: "\"")
private let lineFeed = UInt8(ascii: "\n")
private let carriageReturn = UInt8(ascii: "\r")

private func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }
