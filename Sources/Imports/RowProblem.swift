/// Why one row was set aside. Columns are named by the mapping, so no value of the row appears.
public enum RowProblem: Error, Hashable, Sendable {
    /// The record has another number of fields than the header.
    case wrongFieldCount(expected: Int, found: Int)
    /// A quote opens on this line and never closes as it should.
    case unclosedQuote(openedOnLine: Int)
    /// A quote stands where none may: inside an unquoted field or after a closing quote.
    case strayQuote
    /// A field runs over a line end, which the mapping rules out.
    case lineBreakInField
    /// The byte at this offset of the file stands for no character of the declared encoding.
    case invalidEncoding(byteOffset: Int)
    /// The record is longer than `ImportLimits.recordByteCount`.
    case recordTooLong
    /// The value has a control character.
    case controlCharacter(column: String)
    /// The value is longer than the mapping or `ImportLimits.valueByteCount` allows.
    case tooLong(column: String)
    /// The value must be there and is missing.
    case missingRequired(column: String)
    /// The value is no date of the declared pattern, or the day does not exist.
    case badDate(column: String)
    /// The value is no number.
    case badNumber(column: String)
    /// The number lies outside the declared range.
    case outOfRange(column: String)
    /// The value does not have the declared shape.
    case badShape(column: String)
    /// The value is none of the words that the mapping lists.
    case unknownWord(column: String)
    /// JSON: the value is an array or an object.
    case notFlat(column: String)
    /// JSON: the same key stands twice in one object.
    case repeatedKey(column: String)

    /// A stable short name of the kind of problem, for counting.
    public var code: String {
        switch self {
        case .wrongFieldCount: "wrong-field-count"
        case .unclosedQuote: "unclosed-quote"
        case .strayQuote: "stray-quote"
        case .lineBreakInField: "line-break-in-field"
        case .invalidEncoding: "invalid-encoding"
        case .recordTooLong: "record-too-long"
        case .controlCharacter: "control-character"
        case .tooLong: "too-long"
        case .missingRequired: "missing-required"
        case .badDate: "bad-date"
        case .badNumber: "bad-number"
        case .outOfRange: "out-of-range"
        case .badShape: "bad-shape"
        case .unknownWord: "unknown-word"
        case .notFlat: "not-flat"
        case .repeatedKey: "repeated-key"
        }
    }
}

extension RowProblem: CustomStringConvertible {
    /// What is wrong and what to do about it, in plain words.
    public var description: String {
        switch self {
        case .wrongFieldCount(let expected, let found):
            "has \(found) fields where the header has \(expected); "
                + "look for a missing or extra separator or a broken line"
        case .unclosedQuote(let line):
            "a quote opens on line \(line) and does not close; close it or double it"
        case .strayQuote:
            "has a quote in the middle of a field; quote the whole field and double the quote"
        case .lineBreakInField:
            "a field runs over a line end; if the agency's fields may do so, say "
                + "`line-breaks: allowed` in the mapping"
        case .invalidEncoding(let offset):
            "byte \(offset) of the file is no character of the declared encoding; "
                + "check `encoding` in the mapping"
        case .recordTooLong:
            "is longer than \(ImportLimits.recordByteCount) bytes; split or shorten it"
        case .controlCharacter(let column), .tooLong(let column), .missingRequired(let column),
            .badDate(let column), .badNumber(let column), .outOfRange(let column),
            .badShape(let column), .unknownWord(let column), .notFlat(let column),
            .repeatedKey(let column):
            "column '\(column)' \(columnFault); correct it at the source or in the mapping"
        }
    }

    private var columnFault: String {
        switch self {
        case .controlCharacter: "has a control character"
        case .tooLong: "is too long"
        case .missingRequired: "must not be empty"
        case .badDate: "is not a date of the declared pattern"
        case .badNumber: "is not a number"
        case .outOfRange: "lies outside the declared range"
        case .badShape: "does not have the declared shape"
        case .unknownWord: "is none of the declared words"
        case .notFlat: "holds an array or an object instead of one value"
        case .repeatedKey: "stands twice in the same object"
        case .wrongFieldCount, .unclosedQuote, .strayQuote, .lineBreakInField, .invalidEncoding,
            .recordTooLong:
            "is damaged"
        }
    }
}
