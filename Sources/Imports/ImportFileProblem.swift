/// Why a file as a whole cannot be read under a mapping.
public enum ImportFileProblem: Error, Hashable, Sendable {
    /// There is nothing in the file.
    case empty
    /// The file is longer than `ImportLimits.fileByteCount`.
    case tooLarge(byteCount: Int)
    /// The bytes are in another encoding than the mapping declares.
    case wrongEncoding(declared: String, found: String)
    /// The header record is damaged.
    case brokenHeader(RowProblem)
    /// The header has more columns than `ImportLimits.columnCount`.
    case tooManyColumns(count: Int)
    /// Wanted columns are not there.
    case missingColumns([String], header: HeaderEvidence)
    /// Wanted columns stand twice or more.
    case repeatedColumns([String])
    /// JSON: the text is not an array of objects, or not JSON at all.
    case brokenJSON(line: Int, column: Int)

    /// What the mapping wants and what the file's first record has.
    public struct HeaderEvidence: Hashable, Sendable {
        /// The columns that the mapping names.
        public let wanted: [String]
        /// The names found; empty when none of them is wanted, since the record may then be no
        /// header but somebody's data.
        public let found: [String]
        /// How many fields the first record has.
        public let foundCount: Int
    }
}

extension ImportFileProblem: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .empty: "the file is empty; export it again"
        case .tooLarge(let count):
            "the file has \(count) bytes, more than \(ImportLimits.fileByteCount); split it"
        case .wrongEncoding(let declared, let found):
            "the mapping says \(declared), the file is \(found); "
                + "correct `encoding` or export the file again"
        case .brokenHeader(let problem): "the header \(problem)"
        case .tooManyColumns(let count):
            "the header has \(count) columns, more than \(ImportLimits.columnCount)"
        case .missingColumns(let missing, let header):
            "the columns \(quoted(missing)) are missing; wanted \(quoted(header.wanted)), "
                + "found \(found(header)); export these columns or correct the mapping"
        case .repeatedColumns(let names):
            "the columns \(quoted(names)) stand more than once; remove all but one"
        case .brokenJSON(let line, let column):
            "the file is no array of objects in JSON: see line \(line), column \(column)"
        }
    }

    private func quoted(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: ", ")
    }

    private func found(_ header: HeaderEvidence) -> String {
        guard header.found.isEmpty else { return quoted(header.found) }
        return "\(header.foundCount) fields that do not look like a header"
    }
}
