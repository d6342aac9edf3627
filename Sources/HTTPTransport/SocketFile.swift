import Glibc
import NIOCore
import NIOPosix
import TallystickPrimitives

/// The file of a Unix socket, from before it exists until after the server has stopped.
///
/// A socket is made with the permissions of the process's umask, and changing that umask would
/// touch every thread. So it is made inside a directory that only we can enter, gets its mode
/// there, and is then moved to its place in one step.
struct SocketFile: Sendable {
    let path: String

    /// Where the socket is made.
    var stagingPath: String { "\(stagingDirectory)/s" }
    private var stagingDirectory: String { "\(path).new" }

    /// What tells one file from another.
    struct FileNumber: Hashable, Sendable {
        let device: UInt
        let inode: UInt
    }

    /// Makes sure that no server answers at the path, and prepares the place to make the socket in.
    /// - Throws: `SocketFailure`.
    func prepare() async throws(SocketFailure) {
        guard stagingPath.utf8.count <= Limits.socketPathByteCount else { throw .pathTooLong(path) }
        if let mode = status(path)?.st_mode {
            guard mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
            guard await !isAnswered() else { throw .alreadyServed(path) }
        }
        _ = unlink(stagingPath)
        _ = rmdir(stagingDirectory)
        guard mkdir(stagingDirectory, 0o700) == 0 else { throw .system(path, errno: errno) }
    }

    /// Moves the finished socket to its place, for its owner only, replacing a dead one.
    /// - Throws: `SocketFailure.system`.
    func publish() throws(SocketFailure) -> FileNumber {
        guard chmod(stagingPath, 0o600) == 0, rename(stagingPath, path) == 0,
            rmdir(stagingDirectory) == 0, let number = fileNumber()
        else { throw .system(path, errno: errno) }
        return number
    }

    /// Removes the socket, unless a later server has put its own in the place.
    func remove(ifStill number: FileNumber) {
        if fileNumber() == number { _ = unlink(path) }
    }

    /// Removes what `prepare` made.
    func abandon() {
        _ = unlink(stagingPath)
        _ = rmdir(stagingDirectory)
    }

    private func fileNumber() -> FileNumber? {
        status(path).map { FileNumber(device: UInt($0.st_dev), inode: UInt($0.st_ino)) }
    }

    private func status(_ path: String) -> stat? {
        var result = stat()
        return lstat(path, &result) == 0 ? result : nil
    }

    /// Whether a process accepts connections here. A socket whose process died refuses them.
    private func isAnswered() async -> Bool {
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        do {
            let channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
            try? await channel.close()
            return true
        } catch let error as IOError {
            return error.errnoCode != ECONNREFUSED && error.errnoCode != ENOENT
        } catch {
            return true
        }
    }
}

/// Why a Unix socket cannot be served.
public enum SocketFailure: Error, Hashable, Sendable {
    /// Another process answers there.
    case alreadyServed(String)
    /// Something else than a socket is in its place.
    case notASocket(String)
    /// The path does not fit the kernel's address.
    case pathTooLong(String)
    /// The system refused, with this error number (errno(3)).
    case system(String, errno: Int32)
}

extension SocketFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .alreadyServed(let path):
            "another process already answers at \(path); "
                + "stop it first or use another data directory"
        case .notASocket(let path):
            "\(path) is in the way of the socket; move it elsewhere"
        case .pathTooLong(let path):
            "\(path) is too long for a socket: at most \(Limits.socketPathByteCount - 6) bytes"
        case .system(let path, let number):
            "the socket \(path) cannot be made (errno \(number)); check that its directory exists "
                + "and belongs to the account of this process"
        }
    }
}
