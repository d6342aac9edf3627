/// Writes tables as RFC 4180 CSV: UTF-8, CRLF line ends, quotes only where they are needed.
public struct CSVEncoder: Hashable, Sendable {
    /// What becomes of cells that a spreadsheet program would run as a formula.
    public enum FormulaGuard: Hashable, Sendable {
        /// Cells are written as they are: for programs that read them back.
        case none
        /// Cells that start with `=`, `+`, `-`, `@`, a tab or a line break get an apostrophe in
        /// front; plain numbers such as `-1.5` stay (owasp.org, "CSV Injection").
        case apostrophe
    }

    private let formulaGuard: FormulaGuard

    /// An encoder; files that people may open want `.apostrophe`.
    public init(guarding formulaGuard: FormulaGuard) { self.formulaGuard = formulaGuard }

    /// The table as bytes; an empty table is an empty file.
    public func encode(_ rows: [[String]]) -> [UInt8] {
        var bytes: [UInt8] = []
        for row in rows {
            for (position, cell) in row.enumerated() {
                if position > 0 { bytes.append(UInt8(ascii: ",")) }
                // A lone empty cell would otherwise be a blank line, which is no record.
                append(guarded(cell), quoted: row.count == 1 && cell.isEmpty, to: &bytes)
            }
            bytes += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        }
        return bytes
    }
}

private extension CSVEncoder {
    func guarded(_ cell: String) -> String {
        guard formulaGuard == .apostrophe, let first = cell.utf8.first else { return cell }
        let startsFormula = formulaStarts.contains(first) && DecimalText.value(of: cell) == nil
        return startsFormula ? "'" + cell : cell
    }

    func append(_ cell: String, quoted: Bool, to bytes: inout [UInt8]) {
        guard quoted || cell.utf8.contains(where: mustQuote.contains) else {
            bytes += cell.utf8
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

private let formulaStarts = Set("=+-@\t\r\n".utf8)
private let mustQuote = Set(",\"\r\n".utf8)
