/// The bytes of neighbouring entries, as published in one file (c2sp.org/tlog-tiles): a length of
/// two bytes before each.
public enum EntryBundle {
    /// Bytes in the longest entry that the format can hold.
    public static let entryByteLimit = Int(UInt16.max)

    /// Joins entries.
    /// - Precondition: no entry is longer than 65,535 bytes.
    public static func encode(_ entries: [[UInt8]]) -> [UInt8] {
        entries.flatMap { entry in
            precondition(entry.count <= entryByteLimit, "an entry's length has two bytes")
            return NoteText.bigEndian(UInt16(entry.count)) + entry
        }
    }

    /// Takes entries apart; nil when the bytes end inside one, or hold more than a full tile of
    /// them.
    public static func decode(_ bytes: [UInt8]) -> [[UInt8]]? {
        var entries: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 2, entries.count < Tile.fullWidth else { return nil }
            let count = Int(NoteText.number(rest.prefix(2)))
            rest = rest.dropFirst(2)
            guard rest.count >= count else { return nil }
            entries.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return entries
    }
}
