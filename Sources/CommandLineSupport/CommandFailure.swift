/// Why a command did not do what it was asked, ready to be shown.
public struct CommandFailure: Error, Hashable, Sendable {
    /// How the command ends.
    public let status: CommandStatus
    /// What is wrong and where.
    public let message: String
    /// What to do next, if the message does not say it.
    public let hint: String?

    /// States a failure.
    public init(_ message: String, status: CommandStatus = .failure, hint: String? = nil) {
        self.status = status
        self.message = message
        self.hint = hint
    }

    /// The lines for standard error (one for the error, one for the hint).
    public var lines: [String] {
        let first = "tallystick: error: " + PlainText.printable(message, keepingLines: true)
        guard let hint else { return [first] }
        return [first, "tallystick: hint: " + PlainText.printable(hint, keepingLines: true)]
    }
}

extension CommandFailure: CustomStringConvertible {
    public var description: String { message }
}
