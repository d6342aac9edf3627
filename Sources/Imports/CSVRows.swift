/// Reads the header of a CSV file and then the values of its records, one at a time.
struct CSVRows: Sendable {
    private let bytes: [UInt8]
    private let layout: FileLayout
    private let header: CSVHeader
    private(set) var tokenizer: CSVTokenizer

    init(bytes: [UInt8], layout: FileLayout) throws(ImportFileProblem) {
        self.bytes = bytes
        self.layout = layout
        let start = try CSVRows.contentStart(bytes, layout)
        tokenizer = CSVTokenizer(
            bytes: bytes, from: start, delimiter: layout.delimiter,
            allowsLineBreaks: layout.allowsLineBreaks)
        guard let record = tokenizer.next() else { throw .empty }
        if let problem = record.problem { throw .brokenHeader(problem) }
        guard record.fieldCount <= ImportLimits.columnCount else {
            throw .tooManyColumns(count: record.fieldCount)
        }
        var names: [String] = []
        for field in record.fields {
            guard let name = layout.encoding.decode(tokenizer.content(of: field)) else {
                let found = "something else"
                throw .wrongEncoding(declared: layout.encoding.rawValue, found: found)
            }
            names.append(name)
        }
        header = try CSVHeader(names: names, layout: layout)
    }

    /// The physical line where the next record starts.
    var nextLine: Int { tokenizer.line }

    /// The next record; nil at the end of the file.
    mutating func next() -> CSVRecord? { tokenizer.next() }

    /// The values of the mapping's columns in one record.
    func values(of record: CSVRecord) throws(RowProblem) -> [String?] {
        if let problem = record.problem { throw problem }
        if let offset = layout.encoding.firstInvalidOffset(in: bytes, record.range) {
            throw .invalidEncoding(byteOffset: offset)
        }
        guard record.fieldCount == header.fieldCount else {
            throw .wrongFieldCount(expected: header.fieldCount, found: record.fieldCount)
        }
        return header.positions.map { position in
            layout.encoding.decode(tokenizer.content(of: record.fields[position]))
        }
    }

    /// The record as it stands in the file.
    func raw(_ record: CSVRecord) -> [UInt8] { Array(bytes[record.range]) }
}

private extension CSVRows {
    /// Where the text starts, after a byte order mark.
    static func contentStart(
        _ bytes: [UInt8], _ layout: FileLayout
    ) throws(ImportFileProblem) -> Int {
        let declared = layout.encoding.rawValue
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            throw .wrongEncoding(declared: declared, found: "UTF-16")
        }
        if bytes.prefix(sampleByteCount).contains(0) {
            throw .wrongEncoding(declared: declared, found: "UTF-16 or no text at all")
        }
        guard bytes.starts(with: [0xef, 0xbb, 0xbf]) else { return 0 }
        guard layout.encoding == .utf8 else {
            throw .wrongEncoding(declared: declared, found: "UTF-8")
        }
        return 3
    }

    /// Enough to tell text from UTF-16 and from a spreadsheet program's own format.
    static let sampleByteCount = 4096
}

private extension FileEncoding {
    func firstInvalidOffset(in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        // Decoding is much faster than looking for the place of a fault that is rarely there.
        guard decode(bytes[range]) == nil else { return nil }
        return firstInvalidOffset(in: bytes[range]).map { $0 + range.lowerBound }
    }
}
