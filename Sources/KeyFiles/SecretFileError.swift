/// Why a file of secrets was not read or written. Names the path, never the content.
public enum SecretFileError: Error, Hashable, Sendable {
    /// The system refused; `code` is its errno.
    case system(path: String, code: Int32)
    /// The path is a symbolic link.
    case symbolicLink(path: String)
    /// The path is a directory, a pipe or a device.
    case notRegularFile(path: String)
    /// The file belongs to another account.
    case wrongOwner(path: String, owner: UInt32, expected: UInt32)
    /// Others than the owner may read or write the file.
    case openToOthers(path: String, mode: UInt32)
    /// More bytes than such a file may have.
    case tooLarge(path: String, limit: Int)
    /// The file is there already and stays as it is.
    case alreadyExists(path: String)
}

extension SecretFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system(let path, let code):
            "\(path): \(systemMessage(code)); check that it exists and is accessible"
        case .symbolicLink(let path):
            "\(path) is a symbolic link; give the path of the file itself"
        case .notRegularFile(let path): "\(path) is not a regular file; check the path"
        case .wrongOwner(let path, let owner, let expected):
            "\(path) belongs to account \(owner); run: chown \(expected) \(path)"
        case .openToOthers(let path, let mode):
            "\(path) has mode \(octal(mode)), open to others; run: chmod 600 \(path)"
        case .tooLarge(let path, let limit):
            "\(path) has more than \(limit) bytes; check the path"
        case .alreadyExists(let path):
            "\(path) exists and is never overwritten; move it away first"
        }
    }

    private func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
