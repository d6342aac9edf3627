/// How somebody misbehaves, by script.
public enum Misconduct: String, Hashable, Sendable, CaseIterable {
    /// The broker leaves a statement out of a member's feed.
    case withheldStatement = "withheld-statement"

    /// Whether a report may come of it.
    func explains(_ report: Report) -> Bool { false }
}
