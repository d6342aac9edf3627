import TallystickPrimitives

/// A table with a title, for a page, a terminal or JSON.
public struct PlainTable: Hashable, Sendable, Codable {
    /// What the table shows.
    public let title: String
    /// The headings.
    public let columns: [String]
    /// The rows, each with one cell a column.
    public let rows: [[String]]

    /// The table as text: in columns where they fit on a line, otherwise one row a paragraph.
    public var text: String {
        let heading = title + "\n" + String(repeating: "-", count: title.count) + "\n"
        guard !rows.isEmpty else { return heading + "Nothing.\n" }
        let widths = columns.indices.map { column in
            rows.map { $0[column].count }.reduce(columns[column].count, max)
        }
        let width = widths.reduce(0, +) + 2 * (widths.count - 1)
        return heading + (width <= Limits.protocolLineWidth ? aligned(widths) : paragraphs)
    }

    private func aligned(_ widths: [Int]) -> String {
        ([columns] + rows).map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    private var paragraphs: String {
        rows.map { row in
            zip(columns, row).filter { !$0.1.isEmpty }.map { column, cell in
                PlainTable.wrapped("\(column): \(cell)")
            }.joined()
        }.joined(separator: "\n")
    }

    /// The text in lines of at most the usual width, later lines indented.
    package static func wrapped(_ text: String) -> String {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if !line.isEmpty, line.count + 1 + word.count > Limits.protocolLineWidth {
                lines.append(line)
                line = "  "
            } else if !line.isEmpty {
                line += " "
            }
            line += word
        }
        return (lines + [line]).joined(separator: "\n") + "\n"
    }
}
