import HTTPTransport
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
        guard let meant = NodeCore.events(beginningWith: text) else { return nil }
        let found = try views.events(from: meant.lowerBound, through: meant.upperBound)
        guard found.count < 2 else { throw NodeProblem.manyEntries(text) }
        return found.first
    }

    /// The same among what is no entry by itself, as a hold that is said to several agencies at once.
    func eventID(_ text: String, among known: some Sequence<EventID>) throws(ProblemDetails) -> EventID? {
        let exact = EventID(hex: text).map { $0...$0 }
        guard let meant = exact ?? NodeCore.events(beginningWith: text) else { return nil }
        let found = Set(known.filter { meant.contains($0) })
        guard found.count < 2 else { throw NodeProblem.manyEntries(text) }
        return found.first
    }

    private static func events(beginningWith text: String) -> ClosedRange<EventID>? {
        let missing = 2 * EventID.byteCount - text.count
        guard text.count >= Limits.entryDigits, missing > 0,
            let first = EventID(hex: text + String(repeating: "0", count: missing)),
            let last = EventID(hex: text + String(repeating: "f", count: missing))
        else { return nil }
        return first...last
    }
}

extension Limits {
    /// Digits of an entry that a person types at least: with a million entries two begin alike once in some thousands of looks.
    static let entryDigits = 8
}
