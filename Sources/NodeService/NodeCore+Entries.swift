import NodeProjections
import TallystickPrimitives

/// Which entry somebody means.
extension NodeCore {
    /// An entry by its 32 digits, or by as many of the first as no other entry here begins with, eight at least.
    ///
    /// - Returns: nil for what is no such digits, or where no entry begins with them.
    /// - Throws: where more than one does.
    func eventID(_ text: String) throws -> EventID? {
        if let id = EventID(hex: text) { return id }
        let missing = 2 * EventID.byteCount - text.count
        guard text.count >= Limits.entryDigits, missing > 0,
            let first = EventID(hex: text + String(repeating: "0", count: missing)),
            let last = EventID(hex: text + String(repeating: "f", count: missing))
        else { return nil }
        let found = try views.events(from: first, through: last)
        guard found.count < 2 else { throw NodeProblem.manyEntries(text) }
        return found.first
    }
}

extension Limits {
    /// Digits of an entry that a person types at least: with a million entries two begin alike once in some thousands of looks.
    static let entryDigits = 8
}
