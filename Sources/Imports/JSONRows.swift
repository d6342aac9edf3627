/// One object of the array.
struct JSONRecord: Hashable, Sendable {
    /// The physical line where the object starts.
    let line: Int
    let range: Range<Int>
    /// One for each of the mapping's columns; nil where the key is absent or null.
    let values: [String?]
    let problem: RowProblem?
}

/// The objects of a JSON array, one at a time.
///
/// Damaged JSON has no line that is certain to start a record, so the whole text is read before the
/// first object is handed out and refused as a whole.
struct JSONRows: Sendable {
    private let bytes: [UInt8]
    private let records: [JSONRecord]
    private let lineCount: Int
    private var position = 0

    init(bytes: [UInt8], layout: FileLayout) throws(ImportFileProblem) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .wrongEncoding(declared: "utf-8", found: "something else")
        }
        self.bytes = bytes
        var parser = JSONParser(bytes: bytes, columns: layout.columns)
        do throws(JSONParser.SyntaxFault) {
            records = try parser.records()
        } catch {
            throw .brokenJSON(line: parser.line, column: parser.column)
        }
        lineCount = parser.line
        let hasSomeColumn = records.contains { record in
            record.problem != nil || record.values.contains { $0 != nil }
        }
        guard records.isEmpty || hasSomeColumn else {
            let evidence = ImportFileProblem.HeaderEvidence(
                wanted: layout.columns, found: [], foundCount: 0)
            throw .missingColumns(layout.columns, header: evidence)
        }
    }

    var nextLine: Int { position < records.count ? records[position].line : lineCount + 1 }

    mutating func next() -> JSONRecord? {
        guard position < records.count else { return nil }
        position += 1
        return records[position - 1]
    }

    func raw(_ record: JSONRecord) -> [UInt8] { Array(bytes[record.range]) }
}
