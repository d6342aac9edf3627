public import ArgumentParser
import Glibc

/// The entry of every executable: parses, runs, reports, and leaves with the right status.
public enum CommandEntry {
    /// Runs a root command and ends the process.
    public static func run(_ root: any AsyncParsableCommand.Type) async -> Never {
        exit(await status(of: root, arguments: nil).rawValue)
    }

    /// Runs a root command with arguments; those of the process when nil.
    public static func status(
        of root: any AsyncParsableCommand.Type, arguments: [String]?
    ) async -> CommandStatus {
        do {
            var command = try root.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return .success
        } catch { return report(error, of: root) }
    }

    private static func report(_ error: any Error, of root: any AsyncParsableCommand.Type)
        -> CommandStatus
    {
        if let code = error as? ExitCode {
            return CommandStatus(rawValue: code.rawValue) ?? .failure
        }
        switch root.exitCode(for: error) {
        case .success:
            StandardStream.output.write(root.fullMessage(for: error) + "\n")
            return .success
        case .validationFailure:
            let failure = usage(root.fullMessage(for: error), root.message(for: error))
            StandardStream.error.write(failure.lines.map { $0 + "\n" }.joined())
            return .usage
        default:
            let failure = CommandFailure(error)
            StandardStream.error.write(failure.lines.map { $0 + "\n" }.joined())
            return failure.status
        }
    }

    /// The parser's words, and its pointer to the help of the very command.
    static func usage(_ fullMessage: String, _ message: String) -> CommandFailure {
        let pointer = fullMessage.split(separator: "\n").last { $0.contains("--help") }
        let hint = pointer.map { line in
            let words = line.drop { $0 == " " }
            return words.hasPrefix("See ") ? "see " + words.dropFirst(4) : String(words)
        }
        return CommandFailure(message, status: .usage, hint: hint ?? "add --help")
    }
}

extension CommandFailure {
    /// Ends the command with a status after its data has been written.
    public static func exit(with status: CommandStatus) -> ExitCode { ExitCode(status.rawValue) }
}
