/// Why the views cannot do what was asked.
public enum NodeViewsError: Error, Hashable, Sendable {
    /// The database in memory failed; the words are its own, without any value.
    case database(operation: String, code: Int32)
    /// An event without a register position was given as admitted.
    case notAdmitted(index: UInt64)
    /// An event with a register position was given as pending.
    case notPending(index: UInt64)
    /// The snapshot is not one of this version, or is damaged, at a byte.
    case snapshot(at: Int)
    /// The snapshot is of another agency's views.
    case otherAgency
    /// What the views hold is not what they wrote.
    case damaged(part: String)
}

extension NodeViewsError: CustomStringConvertible {
    /// What is wrong, where, and what to do; never a word of what was recorded.
    public var description: String {
        switch self {
        case .database(let operation, let code):
            "The views could not \(operation) (SQLite result \(code)). Rebuild them from the log."
        case .notAdmitted(let index):
            "Entry \(index) has no register position. Give it as pending."
        case .notPending(let index):
            "Entry \(index) has a register position. Give it as admitted."
        case .snapshot(let offset):
            "The snapshot cannot be read at byte \(offset). Delete it and rebuild from the log."
        case .otherAgency: "The snapshot is of another agency. Use this agency's own."
        case .damaged(let part): "The views hold something unreadable (\(part)). Rebuild them from the log."
        }
    }
}
