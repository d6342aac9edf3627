import Foundation
import Glibc
import Synchronization

/// Another program, started by this one.
///
/// Foundation's `Process` lists the open files of this process by a copy that may run past the end of a page, and so
/// crashes a process with more than about 1,360 of them (swift-corelibs-foundation, request 5472).
public final class ChildProcess: Sendable {
    /// The number of the process, for as long as nobody has waited for its end.
    public let processIdentifier: Int32
    // Behind a lock: a number whose end was taken may belong to another process by the next line.
    private let status = Mutex<Int32?>(nil)

    /// Starts a program with nothing to read.
    ///
    /// - Parameters:
    ///   - program: the path of its file.
    ///   - output: the file that takes what it prints, made anew; nil leaves it unread.
    ///   - errors: the file that takes what it complains of, likewise.
    /// - Throws: ``StepFailure`` if it cannot be started.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String], output: String? = nil,
        errors: String? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        for (number, file) in [(STDOUT_FILENO, output), (STDERR_FILENO, errors)] {
            posix_spawn_file_actions_addopen(
                &actions, number, file ?? "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR)
        }
        for number in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap(Int32.init)
        where number > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, number)
        }
        // Threads that hold signals back, and signals that are ignored, would be inherited.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGTERM, SIGINT, SIGHUP] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var identifier = pid_t()
        let failure = ChildProcess.withStrings([program] + arguments) { arguments in
            ChildProcess.withStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawn(&identifier, program, &actions, &attributes, arguments, environment)
            }
        }
        guard failure == 0 else {
            throw StepFailure("\(program) did not start: \(String(cString: strerror(failure)))")
        }
        processIdentifier = identifier
    }

    /// Whether it has not ended yet.
    public var isRunning: Bool { end(waiting: false) == nil }

    /// Waits for its end, holding this thread: its exit code, or the number of the signal that ended it.
    @discardableResult
    public func waitUntilExit() -> Int32 {
        // Without taking the end, and so without the lock: others may signal it meanwhile.
        var information = siginfo_t()
        while waitid(P_PID, id_t(processIdentifier), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        return end(waiting: true) ?? 0
    }

    /// Asks it to stop, or whatever else the signal says; nothing once it has ended.
    public func send(_ signal: Int32) {
        status.withLock { if $0 == nil { kill(processIdentifier, signal) } }
    }

    /// Takes its end, once.
    private func end(waiting: Bool) -> Int32? {
        status.withLock { status in
            if status == nil {
                var value: Int32 = 0
                var taken: pid_t
                repeat {
                    taken = waitpid(processIdentifier, &value, waiting ? 0 : WNOHANG)
                } while taken < 0 && errno == EINTR
                if taken == processIdentifier { status = value & 0x7F == 0 ? (value >> 8) & 0xFF : value & 0x7F }
            }
            return status
        }
    }

    private static func withStrings<T>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
    ) -> T {
        let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return body(copies)
    }
}
