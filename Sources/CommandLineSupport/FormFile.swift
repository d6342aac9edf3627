import Glibc
import PartyFiles

/// A form that a command reads from a file, so that names do not stand on a command line.
public enum FormFile {
    /// Reads the file; `-` is standard input.
    /// - Throws: `PartyFileError`; `CommandFailure` when standard input is a terminal, which is
    ///   never asked.
    public static func read(_ path: String) throws -> [UInt8] {
        guard path == "-" else { return try PublicFile.read(path) }
        guard isatty(STDIN_FILENO) == 0 else {
            throw CommandFailure(
                "standard input is a terminal", status: .usage,
                hint: "pipe the form in, or name a file")
        }
        return try PublicFile.read("/dev/stdin")
    }
}
