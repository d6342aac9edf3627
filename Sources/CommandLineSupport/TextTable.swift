/// A table of text in columns, for people.
public struct TextTable: Hashable, Sendable {
    private let columns: [String]
    private let rows: [[String]]
    private let emptyText: String

    /// States a table.
    /// - Parameters:
    ///   - emptyText: what is said when there is no row.
    /// - Precondition: every row has a cell for each column.
    public init(_ columns: [String], _ rows: [[String]], empty emptyText: String = "Nothing.") {
        precondition(rows.allSatisfy { $0.count == columns.count }, "a cell for each column")
        self.columns = columns
        self.rows = rows.map { $0.map { PlainText.printable($0) } }
        self.emptyText = emptyText
    }

    /// The table, each line ended by a line feed, two spaces between the columns.
    public var text: String {
        guard !rows.isEmpty else { return emptyText + "\n" }
        let widths = columns.indices.map { column in
            rows.map { $0[column].count }.reduce(columns[column].count, max)
        }
        return ([columns] + rows).map { line($0, widths) }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (cell, width) in zip(cells, widths) {
            line += cell + String(repeating: " ", count: width - cell.count + 2)
        }
        while line.hasSuffix(" ") { line.removeLast() }
        return line + "\n"
    }
}
