import Glibc
import PartyFiles

/// A directory for what somebody asked to have written in the clear: new, and its owner's alone.
public struct DraftDirectory: Sendable {
    private let path: String

    /// Makes it.
    ///
    /// - Throws: `CommandFailure` where something is there already; what the system says otherwise.
    public init(making path: String) throws {
        guard mkdir(path, 0o700) == 0 else {
            if errno == EEXIST {
                throw CommandFailure("\(path) is there already", hint: "name a new directory with --out")
            }
            throw PartyFileError.system(path: path, code: errno)
        }
        self.path = path
    }

    /// Writes one file.
    public func write(_ text: String, as name: String) throws {
        try PublicFile.write(Array(text.utf8), to: "\(path)/\(name)")
    }
}
