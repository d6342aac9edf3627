/// The code tables that a rules bundle covers beside the protocol itself.
///
/// They are text, so that the hash is over what people can read, and constants of the program,
/// so that a decision function and its tables never part.
public enum CodeTables {
    /// Every table by its name, as the bytes that the bundle's hash covers.
    public static var all: [String: [UInt8]] {
        [
            "codes": Array(codes.utf8),
            "event-fields": Array(eventFields.utf8),
            "gateways": Array(gateways.utf8),
            "hard-blocks": Array(hardBlocks.utf8),
        ]
    }

    /// The rows of a table, each cut at the separator and trimmed of nothing.
    static func rows(_ table: String, columns: Int, separator: Character) -> [[String]] {
        table.split(separator: "\n").map { line in
            line.split(separator: separator, omittingEmptySubsequences: false).map(String.init)
        }.filter { $0.count == columns }
    }

    /// The entries of a cell with a list; none for `-`.
    static func list(_ cell: String) -> [String] {
        cell == "-" ? [] : cell.split(separator: ",").map(String.init)
    }
}
