/// Why the broker's views could not be opened, folded or read. They hold nothing that a rebuild
/// does not bring back.
public enum BrokerViewsError: Error, Hashable, Sendable {
    /// The file is open to others, or is not ours.
    case permissions(path: String, mode: UInt32)
    /// The operating system refused; the number is its `errno`.
    case system(path: String, code: Int32)
    /// The file is a database of something else.
    case otherKind(path: String)
    /// An admission does not follow the one before it, or lies beyond the next position.
    case outOfOrder(position: UInt64)
    /// The verdict is about another statement.
    case otherStatement(position: UInt64)
    /// A stored value is not what its column holds.
    case damaged(table: String)
    /// The database refused; the text names the operation and the database's own code.
    case database(String)
}

extension BrokerViewsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .permissions(let path, let mode):
            """
            \(path) has mode \(String(mode, radix: 8)) or another owner; give it to this \
            program's user with mode 600, or delete it and let it be rebuilt.
            """
        case .system(let path, let code):
            "The system refused access to \(path) with error \(code); check the path and its disk."
        case .otherKind(let path):
            "\(path) is a database of another kind; move it away and let the views be rebuilt."
        case .outOfOrder(let position):
            "The admission at register position \(position) is out of order; rebuild the views."
        case .otherStatement(let position):
            """
            The verdict at register position \(position) is about another statement than the \
            one given; verify the broker's store, then rebuild the views.
            """
        case .damaged(let table):
            "The table \(table) of the views holds an impossible value; delete the views' file."
        case .database(let text):
            "The views' database refused (\(text)); check its disk, or delete the views' file."
        }
    }
}
