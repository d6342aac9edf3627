import Glibc

/// Holds a party's directory for one daemon alone: two that write one store would each believe to be the only one.
///
/// The lock is the system's (flock) and ends with the process, however it ends.
public final class DirectoryLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, without waiting.
    ///
    /// - Throws: `DirectoryInUse` when another process has it; `PartyFileError` when the file cannot be made.
    public init(_ directory: PartyDirectory) throws {
        let path = directory.path + "/daemon.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw PartyFileError.system(path: path, code: errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw DirectoryInUse(path: directory.path)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}

/// Another daemon works in the directory.
public struct DirectoryInUse: Error, Hashable, Sendable, CustomStringConvertible {
    /// The directory.
    public let path: String

    /// What is wrong, and what to do.
    public var description: String {
        "another process already runs in \(path); stop it first, or name another directory"
    }
}
