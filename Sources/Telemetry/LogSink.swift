import Glibc

/// Where log lines go.
public protocol LogSink: Sendable {
    /// Writes one line, without its line feed. Called from any thread; lines never mix.
    func write(line: String)
}

/// Writes log lines to the standard error of this process.
public struct StandardErrorSink: LogSink {
    /// The sink; every copy is the same.
    public init() {}

    public func write(line: String) {
        var bytes = Array(line.utf8)
        bytes.append(UInt8(ascii: "\n"))
        var rest = bytes[...]
        while !rest.isEmpty {
            // A log that cannot be written must not stop the daemon, so any error ends the line.
            let count = rest.withUnsafeBytes {
                Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count == 0 || errno != EINTR {
                return
            }
        }
    }
}
