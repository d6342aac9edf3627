public import TallystickPrimitives

/// One row that was read, in our field codes.
public struct ImportedRow: Hashable, Sendable {
    /// The physical line where the record starts, counted from 1.
    public let line: Int
    /// The record's number in the file, counted from 1 after the header.
    public let ordinal: Int
    /// The values; what is missing in the file is missing here.
    public let fields: [FieldCode: String]
}

/// One row that was set aside instead of being read wrongly.
public struct RejectedRow: Hashable, Sendable {
    /// The physical line where the record starts, counted from 1.
    public let line: Int
    /// The record's number in the file, counted from 1 after the header.
    public let ordinal: Int
    /// Why.
    public let problem: RowProblem
    /// The record as it stands in the file: to be sealed, never to be shown or logged.
    public let raw: [UInt8]
}

extension RejectedRow: CustomStringConvertible {
    /// Line and problem, without the row's content.
    public var description: String { "line \(line): \(problem)" }
}

extension RejectedRow: CustomReflectable {
    /// Line, number and problem: a dump or a failed test must not show the row's content.
    public var customMirror: Mirror {
        Mirror(self, children: ["line": line, "ordinal": ordinal, "problem": problem])
    }
}

/// What became of one record of the file.
public enum ImportOutcome: Hashable, Sendable {
    /// It was read.
    case row(ImportedRow)
    /// It was set aside.
    case rejected(RejectedRow)
    /// It is sound and not wanted: the mapping's `where` leaves it out, or the line is blank.
    case filtered
}
