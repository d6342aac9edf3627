/// How an import went, in numbers: nothing in it comes from the rows' content.
public struct ImportSummary: Hashable, Sendable {
    /// Rows that were read.
    public private(set) var rowCount = 0
    /// Rows that were set aside.
    public private(set) var rejectedCount = 0
    /// Records that the mapping leaves out.
    public private(set) var filteredCount = 0
    /// Rows set aside, by `RowProblem.code`.
    public private(set) var problemCounts: [String: Int] = [:]
    /// Where the first rows set aside start, at most `ImportLimits.summaryLineCount` of them.
    public private(set) var firstRejectedLines: [Int] = []

    /// Nothing read yet.
    public init() {}

    /// Reads a file to its end and counts.
    public init(of reader: ImportReader) {
        for outcome in reader { count(outcome) }
    }

    /// Counts one more record.
    public mutating func count(_ outcome: ImportOutcome) {
        switch outcome {
        case .row: rowCount += 1
        case .filtered: filteredCount += 1
        case .rejected(let row):
            rejectedCount += 1
            problemCounts[row.problem.code, default: 0] += 1
            if firstRejectedLines.count < ImportLimits.summaryLineCount {
                firstRejectedLines.append(row.line)
            }
        }
    }
}

extension ImportSummary: CustomStringConvertible {
    /// For example `897 read, 7606 left out, 2 set aside (2 bad-date; lines 17, 40)`.
    public var description: String {
        let counts = "\(rowCount) read, \(filteredCount) left out, \(rejectedCount) set aside"
        guard rejectedCount > 0 else { return counts }
        let kinds = problemCounts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let lines = firstRejectedLines.map(String.init).joined(separator: ", ")
        let more = rejectedCount > firstRejectedLines.count ? " and more" : ""
        return "\(counts) (\(kinds.joined(separator: ", ")); lines \(lines)\(more))"
    }
}
