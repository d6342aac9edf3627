public import TallystickPrimitives

/// Why a note is not a tree head of the log in question.
public enum TreeHeadError: Error, Hashable, Sendable {
    /// The bytes are not a signed note, or the log's line in it is missing or wrong.
    case note(NoteError)
    /// The text is not origin, size and root; the line at fault, counted from 1, if it is one.
    case malformed(line: Int?)
    /// The head is another log's.
    case wrongOrigin(expected: Origin, found: Origin)
    /// An empty log has only one root.
    case wrongEmptyRoot(Hash256)
}

extension TreeHeadError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .note(let error): error.description
        case .malformed(let line?):
            "line \(line) of the tree head is not well formed; fetch the head again"
        case .malformed(nil):
            "the tree head is not the three lines origin, size and root; fetch the head again"
        case .wrongOrigin(let expected, let found):
            "this is a tree head of \(found), not of \(expected); check the address it came from"
        case .wrongEmptyRoot(let root):
            "the head of an empty log has root \(root), which no empty log has; reject it"
        }
    }
}
