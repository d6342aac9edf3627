public import TallystickPrimitives

/// Reads an agency's file record by record: every record comes out exactly once, read, left out or
/// set aside.
public struct ImportReader: Sequence, IteratorProtocol, Sendable {
    /// SHA-256 of the whole file.
    public let fileHash: Hash256
    private let converter: RowConverter
    private var source: Source
    private var ordinal = 0

    /// Opens a file under a mapping.
    /// - Throws: when the file as a whole cannot be what the mapping describes.
    public init(bytes: [UInt8], mapping: ImportMapping) throws(ImportFileProblem) {
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= ImportLimits.fileByteCount else {
            throw .tooLarge(byteCount: bytes.count)
        }
        fileHash = Hash256(hashing: bytes)
        converter = RowConverter(mapping)
        switch mapping.layout.format {
        case .csv: source = .csv(try CSVRows(bytes: bytes, layout: mapping.layout))
        case .json: source = .json(try JSONRows(bytes: bytes, layout: mapping.layout))
        }
    }

    /// What became of the next record; nil after the last.
    public mutating func next() -> ImportOutcome? {
        switch source {
        case .csv(var rows):
            let record = rows.next()
            source = .csv(rows)
            return record.map { outcome(of: $0, in: rows) }
        case .json(var rows):
            let record = rows.next()
            source = .json(rows)
            return record.map { outcome(of: $0, in: rows) }
        }
    }

    /// The physical line where the next record starts; after the last, one more than the file has.
    public var nextLine: Int {
        switch source {
        case .csv(let rows): rows.nextLine
        case .json(let rows): rows.nextLine
        }
    }

    /// The identity of a row of this file: its line in CSV; its number in JSON, where several
    /// objects may share a line.
    public func key(of row: ImportedRow) -> ImportKey { key(line: row.line, ordinal: row.ordinal) }

    /// The identity of a row that was set aside, as of one that was read.
    public func key(of row: RejectedRow) -> ImportKey { key(line: row.line, ordinal: row.ordinal) }
}

private extension ImportReader {
    enum Source: Sendable {
        case csv(CSVRows)
        case json(JSONRows)
    }

    func key(line: Int, ordinal: Int) -> ImportKey {
        switch source {
        case .csv: ImportKey(fileHash: fileHash, line: UInt64(line))
        case .json: ImportKey(fileHash: fileHash, line: UInt64(ordinal))
        }
    }

    mutating func outcome(of record: CSVRecord, in rows: CSVRows) -> ImportOutcome {
        ordinal += 1
        if record.isBlank { return .filtered }
        do throws(RowProblem) {
            return try outcome(of: rows.values(of: record), line: record.line)
        } catch {
            let raw = rows.raw(record)
            return .rejected(
                RejectedRow(line: record.line, ordinal: ordinal, problem: error, raw: raw))
        }
    }

    mutating func outcome(of record: JSONRecord, in rows: JSONRows) -> ImportOutcome {
        ordinal += 1
        do throws(RowProblem) {
            if let problem = record.problem { throw problem }
            return try outcome(of: record.values, line: record.line)
        } catch {
            let raw = rows.raw(record)
            return .rejected(
                RejectedRow(line: record.line, ordinal: ordinal, problem: error, raw: raw))
        }
    }

    func outcome(of values: [String?], line: Int) throws(RowProblem) -> ImportOutcome {
        guard let fields = try converter.fields(of: values) else { return .filtered }
        return .row(ImportedRow(line: line, ordinal: ordinal, fields: fields))
    }
}
