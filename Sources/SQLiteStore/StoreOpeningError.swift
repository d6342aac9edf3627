/// Why a store was not created or opened; nothing of it was changed.
public enum StoreOpeningError: Error, Hashable, Sendable {
    /// There is no such file. A store is made by `create`, never by opening.
    case missing(path: String)
    /// There is a file already. A store is never created over another.
    case alreadyExists(path: String)
    /// The file or its directory is open to others, or is not ours.
    case permissions(path: String, expected: UInt32, actual: UInt32)
    /// The operating system refused; the number is its `errno`.
    case system(path: String, code: Int32)
    /// The file is a database, but not a store of this kind.
    case otherKind(path: String, applicationID: Int64)
    /// The store was written by another version of the program.
    case otherVersion(path: String, expected: Int64, actual: Int64)
    /// The store says that it is of a version whose tables it has not.
    case otherTables(path: String)
    /// A setting did not take on one of the connections.
    case setting(name: String, expected: String, actual: String, connection: String)
    /// The database refused; the text names the operation and the database's own code.
    case database(String)
}

extension StoreOpeningError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let path):
            "There is no store at \(path); check the path, or create a store there."
        case .alreadyExists(let path):
            "There is a store at \(path) already; open it, or choose an empty directory."
        case .permissions(let path, let expected, let actual):
            """
            \(path) has mode \(String(actual, radix: 8)) or another owner; \
            give it to this program's user with mode \(String(expected, radix: 8)).
            """
        case .system(let path, let code):
            "The system refused access to \(path) with error \(code); check the path and its disk."
        case .otherKind(let path, 0):
            """
            \(path) holds no store. Where a founding was cut short while it was made, nothing is in it: remove it and the \
            files beside it that begin with its name, and found again. Otherwise check the path.
            """
        case .otherKind(let path, let applicationID):
            "\(path) is a database of kind \(applicationID), not this store; check the path."
        case .otherVersion(let path, let expected, let actual) where actual > expected:
            """
            \(path) is of version \(actual), and this program knows versions up to \(expected); \
            run the program that wrote it, or a later one.
            """
        case .otherVersion(let path, let expected, let actual):
            """
            \(path) is of version \(actual), this program reads version \(expected); \
            of a node, bring it up with 'tallystick-node migrate', or run the program that wrote it.
            """
        case .otherTables(let path):
            """
            \(path) does not have the tables of the version that it names, so it cannot be brought up; \
            run the program that wrote it, and restore a backup with this one.
            """
        case .setting(let name, let expected, let actual, let connection):
            """
            The setting \(name) is \(actual) on the \(connection) connection where \(expected) \
            is needed; use an SQLite library that supports it.
            """
        case .database(let text):
            "The database could not be opened (\(text)); check its disk, then restore a backup."
        }
    }
}
